"""The activity plan and the plan for job in Chromium: a month planned on a phone, a plan made and signed."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from cases.actions import book_meeting
from cases.models.signature import content_hash
from jobfirst.values.dates import DAY, WEEK
from plans import actions
from plans.models import ActivityLine, CitizenWord, PlanDraft, PlanSignature
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.scenarios.course_plans import ACTIVITY, MADE_ON, save_plan

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]

WEDNESDAY = datetime.date(2016, 5, 18)


@pytest.fixture
def in_july(wednesday):
    moment = datetime.datetime.combine(MADE_ON, datetime.time(8), datetime.UTC)
    with time_machine.travel(moment, tick=True):
        yield


@pytest.fixture
def plan_url(course) -> str:
    """The page of a course with four weeks until the next meeting, of which two are empty."""
    book_meeting(course, planned_at=datetime.datetime(2016, 6, 8, 8, tzinfo=datetime.UTC))
    for day, what in (
        (WEDNESDAY - DAY, "Kaffe hos bageren"),
        (WEDNESDAY + 2 * WEEK, "Samtale med lederen"),
        (WEDNESDAY - 2 * WEEK, "CV-værksted"),
    ):
        actions.add_activity(
            course, {**ACTIVITY, "what": what, "companion": "mentor", "starts_on": day, "ends_on": day}
        )
    return reverse("cases:course_plan", args=[course.public_id])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_month_is_planned_and_ticked_in_place(open_page, holder, course, plan_url, width) -> None:
    page = open_page(width, holder)
    page.goto(plan_url)
    assert_axe_clean(page)
    screenshot(page, "activity-plan")
    page.locator(".jf-week.is-empty").first.get_by_role("link", name="Tilføj en aktivitet").click()
    page.get_by_label("Beskrivelse").wait_for()
    assert_axe_clean(page)
    screenshot(page, "activity-plan-form")
    page.goto(plan_url)  # anew: axe leaves styles behind, which htmx would copy
    page.evaluate("window.sameDocument = true")
    empty = page.locator(".jf-week.is-empty").first
    assert "Uge 21 er tom" in empty.inner_text()
    empty.get_by_role("link", name="Tilføj en aktivitet").click()
    page.get_by_label("Beskrivelse").fill("Rundvisning på lageret")
    page.get_by_label("Hvem deltager").select_option("job_consultant")
    page.locator(".jf-week form").get_by_role("button", name="Gem").click()
    page.get_by_text("Rundvisning på lageret").first.wait_for()
    assert not page.get_by_text("Uge 21 er tom").count()
    page.get_by_role("button", name="Markér som gennemført").click()
    page.get_by_text("Aktiviteten er ændret.").wait_for()
    assert ActivityLine.objects.get(what="Kaffe hos bageren").done
    page.locator("summary", has_text="Skriv, hvordan det gik, flyt eller gentag").locator(
        "visible=true"
    ).click()
    page.get_by_label("Hvordan gik det?").locator("visible=true").fill("Hun vil gerne komme igen")
    page.get_by_role("button", name="Gennemført", exact=True).locator("visible=true").click()
    page.get_by_text("Hun vil gerne komme igen").first.wait_for()
    assert page.evaluate("window.sameDocument")
    assert_axe_clean(page)
    screenshot(page, "activity-plan-ticked")


@pytest.mark.parametrize("javascript", [True, False])
def test_lines_are_copied_and_the_citizens_word_recorded_on_a_phone(
    open_page, holder, course, plan_url, javascript
) -> None:
    page = open_page(PHONE, holder, javascript=javascript)
    page.goto(plan_url)
    page.get_by_role("link", name="Kopiér fra sidste måned").click()
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "activity-plan-copy")
    page.get_by_role("button", name="Kopiér de valgte").click()
    page.get_by_text("CV-værksted").locator("visible=true").first.wait_for()
    assert ActivityLine.objects.filter(what="CV-værksted").count() == 2
    page.get_by_role("link", name="Registrér borgerens ord").first.click()
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "citizens-word")
    page.get_by_label("Uenig").check(force=True)
    page.get_by_label("Med borgerens egne ord").fill("Hellere et køkken")
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("Tages op på næste møde.").wait_for()
    assert CitizenWord.objects.get().why == "Hellere et køkken"


@pytest.mark.usefixtures("in_july")
@pytest.mark.parametrize("width", WIDTHS)
def test_the_plan_is_made_with_its_branch_and_signed_by_drawing(
    open_page, holder, course, internship, width
) -> None:
    page = open_page(width, holder)
    page.goto(reverse("plans:plan", args=[course.public_id]))
    assert_axe_clean(page)
    screenshot(page, "plan-form")
    page.get_by_label("Indsats", exact=False).first.select_option("wage_subsidy")
    assert page.locator("[name=subsidy_from]").is_visible()
    assert not page.locator("[name=extended_until]").is_visible()
    page.locator("[name=subsidy_from]").fill("2016-09-01")
    page.locator("[name=model]").select_option("ladder")
    page.locator("[name=job_goal]").fill("Faste timer i bageriet")
    page.get_by_text("Kladden er gemt").wait_for()
    assert PlanDraft.objects.get().values["job_goal"] == "Faste timer i bageriet"
    page.reload()
    assert page.locator("[name=job_goal]").input_value() == "Faste timer i bageriet"
    page.locator("[name=tasks_and_times]").fill("Pakke og bage")
    page.locator("[name=ordinary_hours_aim]").fill("8")
    page.locator("[name=mentor_continues][value=no]").check(force=True)
    page.locator("[name=mentor_end_reason]").fill("Klarer sig selv")
    assert not page.locator("[name=mentor_tasks]").is_visible()
    page.locator("[name=last_meeting]").fill("Det går godt")
    page.get_by_role("button", name="Gem", exact=True).click()
    page.get_by_role("link", name="Borgeren skriver under her").click()
    page.get_by_label("Jeg tegner min underskrift").check(force=True)
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 80, steps=5)
    page.mouse.up()
    assert page.locator("[name=drawing]").input_value().startswith("M")
    assert_axe_clean(page)
    screenshot(page, "plan-signing")
    page.get_by_label("Jeg har læst planen").check(force=True)
    page.get_by_role("button", name="Skriv under").click()
    page.get_by_text("Planen er underskrevet.").wait_for()
    assert_axe_clean(page)
    screenshot(page, "plan-signed")
    signature = PlanSignature.objects.get()
    assert signature.drawing.startswith("M")
    assert signature.content_hash == content_hash(course.plans.get().sealed_content())


@pytest.mark.usefixtures("in_july")
def test_the_citizen_confirms_by_name_without_scripts(open_page, holder, course, internship) -> None:
    save_plan(course)
    page = open_page(PHONE, holder, javascript=False)
    page.goto(reverse("cases:course_plan", args=[course.public_id]))
    page.get_by_role("link", name="Borgeren skriver under her").click()
    page.get_by_label("Dit navn, som det står i dokumentet").fill("Testborger Ågesen")
    page.get_by_label("Jeg har læst planen").check(force=True)
    page.get_by_role("button", name="Skriv under").click()
    page.get_by_text("Planen er underskrevet.").wait_for()
    assert PlanSignature.objects.get().method == "name"
