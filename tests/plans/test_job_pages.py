"""The form of the plan for job: filled from what is known, its branches, and drafts (D21)."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from cases.actions import add_job_goal_version, correct_meeting, correct_minute
from cases.models import MeetingMinute
from companies.actions import placements
from jobfirst.kit.days import LONG_DATE, written_day
from jobfirst.values.dates import WEEK
from plans.models import PlanDraft, PlanForJob
from plans.presentation.prefilled import initial_values_of_plan
from tests.factories import DRAWN_ON, FollowUpMeetingFactory, mark_held
from tests.scenarios.course_plans import MADE_ON, save_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture(autouse=True)
def _in_july(wednesday):
    moment = datetime.datetime.combine(MADE_ON, datetime.time(8), datetime.UTC)
    with time_machine.travel(moment, tick=True):
        yield


def data(**fields: str) -> dict[str, str]:
    return {
        "starts_on": "2016-08-01",
        "model": "ladder",
        "job_goal": "Bager",
        "effort": "wage_subsidy",
        "tasks_and_times": "Pakke og bage",
        "ordinary_hours_aim": "8",
        "mentor_continues": "no",
        "mentor_end_reason": "Klarer sig selv",
        "last_meeting": "Det går godt",
        "version": "0",
        "submission": str(uuid.uuid4()),
        **fields,
    }


def url(name: str, course) -> str:
    return reverse(f"plans:{name}", args=[course.public_id])


def test_a_first_plan_starts_from_what_is_known(course, internship, holder) -> None:
    add_job_goal_version(course, functions="Bager", set_on=DRAWN_ON, by=holder)
    placements.change_hours(
        internship, from_on=datetime.date(2016, 6, 1), internship_hours=Decimal(12), ordinary_hours=Decimal(3)
    )
    for day, summary in ((20, "Det første"), (50, "Flere timer")):
        held = DRAWN_ON + datetime.timedelta(days=day)
        FollowUpMeetingFactory(course=course, held=True, held_on=held, summary=summary)
    course.refresh_from_db()
    values = initial_values_of_plan(course, MADE_ON)
    assert values["job_goal"] == "Bager"
    assert (values["workplace"], values["ordinary_hours"]) == (internship.company.name, 3)
    assert values["last_meeting"].endswith("Flere timer")
    assert values["starts_on"] == datetime.date(2016, 8, 1)


def test_a_first_plan_takes_over_the_minutes_of_the_last_meeting(course, internship, holder) -> None:
    held_on = DRAWN_ON + datetime.timedelta(days=50)
    FollowUpMeetingFactory(course=course, held=True, held_on=held_on - datetime.timedelta(days=1))
    assert initial_values_of_plan(course, MADE_ON)["last_meeting"] == ""
    meeting = FollowUpMeetingFactory(course=course)
    for topic, text in (("cv", "Det er nyt"), ("other", "Hun vil have fri")):
        MeetingMinute.objects.create(meeting=meeting, topic=topic, text=text, written_by=holder)
    mark_held(meeting, held_on)
    correct_minute(meeting, "other", text="Han vil have fri", reason="Forkert", by=holder)
    lines = initial_values_of_plan(course, MADE_ON)["last_meeting"].splitlines()
    assert lines[0].endswith(": CV: Det er nyt")
    assert lines[1:] == ["Eventuelt: Han vil have fri"]


def test_a_first_plan_takes_over_the_meeting_that_counts_as_corrected(course, internship, holder) -> None:
    held_on = DRAWN_ON + datetime.timedelta(days=50)
    earlier = FollowUpMeetingFactory(course=course, held=True, held_on=held_on - WEEK, summary="Det første")
    later = FollowUpMeetingFactory(course=course, held=True, held_on=held_on, summary="Det andet")
    correction = {"attendees": [], "reason": "Tastefejl", "by": holder}
    correct_meeting(earlier, held_on=held_on - 2 * WEEK, citizen_present=True, **correction)
    assert initial_values_of_plan(course, MADE_ON)["last_meeting"].endswith(": Det andet")
    correct_meeting(later, held_on=held_on, citizen_present=False, **correction)
    day = written_day(held_on - 2 * WEEK, LONG_DATE)
    assert initial_values_of_plan(course, MADE_ON)["last_meeting"] == f"Møde den {day}: Det første"


def test_the_form_explains_the_models_and_shows_what_is_known(as_user, holder, course, internship) -> None:
    page = as_user(holder).get(url("plan", course)).content.decode()
    assert page.count('role="img" aria-label') >= 3
    assert internship.company.name.replace("&", "&amp;") in page
    for effort in ("extended_internship", "new_workplace", "wage_subsidy", "ordinary_employment"):
        assert f"of-{effort}" in page


@pytest.mark.parametrize(
    ("effort", "stored_names"),
    [
        ("extended_internship", {"extended_until"}),
        ("new_workplace", {"new_workplace_how"}),
        ("wage_subsidy", {"subsidy_from", "subsidy_until"}),
        ("ordinary_employment", {"employment_from", "employment_is_flex_job"}),
    ],
)
def test_only_the_branch_of_the_effort_is_stored(
    as_user, holder, course, internship, effort, stored_names
) -> None:
    days = dict.fromkeys(("extended_until", "subsidy_from", "subsidy_until", "employment_from"), "2016-10-01")
    form = data(effort=effort, new_workplace_how="Vi ringer", employment_is_flex_job="on", **days)
    assert as_user(holder).post(url("plan", course), form).status_code == 302
    plan = PlanForJob.objects.get()
    names = {name for names in PlanForJob.OF_EFFORT.values() for name in names}
    assert {name for name in names if getattr(plan, name)} == stored_names


def test_a_subsidy_ends_after_it_begins(as_user, holder, course, internship) -> None:
    form = data(subsidy_from="2016-09-01", subsidy_until="2016-08-01")
    page = as_user(holder).post(url("plan", course), form).content.decode()
    assert "id_subsidy_until_error" in page
    assert not PlanForJob.objects.exists()


def test_a_draft_is_kept_as_typed_and_filled_in_again(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    draft = data(
        job_goal="Halvt skrevet\0", starts_on="", ordinary_hours_aim="otte", flex_job_considered="on"
    )
    answer = client.post(url("plan_draft", course), draft, headers={"HX-Request": "true"})
    assert "Kladden er gemt kl." in answer.content.decode()
    page = client.get(url("plan", course)).content.decode()
    for words in ("Halvt skrevet", 'value="otte"', "Din kladde fra den 25. juli"):
        assert words in page, words
    assert not PlanForJob.objects.exists()


def test_a_draft_is_ones_own_and_goes_when_the_plan_is_saved(
    as_user, holder, leader, course, internship
) -> None:
    client = as_user(holder)
    assert client.post(url("plan_draft", course), data(job_goal="Kun mit")).status_code == 302
    client.force_login(leader)
    assert "Kun mit" not in client.get(url("plan", course)).content.decode()
    client.force_login(holder)
    client.post(url("plan", course), data())
    assert not PlanDraft.objects.exists()


def test_a_draft_sent_after_its_form_was_saved_is_not_kept(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    form = data()
    client.post(url("plan", course), form)
    client.post(url("plan_draft", course), form, headers={"HX-Request": "true"})
    assert not PlanDraft.objects.exists()


def test_a_draft_is_discarded(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    client.post(url("plan_draft", course), data())
    client.post(url("plan_draft", course), {"discard": "1"})
    assert not PlanDraft.objects.exists()


def test_a_draft_of_an_older_version_is_stale_when_it_is_saved(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    client.post(url("plan_draft", course), data(job_goal="Fra kladden"))
    save_plan(course, job_goal="Deres mål")
    page = client.get(url("plan", course)).content.decode()
    assert "Fra kladden" in page
    assert 'name="version" value="0"' in page
    response = client.post(url("plan", course), data(job_goal="Fra kladden"))
    assert response.status_code == 409
    assert "Deres mål" in response.content.decode()
