"""Pages of the activity plan and the plan for job, and their sections of the course page."""

import datetime
import io
import uuid

import pypdf
import pytest
import time_machine
from django.urls import reverse

from accounts.models import TrialTerms
from accounts.roles import Role
from audit.models import AccessRecord
from cases.course_pages import CoursePage, page_url
from companies.actions import agreements
from companies.models import WorkAgreement
from plans import actions
from plans.models import ActivityLine, PlanForJob
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    FollowUpMeetingFactory,
    MatchFactory,
    PlacementFactory,
    UserFactory,
    mark_held,
)
from tests.loops import some
from tests.scenarios.course_plans import ACTIVITY, MADE_ON, PLAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def url(name: str, *args: object) -> str:
    return reverse(f"plans:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


def plan_data(**fields: str) -> dict[str, str]:
    return {
        "starts_on": "2016-08-01",
        "model": "ladder",
        "job_goal": "Bager",
        "effort": "wage_subsidy",
        "tasks_and_times": "Pakke og bage",
        "ordinary_hours_aim": "8",
        "ordinary_hours": "3,5",
        "wage": "Overenskomst",
        "mentor_continues": "yes",
        "mentor_until": "2016-12-31",
        "mentor_tasks": "Et møde om ugen",
        "last_meeting": "Det går godt",
        "version": "0",
        "submission": str(uuid.uuid4()),
        **fields,
    }


@pytest.fixture
def in_july(wednesday):
    """Travel to a week before the first 13 weeks of internship are over."""
    moment = datetime.datetime.combine(MADE_ON, datetime.time(8), datetime.UTC)
    with time_machine.travel(moment, tick=True):
        yield


def test_an_activity_of_one_day_is_planned_once(as_user, holder, course) -> None:
    data = {
        "kind": "visit",
        "what": "Kaffe hos bageren",
        "who": "Borger og mentor",
        "starts_on": "2016-05-20",
        "submission": str(uuid.uuid4()),
        "version": "1",
    }
    client = as_user(holder)
    for _twice in range(2):
        assert client.post(url("new_activity", course.public_id), data).status_code == 302
    line = ActivityLine.objects.get()
    assert line.ends_on == line.starts_on == datetime.date(2016, 5, 20)
    change = {**data, "what": "Kaffe", "ends_on": "2016-05-21"}
    assert client.post(url("change_activity", line.public_id), change).status_code == 302
    assert client.post(url("change_activity", line.public_id), change).status_code == 409
    line.refresh_from_db()
    assert (line.what, line.version) == ("Kaffe", 2)


def test_errors_stand_beside_their_fields(as_user, holder, course) -> None:
    data = {"kind": "visit", "what": "Kaffe", "who": "Mig", "starts_on": "2016-03-01", "version": "1"}
    page = content_of(as_user(holder).post(url("new_activity", course.public_id), data))
    assert "id_starts_on_error" in page
    assert 'value="Kaffe"' in page


def test_an_activity_is_marked_done_and_cancelled(as_user, holder, course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    client = as_user(holder)
    for state, expected in (("done", (True, False)), ("cancelled", (None, True)), ("nonsense", (None, True))):
        assert client.post(url("mark_activity", line.public_id), {"state": state}).status_code == 302
        line.refresh_from_db()
        assert (line.done, line.cancelled) == expected


def test_the_course_page_names_the_weeks_without_an_activity(as_user, holder, course) -> None:
    actions.add_activity(
        course, {**ACTIVITY, "starts_on": datetime.date(2016, 5, 18), "ends_on": datetime.date(2016, 5, 18)}
    )
    page = content_of(as_user(holder).get(reverse("cases:course_plan", args=[course.public_id])))
    assert "uge 21 (fra 23. maj)" in page
    assert "uge 20" not in page
    assert "Rundvisning" in page


def test_the_plan_waits_for_the_first_thirteen_weeks(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    response = client.get(url("plan", course.public_id), follow=True)
    assert "tidligst den 17. juli 2016" in content_of(response)
    assert client.post(url("plan", course.public_id), plan_data()).status_code == 302
    assert not PlanForJob.objects.exists()


@pytest.mark.usefixtures("in_july")
def test_the_plan_is_made_in_its_sections(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    page = content_of(client.get(url("plan", course.public_id)))
    for words in ("A. Mål", "B. Vi har aftalt", "C. Aktiviteter", "D. Seneste møde", 'value="2016-08-01"'):
        assert words in page
    response = client.post(url("plan", course.public_id), plan_data())
    assert response.status_code == 302, content_of(response)
    plan = PlanForJob.objects.get()
    assert (plan.made_by, str(plan.ordinary_hours), plan.ends_on) == (
        holder,
        "3.50",
        datetime.date(2017, 1, 31),
    )
    course.refresh_from_db()
    assert course.retention_until == datetime.date(2016, 12, 31)


@pytest.mark.usefixtures("in_july")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ordinary_hours_aim": "0"}, "ordinary_hours_aim"),
        ({"mentor_until": ""}, "mentor_until"),
        ({"mentor_continues": "no"}, "mentor_end_reason"),
        ({"job_goal": ""}, "job_goal"),
        ({"last_meeting": ""}, "last_meeting"),
    ],
)
def test_what_the_plan_lacks_is_said_beside_its_field(
    as_user, holder, course, internship, wrong, field
) -> None:
    response = as_user(holder).post(url("plan", course.public_id), plan_data(**wrong))
    assert response.status_code == 200
    assert f"id_{field}_error" in content_of(response)
    assert "Pakke og bage" in content_of(response)
    assert not PlanForJob.objects.exists()


@pytest.mark.usefixtures("in_july")
def test_a_stale_plan_shows_both(as_user, holder, course, internship) -> None:
    actions.save_plan(course, {**PLAN, "job_goal": "Deres mål"}, made_on=MADE_ON)
    response = as_user(holder).post(url("plan", course.public_id), plan_data(job_goal="Mit mål"))
    assert response.status_code == 409
    assert "Deres mål" in content_of(response)
    assert "Mit mål" in content_of(response)


def test_the_plan_is_a_tagged_document(as_user, holder, course, internship) -> None:
    plan = actions.save_plan(course, PLAN, made_on=MADE_ON)
    response = as_user(holder).get(url("plan_pdf", plan.public_id))
    document = pypdf.PdfReader(io.BytesIO(response.content))
    text = " ".join("\n".join(page.extract_text() for page in document.pages).split())
    for words in (
        "Min Plan – mod job",
        "Testborger Ågesen",
        "Bager",
        "3,5",
        "31. december 2016",
        "Det går godt",
    ):
        assert words in text, words
    assert course.citizen.cpr not in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(document.pages) <= 2
    assert AccessRecord.objects.filter(action="course.plan.pdf", outcome="shown").count() == 1


def test_colleagues_without_a_function_and_strangers_see_no_plan(
    as_user, colleague, stranger, course, internship
) -> None:
    plan = actions.save_plan(course, PLAN, made_on=MADE_ON)
    line = actions.add_activity(course, ACTIVITY)
    for user in (colleague, stranger):
        client = as_user(user)
        assert client.get(url("plan_pdf", plan.public_id)).status_code == 404
        assert client.get(url("plan", course.public_id)).status_code == 404
        assert client.post(url("mark_activity", line.public_id), {"state": "done"}).status_code == 404


@pytest.mark.parametrize("many", [1, 25])
def test_the_pages_of_a_full_course_keep_to_their_queries(
    as_user, holder, course, internship, django_assert_max_num_queries, many
) -> None:
    for number in range(many):
        actions.add_activity(course, ACTIVITY)
        MatchFactory(course=course, company=CompanyFactory())
        placement = PlacementFactory(
            course=course,
            kind="sniffing",
            starts_on=DRAWN_ON + number * DAY,
            planned_end_on=DRAWN_ON + 60 * DAY,
        )
        assert placement.pk
    agreements.save_agreement(
        internship,
        content=dict.fromkeys(WorkAgreement.written_names(), "x"),
        contact=internship.company.contacts.get(),
        schedule=[],
        made_on=DRAWN_ON,
    )
    actions.save_plan(course, PLAN, made_on=MADE_ON)
    meeting = FollowUpMeetingFactory(course=course)
    meeting.attendees.add(holder)
    mark_held(meeting)
    # The leader's page is the fullest: it also says which colleagues opened the course.
    leader = UserFactory(project=course.project, roles=[Role.PROJECT_LEADER])
    client = as_user(leader)
    words_by_page = {
        CoursePage.OVERVIEW: ("Tidslinje", "Snusepraktik"),
        CoursePage.PLAN: ("Aktivitetsplan", "Min Plan – mod job", "Version 1"),
        CoursePage.COMPANY: ("Virksomhedspladser", "Version 1", "Snusepraktik"),
        CoursePage.MEETINGS: ("Mentorkontakter",),
        CoursePage.HISTORY: ("Afsluttet og tidligere",),
    }
    # The company's page also says of each kind of link when the last one went (D44).
    limits = {CoursePage.OVERVIEW: 12, CoursePage.COMPANY: 22}
    for course_page, words in words_by_page.items():
        with django_assert_max_num_queries(limits.get(course_page, 20)):
            page = content_of(client.get(page_url(course.public_id, course_page)))
        assert all(word in page for word in some(words)), course_page


def test_the_first_weeks_are_those_of_the_terms(as_user, holder, course) -> None:
    TrialTerms.objects.create(valid_from=DRAWN_ON, retention_weeks=10)
    page = as_user(holder).get(f"/forloeb/{course.public_id}/plan/").content.decode()
    assert "efter de første 10 ugers praktik" in page
    assert "13 ugers" not in page
