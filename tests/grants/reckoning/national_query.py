"""Drawn spells and terms, and what they earn by the national query and by the rules, for tests."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from grants.reckoning import national
from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, EntitlementTerms, Spell
from jobfirst.dates import DateSpan
from tests.scenarios.project_with_two_companies import FIRST_DAY, PlannedSpell

KINDS = ["sniffing", "internship", "wage_subsidy", "ordinary_employment", "flex_job"]
DEFAULT = EntitlementTerms(date(2015, 1, 1), Decimal(8000), Decimal(8000), frozenset(KINDS[1:]))
CUT_OFF = date(2016, 12, 31)


def internship(first, last, company=0):
    """Return an internship from the first to the last day."""
    return PlannedSpell(company, "internship", first, last, None)


@st.composite
def spells(draw):
    """Spells that often adjoin, overlap or leave a few days between them, as the database lets them be."""
    drawn_spells, used_keys = [], set()
    day = FIRST_DAY + timedelta(days=draw(st.integers(-20, 150)))
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
            drawn_spells.append(PlannedSpell(company, kind, day, planned, ended))
        day = max(FIRST_DAY, end + timedelta(days=draw(st.one_of(st.integers(-20, 7), st.integers(1, 4)))))
    return drawn_spells


@st.composite
def terms(draw):
    """Terms that mostly hold from before, or begin anew, also on a day off and with few days needed."""
    first = draw(st.sampled_from([DEFAULT.valid_from, DEFAULT.valid_from, FIRST_DAY + timedelta(days=40)]))
    needed = draw(st.sampled_from([91, 91, 12, 6, 1]))
    rows = [replace(DEFAULT, valid_from=first, completion_days=needed)]
    for offset in draw(st.sets(st.integers(0, 200), max_size=3)):
        if FIRST_DAY + timedelta(days=offset) != first:
            rows.append(
                replace(
                    DEFAULT,
                    valid_from=FIRST_DAY + timedelta(days=offset),
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


def earned_by_rules(town, spells_by_course, cut_off, rows, allocated=None, left=None):
    """Return day and amount of every event by course id, reckoned course by course.

    `allocated` are the days of allocation, `left` the bounds of who left the trial, in order of the courses.
    """
    period = DateSpan(town.project.starts_on, town.project.ends_on)
    events_by_course = {}
    for number, (course, planned_spells) in enumerate(zip(town.courses, spells_by_course, strict=False)):
        allocated_on = allocated[number] if allocated else course.started_on
        window = CountingWindow(allocated_on, period, cut_off, **(left[number] if left else {}))
        spells = [
            Spell(index, town.companies[company].cvr, *rest)
            for index, (company, *rest) in enumerate(planned_spells)
        ]
        events = [(event.on, event.amount) for event in reckon(spells, window, rows).events]
        if events:
            events_by_course[course.pk] = events
    return events_by_course


def earned_by_query(project, cut_off, rows):
    """Return day and amount of every event by course id, as the query has them."""
    events_by_course = {}
    for row in national.earned([project.pk], cut_off, rows):
        events_by_course[row.course_id] = [(row.started_on, row.start_amount)]
        if row.completed_on:
            events_by_course[row.course_id].append((row.completed_on, row.completion_amount))
    return events_by_course


def query_totals(project, cut_off, rows):
    """Return starts, completions and kroner as the query has them."""
    starts, completions, kroner = 0, 0, Decimal(0)
    for _project, start, completion, count in national.totals([project.pk], cut_off, rows):
        starts += count
        completions += count if completion else 0
        kroner += count * (start.start_amount + (completion.completion_amount if completion else 0))
    return [starts, completions, kroner]
