"""Which openings fit a citizen and which citizens an opening fits; nothing of another project (D10, D11)."""

import datetime

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases.models import Accommodation, Course, JobGoal
from companies.matching.offers import offers_of
from companies.matching.suggestions import NEEDS, suggestions_for
from companies.models import Dialogue, Match, Workplace
from tests.companies.factories import JobOpeningFactory, SuccessionFactory
from tests.companies.matching.factories import DialogueFactory
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    PlacementFactory,
    UserFactory,
)

DAY = datetime.timedelta(days=1)
ON = datetime.date(2016, 5, 18)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name: str, *args: object) -> str:
    return reverse(f"companies:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def course(course):
    """A course with a job goal in the kitchen and one accommodation."""
    JobGoal.objects.create(course=course, number=1, functions="Køkkenarbejde", set_on=DRAWN_ON)
    Accommodation.objects.create(
        course=course, description="Rolige omgivelser", from_on=DRAWN_ON, hours_a_week=15
    )
    return course


@pytest.fixture
def opening(project):
    return JobOpeningFactory(
        project=project,
        company__name="Kantinen ApS",
        company__town="Aalborg",
        accommodations="Rolige omgivelser",
        hours=12,
        places=2,
    )


def companies_suggested(course) -> list[str]:
    """Return the names of the companies that fit the job goal, in order."""
    course = Course.objects.select_related("municipality").prefetch_related(*NEEDS).get(pk=course.pk)
    return [row.offered.company.name for row in suggestions_for(course, ON, may_contact=True).fitting]


class TestWhatIsSuggested:
    def test_an_opening_stands_with_its_reasons_in_words(self, as_user, holder, course, opening):
        page = content_of(as_user(holder).get(url("suggestions", course.public_id)))
        for words in (
            "Kantinen ApS",
            "Jobmålet siger “køkkenarbejde”",
            "Kan tage skånehensyn: Rolige omgivelser",
            "12 timer om ugen. Skånehensynene siger højst 15",
            "2 pladser ledige",
        ):
            assert words in page

    def test_the_newest_goal_decides(self, course, opening):
        JobGoal.objects.create(course=course, number=2, functions="Gartneri", reason="x", set_on=ON)
        assert companies_suggested(course) == []

    def test_without_a_goal_openings_stand_apart(self, as_user, holder, project, opening):
        course = CourseFactory(project_for=project, holders=holder)
        page = content_of(as_user(holder).get(url("suggestions", course.public_id)))
        assert "Uden et jobmål" in page
        assert "1 anden ledig plads" in page

    def test_a_workplace_that_the_goal_names_stands_first(self, project, course, opening):
        JobGoal.objects.create(
            course=course, number=2, functions="Køkken", workplaces="Bageriet Syd", reason="x", set_on=ON
        )
        JobOpeningFactory(project=project, company__name="Bageriet Syd", job_function="Opvask")
        assert companies_suggested(course) == ["Bageriet Syd", "Kantinen ApS"]

    def test_a_company_with_matches_before_is_suggested_without_an_opening(self, project, course):
        company = CompanyFactory(name="Gamle Køkken ApS")
        for _twice in range(2):
            matched = CourseFactory(project_for=project)
            MatchFactory(course=matched, company=company, job_function="Køkkenhjælper")
        assert companies_suggested(course) == ["Gamle Køkken ApS"]

    def test_an_opening_like_the_matches_before_stands_once_and_names_them(self, project, course, opening):
        matched = CourseFactory(project_for=project)
        MatchFactory(course=matched, company=opening.company, job_function="Køkkenarbejde")
        assert companies_suggested(course) == ["Kantinen ApS"]

    @pytest.mark.parametrize(
        "fields", [{"until_on": ON - DAY}, {"places": 1, "filled": True}, {"closed": True}], ids=str
    )
    def test_what_cannot_be_filled_any_more_is_not_suggested(self, project, course, fields):
        filled, closed = fields.pop("filled", False), fields.pop("closed", False)
        opening = JobOpeningFactory(project=project, **fields)
        if filled:
            match = MatchFactory(course=CourseFactory(project_for=project), company=opening.company)
            DialogueFactory(
                course=match.course, company=opening.company, opening=opening, step="match", match=match
            )
        if closed:
            opening.workplace = Workplace.objects.create(company=opening.company, is_closed=True)
            opening.save()
        assert companies_suggested(course) == []

    def test_a_company_whose_workplaces_are_closed_is_not_suggested_for_its_history(self, project, course):
        match = MatchFactory(course=CourseFactory(project_for=project), job_function="Køkken")
        Workplace.objects.create(company=match.company, is_closed=True)
        assert companies_suggested(course) == []

    def test_a_company_that_was_taken_over_is_not_suggested(self, project, course, opening):
        match = MatchFactory(course=CourseFactory(project_for=project), job_function="Køkken")
        for company in (opening.company, match.company):
            SuccessionFactory(predecessor=company, from_on=ON)
        assert companies_suggested(course) == []

    def test_a_company_where_the_citizen_is_matched_is_left_out(self, course, opening):
        MatchFactory(course=course, company=opening.company)
        assert companies_suggested(course) == []

    def test_places_are_counted_by_the_reasonableness_requirement(self, as_user, holder, course, opening):
        opening.company.ordinary_employees = 5
        opening.company.save()
        PlacementFactory(company=opening.company, starts_on=DRAWN_ON)
        page = content_of(as_user(holder).get(url("suggestions", course.public_id)))
        assert "Ingen ledig plads efter rimelighedskravet" in page


class TestContact:
    def test_one_tap_registers_the_company_as_contacted_today(self, as_user, holder, course, opening):
        data = {"offer": str(opening.public_id), "submission": "8a1f0c5e-8a2e-4f8c-9a53-0d0b3c9f7a11"}
        client = as_user(holder)
        for _twice in range(2):
            response = client.post(url("contact_suggested", course.public_id), data)
        dialogue = Dialogue.objects.get()
        assert response.url == url("dialogue", dialogue.public_id)
        assert (dialogue.opening, dialogue.job_function) == (opening, "Køkkenhjælper")
        assert (dialogue.step, dialogue.step_on, dialogue.entries.count()) == ("contacted", ON, 1)

    def test_the_match_says_why_without_being_typed(self, as_user, holder, course, opening):
        client = as_user(holder)
        client.post(url("contact_suggested", course.public_id), {"offer": str(opening.public_id)})
        dialogue = Dialogue.objects.get()
        page = content_of(client.get(url("take_step", dialogue.public_id, "match")))
        assert "Jobmålet siger “køkkenarbejde”. Kan tage skånehensyn: Rolige omgivelser." in page

    def test_a_match_takes_a_place_of_the_opening(self, as_user, holder, project, course, opening):
        client = as_user(holder)
        client.post(url("contact_suggested", course.public_id), {"offer": str(opening.public_id)})
        dialogue = Dialogue.objects.get()
        data = {"matched_on": "2016-05-18", "version": dialogue.version}
        client.post(url("take_step", dialogue.public_id, "match"), data)
        assert Match.objects.exists()
        (offered,) = offers_of(project.pk, ON)
        assert offered.offer.places_left == 1

    def test_an_opening_of_another_project_is_not_taken(self, as_user, holder, course):
        foreign = JobOpeningFactory()
        data = {"offer": str(foreign.public_id)}
        response = as_user(holder).post(url("contact_suggested", course.public_id), data)
        assert response.url == url("suggestions", course.public_id)
        assert not Dialogue.objects.exists()


class TestWhomAnOpeningFits:
    def test_own_citizens_with_a_fitting_goal_stand_there_and_are_recorded(
        self, as_user, holder, project, course, opening
    ):
        CourseFactory(project_for=project, holders=holder, referral__name="Testborger Uden Mål")
        page = content_of(as_user(holder).get(url("opening_citizens", opening.public_id)))
        assert "Testborger Ågesen" in page
        assert "Testborger Uden Mål" not in page
        record = AccessRecord.objects.get(action="opening_citizens")
        assert record.citizens == [course.citizen.public_id]

    def test_a_citizen_with_a_placement_is_left_out(self, as_user, holder, course, opening):
        PlacementFactory(course=course, starts_on=DRAWN_ON)
        page = content_of(as_user(holder).get(url("opening_citizens", opening.public_id)))
        assert "Testborger Ågesen" not in page

    def test_a_mentor_sees_them_and_registers_nothing(self, as_user, project, course, opening):
        mentor = UserFactory(project=project, roles=["mentor"])
        holding = course.holdings.get(function="mentor")
        holding.user = mentor
        holding.save()
        page = content_of(as_user(mentor).get(url("opening_citizens", opening.public_id)))
        assert "Testborger Ågesen" in page
        assert "Kontaktet i dag" not in page


class TestAnotherProject:
    def test_its_openings_and_matches_are_no_suggestions(self, stranger, course):
        theirs = stranger.memberships.first().project
        JobOpeningFactory(project=theirs)
        MatchFactory(course=CourseFactory(project_for=theirs), job_function="Køkkenhjælper")
        assert companies_suggested(course) == []

    def test_its_matches_are_not_counted(self, as_user, holder, stranger, course, opening):
        theirs = CourseFactory(project_for=stranger.memberships.first().project)
        MatchFactory(course=theirs, company=opening.company, job_function="Køkkenhjælper")
        page = content_of(as_user(holder).get(url("suggestions", course.public_id)))
        assert "Projektet har haft" not in page

    def test_an_opening_answers_a_stranger_as_one_that_does_not_exist(self, as_user, stranger, opening):
        client = as_user(stranger)
        assert client.get(url("opening_citizens", opening.public_id)).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_keep_to_their_queries(
    as_user, holder, project, course, opening, django_assert_max_num_queries, count
):
    for _number in range(count):
        JobOpeningFactory(project=project)
        other = CourseFactory(project_for=project, holders=holder)
        JobGoal.objects.create(course=other, number=1, functions="Køkken", set_on=DRAWN_ON)
        MatchFactory(course=CourseFactory(project_for=project), job_function="Køkkenhjælper")
    client = as_user(holder)
    with django_assert_max_num_queries(20):
        client.get(url("suggestions", course.public_id))
    with django_assert_max_num_queries(20):
        client.get(url("opening_citizens", opening.public_id))
