"""Ending a course, correcting the end, and reopening it (D12, D41).

What ends with the course is kept as effects of the entry (`CaseCorrection.effects`), so that a correction of
the day moves it, and reopening lets it go on.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import extension_points
from cases.actions.checks import changed, check_day, locked, refuse
from cases.actions.corrections import check_reason
from cases.actions.deadlines import updates_deadlines
from cases.actions.referral_corrections import record
from cases.models import CaseCorrection, CorrectionKind, Course, EndReason
from cases.rules.course_end import EndChoice, EndMode
from jobfirst.kit.versioned import ensure_fresh

#: What is done with running things for which nothing was chosen, by the codes of `CourseEnding`.
ENDS_BY_ITSELF = ("meeting",)
PLACEMENT = "placement"
#: The fields of a course that its end sets.
END_FIELDS = ("ended_on", "end_reason", "outcome")


class AlreadyEnded(ValidationError):
    """Somebody else has recorded another end of the course: both are shown, and nothing is saved."""

    def __init__(self, course: Course) -> None:
        super().__init__(_("The course has ended."), code="ended")
        self.course = course


@updates_deadlines()
@transaction.atomic
def end_course(
    course: Course,
    *,
    ended_on: datetime.date,
    reason: str,
    outcome: str = "",
    not_after: datetime.date | None = None,
    placements_end: bool = False,
    choices: Mapping[str, EndChoice] | None = None,
    by: User | None = None,
    submission: uuid.UUID | None = None,
) -> Course:
    """Record the end of the course with its reason and outcome (D12); until that day it runs (D41).

    `choices` says by the keys of `extension_points.still_running` what becomes of what runs. Without a choice
    booked meetings from that day on are cancelled; placements end with `placements_end`, and always when the
    citizen died; everything else goes on. The function holders keep their functions by default, so that they
    can still read the course. Idempotent: the same form, or the same end by the same user, changes nothing.
    AlreadyEnded when another end is recorded.
    """
    course = locked(course)
    if CaseCorrection.submitted(submission) is not None:
        return course
    if course.ended_on is not None:
        ends_more = placements_end or _ends_a_placement(choices or {})
        return _same_end(course, (ended_on, reason, outcome), by, ends_more=ends_more)
    if not reason:
        raise refuse("reason", _("Say why the course ends."), "no_reason")
    check_day(course, "ended_on", ended_on, not_after)
    all_choices = _with_defaults(course, choices or {}, placements_end or reason == EndReason.DIED, ended_on)
    _end(course, all_choices, (ended_on, reason, outcome), by, submission=submission)
    return locked(course)


def _same_end(
    course: Course,
    end: tuple[datetime.date, str, str],
    by: User | None,
    *,
    ends_more: bool,
) -> Course:
    """Return the course when the same user has recorded the same end already; AlreadyEnded otherwise.

    `ends_more` says that placements were to end with it: one that still runs is another end.
    """
    is_same_end = (course.ended_on, course.end_reason, course.outcome) == end
    entry = _latest_end(course)
    is_same_user = entry is None or entry.made_by_id == (by.pk if by else None)
    runs_on = ends_more and any(thing.code == PLACEMENT for thing in extension_points.still_running(course))
    if is_same_end and is_same_user and not runs_on:
        return course
    raise AlreadyEnded(course)


def _ends_a_placement(choices: Mapping[str, EndChoice]) -> bool:
    return any(
        name.startswith(f"{PLACEMENT}-") and choice.mode is not EndMode.GOES_ON
        for name, choice in choices.items()
    )


@updates_deadlines()
@transaction.atomic
def correct_end(
    course: Course,
    *,
    ended_on: datetime.date,
    reason: str,
    outcome: str,
    why: str,
    by: User,
    version: int | None = None,
    not_after: datetime.date | None = None,
    submission: uuid.UUID | None = None,
) -> Course:
    """Correct day, reason or outcome of a recorded end (D41). What ended with the course follows the day.

    Idempotent. StaleError when somebody has changed the course since `version`.
    """
    course = locked(course)
    if CaseCorrection.submitted(submission) is not None:
        return course
    ensure_fresh(course, version)
    if course.ended_on is None:
        raise ValidationError(_("The course has not ended."), code="running")
    if (course.ended_on, course.end_reason, course.outcome) == (ended_on, reason, outcome):
        return course
    check_reason(why)
    if not reason:
        raise refuse("reason", _("Say why the course ends."), "no_reason")
    before = {name: getattr(course, name) for name in END_FIELDS}
    choices = _undo_end(course).choices
    course = locked(course)
    check_day(course, "ended_on", ended_on, not_after)
    complete = _with_defaults if reason == EndReason.DIED else _with_required
    choices = complete(course, choices, reason == EndReason.DIED, ended_on)
    end = (ended_on, reason, outcome)
    _end(course, choices, end, by, why=why, before=before, submission=submission)
    return locked(course)


@updates_deadlines()
@transaction.atomic
def reopen_course(
    course: Course,
    *,
    why: str,
    by: User,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> list[str]:
    """Reopen a course that was ended by mistake (D41); what ended with it goes on.

    Returns in words what has been changed since and therefore stays as it is. Idempotent.
    """
    course = locked(course)
    if CaseCorrection.submitted(submission) is not None:
        return []
    ensure_fresh(course, version)
    if course.ended_on is None:
        return []
    check_reason(why)
    before = {name: getattr(course, name) for name in END_FIELDS}
    undone = _undo_end(course)
    kind = CorrectionKind.REOPENED
    changes = _changes(before, dict.fromkeys(END_FIELDS))
    record(course.referral, kind, why, by, changes=changes, submission=submission)
    return undone.left


class _Undone:
    """What an end had done: the choices it was done with, and in words what could not be undone."""

    def __init__(self) -> None:
        self.choices: dict[str, EndChoice] = {}
        self.left: list[str] = []


def _undo_end(course: Course) -> _Undone:
    """Let the course run again with all that ended with it. Needs the course's lock."""
    changed(course, {"ended_on": None, "end_reason": "", "outcome": ""})
    undone = _Undone()
    entry = _latest_end(course)
    for effect in entry.effects if entry is not None else []:
        if effect.get("is_unchanged") or extension_points.let_go_on(course, effect):
            last = datetime.date.fromisoformat(effect["last"])
            undone.choices[effect["thing"]] = EndChoice(EndMode(effect["mode"]), last)
        else:
            undone.left.append(effect["label"])
    return undone


def _latest_end(course: Course) -> CaseCorrection | None:
    """Return the entry of the end that holds; None of one that was recorded without."""
    kinds = (CorrectionKind.ENDED, CorrectionKind.END_CORRECTED)
    entry: CaseCorrection | None = (
        CaseCorrection.objects.filter(referral=course.referral_id, kind__in=kinds).order_by("-pk").first()
    )
    return entry


def _with_defaults(
    course: Course, choices: Mapping[str, EndChoice], placements_end: bool, ended_on: datetime.date
) -> dict[str, EndChoice]:
    """Return the choices with those that nobody made."""
    complete = dict(choices)
    for thing in extension_points.still_running(course):
        if thing.code in ENDS_BY_ITSELF:
            complete.setdefault(thing.name, EndChoice(EndMode.WITH_COURSE))
    return _with_required(course, complete, placements_end, ended_on)


def _with_required(
    course: Course, choices: Mapping[str, EndChoice], placements_end: bool, ended_on: datetime.date
) -> dict[str, EndChoice]:
    """Return the choices; placements that must end do not go on, and none begins after the end (D42)."""
    complete, goes_on = dict(choices), EndChoice(EndMode.GOES_ON)
    for thing in extension_points.still_running(course):
        must_end = thing.code == PLACEMENT and (placements_end or thing.first >= ended_on)
        if must_end and complete.get(thing.name, goes_on).mode is EndMode.GOES_ON:
            complete[thing.name] = EndChoice(EndMode.WITH_COURSE)
    return complete


def _end(
    course: Course,
    choices: Mapping[str, EndChoice],
    values: tuple[datetime.date, str, str],
    by: User | None,
    *,
    why: str = "",
    before: Mapping[str, Any] | None = None,
    submission: uuid.UUID | None = None,
) -> None:
    """End what runs as chosen, then the course with the values of END_FIELDS, and store the entry.

    Needs the course's lock.
    """
    end = dict(zip(END_FIELDS, values, strict=True))
    effects = list(_effects(course, choices, values[0], by))
    course = locked(course)
    changed(course, end)
    kind = CorrectionKind.ENDED if before is None else CorrectionKind.END_CORRECTED
    changes = _changes(before or dict.fromkeys(END_FIELDS), end)
    record(course.referral, kind, why, by, changes=changes, effects=effects, submission=submission)


def _effects(
    course: Course, choices: Mapping[str, EndChoice], ended_on: datetime.date, by: User | None
) -> Iterable[dict[str, Any]]:
    """End each running thing that does not go on; yield what was done, and each choice.

    Errors are keyed `last-<name>`.
    """
    for thing in extension_points.still_running(course):
        choice = choices.get(thing.name)
        last = None if choice is None else choice.last_day(ended_on)
        if choice is None or last is None:
            continue
        try:
            done = extension_points.end_thing(course, thing, last, by)
        except ValidationError as error:
            raise refuse(f"last-{thing.name}", " ".join(error.messages), "refused") from error
        if done is not None or thing.is_chosen:
            # What ended earlier by itself keeps its choice: a correction to an earlier day ends it too.
            yield {
                **({"is_unchanged": True} if done is None else done),
                "thing": thing.name,
                "code": thing.code,
                "key": thing.key,
                "label": thing.label,
                "mode": str(choice.mode),
                "last": last.isoformat(),
            }


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of the end that differ, with both values as JSON keeps them."""

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.date) else value or None

    return [
        {"field": name, "before": plain(before[name]), "after": plain(after[name])}
        for name in END_FIELDS
        if plain(before[name]) != plain(after[name])
    ]
