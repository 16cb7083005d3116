"""The pages of a course: what they show, record, link to and refuse."""

import datetime
import re

import pytest
from django.urls import reverse

from cases import actions, extension_points
from cases.course_pages import CoursePage, page_url
from cases.elements import stored as stored_elements
from cases.models import JobGoal
from cases.presentation.timeline import TimelineBar
from jobfirst.values.dates import DateSpan
from reminders import deadlines
from reminders.extension_points import registered_kinds
from tests.cases.course_records import course_url, refused_records, shown_records
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    FollowUpMeetingFactory,
    MentorContactFactory,
    mark_held,
    shows_cpr,
)
from tests.loops import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def test_the_page_shows_the_course_and_records_it(as_user, holder, course):
    page = as_user(holder).get(course_url(course)).content.decode()
    for words in ("Testborger Ågesen", "Snuseperiode", "Mette Mentor"):
        assert words in page
    assert shows_cpr(page, course.citizen.cpr)
    assert shown_records("course").get().citizens == [course.citizen.public_id]


def test_stranger_and_nobody_get_the_same_page_and_the_try_is_recorded(as_user, stranger, course):
    client = as_user(stranger)
    foreign = client.get(course_url(course))
    missing = client.get(reverse("cases:course", args=["00000000-0000-4000-8000-000000000000"]))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert list(refused_records("course").order_by("pk").values_list("citizens", flat=True)) == [
        [course.citizen.public_id],
        [],
    ]


def test_if_the_access_record_fails_nothing_is_shown(as_user, holder, course, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("no record")

    monkeypatch.setattr("cases.access.record_shown", fails)
    client = as_user(holder)
    client.raise_request_exception = False
    response = client.get(course_url(course))
    assert response.status_code == 500
    assert "Ågesen" not in response.content.decode()


PAGES = [page for page in CoursePage if page is not CoursePage.PROGRESSION]


@pytest.mark.parametrize("many", [1, 40])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_to_its_queries_whatever_the_course_holds(
    as_user, holder, course, django_assert_max_num_queries, many, page
):
    for number in range(many):
        MentorContactFactory(course=course, held_on=DRAWN_ON + number * DAY, registered_by=holder)
        JobGoal.objects.create(
            course=course, number=number + 1, functions="Lager", reason="x", set_on=DRAWN_ON, set_by=holder
        )
        meeting = FollowUpMeetingFactory(course=course)
        meeting.attendees.add(holder)
        mark_held(meeting)
        actions.record_need(course, description="Bolig", noted_on=DRAWN_ON)
        actions.record_effort(
            course, kind="health", description="Fys", coordinator="Læge", starts_on=DRAWN_ON
        )
        actions.record_accommodation(course, description="Pauser", from_on=DRAWN_ON)
    client = as_user(holder)
    with django_assert_max_num_queries(12 if page is CoursePage.OVERVIEW else 20):
        assert client.get(page_url(course.public_id, page)).status_code == 200


def links_in(html):
    return set(re.findall(r'href="([^"]+)"', html))


def test_each_page_is_recorded_and_answers_a_stranger_as_one_that_does_not_exist(
    as_user, holder, stranger, course
):
    for page in PAGES:
        as_user(holder).get(page_url(course.public_id, page))
        assert shown_records(page.action).get().citizens == [course.citizen.public_id]
        client = as_user(stranger)
        foreign = client.get(page_url(course.public_id, page))
        missing = client.get(page_url("00000000-0000-4000-8000-000000000000", page))
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content
        assert refused_records(page.action).count() == 2


def test_every_page_of_the_course_links_to_the_others_and_names_itself(as_user, holder, course):
    client = as_user(holder)
    for page in PAGES:
        html = client.get(page_url(course.public_id, page)).content.decode()
        assert {page_url(course.public_id, other) for other in PAGES} <= links_in(html)
        assert f'href="{page_url(course.public_id, page)}" aria-current="page"' in html


def test_a_page_that_no_app_fills_is_neither_shown_nor_linked(as_user, holder, course, monkeypatch):
    others = {
        key: section
        for key, section in extension_points._sections.items()
        if section.page is not CoursePage.PROGRESSION
    }
    monkeypatch.setattr(extension_points, "_sections", others)
    client = as_user(holder)
    address = page_url(course.public_id, CoursePage.PROGRESSION)
    assert client.get(address).status_code == 404
    assert address not in client.get(course_url(course)).content.decode()


def test_every_section_stands_on_its_page_and_its_address_leads_there(as_user, leader, colleague, course):
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    stored_elements.recompute()
    client = as_user(leader)
    # Shown to a new holder, and while there is a placement: tests/cases/handover, tests/companies.
    # Corrections: once there is one (tests/cases/corrections/test_ending_pages.py).
    unread = {"handover-notes", "attendance", "annex", "reports", "closings", "corrections"}
    for section in some(extension_points.sections()):
        address, anchor = extension_points.section_url(course.public_id, section.key).split("#")
        assert address == page_url(course.public_id, section.page)
        if section.key not in unread:
            assert f'id="{anchor}"' in client.get(address).content.decode(), section.key


def test_forms_lead_back_to_the_page_of_their_section(as_user, holder, course):
    client = as_user(holder)
    back = {
        "cases:new_contact": "contacts",
        "cases:book_meeting": "meetings",
        "cases:goals": "goals",
        "cases:new_need": "support",
        "cases:new_pause": "pauses",
        "cases:citizen_contact": "citizen",
        "companies:new_match": "placements",
        "plans:new_activity": "activities",
    }
    for name, section in back.items():
        html = client.get(course_url(course, name)).content.decode()
        assert extension_points.section_url(course.public_id, section) in links_in(html), name


def test_an_unfilled_function_a_missed_week_and_a_late_meeting_stand_first(as_user, leader, project):
    course = CourseFactory(project_for=project)
    deadlines.recompute()
    page = as_user(leader).get(course_url(course)).content.decode()
    assert "Ikke besat" in page
    attention = page[page.index('id="h-deadlines"') : page.index('id="next-phase"')]
    for words in (
        "Den ugentlige kontakt mangler",
        "søndag den 10. april 2016",
        "Opfølgningsmødet er ikke holdt til tiden",
        "torsdag den 5. maj 2016",
    ):
        assert words in attention


def test_gaps_are_counted_and_those_to_come_are_warned_of(as_user, holder, course, monkeypatch):
    bar = TimelineBar("activity", "Besøg", DateSpan(DRAWN_ON, DRAWN_ON + 48 * DAY))  # to Sunday 22 May
    monkeypatch.setattr(extension_points, "bars_of", lambda course: [bar])
    page = as_user(holder).get(course_url(course)).content.decode()
    assert "Der er ikke planlagt noget fra 23. maj til 1. juni" in page


def test_a_gap_that_has_begun_is_warned_of_from_today(as_user, holder, course, monkeypatch):
    bar = TimelineBar("activity", "Besøg", DateSpan(DRAWN_ON, DRAWN_ON + 20 * DAY))
    monkeypatch.setattr(extension_points, "bars_of", lambda course: [bar])
    page = as_user(holder).get(course_url(course)).content.decode()
    assert "Der er ikke planlagt noget fra 18. maj til 1. juni" in page


def test_a_panel_of_a_floor_above_is_shown_with_its_own_context(as_user, holder, course, monkeypatch):
    monkeypatch.setattr(extension_points, "_sections", {})
    extension_points.add_section(
        extension_points.CourseSection(
            "sample",
            "Prøvepanel",
            "kit/empty.html",
            CoursePage.PROGRESSION,
            context=lambda course_on_day: {"empty": EmptyList},
        )
    )
    page = as_user(holder).get(course_url(course, "cases:course_progression")).content.decode()
    assert 'id="sample"' in page
    assert "Her er intet endnu" in page


class EmptyList:
    text = "Her er intet endnu"
    url = ""


def test_a_colleague_with_sight_reads_and_writes_nothing(as_user, colleague, course):
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    client = as_user(colleague)
    page = client.get(course_url(course)).content.decode()
    for name in ("new_contact", "book_meeting", "goals", "end", "new_need", "new_effort"):
        address = course_url(course, f"cases:{name}")
        assert address not in page
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == 403


def test_what_a_citizen_wrote_is_text(as_user, holder, course):
    JobGoal.objects.create(course=course, number=1, functions="<script>alert(1)</script>", set_on=DRAWN_ON)
    page = as_user(holder).get(course_url(course, "cases:course_plan")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_nobody_signed_in_is_sent_to_sign_in(client, course):
    response = client.get(course_url(course))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_every_kind_links_to_its_section_of_the_course_page(course, client, leader):
    """All kinds of docs/reminders.md; the answers of the progression tool have a page of their own."""
    sections = {
        "weekly_contact_missing": "contacts",
        "weekly_contact_overdue": "contacts",
        "other_channel_due": "contacts",
        "contact_lost": "contacts",
        "meeting_not_booked": "meetings",
        "meeting_overdue": "meetings",
        "retention_ending": "timeline",
        "function_unfilled": "functions",
        "agreement_ending": "placements",
        "agreement_unsigned": "placements",
        "plan_for_job_due": "plan",
        "empty_week_ahead": "activities",
        "promise_due_coordinating_caseworker": "promises",
        "promise_due_course_owner": "promises",
        "promise_due_job_consultant": "promises",
        "promise_due_mentor": "promises",
    }
    declared = {kind.code: kind for kind in registered_kinds()}
    assert {
        *sections,
        "enrolment_behind",
        "steering_group_due",
        "progression_missing",
        "annex_missing",
    } == set(declared)
    client.force_login(leader)
    for code, section in sections.items():
        link = declared[code].link(str(course.public_id))
        assert link == extension_points.section_url(course.public_id, section)
        page, anchor = link.split("#")
        assert f'id="{anchor}"' in client.get(page).content.decode(), code
