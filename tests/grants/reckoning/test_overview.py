"""Stored events, statement and overview give what the rule gives, on every cut-off (D26-D30)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Project
from cases.models import Course
from grants.models import EarnedEvent, GrantTerms
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.reckoning.overview import fetch_totals, figures
from grants.rules.values import GrantEventKind
from grants.storage.stored_events import recompute
from randomization.ledger.actions import record_event
from randomization.models import EventKind
from tests.factories import AllocationFactory, CompanyFactory, CourseFactory, PlacementFactory, UserFactory
from tests.grants.reckoning.drawn_courses import (
    CUT_OFF,
    enter_terms,
    internship,
    reckoned_events,
    spells,
    stored_events,
    terms,
)
from tests.loops import if_any, some
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import approved_statement
from tests.scenarios.project_with_two_companies import COURSES, FIRST_DAY

#: What is recorded of a citizen; what takes it back has tests of its own.
LEARNT = [kind for kind in EventKind.values if kind != EventKind.TAKEN_BACK]
DATABASE_EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def draw_town(town, data):
    """Store drawn placements, days of allocation and terms."""
    for course in town.courses:
        day = FIRST_DAY + timedelta(days=data.draw(st.integers(-9, 40)))
        Course.objects.filter(pk=course.pk).update(started_on=day)
    town.place(*[data.draw(spells()) for _number in range(COURSES)])
    enter_terms(data.draw(terms()))
    recompute()


def drawn_cut_offs(data):
    return [FIRST_DAY + timedelta(days=day) for day in data.draw(st.lists(st.integers(0, 400), min_size=3))]


@given(st.data())
@DATABASE_EXAMPLES
def test_the_events_settled_by_any_cut_off_are_those_that_the_rule_gives_for_it(town, data):
    with transaction.atomic():
        draw_town(town, data)
        courses = Course.objects.filter(project=town.project)
        for cut_off in [CUT_OFF, *drawn_cut_offs(data)]:
            assert stored_events(town.project, cut_off) == reckoned_events(courses, cut_off)
        transaction.set_rollback(True)


@given(st.data())
@DATABASE_EXAMPLES
def test_the_figures_are_the_sums_of_what_the_rule_gives(town, data):
    with transaction.atomic():
        draw_town(town, data)
        for cut_off in some(drawn_cut_offs(data)):
            by_course = reckoned_events(Course.objects.filter(project=town.project), cut_off)
            events = [event for of_course in by_course.values() for event in of_course]
            kinds = [event.kind for event in events]
            (of_project,) = figures(cut_off.year, cut_off, [town.project]).projects
            assert of_project.starts == kinds.count(GrantEventKind.START)
            assert of_project.completions == kinds.count(GrantEventKind.COMPLETION)
            assert of_project.earned_to_date == sum(event.amount for event in events)
        transaction.set_rollback(True)


@given(st.data())
@DATABASE_EXAMPLES
def test_the_explanation_agrees_with_the_stored_events(town, data):
    """Every spell carries a stored event or has a reason why it does not; never both."""
    with transaction.atomic():
        draw_town(town, data)
        for cut_off in some(drawn_cut_offs(data)):
            (statement,) = compute(cut_off.year, cut_off, [town.project], with_spells=True).projects
            used, kinds = {}, {}
            for line in statement.lines:
                used.setdefault(line.citizen, set()).update(line.event.spell_ids)
                kinds.setdefault(line.citizen, set()).add(line.event.kind)
            assert set(used) <= {explained.citizen for explained in statement.spells_by_citizen}
            for explained in if_any(statement.spells_by_citizen):
                carrying = used.get(explained.citizen, set())
                unused = {item.spell_id for item in explained.unused}
                assert carrying | unused == {spell.id for spell in explained.spells}
                assert not carrying & unused
                near_completion = explained.longest is not None
                assert near_completion == (kinds.get(explained.citizen) == {GrantEventKind.START})
        transaction.set_rollback(True)


@given(st.data())
@DATABASE_EXAMPLES
def test_citizens_who_left_the_trial_count_until_that_day(town, data):
    with transaction.atomic():
        draw_town(town, data)
        clerk = UserFactory()
        for course in town.courses:
            kinds = data.draw(st.lists(st.sampled_from(LEARNT), max_size=2))
            allocation = AllocationFactory(referral=course.referral) if kinds else None
            for kind in kinds:
                day = FIRST_DAY + timedelta(days=data.draw(st.integers(-10, 300)))
                record_event(allocation, kind, day, "x", clerk)
        courses = Course.objects.filter(project=town.project)
        for cut_off in [CUT_OFF, *drawn_cut_offs(data)]:
            assert stored_events(town.project, cut_off) == reckoned_events(courses, cut_off)
        transaction.set_rollback(True)


@pytest.mark.parametrize("courses", [1, 30])
def test_the_overview_takes_three_queries_whatever_the_number_of_courses(
    db, django_assert_num_queries, courses
):
    company = CompanyFactory()
    for _number in range(courses):
        PlacementFactory(course=CourseFactory(), company=company)
    with django_assert_num_queries(3):
        draft = figures(2016, CUT_OFF, Project.objects.all())
    assert sum(item.completions for item in draft.projects) == courses


@pytest.mark.parametrize("courses", [1, 30])
def test_an_explained_statement_takes_five_queries_whatever_the_number_of_courses(
    db, django_assert_num_queries, courses
):
    company = CompanyFactory()
    for _number in range(courses):
        PlacementFactory(course=CourseFactory(), company=company)
    with django_assert_num_queries(5):
        draft = compute(2016, CUT_OFF, Project.objects.all(), with_spells=True)
    assert sum(len(item.spells_by_citizen) for item in draft.projects) == courses


def test_statement_and_overview_read_the_stored_events_and_nothing_else(trial):
    EarnedEvent.objects.filter(kind="completion").delete()
    EarnedEvent.objects.update(amount=Decimal("1.50"))
    projects = Project.objects.all()
    for draft in (compute(2016, CUT_OFF, projects), figures(2016, CUT_OFF, projects)):
        assert [(item.starts, item.completions, item.earned_to_date) for item in draft.projects] == [
            (2, 0, Decimal("3.00")),
            (1, 0, Decimal("1.50")),
        ]


def test_a_project_without_events_has_no_totals(trial):
    assert set(fetch_totals(Project.objects.all(), date(2016, 4, 3))) == set()
    assert set(fetch_totals([trial.aarhus], CUT_OFF)) == {trial.aarhus.pk}


def test_the_figures_are_those_of_the_draft(trial, monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF-")
    day = date(2016, 12, 31)
    approved_statement(trial.aalborg, date(2016, 6, 30))
    for tolerance in (0, 2):
        if tolerance:
            GrantTerms.objects.create(
                valid_from=date(2016, 6, 1),
                start_amount=1,
                completion_amount=2,
                completion_days=91,
                tolerance_days=tolerance,
                counting_kinds=["internship"],
                ceiling_share=Decimal("0.9"),
                reason="x",
            )
            recompute_events()
        projects = Project.objects.all()
        names = ("project", "target_count", "starts", "completions", "earned_to_date", "ceiling")
        more = ("paid_before", "payable", "earned_before")
        quick, slow = (
            [
                [getattr(item, name) for name in (*names, *more)]
                for item in reckon(2016, day, projects).projects
            ]
            for reckon in (figures, compute)
        )
        assert quick == slow


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
        (statement,) = compute(2016, CUT_OFF, projects).projects
        assert [line.event.kind.value for line in statement.lines] == expected
        (of_project,) = figures(2016, CUT_OFF, projects).projects
        assert (of_project.starts, of_project.completions) == (statement.starts, statement.completions)
        assert of_project.earned_to_date == statement.earned_to_date
