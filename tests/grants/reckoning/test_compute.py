"""The year's draft: from placements in the database to what each project may be paid."""

import datetime
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Project
from grants.models import GrantTerms
from grants.reckoning.compute import compute, default_cut_off
from grants.reckoning.figures import EARNED_TO_DATE, STARTS
from grants.reckoning.frame import NoTermsError
from tests.factories import (
    DRAWN_ON,
    CitizenFactory,
    CompanyFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    ReferralFactory,
)
from tests.grants.factories import AwardFactory, StatementFactory
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import END_2016, approved_statement

pytestmark = pytest.mark.django_db


def draft(cut_off=END_2016, projects=None):
    return compute(cut_off.year, cut_off, Project.objects.all() if projects is None else projects)


def single_statement(cut_off=END_2016):
    (project,) = draft(cut_off).projects
    return project


def events(statement):
    return [(line.pseudonym, line.event.kind.value, line.event.on) for line in statement.lines]


def test_an_internship_of_91_days_earns_both_parts_from_the_day_of_the_draw():
    course = CourseFactory()
    PlacementFactory(course=course, starts_on=DRAWN_ON - timedelta(days=3), planned_end_on=date(2016, 7, 3))
    statement = single_statement()
    citizen = course.citizen.pseudonym
    assert events(statement) == [
        (citizen, "start", DRAWN_ON),
        (citizen, "completion", date(2016, 7, 3)),
    ]
    assert (statement.starts, statement.completions) == (1, 1)
    assert (statement.earned_to_date, statement.payable) == (Decimal("16000.00"), Decimal("16000.00"))
    assert statement.ceiling == Decimal("1440000.00")


def test_a_course_without_a_counting_placement_earns_nothing():
    course = CourseFactory()
    PlacementFactory(course=course, kind="sniffing")
    statement = single_statement()
    assert events(statement) == []
    assert statement.earned_to_date == Decimal("0.00")
    assert str(statement.payable) == "0.00"


def test_a_citizen_without_a_course_is_in_no_draft():
    referral = ReferralFactory(citizen=CitizenFactory())
    assert [item.project for item in draft().projects] == [referral.project]
    assert single_statement().lines == ()


def test_spells_at_two_companies_are_told_apart_by_cvr():
    course = CourseFactory()
    PlacementFactory(course=course, planned_end_on=date(2016, 5, 31))
    PlacementFactory(course=course, starts_on=date(2016, 6, 1), planned_end_on=date(2016, 8, 20))
    assert single_statement().completions == 0
    same = CompanyFactory()
    other = CourseFactory(project_for=course.project)
    PlacementFactory(course=other, company=same, planned_end_on=date(2016, 5, 31))
    PlacementFactory(
        course=other,
        company=same,
        kind="wage_subsidy",
        starts_on=date(2016, 6, 1),
        planned_end_on=date(2016, 8, 20),
    )
    assert single_statement().completions == 1


def test_renaming_a_company_changes_nothing():
    placement = PlacementFactory()
    before = events(single_statement())
    placement.company.name = "=Et andet navn"
    placement.company.save()
    assert events(single_statement()) == before


def test_events_stand_in_order_of_date():
    project = ProjectFactory()
    for days in (30, 0, 60, 10):
        course = CourseFactory(project_for=project)
        PlacementFactory(course=course, starts_on=DRAWN_ON + timedelta(days=days))
    dates = [line.event.on for line in single_statement().lines]
    assert dates == sorted(dates)
    assert len(dates) == 8


def test_each_project_has_its_own_period_ceiling_and_events():
    short = ProjectFactory(slug="b", ends_on=date(2016, 5, 31), target_count=50)
    long = ProjectFactory(slug="a")
    for project in (short, long):
        PlacementFactory(course=CourseFactory(project_for=project))
    first, second = draft().projects
    assert (first.project, first.completions, first.ceiling) == (long, 1, Decimal("1440000.00"))
    assert (second.project, second.completions, second.ceiling) == (short, 0, Decimal("720000.00"))
    total = draft()
    assert total.total(EARNED_TO_DATE) == Decimal("24000.00")
    assert total.total(STARTS) == 2
    (single,) = draft(projects=Project.objects.filter(slug="b")).projects
    assert single == second


def test_paid_before_and_the_ceiling_bound_what_is_payable():
    project = ProjectFactory(target_count=1)  # ceiling 14,400
    PlacementFactory(course=CourseFactory(project_for=project))
    PlacementFactory(course=CourseFactory(project_for=project))
    assert single_statement().earned_to_date == Decimal("32000.00")
    assert single_statement().payable == Decimal("14400.00")
    StatementFactory(
        state="approved", events=1, project=project, cut_off=date(2016, 6, 30), ceiling=Decimal("14400")
    )
    assert (single_statement().approved_before, single_statement().payable) == (
        Decimal("8000.00"),
        Decimal("6400.00"),
    )
    # not approved: has paid nothing
    StatementFactory(
        state="checked", project=project, cut_off=date(2016, 7, 31), approved_unpaid=Decimal("8000")
    )
    assert single_statement().approved_before == Decimal("8000.00")


def test_two_half_years_pay_what_the_year_pays():
    project = ProjectFactory()
    for days in range(0, 200, 17):
        PlacementFactory(course=CourseFactory(project_for=project), starts_on=DRAWN_ON + timedelta(days=days))
    year = single_statement().payable
    half = single_statement(date(2016, 6, 30))
    approved_statement(project, date(2016, 6, 30))
    assert half.payable + single_statement().payable == year
    assert half.payable > 0


def test_a_correction_after_payment_makes_the_payable_negative():
    placement = PlacementFactory()
    approved_statement(placement.course.project, END_2016)
    placement.ended_on = placement.starts_on + timedelta(days=20)
    placement.save()
    recompute_events()
    assert single_statement().payable == Decimal("-8000.00")


def terms_from(day, start, completion):
    terms = GrantTerms.objects.create(
        valid_from=day,
        start_amount=Decimal(start),
        completion_amount=Decimal(completion),
        completion_days=91,
        counting_kinds=GrantTerms.objects.earliest("valid_from").counting_kinds,
        ceiling_share=Decimal("1"),
        reason="A test",
    )
    recompute_events()
    return terms


def test_later_terms_pay_later_events_and_leave_the_ceiling_that_was_promised():
    terms_from(date(2016, 7, 1), "9000", "7500.50")
    project = PlacementFactory().course.project
    assert [line.event.amount for line in single_statement().lines] == [
        Decimal("8000.00"),
        Decimal("7500.50"),
    ]
    assert single_statement().ceiling == Decimal("1440000.00")
    award = AwardFactory(project=project, valid_from=date(2016, 7, 2), target_count=100)
    assert single_statement().ceiling == Decimal("1650050.00")
    assert single_statement(award.valid_from - timedelta(days=1)).ceiling == Decimal("1440000.00")


def test_a_lower_rate_takes_nothing_back():
    """The ceiling is full and paid when the rate falls: the next statement owes nobody anything."""
    project = ProjectFactory(target_count=1)  # ceiling 14,400
    PlacementFactory(course=CourseFactory(project_for=project))
    approved_statement(project, END_2016)
    terms_from(date(2017, 1, 1), "5000", "5000")
    statement = single_statement(date(2017, 12, 31))
    assert (statement.ceiling, statement.approved_before, statement.payable) == (
        Decimal(14400),
        Decimal(14400),
        Decimal(0),
    )
    assert statement.adjustments == ()


def test_a_cut_off_before_all_terms_is_refused():
    ProjectFactory()
    with pytest.raises(NoTermsError):
        draft(date(2014, 12, 31))


def test_the_default_cut_off_is_the_years_last_day():
    assert default_cut_off(2016) == datetime.date(2016, 12, 31)


@pytest.mark.parametrize("then_approved", [0, 1])
@pytest.mark.parametrize("citizens", [1, 30])
def test_at_most_four_queries_whatever_the_number_of_citizens(
    django_assert_num_queries, citizens, then_approved
):
    project, company = ProjectFactory(), CompanyFactory()
    for _ in range(citizens):
        PlacementFactory(course=CourseFactory(project_for=project), company=company)
    ProjectFactory()
    if then_approved:
        approved_statement(project, END_2016)
    with django_assert_num_queries(3 + then_approved):
        year_draft = draft()
    assert year_draft.total(STARTS) == citizens
    assert len(year_draft.citizens()) == citizens


def test_a_look_back_subtracts_what_was_paid_later():
    """A look back: the cut-off lies before an approved one, whose payment counts all the same."""
    placement = PlacementFactory()
    project = placement.course.project
    july = date(2016, 7, 2)  # the day before the completion
    assert single_statement(july).payable == Decimal("8000.00")
    approved_statement(project, date(2016, 6, 30))
    approved_statement(project, END_2016)
    statement, look_back = single_statement(july), draft(july)
    assert (statement.approved_before, statement.payable) == (Decimal("16000.00"), Decimal("-8000.00"))
    assert (
        statement.earned_before + statement.new + statement.adjusted
        == statement.earned_to_date
        == Decimal("8000.00")
    )
    assert (statement.approved_until, look_back.approved_after) == (END_2016, END_2016)
    early = single_statement(date(2016, 5, 1))  # before any
    assert (early.latest_approved, early.approved_before, early.new) == (
        None,
        Decimal("16000.00"),
        Decimal("8000.00"),
    )
    assert (draft(END_2016).approved_after, draft(END_2016).projects[0].payable) == (None, Decimal("0.00"))
