"""The activity plan as weeks on the course's page, its lines changed in place, and its documents (D13)."""

import datetime

import icalendar
import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases.actions import book_meeting
from companies.models import Company
from jobfirst.values.dates import DAY, WEEK
from plans import actions
from plans.models import ActivityLine
from plans.presentation.activity_calendar import without_person
from plans.views.activity import PAGE
from tests.factories import CompanyFactory, PlacementFactory
from tests.loops import some
from tests.pdf_tags import Tags
from tests.pdf_text import pdf_text
from tests.scenarios.course_plans import ACTIVITY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

WEDNESDAY = datetime.date(2016, 5, 18)
IN_PLACE = {"HX-Request": "true"}


def on(day: datetime.date, **fields: object) -> dict[str, object]:
    return {**ACTIVITY, "starts_on": day, "ends_on": day, **fields}


def form_data(line: ActivityLine | None = None, **fields: str) -> dict[str, str]:
    data = {"kind": "visit", "what": "Kaffe", "companion": "mentor", "starts_on": "2016-05-20"}
    return {**data, "version": str(line.version if line else 1), **fields}


@pytest.fixture
def plan_page(as_user, holder, course):
    """Return the text of the course's page with the plan."""
    client = as_user(holder)
    url = reverse("cases:course_plan", args=[course.public_id])

    def page() -> str:
        return client.get(url).content.decode()

    return page


def url(name: str, *args: object) -> str:
    return reverse(f"plans:{name}", args=args)


def test_each_week_until_the_next_meeting_stands_with_its_lines(plan_page, course) -> None:
    book_meeting(course, planned_at=datetime.datetime(2016, 6, 8, 8, tzinfo=datetime.UTC))
    actions.add_activity(course, on(WEDNESDAY + WEEK, what="Rundvisning hos bageren", companion="mentor"))
    page = plan_page()
    for number in (20, 21, 22, 23):
        assert f"Uge {number}" in page
    assert "Uge 24" not in page
    assert "Rundvisning hos bageren" in page
    assert "Borgeren og mentoren" in page


def test_an_empty_week_has_a_link_that_adds_a_line_in_it(plan_page, course) -> None:
    actions.add_activity(course, on(WEDNESDAY))
    page = plan_page()
    assert "Uge 20 er tom" not in page
    assert "Uge 21 er tom" in page
    assert f"{url('new_activity', course.public_id)}?from=2016-05-23" in page


def test_a_placement_fills_its_weeks_and_stands_in_them(plan_page, course) -> None:
    company = CompanyFactory(name="Gartneriet")
    PlacementFactory(
        course=course,
        company=company,
        kind="sniffing",
        starts_on=WEDNESDAY,
        planned_end_on=WEDNESDAY + WEEK,
    )
    page = plan_page()
    assert page.count("Gartneriet") >= 2
    assert "Uge 21 er tom" not in page


def test_a_line_is_added_in_place_by_htmx(as_user, holder, course) -> None:
    client = as_user(holder)
    address = url("new_activity", course.public_id)
    form = client.get(f"{address}?from=2016-05-24", headers=IN_PLACE)
    assert form["Vary"].count("HX-Request") == 1
    assert "<html" not in form.content.decode()
    assert 'value="2016-05-24"' in form.content.decode()
    wrong = client.post(address, form_data(what=""), headers=IN_PLACE)
    assert (wrong.status_code, "<html" in wrong.content.decode()) == (200, False)
    assert "form-error" in wrong.content.decode()
    saved = client.post(address, form_data(), headers=IN_PLACE)
    assert PAGE in saved["HX-Location"]
    assert ActivityLine.objects.get().companion == "mentor"


def test_a_stale_change_in_place_shows_both_texts(as_user, holder, course) -> None:
    line = actions.add_activity(course, on(WEDNESDAY))
    actions.change_activity(line, on(WEDNESDAY, what="Deres tekst"), version=1)
    response = as_user(holder).post(
        url("change_activity", line.public_id), form_data(line, what="Min tekst"), headers=IN_PLACE
    )
    page = response.content.decode()
    assert (response.status_code, response["HX-Retarget"]) == (409, PAGE)
    assert "Deres tekst" in page
    assert "Min tekst" in page


def test_a_line_is_planned_with_company_placement_and_time(as_user, holder, course) -> None:
    placement = PlacementFactory(course=course, kind="sniffing")
    other = CompanyFactory(name="Ukendt virksomhed")
    client = as_user(holder)
    address = url("new_activity", course.public_id)
    page = client.get(address).content.decode()
    assert placement.company.name in page
    assert other.name not in page  # of another project
    client.post(address, form_data(placement=str(placement.pk), starts_at="10:30", repeat_until="2016-05-27"))
    first, second = ActivityLine.objects.all()
    assert (first.placement, first.company, first.starts_at) == (
        placement,
        Company.objects.get(pk=placement.company_id),
        datetime.time(10, 30),
    )
    assert (second.starts_on, second.placement) == (datetime.date(2016, 5, 27), None)


def test_a_line_is_ticked_moved_and_repeated_from_the_page(as_user, holder, course) -> None:
    line = actions.add_activity(course, on(WEDNESDAY))
    client = as_user(holder)
    client.post(url("repeat_activity", line.public_id), {"repeat_until": "2016-05-25"})
    client.post(url("move_activity", line.public_id), {"starts_on": "2016-05-17", "version": "1"})
    data = {"state": "not_done", "outcome": "Syg den dag", "version": "2"}
    page = client.post(url("mark_activity", line.public_id), data, follow=True).content.decode()
    line.refresh_from_db()
    assert (line.state, line.outcome, line.starts_on) == ("not_done", "Syg den dag", WEDNESDAY - DAY)
    assert "Syg den dag" in page
    assert ActivityLine.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mark_activity", {"state": "done", "outcome": "x" * 301, "version": "1"}),
        ("mark_activity", {"state": "done", "outcome": "\0", "version": "1"}),
        ("mark_activity", {"state": "done", "version": "7"}),
        ("move_activity", {"starts_on": "", "version": "1"}),
        ("move_activity", {"starts_on": "2016-03-01", "version": "1"}),
        ("move_activity", {"starts_on": "2016-05-20", "version": "7"}),
        ("move_activity", {"starts_on": "2100-01-04", "version": "1"}),
        ("move_activity", {"starts_on": "9999-12-31", "version": "1"}),
        ("repeat_activity", {"repeat_until": "hest"}),
        ("repeat_activity", {"repeat_until": "2016-05-18"}),
    ],
)
def test_what_was_not_done_is_not_said_to_be(as_user, holder, course, name, data) -> None:
    line = actions.add_activity(course, on(WEDNESDAY))
    page = as_user(holder).post(url(name, line.public_id), data, follow=True).content.decode()
    assert "Aktiviteten er ændret." not in page
    assert "alert-error" in page
    assert ActivityLine.objects.get().starts_on == WEDNESDAY


def test_the_lines_of_the_last_month_are_copied_to_the_same_weekdays(as_user, holder, course) -> None:
    book_meeting(course, planned_at=datetime.datetime(2016, 6, 8, 8, tzinfo=datetime.UTC))  # four weeks
    monday = WEDNESDAY - 2 * DAY
    for day, what in (
        (monday - 4 * WEEK, "For tidligt"),
        (WEDNESDAY - 3 * WEEK, "Kaffe"),
        (monday - DAY, "Bad"),
    ):
        actions.add_activity(course, on(day, what=what))
    client = as_user(holder)
    address = url("copy_activities", course.public_id)
    page = client.get(address).content.decode()
    assert "Kaffe, til onsdag den 25. maj" in page
    assert "For tidligt" not in page  # its copy would lie before today
    chosen = [line.pk for line in ActivityLine.objects.filter(what="Kaffe")]
    for _twice in range(2):
        assert client.post(address, {"lines": chosen}).status_code == 302
    assert list(ActivityLine.objects.filter(what="Kaffe").values_list("starts_on", flat=True)) == [
        WEDNESDAY - 3 * WEEK,
        WEDNESDAY + WEEK,
    ]


def test_without_lines_there_is_nothing_to_copy(as_user, holder, course) -> None:
    page = as_user(holder).get(url("copy_activities", course.public_id)).content.decode()
    assert "Der er ikke noget at kopiere" in page


def test_the_citizens_page_is_tagged_and_plain(as_user, holder, course) -> None:
    actions.add_activity(
        course,
        on(WEDNESDAY + WEEK, what="Kaffe hos bageren", companion="mentor", starts_at=datetime.time(10)),
    )
    cancelled = actions.add_activity(course, on(WEDNESDAY + WEEK, what="Aflyst besøg"))
    actions.mark_activity(cancelled, state="cancelled", today=WEDNESDAY)
    response = as_user(holder).get(url("activity_plan_pdf", course.public_id))
    text = pdf_text(response.content)
    for words in ("Min plan", "Testborger Ågesen", "Kaffe hos bageren", "kl. 10.00", "mig og min mentor"):
        assert words in text, words
    assert "Aflyst besøg" not in text
    assert course.citizen.cpr not in text
    tags = Tags(response.content)
    assert {"H1", "H2", "H3", "P"} <= set(tags.kinds())
    assert tags.catalog["/MarkInfo"]["/Marked"]
    assert tags.catalog["/Lang"].startswith("da")
    assert AccessRecord.objects.filter(action="course.activity.pdf", outcome="shown").count() == 1


def test_the_calendar_file_is_strict_and_names_nobody(as_user, holder, course) -> None:
    actions.add_activity(
        course, on(WEDNESDAY, what=f"Besøg med Ågesen {course.citizen.cpr}", starts_at=datetime.time(10))
    )
    actions.add_activity(course, on(WEDNESDAY + DAY, what="Snus") | {"ends_on": WEDNESDAY + 3 * DAY})
    actions.add_activity(course, on(WEDNESDAY - WEEK, what="Tidligere"))
    response = as_user(holder).get(url("activity_plan_calendar", course.public_id))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.content)
    assert calendar.errors == []
    events = list(calendar.walk("VEVENT"))
    assert all(event.errors == [] for event in some(events))
    timed, whole_days = events
    assert timed.decoded("DTSTART") == datetime.datetime(2016, 5, 18, 8, tzinfo=datetime.UTC)
    assert str(timed["SUMMARY"]) == "Besøg med"
    assert whole_days.decoded("DTSTART") == WEDNESDAY + DAY
    assert whole_days.decoded("DTEND") == WEDNESDAY + 4 * DAY
    text = response.content.decode()
    assert "Ågesen" not in text
    assert course.citizen.cpr not in text
    assert AccessRecord.objects.filter(action="course.activity.calendar", outcome="shown").count() == 1


def test_only_whole_surnames_are_left_out() -> None:
    assert without_person("Besøg hos Bergs Bageri med Berg", "Anna Berg") == "Besøg hos Bergs Bageri med"
