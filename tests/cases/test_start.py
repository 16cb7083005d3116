"""The start of a course (D8, D10, D43): the checklist until it is done, the vacant functions in one save."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import AccessOutcome, AccessRecord
from cases import actions
from cases.actions.start import fill_from_default_team, fill_vacant_functions
from cases.models import CourseFunction, CvPart, DefaultTeamMember, FunctionHolding, ProfileSubject
from cases.presentation.start import caseloads
from reminders.models import Reminder
from tests.concurrency import run_at_once
from tests.factories import DRAWN_ON, CourseFactory, FollowUpMeetingFactory, UserFactory
from tests.loops import some
from tests.scenarios.progression_answers import imported_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def url(name, course):
    return reverse(f"cases:{name}", args=[course.public_id])


@pytest.fixture
def new_course(project, wednesday):
    """A course that was drawn today; nobody has a function."""
    return CourseFactory(project_for=project, started_on=wednesday, referral__name="Testborger Nyesen")


@pytest.fixture
def people(project):
    """Somebody for each function."""
    return {
        function.value: UserFactory(name=f"Ny {function.label}", project=project, roles=[function.value])
        for function in CourseFunction
    }


def holders(course):
    return {holding.function: holding.user for holding in course.holdings.all()}


def missing(client, course):
    """The labels of what the overview says is missing; None without the section."""
    page = client.get(url("course", course)).content.decode()
    if 'id="start"' not in page:
        return None
    text = page[page.index('id="start"') :].split("</section>")[0]
    return text.split("Mangler:")[1].split("</p>")[0].strip().rstrip(".").split("; ")


def test_four_people_in_one_save(new_course, people, leader, wednesday):
    results = fill_vacant_functions(new_course, people, from_on=wednesday, by=leader)
    assert all(result.is_new for result in some(results))
    assert holders(new_course) == people
    recipients = Reminder.objects.filter(kind="course_taken_over").values_list("recipient", flat=True)
    assert set(recipients) == {user.pk for user in people.values()}
    again = fill_vacant_functions(new_course, people, from_on=wednesday, by=leader)
    assert not any(result.is_new for result in some(again))


def test_a_function_filled_meanwhile_is_refused_and_nothing_is_stored(
    new_course, people, holder, leader, wednesday
):
    actions.assign_function(new_course, function="mentor", user=holder, from_on=wednesday)
    with pytest.raises(ValidationError, match="Mette Mentor") as refusal:
        fill_vacant_functions(new_course, people, from_on=wednesday, by=leader)
    assert list(refusal.value.error_dict) == ["mentor"]
    assert holders(new_course) == {"mentor": holder}


def test_who_lacks_the_role_is_refused_beside_the_function(new_course, people, stranger, leader, wednesday):
    with pytest.raises(ValidationError) as refusal:
        fill_vacant_functions(new_course, {**people, "mentor": stranger}, from_on=wednesday, by=leader)
    assert list(refusal.value.error_dict) == ["mentor"]
    assert not FunctionHolding.objects.exists()


def test_the_default_team_takes_only_what_is_vacant(new_course, people, holder, leader, wednesday):
    for function, user in people.items():
        DefaultTeamMember.objects.create(
            project=new_course.project, municipality=new_course.municipality, function=function, user=user
        )
    actions.assign_function(new_course, function="mentor", user=holder, from_on=wednesday)
    fill_from_default_team(new_course, today=wednesday, by=leader)
    assert holders(new_course) == {**people, "mentor": holder}
    with pytest.raises(ValidationError):
        fill_from_default_team(new_course, today=wednesday, by=leader)


def test_the_caseload_counts_running_courses_once(project, holder, colleague, course, wednesday):
    CourseFactory(project_for=project, holders=holder)
    CourseFactory(project_for=project, holders=holder, ended_on=DRAWN_ON + DAY, end_reason="moved")
    assert caseloads([holder, colleague], project.pk, wednesday) == {holder.pk: 2}


def test_the_page_shows_the_caseload_beside_each_name(as_user, leader, holder, course, new_course, people):
    page = as_user(leader).get(url("start", new_course)).content.decode()
    assert page.count("Mette Mentor (1 igangværende forløb)") == 4
    assert "Ny Mentor (0 igangværende forløb)" in page
    assert new_course.citizen.cpr not in page
    record = AccessRecord.objects.get(outcome=AccessOutcome.SHOWN)
    assert (record.action, record.citizens) == ("course.start", [new_course.citizen.public_id])


def test_the_page_costs_few_queries(as_user, leader, new_course, people, django_assert_max_num_queries):
    for number in range(20):
        UserFactory(name=f"Mentor {number}", project=new_course.project, roles=["mentor"])
    client = as_user(leader)
    client.get(url("start", new_course))
    with django_assert_max_num_queries(20):
        client.get(url("start", new_course))


def test_the_form_fills_the_chosen_functions(as_user, leader, new_course, people, wednesday):
    data = {"from_on": str(wednesday), "mentor": str(people["mentor"].public_id), "course_owner": ""}
    response = as_user(leader).post(url("start_team", new_course), data)
    assert response.url == url("start", new_course)
    assert holders(new_course) == {"mentor": people["mentor"]}


def test_a_form_that_is_stale_names_who_has_the_function(
    as_user, leader, new_course, people, holder, wednesday
):
    client = as_user(leader)
    client.get(url("start", new_course))
    actions.assign_function(new_course, function="mentor", user=holder, from_on=wednesday)
    data = {"from_on": str(wednesday), "mentor": str(people["mentor"].public_id)}
    page = client.post(url("start_team", new_course), data).content.decode()
    assert "Mette Mentor har fået funktionen i mellemtiden" in page
    assert holders(new_course) == {"mentor": holder}


def test_the_default_team_by_its_button(as_user, leader, new_course, people):
    client = as_user(leader)
    page = client.post(url("start_default_team", new_course), follow=True).content.decode()
    assert "Standardteamet har ingen" in page
    for function, user in people.items():
        DefaultTeamMember.objects.create(
            project=new_course.project, municipality=new_course.municipality, function=function, user=user
        )
    page = client.get(url("start", new_course)).content.decode()
    assert "Brug standardteamet" in page
    client.post(url("start_default_team", new_course))
    assert holders(new_course) == people
    assert "Brug standardteamet" not in client.get(url("start", new_course)).content.decode()


def test_the_checklist_follows_until_all_is_done(as_user, leader, new_course, people, wednesday):
    client = as_user(leader)
    labels = missing(client, new_course)
    assert len(labels) == 6
    steps = [
        lambda: fill_vacant_functions(new_course, people, from_on=wednesday, by=leader),
        lambda: FollowUpMeetingFactory(
            course=new_course, planned_at=datetime.datetime(2016, 5, 25, 8, 0, tzinfo=datetime.UTC)
        ),
        lambda: actions.write_profile_text(
            new_course, ProfileSubject.DREAMS, "Et værksted", by=leader, today=wednesday
        ),
        lambda: actions.add_cv_entry(
            new_course, CvPart.LANGUAGE, actions.CvEntryData(title="Dansk", level="native"), today=wednesday
        ),
        lambda: actions.add_job_goal_version(new_course, functions="Gartner", set_on=wednesday),
        lambda: imported_sheet(new_course, wednesday, rater="citizen"),
    ]
    for number, step in enumerate(steps, start=1):
        step()
        left = missing(client, new_course)
        assert left == (labels[number:] or None)
        page = client.get(url("start", new_course)).content.decode()
        assert f"{number} af 6 er på plads" in page
        assert page.count(">På plads<") == number
    assert page.count("18. maj 2016") >= 5


def test_each_missing_line_leads_to_the_page_that_does_it(as_user, leader, new_course):
    page = as_user(leader).get(url("start", new_course)).content.decode()
    for name in ("cases:book_meeting", "cases:profile", "cases:cv", "cases:goals", "progression:start"):
        assert f'href="{reverse(name, args=[new_course.public_id])}"' in page


def test_a_missed_first_meeting_is_still_to_be_booked(as_user, leader, new_course, people, wednesday):
    client, label = as_user(leader), "Første opfølgningsmøde"
    meeting = FollowUpMeetingFactory(course=new_course)
    assert label not in missing(client, new_course)
    actions.mark_missed(meeting)
    assert label in missing(client, new_course)
    held = FollowUpMeetingFactory(course=new_course, held=True, held_on=wednesday)
    assert label not in missing(client, new_course)
    correction = {"held_on": wednesday, "citizen_present": False, "attendees": [], "reason": "Forkert"}
    actions.correct_meeting(held, **correction, by=leader)
    assert label in missing(client, new_course)


def test_a_colleague_with_a_reason_reads_and_changes_nothing(as_user, colleague, new_course, people):
    actions.open_colleagues_course(new_course, colleague, "Vikar i uge 20")
    client = as_user(colleague)
    page = client.get(url("start", new_course)).content.decode()
    assert "Besæt funktionerne" not in page
    assert client.get(url("start_team", new_course)).status_code == 403
    assert client.post(url("start_default_team", new_course)).status_code == 403


def test_an_ended_course_has_no_start_on_its_overview(as_user, leader, new_course, wednesday):
    actions.end_course(new_course, ended_on=wednesday, reason="moved")
    client = as_user(leader)
    assert missing(client, new_course) is None
    page = client.get(url("start", new_course)).content.decode()
    assert "Besæt funktionerne" not in page


@pytest.mark.django_db(transaction=True)
def test_two_fill_the_functions_at_once_and_one_is_told(new_course, people, holder, leader, wednesday):
    others = dict.fromkeys(people, holder)
    outcomes = run_at_once(
        [
            lambda team=team: fill_vacant_functions(new_course, team, from_on=wednesday, by=leader)
            for team in (people, others)
        ]
    )
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1
    assert holders(new_course) in (people, others)
