"""Records with take-overs put together, and the activities of other apps that name a company."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.roles import Role
from companies.actions.successions import withdraw_succession
from companies.merging.actions import merge_companies, undo_merge
from companies.models import Succession
from grants.models import EarnedEvent
from grants.storage.stored_events import differences
from jobfirst.values.dates import DAY
from plans.models import ActivityLine
from tests.companies.factories import SuccessionFactory
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return UserFactory(roles=[Role.AGENCY])


@pytest.fixture
def pair():
    return CompanyFactory(name="Bageren"), CompanyFactory(name="Bageren ApS")


@pytest.fixture
def merge(agency, pair):
    """Puts the first company of the pair at the second."""
    return lambda: merge_companies(*pair, reason="Samme firma", by=agency)


@pytest.mark.parametrize("end", ["predecessor", "successor"])
def test_the_take_over_of_the_duplicate_goes_over_and_comes_back(agency, pair, merge, end):
    row = SuccessionFactory(**{end: pair[0]})
    merged = merge()
    assert getattr(Succession.objects.get(pk=row.pk), end) == pair[1]
    undo_merge(merged, by=agency)
    assert getattr(Succession.objects.get(pk=row.pk), end) == pair[0]


def test_days_earn_across_the_take_over_that_went_over(agency, pair, merge):
    successor = CompanyFactory()
    SuccessionFactory(predecessor=pair[0], successor=successor, from_on=DRAWN_ON + 45 * DAY)
    course = PlacementFactory(company=pair[1], planned_end_on=DRAWN_ON + 44 * DAY).course
    PlacementFactory(course=course, company=successor, starts_on=DRAWN_ON + 45 * DAY)
    later = EarnedEvent.objects.filter(kind="completion").values_list("earned_on", flat=True)
    before = list(later)
    merged = merge()
    assert list(later.all()) == [DRAWN_ON + 90 * DAY]
    assert differences() == []
    undo_merge(merged, by=agency)
    assert list(later.all()) == before
    assert differences() == []


def test_a_take_over_withdrawn_meanwhile_stays_where_it_was_withdrawn(agency, pair, merge):
    row = SuccessionFactory(predecessor=pair[0])
    merged = merge()
    withdraw_succession(Succession.objects.get(pk=row.pk), reason="Fejl", by=agency)
    undo_merge(merged, by=agency)
    assert Succession.objects.get(pk=row.pk).predecessor == pair[1]


@pytest.mark.parametrize("order", [1, -1])
def test_a_company_and_its_successor_are_not_one_company(pair, merge, order):
    old, new = pair[::order]
    SuccessionFactory(predecessor=old, successor=new)
    with pytest.raises(ValidationError, match=f"{old} af {new}"):
        merge()


def test_two_records_that_were_both_taken_over_are_refused_with_the_take_overs(pair, merge):
    for company in pair:
        SuccessionFactory(predecessor=company, successor=CompanyFactory(name=f"Køber af {company}"))
    with pytest.raises(ValidationError, match="Køber af Bageren ApS"):
        merge()


def test_a_chain_whose_days_would_not_rise_is_refused(pair, merge):
    SuccessionFactory(predecessor=pair[0], from_on=date(2016, 6, 1))
    SuccessionFactory(successor=pair[1], from_on=date(2016, 7, 1))
    with pytest.raises(ValidationError) as refusal:
        merge()
    assert refusal.value.code == "taken_over"


@pytest.fixture
def activity(pair):
    return ActivityLine.objects.create(
        course=CourseFactory(),
        kind="visit",
        companion="alone",
        what="Besøg",
        company=pair[0],
        starts_on=DRAWN_ON,
        ends_on=DRAWN_ON,
    )


def test_an_activity_moves_with_the_company_and_comes_back(agency, pair, merge, activity):
    merged = merge()
    activity.refresh_from_db()
    assert activity.company == pair[1]
    undo_merge(merged, by=agency)
    activity.refresh_from_db()
    assert activity.company == pair[0]


def test_an_activity_made_meanwhile_follows_the_placement_that_goes_back(agency, pair, merge):
    placement = PlacementFactory(company=pair[0])
    merged = merge()
    line = ActivityLine.objects.create(
        course=placement.course,
        kind="other",
        companion="alone",
        what="Samtale",
        company=pair[1],
        placement=placement,
        starts_on=DRAWN_ON,
        ends_on=DRAWN_ON,
    )
    undo_merge(merged, by=agency)
    line.refresh_from_db()
    assert line.company == pair[0]


def test_an_activity_of_another_project_leaves_the_merge_to_the_agency(pair, activity):
    leader = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
    with pytest.raises(ValidationError, match="STAR"):
        merge_companies(*pair, reason="x", by=leader)
