"""Placements from a file: created or changed together, with the companies, matches and dates that follow.

`companies.exchange` reads the file and numbers the steps.
"""

import datetime
from collections.abc import Collection
from typing import Any, NamedTuple

import pghistory
from django.utils.translation import gettext as _

from accounts.models import TrialTerms
from cases.actions import reckon_dates
from cases.actions.deadlines import update_deadlines
from cases.models import Course
from cases.rules.deliveries import DELIVERED
from companies.actions import placement_rows
from companies.actions.placement_checks import MatchedRow
from companies.actions.placement_entries import CourseAndCompany, PlacementEntry
from companies.actions.placement_matching import StoredPlacements
from companies.extension_points import placements_changed
from companies.matching.entries import close_dialogues
from companies.models import Match, Placement, PlacementKind
from companies.models.placement import ONCE
from jobfirst import progress
from jobfirst.database.batches import BATCH, UPDATE_BATCH, batches
from jobfirst.database.deferrable_unique import check_now, defer
from jobfirst.exchange.command import ImportReport

FIELDS = ("workplace", "planned_end_on", "ended_on", "internship_hours", "ordinary_hours", "version")
#: What only a row with a `source_id` corrects.
MOVED_FIELDS = (*FIELDS, "company", "kind", "starts_on", "match", "renews")


class PlacementChanges(NamedTuple):
    """The placements that an import creates and changes, unsaved, and the rows of the file they come from.

    `moved` are those changed that get another first day, company or kind. Of those in `delivered_anew` the
    file says otherwise than the one before, whatever they take over of it. `pairs` are the courses and
    companies whose internships change.
    """

    created: list[Placement]
    changed: list[Placement]
    moved: list[Placement]
    entries: list[PlacementEntry]
    delivered_anew: list[Placement]
    pairs: set[CourseAndCompany]


def save_placements(
    delivered: Collection[PlacementEntry],
    rows: list[MatchedRow],
    stored: StoredPlacements,
    renamed: Collection[str],
) -> ImportReport:
    """Create or change the placements of valid rows, with all consequences.

    `delivered` are the rows to count: also those of withdrawn placements, that change nothing. The rows of
    companies that were `renamed`, by CVR number, count as changed.
    """
    changes = _compare(rows, stored)
    defer(ONCE)  # placements may exchange their days
    for new in progress.batches(changes.created, UPDATE_BATCH, _("New placements")):
        Placement.objects.bulk_create(new)
    for batch in progress.batches(changes.changed, UPDATE_BATCH, _("Changed placements")):
        Placement.objects.bulk_update(batch, FIELDS)
    if changes.moved:
        with pghistory.context(reason=DELIVERED):
            Placement.objects.bulk_update(changes.moved, MOVED_FIELDS, batch_size=UPDATE_BATCH)
    check_now(ONCE)
    Placement.objects.bulk_update(changes.delivered_anew, ["delivered"], batch_size=UPDATE_BATCH)
    if changes.moved:
        _follow_matches(changes.pairs, stored.locked)
    _follow(changes.pairs, stored.locked)
    courses = {placement.course_id for placement in (*changes.created, *changes.changed, *changes.moved)}
    placements_changed(courses)
    update_deadlines(stored.locked[course] for course in sorted(courses))
    unchanged = sum(entry.cvr not in renamed for entry in delivered)
    unchanged -= sum(entry.cvr not in renamed for entry in changes.entries)
    created = len(changes.created)
    return ImportReport(created=created, updated=len(delivered) - created - unchanged, unchanged=unchanged)


def _compare(rows: list[MatchedRow], stored: StoredPlacements) -> PlacementChanges:
    """Return the placements that the rows create or change; saves only the matches that they need."""
    matches = _matches([row.entry for row in rows], stored)
    changes = PlacementChanges([], [], [], [], [], set())
    for entry, placement, change in rows:
        if placement is None:
            created = _new_placement(entry, stored, matches)
            changes.created.append(created)
            changes.entries.append(entry)
            _note_pair(created, changes.pairs)
            continue
        if change.values:
            _note_pair(placement, changes.pairs)
            is_moved = _take_over(entry, placement, change.values, stored, matches)
            (changes.moved if is_moved else changes.changed).append(placement)
            changes.entries.append(entry)
            _note_pair(placement, changes.pairs)
        before = placement.delivered or {}
        # A file without the column says nothing of the row's `source_id`.
        delivered = {**{name: before[name] for name in ("source_id",) if name in before}, **entry.delivered}
        if before != delivered:
            placement.delivered = delivered
            changes.delivered_anew.append(placement)
    return changes


def _note_pair(placement: Placement, pairs: set[CourseAndCompany]) -> None:
    if placement.kind == PlacementKind.INTERNSHIP:
        pairs.add(CourseAndCompany(placement.course_id, placement.company_id))


def _take_over(
    entry: PlacementEntry,
    placement: Placement,
    values: dict[str, Any],
    stored: StoredPlacements,
    matches: dict[CourseAndCompany, Match],
) -> bool:
    """Set the row's new values, unsaved; return whether first day, company or kind are among them."""
    is_moved = bool(values.keys() & {"cvr", "kind", "starts_on"})
    if "cvr" in values:
        placement.company = stored.companies[entry.cvr]
    if "p_number" in values or "cvr" in values:
        placement.workplace = stored.workplace(entry)
    for name, value in values.items():
        if name not in ("p_number", "cvr"):
            setattr(placement, name, value)
    if is_moved:
        pair = CourseAndCompany(placement.course_id, placement.company_id)
        placement.match = matches[pair] if placement.kind == PlacementKind.INTERNSHIP else None
        placement.renews = None
    placement.version += 1
    return is_moved


def _new_placement(
    entry: PlacementEntry, stored: StoredPlacements, matches: dict[CourseAndCompany, Match]
) -> Placement:
    key = stored.key(entry)
    return Placement(
        course_id=key.course,
        company_id=key.company,
        kind=key.kind,
        starts_on=key.starts_on,
        match=matches[key.pair] if entry.kind == PlacementKind.INTERNSHIP else None,
        workplace=stored.workplace(entry),
        delivered=entry.delivered,
        **entry.terms,
    )


def _matches(entries: list[PlacementEntry], stored: StoredPlacements) -> dict[CourseAndCompany, Match]:
    """Return the match of each internship's course and company (D14), creating missing ones.

    A new match is dated on the internship's first day. A match that an import created moves with an earlier
    internship; one that a user recorded stays.
    """
    firsts: dict[CourseAndCompany, datetime.date] = {}
    for entry in entries:
        if entry.kind == PlacementKind.INTERNSHIP:
            pair = stored.key(entry).pair
            firsts[pair] = min(firsts.get(pair, entry.starts_on), entry.starts_on)
    recorded = {
        CourseAndCompany(match.course_id, match.company_id): match
        for batch in batches(sorted({pair.course for pair in firsts}))
        for match in Match.objects.filter(course_id__in=batch)
    }
    days = {pair: max(day, stored.locked[pair.course].started_on) for pair, day in firsts.items()}
    new = [
        Match(course_id=pair.course, company_id=pair.company, matched_on=day)
        for pair, day in days.items()
        if pair not in recorded
    ]
    earlier = [
        match
        for pair, match in recorded.items()
        if match.registered_by_id is None and pair in days and days[pair] < match.matched_on
    ]
    for match in earlier:
        match.matched_on = days[CourseAndCompany(match.course_id, match.company_id)]
    Match.objects.bulk_create(new, batch_size=BATCH)
    close_dialogues(new)
    Match.objects.bulk_update(earlier, ["matched_on"], batch_size=UPDATE_BATCH)
    return recorded | {CourseAndCompany(match.course_id, match.company_id): match for match in new}


def _follow_matches(pairs: Collection[CourseAndCompany], locked: dict[int, Course]) -> None:
    """Date the matches that imports created on the first internship left; delete those without any."""
    courses = {pair.course for pair in pairs}
    firsts: dict[int, datetime.date] = {}
    for placement in Placement.everything.filter(course_id__in=courses, match__isnull=False):
        first = firsts.get(placement.match_id or 0, placement.starts_on)
        firsts[placement.match_id or 0] = min(first, placement.starts_on)
    rows = Match.objects.filter(course_id__in=courses, registered_by__isnull=True)
    later = []
    for match in rows.filter(dialogues__isnull=True):
        if match.pk not in firsts:
            match.delete()
            continue
        day = max(firsts[match.pk], locked[match.course_id].started_on)
        if day != match.matched_on:
            match.matched_on = day
            later.append(match)
    Match.objects.bulk_update(later, ["matched_on"], batch_size=UPDATE_BATCH)


def _follow(pairs: Collection[CourseAndCompany], locked: dict[int, Course]) -> None:
    """Link renewals and compute dates of the courses whose internships were created or changed."""
    terms = list(TrialTerms.objects.all())
    courses = []
    for batch in batches(sorted({pair.course for pair in pairs})):
        by_course: dict[int, list[Placement]] = {pk: [] for pk in batch}
        for internship in Placement.objects.filter(course_id__in=batch, kind=PlacementKind.INTERNSHIP):
            by_course[internship.course_id].append(internship)
        placement_rows.link_renewals(
            internship
            for of_course in by_course.values()
            for internship in of_course
            if (internship.course_id, internship.company_id) in pairs
        )
        for pk, of_course in by_course.items():
            course = locked[pk]
            dates = reckon_dates(course, [internship.span for internship in of_course], terms)
            if dates is not None:
                for name, value in vars(dates).items():
                    setattr(course, name, value)
                course.version += 1
                courses.append(course)
    Course.objects.bulk_update(
        courses, ["internship_from", "continued_from", "retention_until", "version"], batch_size=UPDATE_BATCH
    )
