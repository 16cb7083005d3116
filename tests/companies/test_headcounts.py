"""Who takes a place at a company, and whose employees give the places (D24)."""

import datetime

import pytest

from companies.presentation.reasonableness import assess_company
from companies.rules.reasonableness import ReasonablenessAssessment
from jobfirst.values.dates import DAY, DateSpan
from tests.companies.factories import SuccessionFactory, WorkplaceFactory
from tests.factories import DRAWN_ON, CompanyFactory, PlacementFactory

TAKEN_OVER_ON = DRAWN_ON + 30 * DAY


def assessment_on(day: datetime.date, company, workplace=None) -> ReasonablenessAssessment:
    return assess_company(company, within=DateSpan(day, day), workplace=workplace)


@pytest.fixture
def company(db):
    return CompanyFactory(ordinary_employees=10)


def test_a_workplace_is_counted_by_its_own_employees_and_placements(company):
    north = WorkplaceFactory(company=company, ordinary_employees=5)
    south = WorkplaceFactory(company=company, ordinary_employees=5)
    for workplace in (north, None):
        PlacementFactory(company=company, workplace=workplace, starts_on=DRAWN_ON)
    assessments = [assessment_on(DRAWN_ON, company, workplace) for workplace in (north, south, None)]
    assert [(row.others, row.places) for row in assessments] == [(2, 1), (1, 1), (2, 2)]


def test_the_only_workplace_has_the_number_of_the_company(company):
    workplace = WorkplaceFactory(company=company, ordinary_employees=None)
    PlacementFactory(company=company, workplace=None, starts_on=DRAWN_ON)
    assessment = assessment_on(DRAWN_ON, company, workplace)
    assert (assessment.others, assessment.places) == (1, 2)
    WorkplaceFactory(company=company, is_closed=True)
    assert assessment_on(DRAWN_ON, company, workplace).places == 2


def test_of_several_workplaces_one_without_a_number_is_not_counted(company):
    north, south = WorkplaceFactory.create_batch(2, company=company, ordinary_employees=None)
    for workplace in (north, north, south):
        PlacementFactory(company=company, workplace=workplace, starts_on=DRAWN_ON)
    assessment = assessment_on(DRAWN_ON, company, south)
    assert (assessment.others, assessment.places, assessment.exceeded) == (1, None, False)


def test_from_the_day_of_a_take_over_a_placement_takes_a_place_at_the_successor(company):
    before = PlacementFactory(starts_on=DRAWN_ON)
    SuccessionFactory(predecessor=before.company, successor=company, from_on=TAKEN_OVER_ON)
    days = (TAKEN_OVER_ON - DAY, TAKEN_OVER_ON)
    assert [assessment_on(day, before.company).others for day in days] == [1, 0]
    assert [assessment_on(day, company).others for day in days] == [0, 1]


def test_the_successors_workplace_with_the_same_p_number_has_the_placements(company):
    before = PlacementFactory(starts_on=DRAWN_ON)
    before.workplace = WorkplaceFactory(company=before.company, p_number="1000000001")
    before.save()
    same = WorkplaceFactory(company=company, p_number="1000000001", ordinary_employees=5)
    other = WorkplaceFactory(company=company, p_number="1000000002", ordinary_employees=5)
    SuccessionFactory(predecessor=before.company, successor=company, from_on=TAKEN_OVER_ON)
    assert [assessment_on(TAKEN_OVER_ON, company, row).others for row in (same, other)] == [1, 0]
