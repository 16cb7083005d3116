"""The national query by example: weekends, holes, changing terms, many spells, withdrawn placements."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.models import Course
from companies.actions import placements
from companies.models import Placement
from grants.reckoning import national
from tests.factories import UserFactory
from tests.grants.reckoning.national_query import (
    CUT_OFF,
    DEFAULT,
    earned_by_query,
    earned_by_rules,
    internship,
    query_totals,
)
from tests.scenarios.project_with_two_companies import PlannedSpell


@pytest.mark.parametrize(
    ("second", "completed_on"),
    [
        (date(2016, 4, 11), date(2016, 7, 3)),  # from Friday to Monday: the weekend counts
        (date(2016, 4, 12), None),  # a Monday lost
    ],
)
def test_a_weekend_is_bridged_and_a_monday_is_not(town, second, completed_on):
    course_spells = [
        internship(date(2016, 4, 4), date(2016, 4, 8)),
        internship(second, date(2016, 7, 5)),
    ]
    town.place(course_spells)
    (row,) = national.earned([town.project.pk], CUT_OFF, [DEFAULT])
    assert (row.started_on, row.completed_on) == (date(2016, 4, 4), completed_on)


def test_a_run_that_ends_on_the_friday_before_its_91st_day_is_not_complete(town):
    course_spells = [internship(date(2016, 4, 4), date(2016, 7, 1))]  # 89 days, then a weekend
    town.place(course_spells)
    (row,) = national.earned([town.project.pk], CUT_OFF, [DEFAULT])
    assert row.completed_on is None


def days_of_completion(town, rows):
    """The days of completion of the courses with a start, in their order."""
    days = {row.course_id: row.completed_on for row in national.earned([town.project.pk], CUT_OFF, rows)}
    return [days[course.pk] for course in town.courses if course.pk in days]


@pytest.mark.parametrize("steps", [1, 2, national.STEPS])
def test_a_completion_in_the_days_off_after_the_last_spell_is_one_only_when_the_run_goes_on(
    town, monkeypatch, steps
):
    """The 90th day is a Saturday: known when the spell after the weekend is there, on that Saturday."""
    monkeypatch.setattr(national, "STEPS", steps)
    rows = [replace(DEFAULT, completion_days=90)]
    first = internship(date(2016, 4, 4), date(2016, 7, 1))
    after = internship(date(2016, 7, 4), date(2016, 7, 4))
    elsewhere = internship(date(2016, 7, 4), date(2016, 7, 4), company=1)
    itself = internship(date(2016, 4, 4), date(2016, 7, 2))
    spells_by_course = [[first], [first, after], [first, elsewhere], [itself]]
    town.place(*spells_by_course)
    assert days_of_completion(town, rows) == [None, date(2016, 7, 2), None, date(2016, 7, 2)]


def test_a_hole_that_the_allocation_falls_in_counts_from_the_next_spell(town):
    """Allocated on the Saturday of a bridged weekend: what came before is cut off, the weekend too."""
    Course.objects.filter(pk=town.courses[0].pk).update(started_on=date(2016, 4, 9))
    course_spells = [
        internship(date(2016, 4, 4), date(2016, 4, 8)),
        internship(date(2016, 4, 11), date(2016, 7, 10)),
    ]
    town.place(course_spells)
    (row,) = national.earned([town.project.pk], CUT_OFF, [DEFAULT])
    assert (row.started_on, row.completed_on) == (date(2016, 4, 11), date(2016, 7, 10))


def test_terms_that_begin_in_a_hole_complete_no_run_before_its_next_spell(town):
    """In force from the Saturday of a bridged weekend, the run long enough by then: the Monday earns both."""
    rows = [replace(DEFAULT, valid_from=date(2016, 4, 9), completion_days=3)]
    course_spells = [
        internship(date(2016, 4, 4), date(2016, 4, 8)),
        internship(date(2016, 4, 11), date(2016, 4, 20)),
    ]
    town.place(course_spells)
    (row,) = national.earned([town.project.pk], CUT_OFF, rows)
    assert (row.started_on, row.completed_on) == (date(2016, 4, 11), date(2016, 4, 11))


def test_a_run_long_enough_under_terms_without_a_day_that_counts_completes_under_the_next(town):
    """Terms for one weekend in a hole, then others that ask for more days."""
    rows = [
        replace(DEFAULT, valid_from=date(2016, 4, 9), completion_days=3),
        replace(DEFAULT, valid_from=date(2016, 4, 11), completion_days=10),
    ]
    course_spells = [
        internship(date(2016, 4, 4), date(2016, 4, 8)),
        internship(date(2016, 4, 11), date(2016, 4, 20)),
    ]
    town.place(course_spells)
    assert days_of_completion(town, rows) == [date(2016, 4, 13)]
    assert earned_by_rules(town, [course_spells], CUT_OFF, rows) == earned_by_query(
        town.project, CUT_OFF, rows
    )


A, B = date(2016, 4, 4), date(2016, 6, 1)  # from when the first and the second terms hold


@pytest.mark.parametrize(
    ("course_spells", "changed"),
    [
        # Exactly 91 days, then another spell much later.
        ([("internship", A, date(2016, 7, 3), None), ("internship", CUT_OFF, CUT_OFF, None)], {}),
        # One day fewer: ended before it was planned to.
        ([("internship", A, date(2016, 9, 3), date(2016, 7, 2))], {}),
        # The weekend before the second spell is bridged by the first terms only.
        (
            [("internship", A, date(2016, 6, 3), None), ("internship", date(2016, 6, 6), CUT_OFF, None)],
            {"bridge_non_working_days": False},
        ),
        # The kind counts under the first terms only, though it begins under the second; and the reverse.
        ([("internship", B, CUT_OFF, None)], {"counting_kinds": frozenset({"wage_subsidy"})}),
        ([("sniffing", A, CUT_OFF, None)], {"counting_kinds": frozenset({"sniffing"})}),
    ],
)
def test_edges_of_spells_and_terms(town, course_spells, changed):
    rows = [
        replace(DEFAULT, valid_from=A),
        replace(DEFAULT, valid_from=B, start_amount=Decimal(1), **changed),
    ]
    spells_by_course = [[PlannedSpell(0, *spell) for spell in course_spells]]
    town.place(*spells_by_course)
    assert earned_by_query(town.project, CUT_OFF, rows) == earned_by_rules(
        town, spells_by_course, CUT_OFF, rows
    )


def test_a_course_of_many_spells_is_walked_to_its_end(town):
    def week(number):
        monday = date(2016, 4, 4) + timedelta(days=7 * number)
        return internship(monday, monday + timedelta(days=4))

    town.place([week(number) for number in range(14)], [week(0)])
    assert days_of_completion(town, [DEFAULT]) == [date(2016, 7, 3), None]
    assert query_totals(town.project, CUT_OFF, [DEFAULT]) == [2, 1, Decimal(24000)]


def test_terms_with_a_tolerance_are_not_reckoned_wrongly(town):
    with pytest.raises(national.ToleranceError):
        list(national.earned([town.project.pk], CUT_OFF, [replace(DEFAULT, tolerance_days=2)]))


def test_a_placement_withdrawn_as_error_is_not_counted(town):
    course_spells = [internship(date(2016, 4, 4), date(2016, 8, 1))]
    # The 91st day of the second is a Saturday that only the withdrawn one reaches.
    carried = [
        internship(date(2016, 4, 3), date(2016, 7, 1)),
        PlannedSpell(0, "wage_subsidy", date(2016, 7, 1), date(2016, 7, 3), None),
    ]
    town.place(course_spells, carried)
    assert len(list(national.earned([town.project.pk], date(2016, 12, 31), [DEFAULT]))) == 2
    clerk = UserFactory()
    for placement in Placement.objects.filter(course=town.courses[0]):
        placements.withdraw_as_error(placement, reason="x", by=clerk)
    placements.withdraw_as_error(Placement.objects.get(kind="wage_subsidy"), reason="x", by=clerk)
    (row,) = national.earned([town.project.pk], date(2016, 12, 31), [DEFAULT])
    assert (row.course_id, row.completed_on) == (town.courses[1].pk, None)
