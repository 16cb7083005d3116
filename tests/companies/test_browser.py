"""Companies, placements, agreements and plans in Chromium, at both widths, and without scripts."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from cases.actions import record_accommodation
from companies.actions import agreements, placements
from companies.models import WorkAgreement
from companies.rules.weekly_schedule import WorkPeriod
from plans import actions as plan_actions
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.factories import DRAWN_ON, CompanyFactory, CourseFactory, PlacementFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]

DAY = datetime.timedelta(days=1)


PLAN = {
    "starts_on": datetime.date(2016, 8, 1),
    "model": "same_workplace",
    "job_goal": "Bagerhjælper med ordinære timer",
    "flex_job_considered": True,
    "flex_job_note": "Drøftes igen til november.",
    "effort": "extended_internship",
    "workplace": "Bageren & Co. ApS",
    "extended_until": datetime.date(2016, 10, 30),
    "new_workplace_how": "",
    "subsidy_from": None,
    "subsidy_until": None,
    "employment_from": None,
    "employment_is_flex_job": False,
    "tasks_and_times": "Pakning og hylder, 15 timer om ugen fordelt på tre dage.",
    "ordinary_hours_aim": Decimal(8),
    "ordinary_hours": Decimal("3.5"),
    "wage": "Overenskomst, 135 kr. i timen",
    "mentor_continues": True,
    "mentor_until": datetime.date(2016, 12, 31),
    "mentor_tasks": "Et møde om ugen på arbejdspladsen.",
    "mentor_end_reason": "",
    "last_meeting": "Vi gennemgik CV og jobmål. Borgeren møder stabilt.",
}


@pytest.fixture
def full_course(course, holder, project, internship):
    """A course with everything that companies and plans show, and two other courses for the landing page."""
    PlacementFactory(
        course=course,
        company=CompanyFactory(name="Planteskolen Grøn ApS"),
        kind="sniffing",
        starts_on=DRAWN_ON + 7 * DAY,
        planned_end_on=DRAWN_ON + 11 * DAY,
    )
    add_visits(course)
    make_agreement(course, internship, holder)
    plan_actions.save_plan(course, PLAN, made_on=datetime.date(2016, 7, 25), by=holder)
    ending = CourseFactory(project_for=project, holders=holder, referral__name="Testborger Slut")
    PlacementFactory(course=ending, starts_on=DRAWN_ON, planned_end_on=datetime.date(2016, 5, 30))
    CourseFactory(project_for=project, holders=holder, referral__name="Testborger Uden")
    return course


def add_visits(course):
    """Add three visits to the activity plan; the second one is cancelled."""
    for number, cancelled in ((1, False), (3, True), (46, False)):
        visit = {
            "kind": "visit",
            "what": "Rundvisning hos en planteskole",
            "where": "Planteskolen Grøn ApS",
            "who": "Borger, mentor og Hanne fra butikken",
            "starts_on": DRAWN_ON + number * DAY,
            "ends_on": DRAWN_ON + number * DAY,
        }
        line = plan_actions.add_activity(course, visit)
        if cancelled:
            plan_actions.mark_activity(line, state="cancelled", today=DRAWN_ON + 60 * DAY)


def make_agreement(course, internship, holder):
    """Record accommodations and hours, and make the work agreement of the internship."""
    record_accommodation(course, description="Ingen løft over 10 kg", from_on=DRAWN_ON)
    record_accommodation(course, description="Pause hver time", from_on=DRAWN_ON)
    placements.change_hours(
        internship,
        from_on=internship.starts_on,
        internship_hours=Decimal("12.5"),
        ordinary_hours=Decimal(3),
    )
    agreements.save_agreement(
        internship,
        content={
            "tasks": "Pakke brød, fylde hylder op og holde bageriet rent.",
            "goals": "Møde stabilt tre dage om ugen og klare pakningen alene.",
            "subgoals": "Uge 1-4: følges med en kollega.\nUge 5-13: klarer pakningen alene.",
            "support_needs": "En fast kollega, der viser opgaverne og kan spørges.",
            "accommodations": agreements.accommodations_on(course, DRAWN_ON),
        },
        contact=internship.company.contacts.get(),
        schedule=[
            WorkPeriod(1, datetime.time(8, 30), datetime.time(12), "internship"),
            WorkPeriod(1, datetime.time(12, 30), datetime.time(14), "ordinary"),
            WorkPeriod(3, datetime.time(8, 30), datetime.time(13), "internship"),
            WorkPeriod(5, datetime.time(8, 30), datetime.time(13), "internship"),
            WorkPeriod(5, datetime.time(13), datetime.time(14, 30), "ordinary"),
        ],
        made_on=datetime.date(2016, 5, 2),
        by=holder,
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_are_accessible_and_fit_the_screen(
    open_page, full_course, internship, holder, width
) -> None:
    page = open_page(width, user=holder)
    course, company = full_course.public_id, internship.company.cvr
    addresses = {
        "placements-landing": reverse("companies:my_placements"),
        "placements-import": reverse("companies:import"),
        "companies": reverse("companies:companies"),
        "company": reverse("companies:company", args=[company]),
        "company-contact": reverse("companies:new_contact", args=[company]),
        "match": reverse("companies:new_match", args=[course]),
        "placement-new": reverse("companies:new_placement", args=[course]) + "?kind=internship",
        "placement-kinds": reverse("companies:new_placement", args=[course]),
        "placement": reverse("companies:placement", args=[internship.public_id]),
        "placement-end": reverse("companies:end", args=[internship.public_id]),
        "placement-no-show": reverse("companies:no_show", args=[internship.public_id]),
        "placement-representative": reverse("companies:representative", args=[internship.public_id]),
        "placement-renew": reverse("companies:renew", args=[internship.public_id]),
        "agreement": reverse("companies:agreement", args=[internship.public_id]),
        "activity": reverse("plans:new_activity", args=[course]),
        "course-overview": reverse("cases:course", args=[course]),
        "course-plan": reverse("cases:course_plan", args=[course]),
        "course-company": reverse("cases:course_company", args=[course]),
    }
    for name, address in addresses.items():
        assert page.goto(address).status == 200
        screenshot(page, f"p-{name}")
        assert_axe_clean(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_plan_form_is_accessible(open_page, full_course, holder, width) -> None:
    import time_machine

    moment = datetime.datetime(2016, 7, 26, 8, 0, tzinfo=datetime.UTC)
    with time_machine.travel(moment, tick=True):
        page = open_page(width, user=holder)
        assert page.goto(reverse("plans:plan", args=[full_course.public_id])).status == 200
        screenshot(page, "p-plan")
        assert_axe_clean(page)


def test_an_agreement_is_written_on_a_phone_without_scripts(open_page, internship, holder) -> None:
    page = open_page(PHONE, user=holder, javascript=False)
    page.goto(reverse("companies:placement", args=[internship.public_id]))
    page.click("text=Opret arbejdsaftale")
    page.get_by_label("Arbejdsopgaver").fill("Pakke brød")
    page.get_by_label("Mål for progressionen").fill("Møde hver dag")
    monday = page.get_by_role("group", name="mandag")
    monday.get_by_label("Praktik fra").fill("08:30")
    page.get_by_role("button", name="Gem arbejdsaftalen").click()
    page.get_by_text("Skriv både fra og til.").first.wait_for()
    assert_in_form(page, "Arbejdsopgaver", "Pakke brød")
    monday.get_by_label("Praktik til").fill("12:00")
    page.get_by_role("button", name="Gem arbejdsaftalen").click()
    page.wait_for_url("**/arbejdsaftaler/*/")
    agreement = WorkAgreement.objects.get()
    assert (agreement.tasks, agreement.periods()[0].minutes) == ("Pakke brød", 210)


def test_the_parts_of_an_agreement_are_folded_on_a_phone_and_open_with_an_error(
    open_page, full_course, internship, holder
) -> None:
    page = open_page(PHONE, user=holder)
    page.goto(reverse("companies:agreement", args=[internship.public_id]))
    assert page.evaluate("document.documentElement.scrollHeight") <= 2000
    goals = page.get_by_label("Mål for progressionen")
    assert not goals.is_visible()
    page.locator("summary", has_text="mandag").first.click()
    page.get_by_role("group", name="mandag").get_by_label("Praktik til").first.fill("")
    page.locator("summary", has_text="mandag").first.click()
    page.get_by_role("button", name="Gem arbejdsaftalen").click()
    page.get_by_text("Skriv både fra og til.").first.wait_for()
    screenshot(page, "p-agreement-error")
    assert page.get_by_role("group", name="mandag").get_by_label("Praktik fra").first.is_visible()
    assert not goals.is_visible()
    assert_axe_clean(page)


def assert_in_form(page, label: str, value: str) -> None:
    assert page.get_by_label(label).input_value() == value
