"""Drawn spells and terms, and what they earn by the stored events and by the rule, for tests."""

import dataclasses
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from grants.models import GrantTerms
from grants.reckoning.compute import compute
from grants.reckoning.spells import fetch_course_spells
from grants.rules.entitlement import reckon
from grants.rules.values import EntitlementTerms, GrantEventKind
from jobfirst.values.dates import DAY
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


def enter_terms(rows):
    """Store the terms beside the first ones, which the migration entered and nobody can change."""
    first = GrantTerms.objects.earliest("valid_from").valid_from
    for row in rows:
        fields = {item.name: getattr(row, item.name) for item in dataclasses.fields(row)}
        fields["counting_kinds"] = sorted(row.counting_kinds)
        fields["valid_from"] = max(row.valid_from, first + DAY)
        GrantTerms.objects.create(reason="A test", **fields)


def terms_in_force():
    """Return all terms as the rules take them."""
    return [row.as_values() for row in GrantTerms.objects.all()]


def reckoned_events(courses, cut_off):
    """Return the events that the rule gives with this cut-off, by course id."""
    rows = terms_in_force()
    by_course = {}
    for course_spells in fetch_course_spells(courses):
        window = dataclasses.replace(course_spells.window, cut_off=cut_off)
        if events := reckon(course_spells.standing, window, rows).events:
            by_course[course_spells.course.course_id] = list(events)
    return by_course


def stored_events(project, cut_off):
    """Return the stored events settled by the cut-off, by course id, as a statement has them."""
    by_course = {}
    (statement,) = compute(cut_off.year, cut_off, [project]).projects
    for line in sorted(statement.lines, key=lambda line: line.event.kind is GrantEventKind.COMPLETION):
        by_course.setdefault(line.citizen.course_id, []).append(line.event)
    return by_course
