"""The set-based query against the reckoning of one citizen at a time, to the krone and the day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Project
from cases.models import Course
from companies.actions import placements
from companies.models import Placement
from grants.models import GrantTerms
from grants.presentation import export
from grants.reckoning import national
from grants.reckoning.compute import compute
from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, EntitlementTerms, Spell
from jobfirst.dates import DateSpan
from randomization.ledger.actions import record_event
from randomization.models import EventKind
from tests.factories import (
    AllocationFactory,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    ProjectFactory,
    UserFactory,
)
from tests.scenarios.grant_statements import approved_statement

FIRST = date(2016, 3, 1)
KINDS = ["sniffing", "internship", "wage_subsidy", "ordinary_employment", "flex_job"]
DEFAULT = EntitlementTerms(date(2015, 1, 1), Decimal(8000), Decimal(8000), frozenset(KINDS[1:]))
COURSES = 6
CUT_OFF = date(2016, 12, 31)


@st.composite
def spells(draw):
    """Spells that often adjoin, overlap or leave a few days between them, as the database lets them be."""
    drawn_spells, used_keys = [], set()
    day = FIRST + timedelta(days=draw(st.integers(-20, 150)))
    for _number in range(draw(st.integers(0, 5))):
        end = day + timedelta(days=draw(st.one_of(st.integers(0, 60), st.integers(86, 94))))
        kind = draw(st.sampled_from(["internship", *KINDS]))
        company = draw(st.sampled_from([0, 0, 1]))
        planned = draw(st.sampled_from([end, end + timedelta(days=9)]))
        if kind in KINDS[3:]:
            planned = draw(st.sampled_from([None, planned]))
        ended = draw(st.sampled_from([end, None]))
        if (company, kind, day) not in used_keys:
            used_keys.add((company, kind, day))
            drawn_spells.append((company, kind, day, planned, ended))
        day = max(FIRST, end + timedelta(days=draw(st.one_of(st.integers(-20, 7), st.integers(1, 4)))))
    return drawn_spells


@st.composite
def terms(draw):
    """Terms that mostly hold from before, or begin anew, also on a day off and with few days needed."""
    first = draw(st.sampled_from([DEFAULT.valid_from, DEFAULT.valid_from, FIRST + timedelta(days=40)]))
    needed = draw(st.sampled_from([91, 91, 12, 6, 1]))
    rows = [replace(DEFAULT, valid_from=first, completion_days=needed)]
    for offset in draw(st.sets(st.integers(0, 200), max_size=3)):
        if FIRST + timedelta(days=offset) != first:
            rows.append(
                replace(
                    DEFAULT,
                    valid_from=FIRST + timedelta(days=offset),
                    start_amount=Decimal(draw(st.integers(1, 9))) * 1000,
                    completion_days=draw(st.sampled_from([needed, needed, 91, 30, 100, 3])),
                    counting_kinds=draw(
                        st.sampled_from(
                            [DEFAULT.counting_kinds] * 3 + [frozenset({"wage_subsidy"}), frozenset(KINDS)]
                        )
                    ),
                    bridge_non_working_days=draw(st.sampled_from([True, True, False])),
                )
            )
    return rows


@pytest.fixture
def town(db):
    """A project with a handful of courses and two companies."""
    project = ProjectFactory(starts_on=FIRST, ends_on=FIRST + timedelta(days=330))
    courses = [CourseFactory(project_for=project) for _number in range(COURSES)]
    companies = sorted((CompanyFactory(), CompanyFactory()), key=lambda company: company.cvr)
    matches = {
        (course.pk, company.pk): MatchFactory(course=course, company=company)
        for course in courses
        for company in companies
    }
    return project, courses, companies, matches


def store_placements(town, spells_by_course):
    _project, courses, companies, matches = town
    Placement.objects.bulk_create(
        Placement(
            course=course,
            company=companies[company],
            kind=kind,
            starts_on=first,
            planned_end_on=planned,
            ended_on=ended,
            match=matches[course.pk, companies[company].pk] if kind == "internship" else None,
        )
        for course, course_spells in zip(courses, spells_by_course, strict=True)
        for company, kind, first, planned, ended in course_spells
    )


def earned_by_rules(town, spells_by_course, cut_off, rows, allocated=None, left=None):
    project, courses, companies, _matches = town
    events_by_course = {}
    for number, (course, course_spells) in enumerate(zip(courses, spells_by_course, strict=True)):
        since = allocated[number] if allocated else course.started_on
        gone = left[number] if left else {}
        window = CountingWindow(since, DateSpan(project.starts_on, project.ends_on), cut_off, **gone)
        known = [
            Spell(number, companies[company].cvr, *rest)
            for number, (company, *rest) in enumerate(course_spells)
        ]
        events = [(event.on, event.amount) for event in reckon(known, window, rows).events]
        if events:
            events_by_course[course.pk] = events
    return events_by_course


def earned_by_query(project, cut_off, rows):
    events_by_course = {}
    for row in national.earned([project.pk], cut_off, rows):
        events_by_course[row.course_id] = [(row.started_on, row.start_amount)]
        if row.completed_on:
            events_by_course[row.course_id].append((row.completed_on, row.completion_amount))
    return events_by_course


def query_totals(project, cut_off, rows):
    """Starts, completions and kroner as the totals have them."""
    totals = [0, 0, Decimal(0)]
    for _project, start, completion, count in national.totals([project.pk], cut_off, rows):
        totals[0] += count
        totals[1] += count if completion else 0
        totals[2] += count * (start.start_amount + (completion.completion_amount if completion else 0))
    return totals


@given(st.data())
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_query_gives_what_the_reckoning_gives(town, data):
    spells_by_course = [data.draw(spells()) for _number in range(COURSES)]
    allocated = [FIRST + timedelta(days=data.draw(st.integers(-9, 40))) for _number in range(COURSES)]
    cut_off = FIRST + timedelta(days=data.draw(st.integers(20, 400)))
    rows = data.draw(terms())
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(national, "STEPS", data.draw(st.sampled_from([national.STEPS, 1, 2])))
        patch.setattr(national, "WORTH_PARTS", data.draw(st.sampled_from([national.WORTH_PARTS, 0])))
        for course, day in zip(town[1], allocated, strict=True):
            Course.objects.filter(pk=course.pk).update(started_on=day)
        store_placements(town, spells_by_course)
        expected = earned_by_rules(town, spells_by_course, cut_off, rows, allocated)
        assert earned_by_query(town[0], cut_off, rows) == expected
        amounts = [[amount for _day, amount in events] for events in expected.values()]
        assert query_totals(town[0], cut_off, rows) == [
            len(amounts),
            sum(len(events) == 2 for events in amounts),
            sum(map(sum, amounts)),
        ]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("second", "completed"),
    [
        (date(2016, 4, 11), date(2016, 7, 3)),  # from Friday to Monday: the weekend counts
        (date(2016, 4, 12), None),  # a Monday lost
    ],
)
def test_a_weekend_is_bridged_and_a_monday_is_not(town, second, completion_days):
    course_spells = [
        (0, "internship", date(2016, 4, 4), date(2016, 4, 8), None),
        (0, "internship", second, date(2016, 7, 5), None),
    ]
    store_placements(town, [course_spells, *[[]] * (COURSES - 1)])
    (row,) = national.earned([town[0].pk], CUT_OFF, [DEFAULT])
    assert (row.started_on, row.completed_on) == (date(2016, 4, 4), completion_days)


def test_a_run_that_ends_on_the_friday_before_its_91st_day_is_not_complete(town):
    course_spells = [(0, "internship", date(2016, 4, 4), date(2016, 7, 1), None)]  # 89 days, then a weekend
    store_placements(town, [course_spells, *[[]] * (COURSES - 1)])
    (row,) = national.earned([town[0].pk], CUT_OFF, [DEFAULT])
    assert row.completed_on is None


def days_of_completion(town, rows):
    """The days of completion of the courses with a start, in their order."""
    days = {row.course_id: row.completed_on for row in national.earned([town[0].pk], CUT_OFF, rows)}
    return [days[course.pk] for course in town[1] if course.pk in days]


@pytest.mark.parametrize("steps", [1, 2, national.STEPS])
def test_a_completion_in_the_days_off_after_the_last_spell_is_one_only_when_the_run_goes_on(
    town, monkeypatch, steps
):
    """The 90th day is a Saturday: known when the spell after the weekend is there, on that Saturday."""
    monkeypatch.setattr(national, "STEPS", steps)
    rows = [replace(DEFAULT, completion_days=90)]
    first = (0, "internship", date(2016, 4, 4), date(2016, 7, 1), None)
    after = (0, "internship", date(2016, 7, 4), date(2016, 7, 4), None)
    elsewhere = (1, "internship", date(2016, 7, 4), date(2016, 7, 4), None)
    itself = (0, "internship", date(2016, 4, 4), date(2016, 7, 2), None)
    spells_by_course = [[first], [first, after], [first, elsewhere], [itself], [], []]
    store_placements(town, spells_by_course)
    assert days_of_completion(town, rows) == [None, date(2016, 7, 2), None, date(2016, 7, 2)]


def test_a_hole_that_the_allocation_falls_in_counts_from_the_next_spell(town):
    """Allocated on the Saturday of a bridged weekend: what came before is cut off, the weekend too."""
    Course.objects.filter(pk=town[1][0].pk).update(started_on=date(2016, 4, 9))
    course_spells = [
        (0, "internship", date(2016, 4, 4), date(2016, 4, 8), None),
        (0, "internship", date(2016, 4, 11), date(2016, 7, 10), None),
    ]
    store_placements(town, [course_spells, *[[]] * (COURSES - 1)])
    (row,) = national.earned([town[0].pk], CUT_OFF, [DEFAULT])
    assert (row.started_on, row.completed_on) == (date(2016, 4, 11), date(2016, 7, 10))


def test_terms_that_begin_in_a_hole_complete_no_run_before_its_next_spell(town):
    """In force from the Saturday of a bridged weekend, the run long enough by then: the Monday earns both."""
    rows = [replace(DEFAULT, valid_from=date(2016, 4, 9), completion_days=3)]
    course_spells = [
        (0, "internship", date(2016, 4, 4), date(2016, 4, 8), None),
        (0, "internship", date(2016, 4, 11), date(2016, 4, 20), None),
    ]
    store_placements(town, [course_spells, *[[]] * (COURSES - 1)])
    (row,) = national.earned([town[0].pk], CUT_OFF, rows)
    assert (row.started_on, row.completed_on) == (date(2016, 4, 11), date(2016, 4, 11))


def test_a_run_long_enough_under_terms_without_a_day_that_counts_completes_under_the_next(town):
    """Terms for one weekend in a hole, then others that ask for more days."""
    rows = [
        replace(DEFAULT, valid_from=date(2016, 4, 9), completion_days=3),
        replace(DEFAULT, valid_from=date(2016, 4, 11), completion_days=10),
    ]
    course_spells = [
        (0, "internship", date(2016, 4, 4), date(2016, 4, 8), None),
        (0, "internship", date(2016, 4, 11), date(2016, 4, 20), None),
    ]
    store_placements(town, [course_spells, *[[]] * (COURSES - 1)])
    assert days_of_completion(town, rows) == [date(2016, 4, 13)]
    assert earned_by_rules(town, [course_spells, *[[]] * (COURSES - 1)], CUT_OFF, rows) == earned_by_query(
        town[0], CUT_OFF, rows
    )


A, B = date(2016, 4, 4), date(2016, 6, 1)  # from when the first and the second terms hold


@pytest.mark.parametrize(
    ("own", "changed"),
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
    spells_by_course = [[(0, *spell) for spell in course_spells], *[[]] * (COURSES - 1)]
    store_placements(town, spells_by_course)
    assert earned_by_query(town[0], CUT_OFF, rows) == earned_by_rules(town, spells_by_course, CUT_OFF, rows)


def test_a_course_of_many_spells_is_walked_to_its_end(town):
    def week(number):
        monday = date(2016, 4, 4) + timedelta(days=7 * number)
        return (0, "internship", monday, monday + timedelta(days=4), None)

    store_placements(town, [[week(number) for number in range(14)], [week(0)], *[[]] * (COURSES - 2)])
    assert days_of_completion(town, [DEFAULT]) == [date(2016, 7, 3), None]
    assert query_totals(town[0], CUT_OFF, [DEFAULT]) == [2, 1, Decimal(24000)]


def test_one_query_whatever_the_number(town):
    store_placements(town, [[(0, "internship", date(2016, 4, 4), date(2016, 8, 1), None)]] * COURSES)
    with CaptureQueriesContext(connection) as queries:
        earned = list(national.earned([town[0].pk], CUT_OFF, [DEFAULT]))
    assert len(earned) == COURSES
    assert len([query for query in queries if "companies_placement" in query["sql"]]) == 1
    assert len(queries) == 2  # and the bounds of the calendar and the parts
    assert sum(row.total for row in earned) == COURSES * 16000


def test_the_figures_are_those_of_the_draft(trial, monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_said: b"%PDF-")
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


def test_terms_with_a_tolerance_are_not_reckoned_wrongly(town):
    with pytest.raises(national.ToleranceError):
        list(national.earned([town[0].pk], CUT_OFF, [replace(DEFAULT, tolerance_days=2)]))


def test_what_was_withdrawn_as_entered_in_error_counts_nowhere(town):
    course_spells = [(0, "internship", date(2016, 4, 4), date(2016, 8, 1), None)]
    # The 91st day of the second is a Saturday that only the withdrawn one reaches.
    carried = [
        (0, "internship", date(2016, 4, 3), date(2016, 7, 1), None),
        (0, "wage_subsidy", date(2016, 7, 1), date(2016, 7, 3), None),
    ]
    store_placements(town, [course_spells, carried, *[[]] * (COURSES - 2)])
    assert len(list(national.earned([town[0].pk], date(2016, 12, 31), [DEFAULT]))) == 2
    clerk = UserFactory()
    for placement in Placement.objects.filter(course=town[1][0]):
        placements.withdraw_as_error(placement, reason="x", by=clerk)
    placements.withdraw_as_error(Placement.objects.get(kind="wage_subsidy"), reason="x", by=clerk)
    (row,) = national.earned([town[0].pk], date(2016, 12, 31), [DEFAULT])
    assert (row.course_id, row.completed_on) == (town[1][1].pk, None)


@given(st.data())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_who_left_the_trial_counts_until_that_day_in_both(town, data):
    spells_by_course = [data.draw(spells()) for _number in range(COURSES)]
    rows = data.draw(terms())
    left = []
    with transaction.atomic():
        store_placements(town, spells_by_course)
        clerk = UserFactory()
        for course in town[1]:
            kinds = data.draw(st.lists(st.sampled_from(EventKind.values), max_size=2))
            gone = {"void": "referred_in_error" in kinds}
            allocation = AllocationFactory(referral=course.referral) if kinds else None
            for kind in kinds:
                day = FIRST + timedelta(days=data.draw(st.integers(-10, 300)))
                record_event(allocation, kind, day, "x", clerk)
                if kind != "referred_in_error":
                    gone["ends_on"] = min(day, gone.get("ends_on", day))
            left.append(gone)
        assert earned_by_query(town[0], CUT_OFF, rows) == earned_by_rules(
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
    store_placements(
        town, [[(0, "internship", date(2016, 4, 4), date(2016, 8, 1), None)], *[[]] * (COURSES - 1)]
    )
    record_event(AllocationFactory(referral=town[1][0].referral), kind, day, "x", UserFactory())
    for projects in (Project.objects.filter(pk=town[0].pk), [town[0]]):
        (course_spells,) = compute(2016, CUT_OFF, projects).projects
        assert [line.event.kind.value for line in course_spells.lines] == expected
        (figures,) = national.figures(2016, CUT_OFF, projects).projects
        assert (figures.starts, figures.completions) == (course_spells.starts, course_spells.completions)
        assert figures.earned_to_date == course_spells.earned_to_date
