"""Protected persons (D51): who is shut out sees her nowhere; colleagues see nothing of a protected one."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from audit.models import AccessRecord
from cases import actions
from cases.actions.duties import count_left_vacant, give_back_vacant
from cases.actions.shut_outs import lift_shut_out, shut_out
from cases.models import CitizenContact, Course, Referral, ShutOut
from cases.protected import LEAVING
from jobfirst import clock
from jobfirst.values.dates import DAY
from reminders import deadlines
from reminders.recipients import tellings
from tests.concurrency import BackgroundAction
from tests.factories import (
    AllocationFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

STAFF = ["project_leader", "coordinating_caseworker", "course_owner", "job_consultant", "mentor"]


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def course(project):
    return CourseFactory(project_for=project, holders=UserFactory(project=project, roles=STAFF))


@pytest.fixture
def relative(project):
    """Somebody with every role in the project."""
    return UserFactory(project=project, roles=STAFF)


@pytest.fixture
def leader(project):
    return UserFactory(project=project, roles=["project_leader"])


def test_who_is_shut_out_sees_neither_course_nor_referral(course, relative, leader):
    assert Course.objects.visible_to(relative).exists()
    shut_out(course.citizen, relative, "Søskende", by=leader)
    assert not Course.objects.visible_to(relative).exists()
    assert not Course.objects.listed_for(relative).exists()
    assert not Course.objects.openable_by(relative).exists()
    assert not Referral.objects.visible_to(relative).exists()


def test_everybody_else_sees_her_as_before(course, relative, leader):
    shut_out(course.citizen, relative, "Søskende", by=leader)
    assert Course.objects.visible_to(leader).exists()


def test_who_is_let_in_again_sees_her(course, relative, leader):
    lift_shut_out(shut_out(course.citizen, relative, "Nabo", by=leader), by=leader)
    assert Course.objects.visible_to(relative).exists()


def test_who_holds_a_function_hands_it_over_first(course, leader):
    with pytest.raises(ValidationError):
        shut_out(course.citizen, course.holdings.first().user, "Søskende", by=leader)


def test_who_will_hold_a_function_hands_it_over_first(course, relative, leader):
    tomorrow = clock.today() + DAY
    actions.assign_function(course, function="mentor", user=relative, from_on=tomorrow)
    with pytest.raises(ValidationError):
        shut_out(course.citizen, relative, "Søskende", by=leader)


def test_who_has_a_function_of_an_ended_course_is_shut_out(course, leader):
    holder = course.holdings.first().user
    Course.objects.filter(pk=course.pk).update(ended_on=clock.today(), end_reason="moved")
    shut_out(course.citizen, holder, "Søskende", by=leader)
    assert not Course.objects.visible_to(holder).exists()


def test_a_function_left_vacant_is_not_given_back_to_who_is_shut_out(course, relative, leader):
    today = clock.today()
    course.holdings.filter(function="mentor").update(user=relative, until_on=today - DAY)
    shut_out(course.citizen, relative, "Søskende", by=leader)
    assert count_left_vacant(relative, today) == []
    assert give_back_vacant(relative, today, by=leader) == 0


@pytest.mark.django_db(transaction=True)
def test_who_gets_a_function_meanwhile_is_not_shut_out(course, relative, leader):
    with transaction.atomic():
        actions.assign_function(course, function="mentor", user=relative, from_on=clock.today())
        later = BackgroundAction(lambda: shut_out(course.citizen, relative, "Søskende", by=leader))
        assert later.is_blocked()
    assert isinstance(later.join(), ValidationError)


def test_who_is_shut_out_gets_no_function(course, relative, leader):
    shut_out(course.citizen, relative, "Søskende", by=leader)
    with pytest.raises(ValidationError):
        actions.assign_function(course, function="mentor", user=relative, from_on=course.started_on)


def test_a_search_by_number_answers_as_for_somebody_unknown(client, course, relative, leader):
    shut_out(course.citizen, relative, "Søskende", by=leader)
    client.force_login(relative)
    hers = client.post(reverse("cases:find"), {"cpr": course.citizen.cpr})
    unknown = client.post(reverse("cases:find"), {"cpr": "1705700000"})
    assert (hers.status_code, unknown.status_code) == (200, 200)
    assert "Der er ikke noget forløb" in hers.content.decode()


def test_the_leader_shuts_out_and_lets_in_by_the_pages(client, course, relative, leader):
    client.force_login(leader)
    url = reverse("cases:shut_out", args=[course.referral.public_id])
    client.post(url, {"user": relative.public_id, "reason": "Søskende"})
    row = ShutOut.objects.get()
    assert relative.name in client.get(url).content.decode()
    client.post(reverse("cases:let_in", args=[course.referral.public_id, row.public_id]))
    row.refresh_from_db()
    assert row.lifted_by == leader


def test_colleagues_neither_find_nor_open_a_protected_citizen(client, course, project):
    CitizenContact.objects.create(course=course, has_protected_address=True)
    colleague = UserFactory(project=project, roles=["mentor"])
    client.force_login(colleague)
    page = client.post(reverse("cases:find"), {"cpr": course.citizen.cpr})
    assert "Der er ikke noget forløb" in page.content.decode()
    assert client.get(reverse("cases:open", args=[course.public_id])).status_code == 404


def test_an_opening_ends_when_the_citizen_is_marked_as_protected(course, project):
    colleague = UserFactory(project=project, roles=["mentor"])
    actions.open_colleagues_course(course, colleague, "Vikar i dag")
    assert Course.objects.visible_to(colleague).exists()
    CitizenContact.objects.create(course=course, has_protected_address=True)
    assert not Course.objects.visible_to(colleague).exists()


#: Lists that a person with every role in a project may open, and who of them stand on it.
LISTS = [
    "cases:courses",
    "cases:gaps",
    "cases:my_week",
    "cases:my_meetings",
    "companies:my_placements",
    "companies:my_dialogues",
    "cases:referrals",
    "cases:openings",
    "randomization:drawn",
    "randomization:waiting",
    "evaluation:dashboard",
    "evaluation:elements",
    "evaluation:deviations",
    "reminders:mine",
    "rights:holds",
]


@pytest.mark.parametrize("name", LISTS)
def test_no_list_shows_her_to_who_is_shut_out(client, course, relative, leader, name):
    AllocationFactory(referral=course.referral)
    deadlines.recompute()
    shut_out(course.citizen, relative, "Søskende", by=leader)
    client.force_login(relative)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert course.referral.name not in response.content.decode()
    assert str(course.public_id) not in response.content.decode()


def test_nobody_is_told_of_a_course_from_which_the_person_is_shut_out(course, relative, leader):
    deadlines.recompute()
    long_after = course.started_on + datetime.timedelta(days=90)
    recipients = {telling.recipient_id for telling in tellings(long_after)}
    assert relative.pk in recipients
    shut_out(course.citizen, relative, "Søskende", by=leader)
    of_course = [telling for telling in tellings(long_after) if telling.subject_type == "course"]
    recipients = {telling.recipient_id for telling in of_course}
    assert relative.pk not in recipients
    assert leader.pk in recipients


@pytest.fixture
def protected(course):
    CitizenContact.objects.create(course=course, has_protected_address=True)
    return course


def test_a_warning_comes_before_a_file_about_a_protected_citizen(client, protected, leader):
    client.force_login(leader)
    url = reverse("plans:activity_plan_calendar", args=[protected.public_id])
    warning = client.get(url)
    assert "Borgeren er beskyttet" in warning.content.decode()
    assert client.get(url, {"protected": "1"}).headers["Content-Type"].startswith("text/calendar")


def test_that_the_warning_was_read_is_on_record(client, protected, leader):
    client.force_login(leader)
    url = reverse("plans:activity_plan_calendar", args=[protected.public_id])
    client.get(url)
    assert not AccessRecord.objects.filter(action="protected.warned").exists()
    client.get(url, {"protected": "1"})
    record = AccessRecord.objects.get(action="protected.warned")
    assert (record.user, record.citizens) == (leader, [protected.citizen.public_id])


def test_no_warning_is_on_record_for_a_citizen_who_is_not_protected(client, course, leader):
    client.force_login(leader)
    client.get(reverse("plans:activity_plan_calendar", args=[course.public_id]), {"protected": "1"})
    assert not AccessRecord.objects.filter(action="protected.warned").exists()


def test_nobody_is_warned_about_a_citizen_who_is_not_protected(client, course, leader):
    client.force_login(leader)
    response = client.get(reverse("plans:activity_plan_calendar", args=[course.public_id]))
    assert response.headers["Content-Type"].startswith("text/calendar")


def test_a_warning_comes_before_a_list_with_a_protected_citizen(client, protected, leader):
    client.force_login(leader)
    url = reverse("cases:courses")
    warning = client.get(url, {"format": "xlsx", "phase": "sniffing"})
    assert "En borger på listen er beskyttet" in warning.content.decode()
    assert 'name="phase" value="sniffing"' in warning.content.decode()  # the same list goes on from there
    assert not AccessRecord.objects.filter(action="protected.warned").exists()
    file = client.get(url, {"format": "xlsx", "phase": "sniffing", "protected": "1"})
    assert file.headers["Content-Type"].endswith("spreadsheetml.sheet")
    record = AccessRecord.objects.get(action="protected.warned")
    assert (record.user, record.citizens) == (leader, [protected.citizen.public_id])


def test_no_warning_comes_before_a_list_without_protected_citizens(client, course, leader):
    CitizenContact.objects.create(course=CourseFactory(), has_protected_address=True)  # of another project
    client.force_login(leader)
    file = client.get(reverse("cases:courses"), {"format": "xlsx"})
    assert file.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_who_turns_back_at_the_warning_has_fetched_no_list(client, protected, leader):
    client.force_login(leader)
    for query in ({"format": "xlsx"}, {"format": "xlsx", "protected": "1"}):
        client.get(reverse("cases:courses"), query)
        fetched = "protected" in query
        for action in ("courses.excel", "list.export", "protected.warned"):
            assert AccessRecord.objects.filter(action=action).count() == fetched


def test_the_warning_before_a_list_is_no_file_of_the_limit(client, protected, leader, settings):
    settings.JOBFIRST_LIMITS = {**settings.JOBFIRST_LIMITS, "download": "1/hour"}
    client.force_login(leader)
    queries = [{"format": "xlsx"}, {"format": "xlsx", "protected": "1"}, {"format": "xlsx", "protected": "1"}]
    assert [client.get(reverse("cases:courses"), query).status_code for query in queries] == [200, 200, 429]
    assert AccessRecord.objects.filter(action="limit", outcome="refused").count() == 1


def test_who_lists_a_protected_citizen_without_seeing_her_course_is_warned(client, protected, project):
    caseworker = UserFactory(project=project, roles=["coordinating_caseworker"])
    assert not Course.objects.visible_to(caseworker).exists()
    client.force_login(caseworker)
    warning = client.get(reverse("cases:referrals"), {"format": "xlsx"})
    assert "En borger på listen er beskyttet" in warning.content.decode()


def test_no_list_tells_that_another_project_protects_the_citizen(client, protected):
    elsewhere = ProjectFactory()
    ReferralFactory(project=elsewhere, citizen=protected.citizen, state="refused", reasons=["under_30"])
    client.force_login(UserFactory(project=elsewhere, roles=["project_leader"]))
    file = client.get(reverse("cases:referrals"), {"format": "xlsx"})
    assert file.headers["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize(
    ("name", "args"), [("annex", ["company"]), ("annex", ["citizen"]), ("report", []), ("closing", [])]
)
def test_a_warning_comes_before_a_link_about_a_protected_citizen(client, protected, leader, name, args):
    placement = PlacementFactory(course=protected)
    client.force_login(leader)
    url = reverse(f"companies:send_{name}_link", args=[placement.public_id, *args])
    assert "Borgeren er beskyttet" in client.post(url).content.decode()
    assert client.post(url, {"protected": "1"}).status_code == 302


def test_the_course_page_says_that_the_citizen_is_protected(client, protected, leader):
    client.force_login(leader)
    page = client.get(reverse("cases:course", args=[protected.public_id])).content.decode()
    assert "tænk dig om, før noget forlader systemet" in page


def test_every_file_of_a_course_has_the_warning():
    """Recipe: the page code of a new file, or of what sends a link, goes into `LEAVING`."""
    codes = set()
    for path in settings.BASE_DIR.glob("*/**/*.py"):
        if path.parts[len(settings.BASE_DIR.parts)] in {"cases", "companies", "plans", "progression"}:
            codes |= set(re.findall(r'"(course\.[a-z_.]*(?:pdf|print|send|calendar))"', path.read_text()))
    assert codes
    assert codes - LEAVING == set()


def test_who_may_be_seen_is_asked_without_the_row_of_each_citizen():
    """The wall would be asked for each of them: lists of thousands would take twice as long."""
    courses = Course.objects.visible_to(UserFactory(project=ProjectFactory(), roles=["project_leader"]))
    assert 'JOIN "cases_citizen"' not in str(courses.query)
