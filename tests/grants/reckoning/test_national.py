"""The national query gives what the rules give course by course, to the krone and the day (D26–D29)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Project
from cases.models import Course
from grants.models import GrantTerms
from grants.presentation import export
from grants.reckoning import national
from grants.reckoning.compute import compute
from randomization.ledger.actions import record_event
from randomization.models import EventKind
from tests.factories import AllocationFactory, UserFactory
from tests.grants.reckoning.national_query import (
    CUT_OFF,
    DEFAULT,
    earned_by_query,
    earned_by_rules,
    internship,
    query_totals,
    spells,
    terms,
)
from tests.scenarios.grant_statements import approved_statement
from tests.scenarios.project_with_two_companies import COURSES, FIRST_DAY


@given(st.data())
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_query_gives_what_the_reckoning_gives(town, data):
    spells_by_course = [data.draw(spells()) for _number in range(COURSES)]
    allocated = [FIRST_DAY + timedelta(days=data.draw(st.integers(-9, 40))) for _number in range(COURSES)]
    cut_off = FIRST_DAY + timedelta(days=data.draw(st.integers(20, 400)))
    rows = data.draw(terms())
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(national, "STEPS", data.draw(st.sampled_from([national.STEPS, 1, 2])))
        patch.setattr(national, "WORTH_PARTS", data.draw(st.sampled_from([national.WORTH_PARTS, 0])))
        for course, day in zip(town.courses, allocated, strict=True):
            Course.objects.filter(pk=course.pk).update(started_on=day)
        town.place(*spells_by_course)
        expected = earned_by_rules(town, spells_by_course, cut_off, rows, allocated)
        assert earned_by_query(town.project, cut_off, rows) == expected
        amounts = [[amount for _day, amount in events] for events in expected.values()]
        assert query_totals(town.project, cut_off, rows) == [
            len(amounts),
            sum(len(events) == 2 for events in amounts),
            sum(map(sum, amounts)),
        ]
        transaction.set_rollback(True)


def test_the_query_is_one_whatever_the_number_of_courses(town):
    town.place(*[[internship(date(2016, 4, 4), date(2016, 8, 1))]] * COURSES)
    with CaptureQueriesContext(connection) as queries:
        earned = list(national.earned([town.project.pk], CUT_OFF, [DEFAULT]))
    assert len(earned) == COURSES
    assert len([query for query in queries if "companies_placement" in query["sql"]]) == 1
    assert len(queries) == 2  # and the bounds of the calendar and the parts
    assert sum(row.total for row in earned) == COURSES * 16000


def test_the_figures_are_those_of_the_draft(trial, monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF-")
    day = date(2016, 12, 31)
    approved_statement(trial.aalborg, date(2016, 6, 30))
    for tolerance in (0, 2):
        if tolerance:
            GrantTerms.objects.create(
                valid_from=date(2016, 9, 1),
                start_amount=1,
                completion_amount=2,
                completion_days=91,
                tolerance_days=tolerance,
                counting_kinds=["internship"],
                ceiling_share=Decimal("0.9"),
                reason="x",
            )
        projects = Project.objects.all()
        names = ("project", "target_count", "starts", "completions", "earned_to_date", "ceiling")
        more = ("paid_before", "payable", "earned_before")
        quick, slow = (
            [
                [getattr(item, name) for name in (*names, *more)]
                for item in reckon(2016, day, projects).projects
            ]
            for reckon in (national.figures, compute)
        )
        assert quick == slow


@given(st.data())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_citizens_who_left_the_trial_count_until_that_day_in_query_and_rules(town, data):
    spells_by_course = [data.draw(spells()) for _number in range(COURSES)]
    rows = data.draw(terms())
    left = []
    with transaction.atomic():
        town.place(*spells_by_course)
        clerk = UserFactory()
        for course in town.courses:
            kinds = data.draw(st.lists(st.sampled_from(EventKind.values), max_size=2))
            gone = {"void": "referred_in_error" in kinds}
            allocation = AllocationFactory(referral=course.referral) if kinds else None
            for kind in kinds:
                day = FIRST_DAY + timedelta(days=data.draw(st.integers(-10, 300)))
                record_event(allocation, kind, day, "x", clerk)
                if kind != "referred_in_error":
                    gone["ends_on"] = min(day, gone.get("ends_on", day))
            left.append(gone)
        assert earned_by_query(town.project, CUT_OFF, rows) == earned_by_rules(
            town, spells_by_course, CUT_OFF, rows, left=left
        )
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("referred_in_error", date(2017, 5, 1), []),
        ("withdrawn", date(2016, 7, 2), ["start"]),
        ("moved", date(2016, 7, 3), ["start", "completion"]),
        ("died", date(2016, 4, 4), ["start"]),
    ],
)
def test_an_event_bounds_the_draft_and_the_figures_alike(town, kind, day, expected):
    town.place([internship(date(2016, 4, 4), date(2016, 8, 1))])
    record_event(AllocationFactory(referral=town.courses[0].referral), kind, day, "x", UserFactory())
    for projects in (Project.objects.filter(pk=town.project.pk), [town.project]):
        (course_spells,) = compute(2016, CUT_OFF, projects).projects
        assert [line.event.kind.value for line in course_spells.lines] == expected
        (figures,) = national.figures(2016, CUT_OFF, projects).projects
        assert (figures.starts, figures.completions) == (course_spells.starts, course_spells.completions)
        assert figures.earned_to_date == course_spells.earned_to_date
