"""The whole course in a real browser: from referral and draw to the year's grant statement.

One citizen of a stratum in which five were referred (a block has at most four controls, so that one of
five is a participant whatever the draw says). Each chapter is a day; time is moved between them, and
everybody signs in again.
"""

import datetime
import io
from typing import Any

import pypdf
import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit.models import AccessRecord
from cases.models import Course, Referral
from companies.models import Placement
from grants.models import Document
from grants.statements import documents
from jobfirst.values.dates import DAY, WEEK
from tests.browser import DESKTOP, PHONE, assert_axe_clean, screenshot
from tests.factories import ProjectFactory, ReferralFactory, UserFactory, cpr, cvr

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime.date(2016, 4, 4)


def fill(page: Any, **values: str) -> None:
    """Fill fields by name; radio buttons and check boxes by the value to choose."""
    for name, value in values.items():
        field = page.locator(f'main [name="{name}"]')
        kind = field.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            page.check(
                f'main [name="{name}"][value="{value}"]' if value else f'main [name="{name}"]', force=True
            )
        elif field.first.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def send(page: Any, name: str) -> None:
    """Press the button of the form that holds the field, and expect no error summary."""
    page.locator(f'main form:has([name="{name}"]) button.button-primary[type=submit]').first.click()
    page.wait_for_load_state()
    errors = page.locator(".form-error-message, .error-summary, .alert-error").all_inner_texts()
    assert not errors, errors


class TeamInBrowser:
    """A project with one user in every role, and browsers where they are signed in."""

    def __init__(self, open_page: Any) -> None:
        self.open_page = open_page
        self.project = ProjectFactory(codes=["0766"])
        self.people: dict[str, User] = {
            role: UserFactory(project=self.project, roles=[role], name=f"{role.label} Prøve") for role in Role
        }

    def page(self, role: str, width: int, address: str) -> Any:
        """A page opened by the person with the role, checked by axe and kept as a picture."""
        page = self.open_page(width, user=self.people[role])
        self.go(page, address)
        return page

    def go(self, page: Any, address: str) -> None:
        response = page.goto(address)
        assert response.status == 200, (address, response.status)
        assert_axe_clean(page)
        screenshot(page, "walk-" + (address.split("?", maxsplit=1)[0].strip("/").split("/")[0] or "home"))


def on(day: datetime.date) -> Any:
    """Time stands at ten in the morning of that day, and goes on from there."""
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(8), tzinfo=datetime.UTC))


@pytest.mark.long
def test_from_referral_to_grant_statement(open_page):
    team = TeamInBrowser(open_page)
    with on(MONDAY):
        refer_and_draw(team)
        course = Course.objects.filter(project=team.project).earliest("pk")
        fill_functions(team, course)
    with on(MONDAY + 2 * DAY):
        first_contact(team, course)
        sniff(team, course)
        book_meeting(team, course, MONDAY + 21 * DAY)
    with on(MONDAY + 21 * DAY):
        hold_meeting(team, course)
    with on(MONDAY + 6 * WEEK):
        placement = match_and_start(team, course)
        agree(team, placement)
    with on(MONDAY + 19 * WEEK):
        plan_for_job(team, course)
    with on(datetime.date(2017, 1, 9)):
        dashboard(team, course)
        statement(team)


def refer_and_draw(team: TeamInBrowser) -> None:
    """A caseworker refers two citizens, of whom one is not eligible, and draws those who wait."""
    page = team.page(Role.COORDINATING_CASEWORKER, DESKTOP, reverse("cases:new_referral"))
    refer_young_citizen(page)
    team.go(page, reverse("cases:new_referral"))
    refer_eligible_citizen(page)
    for _ in range(4):
        ReferralFactory(project=team.project, referred_on=MONDAY)
    team.go(page, reverse("randomization:waiting"))
    draw_everybody(page)
    assert Referral.objects.accepted().filter(allocation=None).count() == 0
    assert Course.objects.filter(project=team.project).count() >= 1
    page.goto(reverse("randomization:waiting"))
    assert page.get_by_role("link", name="Træk lod").count() == 0


def refer_young_citizen(page: Any) -> None:
    """A citizen who is not eligible is refused with every reason."""
    facts = {
        "target_group": "activity_ready",
        "benefit": "cash_benefit",
        "public_support_since": "2015-12-01",
        "activity_ready": "false",
        "in_integration_programme": "false",
        "referred_on": MONDAY.isoformat(),
    }
    young = cpr(1, datetime.date(1992, 2, 29))
    fill(page, cpr=young, name="Ung Prøveborger", **facts)
    send(page, "cpr")
    refused = Referral.objects.get(name="Ung Prøveborger")
    assert refused.reasons == ["under_30", "not_activity_ready", "public_support_under_one_year"]
    assert page.get_by_text("30 år").first.is_visible()
    screenshot(page, "walk-refused")


def refer_eligible_citizen(page: Any) -> None:
    fill(
        page,
        cpr=cpr(2),
        name="Karla Prøveborger",
        target_group="resource_programme",
        benefit="resource_programme_benefit",
        public_support_since="2012-01-01",
        activity_ready="false",
        in_integration_programme="false",
        referred_on=MONDAY.isoformat(),
    )
    send(page, "cpr")
    assert Referral.objects.get(name="Karla Prøveborger").state == "accepted"


def draw_everybody(page: Any) -> None:
    page.get_by_role("link", name="Træk lod").first.click()
    assert_axe_clean(page)
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()


def fill_functions(team: TeamInBrowser, course: Course) -> None:
    """The project leader fills the four functions; until then nobody else sees the course."""
    page = team.page(Role.PROJECT_LEADER, DESKTOP, reverse("cases:course", args=[course.public_id]))
    for function in ("coordinating_caseworker", "course_owner", "job_consultant", "mentor"):
        page.goto(reverse("cases:assign", args=[course.public_id, function]))
        fill(page, user=str(team.people[function].pk), from_on=MONDAY.isoformat())
        send(page, "from_on")
    assert course.holdings.count() == 4


def first_contact(team: TeamInBrowser, course: Course) -> None:
    """The mentor, on a phone, with one tap; and not twice when the button is pressed twice."""
    page = team.page(Role.MENTOR, PHONE, "/")
    assert page.url.endswith(reverse("cases:my_week"))
    page.locator(
        f'form[action="{reverse("cases:contact_today", args=[course.public_id])}"] button.jf-big'
    ).click()
    page.get_by_role("button", name="Fortryd").wait_for()
    assert course.contacts.get().held_on == MONDAY + 2 * DAY
    screenshot(page, "walk-week-done")


def sniff(team: TeamInBrowser, course: Course) -> None:
    """The job consultant plans an activity and a sniffing internship."""
    page = team.page(Role.JOB_CONSULTANT, PHONE, reverse("plans:new_activity", args=[course.public_id]))
    page.get_by_text("Virksomhed, flere dage, gentagelse").click()
    fill(
        page,
        kind="visit",
        what="Kaffeaftale",
        where="Lageret",
        who="Borgeren og mentoren",
        starts_on=(MONDAY + WEEK).isoformat(),
        ends_on=(MONDAY + WEEK).isoformat(),
    )
    send(page, "what")
    assert course.activities.count() == 1
    team.go(page, reverse("companies:new_placement", args=[course.public_id]) + "?kind=sniffing")
    fill(
        page,
        cvr=cvr(1),
        company_name="Prøvelager ApS",
        starts_on=(MONDAY + 2 * WEEK).isoformat(),
        planned_end_on=(MONDAY + 2 * WEEK + 4 * DAY).isoformat(),
        internship_hours="12",
    )
    send(page, "cvr")
    assert course.placements.get().kind == "sniffing"


def book_meeting(team: TeamInBrowser, course: Course, day: datetime.date) -> None:
    page = team.page(Role.COURSE_OWNER, DESKTOP, reverse("cases:book_meeting", args=[course.public_id]))
    fill(page, planned_at=f"{day}T10:00", place="Jobcentret")
    send(page, "planned_at")
    assert course.meetings.get().state == "booked"


def hold_meeting(team: TeamInBrowser, course: Course) -> None:
    """Without the citizen the meeting is not held, whatever is pressed; with her it is."""
    meeting = course.meetings.get()
    page = team.page(Role.COURSE_OWNER, PHONE, reverse("cases:meeting", args=[meeting.public_id]))
    fill(page, **{"held_on": (MONDAY + 21 * DAY).isoformat(), "minute-cv": "Gennemgik CV og jobmål."})
    held = page.get_by_role("button", name="Mødet blev holdt")
    held.click()
    page.wait_for_selector("[data-error-summary]")
    meeting.refresh_from_db()
    assert meeting.state == "booked"
    assert page.locator('[name="minute-cv"]').input_value() == "Gennemgik CV og jobmål."
    fill(page, citizen_present="")
    held.click()
    page.wait_for_selector("text=Mødet er registreret som holdt.")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.citizen_present) == ("held", True)


def match_and_start(team: TeamInBrowser, course: Course) -> Placement:
    """No internship before a match; then thirteen weeks."""
    page = team.page(Role.JOB_CONSULTANT, DESKTOP, reverse("companies:new_match", args=[course.public_id]))
    fill(page, cvr=cvr(1), company_name="Prøvelager ApS", matched_on=(MONDAY + 6 * WEEK).isoformat())
    send(page, "cvr")
    first = MONDAY + 6 * WEEK
    team.go(page, reverse("companies:new_placement", args=[course.public_id]) + "?kind=internship")
    fill(
        page,
        cvr=cvr(1),
        company_name="Prøvelager ApS",
        starts_on=first.isoformat(),
        planned_end_on=(first + 90 * DAY).isoformat(),
        internship_hours="15",
        ordinary_hours="2,5",
        ordinary_employees="12",
    )
    send(page, "cvr")
    course.refresh_from_db()
    assert course.internship_from == first
    return course.placements.get(kind="internship")


def agree(team: TeamInBrowser, placement: Placement) -> None:
    """The work agreement, and its PDF."""
    page = team.page(Role.JOB_CONSULTANT, DESKTOP, reverse("companies:agreement", args=[placement.public_id]))
    fill(
        page,
        tasks="Pakker varer sammen med en fast kollega.",
        goals="Møder stabilt tre dage om ugen.",
        contact_name="Kontakt Prøve",
    )
    page.locator('[name="week-0-internship_from"]').fill("09:00")
    page.locator('[name="week-0-internship_to"]').fill("14:00")
    send(page, "tasks")
    agreement = placement.agreements.get()
    answer = page.request.get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
    assert "Pakker varer sammen" in text
    assert "Prøvelager ApS" in text


def plan_for_job(team: TeamInBrowser, course: Course) -> None:
    """After thirteen weeks of internship: sections A to D."""
    page = team.page(Role.COURSE_OWNER, DESKTOP, reverse("plans:plan", args=[course.public_id]))
    fill(
        page,
        model="same_workplace",
        job_goal="Faste timer på lageret.",
        effort="extended_internship",
        tasks_and_times="Tre dage om ugen, flere opgaver.",
        ordinary_hours_aim="5",
        ordinary_hours="2",
        mentor_continues="no",
        mentor_end_reason="Klarer sig selv.",
        last_meeting="Det går godt.",
    )
    send(page, "job_goal")
    assert course.plans.get().effort == "extended_internship"
    for width in (DESKTOP, PHONE):
        page = team.page(Role.COURSE_OWNER, width, reverse("cases:course", args=[course.public_id]))
        for link in ("Plan", "Virksomhed", "Møder og kontakter", "Støtte", "Historik"):
            page.get_by_role("link", name=link, exact=True).click()
            page.locator(".jf-pages [aria-current=page]", has_text=link).wait_for()
            assert_axe_clean(page)


def dashboard(team: TeamInBrowser, course: Course) -> None:
    for width in (DESKTOP, PHONE):
        page = team.page(Role.PROJECT_LEADER, width, "/")
        assert page.url.endswith(reverse("evaluation:dashboard"))
    assert AccessRecord.objects.filter(
        user=team.people[Role.PROJECT_LEADER], citizens__contains=[course.citizen.public_id]
    ).exists()


def statement(team: TeamInBrowser) -> None:
    """The agency downloads the year's statement: both parts are earned, and no name is in it."""
    page = team.page(Role.AGENCY, DESKTOP, "/")
    team.go(page, reverse("grants:statement") + "?year=2016")
    page.get_by_role("button", name="Dan PDF").click()
    page.get_by_text("Dokumentet dannes").wait_for()
    document = Document.objects.get()
    documents.make(document.pk)  # the worker's part
    answer = page.request.get(reverse("grants:document_file", args=[document.public_id]))
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
    assert "16.000" in text
    assert "Prøveborger" not in text
    assert "Karla" not in page.content()
