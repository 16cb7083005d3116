"""The default team fills the functions of a new course from the day of the draw on (D43)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Absence
from accounts.people import actions as account_actions
from accounts.roles import Role
from cases.actions.default_team import TeamPlace, set_default_team, stored_team
from cases.models import CourseFunction, DefaultTeamMember
from jobfirst.values.dates import DAY
from randomization.draw.actions import draw_project
from tests.factories import DRAWN_ON, ReferralFactory, UserFactory
from tests.loops import some
from tests.validation import error_codes

pytestmark = pytest.mark.django_db

AALBORG = "0851"


@pytest.fixture
def team(aalborg):
    """A person for each function, who is the default team of Aalborg."""
    members = {function: UserFactory(project=aalborg, roles=[function]) for function in CourseFunction.values}
    places = {TeamPlace(AALBORG, function): user for function, user in members.items()}
    set_default_team(aalborg, places, seen={})
    return members


@pytest.fixture
def draw(aalborg, refer_citizens, demonstration):
    """Draw ten citizens in Aalborg; return the staff of each new course."""

    def draw_ten(referred_by=None):
        referrals = refer_citizens(10)
        type(referrals[0]).objects.update(referred_by=referred_by)
        draw_project(aalborg, DRAWN_ON, shares=demonstration)
        courses = list(aalborg.courses.all())
        assert courses
        return [course.staff_on(DRAWN_ON) for course in courses]

    return draw_ten


def test_a_draw_leaves_no_vacancy(team, draw):
    assert all(staff == team for staff in some(draw()))


def test_whoever_referred_stays_coordinating_caseworker(aalborg, team, draw):
    caseworker = UserFactory(project=aalborg, roles=[Role.COORDINATING_CASEWORKER])
    expected = {**team, CourseFunction.COORDINATING_CASEWORKER: caseworker}
    assert all(staff == expected for staff in some(draw(referred_by=caseworker)))


def test_without_a_team_the_functions_are_vacant(draw):
    assert all(staff == {} for staff in some(draw()))


def test_an_absent_member_leaves_the_function_vacant(aalborg, team, draw):
    stand_in = UserFactory(project=aalborg, roles=[Role.MENTOR])
    Absence.objects.create(
        user=team["mentor"], project=aalborg, stand_in=stand_in, first_on=DRAWN_ON, last_on=DRAWN_ON
    )
    assert all(set(staff) == set(team) - {"mentor"} for staff in some(draw()))


def test_a_member_who_lost_the_role_or_the_account_leaves_the_function_vacant(aalborg, team, draw):
    team["mentor"].memberships.all().delete()
    type(team["mentor"]).objects.filter(pk=team["course_owner"].pk).update(is_active=False)
    assert all(set(staff) == {"job_consultant", "coordinating_caseworker"} for staff in some(draw()))


@pytest.mark.parametrize("leaves", ["role", "account"])
def test_who_leaves_is_taken_out_of_the_team(aalborg, team, leaves):
    if leaves == "role":
        account_actions.take_role(team["mentor"].memberships.get(), DRAWN_ON + DAY)
    else:
        account_actions.deactivate_user(team["mentor"], DRAWN_ON + DAY)
    assert {place.function for place in stored_team(aalborg)} == set(team) - {"mentor"}


def test_only_somebody_with_the_role_in_the_project_is_a_member(aalborg):
    consultant = UserFactory(project=aalborg, roles=[Role.JOB_CONSULTANT])
    with pytest.raises(ValidationError) as caught:
        set_default_team(aalborg, {TeamPlace(AALBORG, "mentor"): consultant}, seen={})
    assert error_codes(caught) == {"0851-mentor": "without_role"}
    assert not DefaultTeamMember.objects.exists()


def test_a_team_of_another_municipality_is_not_used(aalborg, team, draw):
    DefaultTeamMember.objects.update(municipality="0101")
    assert all(staff == {} for staff in some(draw()))


# The page


@pytest.fixture
def page_url(aalborg, client):
    client.force_login(UserFactory(project=aalborg, roles=[Role.PROJECT_LEADER]))
    return reverse("cases:default_team", args=[aalborg.slug])


def test_the_leader_chooses_changes_and_empties_the_team(client, aalborg, page_url):
    first, second = (UserFactory(project=aalborg, roles=[Role.MENTOR]) for _number in range(2))
    for member, words in ((first, ""), (second, ""), (None, "")):
        seen = client.get(page_url).context["form"]["seen"].value()
        chosen = str(member.public_id) if member else words
        assert client.post(page_url, {"seen": seen, "0851-mentor": chosen}).status_code == 302
        expected = {TeamPlace(AALBORG, "mentor"): member} if member else {}
        assert stored_team(aalborg) == expected


def test_a_team_that_somebody_else_has_changed_is_not_overwritten(client, aalborg, page_url, team):
    other = UserFactory(project=aalborg, roles=[Role.MENTOR])
    answer = client.post(page_url, {"seen": "{}", "0851-mentor": str(other.public_id)})
    assert "En anden har ændret standardteamet" in answer.content.decode()
    assert stored_team(aalborg)[TeamPlace(AALBORG, "mentor")] == team["mentor"]


@pytest.mark.parametrize("seen", ["", "x", "[]", "[" * 100_000, '{"a":' * 100_000])
def test_a_form_that_does_not_say_what_was_seen_stores_nothing(client, page_url, aalborg, team, seen):
    answer = client.post(page_url, {"seen": seen, "0851-mentor": ""})
    assert answer.status_code == 200
    assert stored_team(aalborg)[TeamPlace(AALBORG, "mentor")] == team["mentor"]


def test_a_referral_by_somebody_without_the_role_uses_the_team(aalborg, team, demonstration):
    leader = UserFactory(project=aalborg, roles=[Role.PROJECT_LEADER])
    for _number in range(6):
        ReferralFactory(project=aalborg, referred_by=leader)
    draw_project(aalborg, DRAWN_ON, shares=demonstration)
    assert {course.staff_on(DRAWN_ON)["coordinating_caseworker"] for course in aalborg.courses.all()} == {
        team["coordinating_caseworker"]
    }
