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
from companies.models import Placement
from grants import exchange, national
from grants.entitlement import Spell, Terms, Window, reckon
from grants.models import GrantScheme
from grants.statement import compute
from tests.factories import CompanyFactory, CourseFactory, MatchFactory, ProjectFactory
from tests.grants.life import approved

FIRST = date(2016, 3, 1)
KINDS = ["sniffing", "internship", "wage_subsidy", "ordinary_employment", "flex_job"]
DEFAULT = Terms(date(2015, 1, 1), Decimal(8000), Decimal(8000), frozenset(KINDS[1:]))
COURSES = 6


@st.composite
def spells(draw):
    """Spells that often adjoin, overlap or leave a few days between them, as the database lets them be."""
    found, taken = [], set()
    day = FIRST + timedelta(days=draw(st.integers(-20, 150)))
    for _number in range(draw(st.integers(0, 5))):
        end = day + timedelta(days=draw(st.one_of(st.integers(0, 60), st.integers(86, 94))))
        kind = draw(st.sampled_from(["internship", *KINDS]))
        company = draw(st.sampled_from([0, 0, 1]))
        planned = draw(st.sampled_from([end, end + timedelta(days=9)]))
        if kind in KINDS[3:]:
            planned = draw(st.sampled_from([None, planned]))
        ended = draw(st.sampled_from([end, None]))
        if (company, kind, day) not in taken:
            taken.add((company, kind, day))
            found.append((company, kind, day, planned, ended))
        day = max(FIRST, end + timedelta(days=draw(st.one_of(st.integers(-20, 7), st.integers(1, 4)))))
    return found


@st.composite
def terms(draw):
    rows = [DEFAULT]
    for offset in draw(st.sets(st.integers(0, 200), max_size=2)):
        rows.append(
            replace(
                DEFAULT,
                valid_from=FIRST + timedelta(days=offset),
                start_amount=Decimal(draw(st.integers(1, 9))) * 1000,
                completion_days=draw(st.sampled_from([91, 30, 100])),
                counting_kinds=draw(st.sampled_from([DEFAULT.counting_kinds, frozenset({"wage_subsidy"})])),
                bridge_non_working_days=draw(st.booleans()),
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


def store(town, everybody):
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
        for course, own in zip(courses, everybody, strict=True)
        for company, kind, first, planned, ended in own
    )


def one_by_one(town, everybody, cut_off, rows):
    project, courses, companies, _matches = town
    found = {}
    for course, own in zip(courses, everybody, strict=True):
        window = Window(course.started_on, project.starts_on, project.ends_on, cut_off)
        known = [Spell(number, companies[company].cvr, *rest) for number, (company, *rest) in enumerate(own)]
        events = [(event.on, event.amount) for event in reckon(known, window, rows).events]
        if events:
            found[course.pk] = events
    return found


def at_once(project, cut_off, rows):
    found = {}
    for row in national.earned([project.pk], cut_off, rows):
        found[row.course_id] = [(row.started_on, row.start_amount)]
        if row.completed_on:
            found[row.course_id].append((row.completed_on, row.completion_amount))
    return found


@given(st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_query_gives_what_the_reckoning_gives(town, data):
    everybody = [data.draw(spells()) for _number in range(COURSES)]
    cut_off = FIRST + timedelta(days=data.draw(st.integers(20, 400)))
    rows = data.draw(terms())
    with transaction.atomic():
        store(town, everybody)
        assert at_once(town[0], cut_off, rows) == one_by_one(town, everybody, cut_off, rows)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("second", "completed"),
    [
        (date(2016, 4, 11), date(2016, 7, 3)),  # from Friday to Monday: the weekend counts
        (date(2016, 4, 12), None),  # a Monday lost
    ],
)
def test_a_weekend_is_bridged_and_a_monday_is_not(town, second, completed):
    own = [
        (0, "internship", date(2016, 4, 4), date(2016, 4, 8), None),
        (0, "internship", second, date(2016, 7, 5), None),
    ]
    store(town, [own, *[[]] * (COURSES - 1)])
    (row,) = national.earned([town[0].pk], date(2016, 12, 31), [DEFAULT])
    assert (row.started_on, row.completed_on) == (date(2016, 4, 4), completed)


def test_a_run_that_ends_on_the_friday_before_its_91st_day_is_not_complete(town):
    own = [(0, "internship", date(2016, 4, 4), date(2016, 7, 1), None)]  # 89 days, then a weekend
    store(town, [own, *[[]] * (COURSES - 1)])
    (row,) = national.earned([town[0].pk], date(2016, 12, 31), [DEFAULT])
    assert row.completed_on is None


def test_one_query_whatever_the_number(town):
    store(town, [[(0, "internship", date(2016, 4, 4), date(2016, 8, 1), None)]] * COURSES)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = list(
            national.earned(Project.objects.values_list("pk", flat=True), date(2016, 12, 31), [DEFAULT])
        )
    assert len(found) == COURSES
    joined = [query for query in queries if "range_agg" in query["sql"]]
    assert len(joined) == 1
    assert sum(row.total for row in found) == COURSES * 16000


def test_the_figures_are_those_of_the_draft(trial, monkeypatch):
    monkeypatch.setattr(exchange, "as_pdf", lambda draft, *_said: b"%PDF-")
    day = date(2016, 12, 31)
    approved(trial.first, date(2016, 6, 30))
    for tolerance in (0, 2):
        if tolerance:
            GrantScheme.objects.create(
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
        list(national.earned([town[0].pk], date(2016, 12, 31), [replace(DEFAULT, tolerance_days=2)]))
