"""What of companies ends with a course: placements, dialogues, and agreements that nobody signs any more
(D41)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.extension_points import CourseEnding, RunningThing
from cases.models import Course
from cases.rules.course_end import EndMode
from companies.actions import placements
from companies.actions.placement_rows import check_overlap, internships_changed, stored_placement
from companies.actions.withdrawals import check_match
from companies.extension_points import placements_changed
from companies.matching.entries import StepTaken, add_entry, stand_on
from companies.models import (
    DialogueStep,
    EarlyEndReason,
    NoMatchReason,
    Placement,
    PlacementKind,
    WorkAgreement,
)
from companies.models.agreement import UNSIGNED_STATES
from jobfirst import clock
from jobfirst.values.dates import DateSpan

#: What the end of a course changes of a placement.
ENDED_FIELDS = ("ended_on", "planned_end_on", "end_reason", "actual_hours")


def _running_placements(course: Course) -> list[RunningThing]:
    """Return the placements without a recorded last day."""
    rows = course.placements.filter(ended_on=None).select_related("company").order_by("starts_on", "pk")
    return [
        RunningThing(
            key=str(placement.public_id),
            label=f"{placement.get_kind_display()}, {placement.company}",
            first=placement.starts_on,
            last=placement.planned_end_on,
            default=None,
        )
        for placement in rows
    ]


def _end_placement(course: Course, key: str, last: datetime.date, by: User | None) -> dict[str, Any] | None:
    """Record `last` as the last day of a placement that goes beyond it; withdraw one that would begin later.

    A day that has not come is stored as the planned end. None when nothing was changed.
    """
    placement = course.placements.filter(public_id=key, ended_on=None).first()
    if placement is None:
        return None
    before = {name: _plain(getattr(placement, name)) for name in ENDED_FIELDS}
    if placement.starts_on > last:
        placements.withdraw_as_error(placement, reason=_("The course ended before it began."), by=by)
    elif placement.planned_end_on is None or placement.planned_end_on > last:
        today = max(clock.today(), placement.starts_on)
        reason = EarlyEndReason.COURSE_ENDED
        placements.end_placement(placement, ended_on=last, today=today, end_reason=reason)
    else:
        return None
    return {"version": stored_placement(placement).version, "before": before}


def _let_placement_go_on(course: Course, effect: Mapping[str, Any]) -> bool:
    """Give a placement the days back that it had, unless somebody has changed it since or they are taken."""
    placement = Placement.everything.filter(course=course, public_id=effect["key"]).first()
    if placement is None or placement.version != effect["version"]:
        return False
    fields = {name: _read(name, value) for name, value in effect["before"].items()}
    span = DateSpan(placement.starts_on, fields["ended_on"] or fields["planned_end_on"])
    try:
        check_overlap(
            course,
            placement.company_id,
            placement.kind,
            span,
            workplace_id=placement.workplace_id,
            without=placement,
        )
        check_match(placement)
    except ValidationError:
        return False
    standing = {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": ""}
    rows = Placement.everything.filter(pk=placement.pk)
    rows.update(**fields, **standing, version=placement.version + 1)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(course, [placement.company_id])
    placements_changed([course.pk])
    return True


def _plain(value: Any) -> Any:
    return None if value is None else str(value)


def _read(name: str, value: Any) -> Any:
    field = Placement._meta.get_field(name)
    return field.to_python(value)  # type: ignore[union-attr]  # a column


def _unsigned_agreements(course: Course) -> list[RunningThing]:
    """Return the newest versions that not all have signed; they may be signed until the course has ended."""
    agreements = WorkAgreement.objects.filter(placement__course=course, state__in=UNSIGNED_STATES)
    return [
        RunningThing(
            key=str(agreement.public_id),
            label=_("Work agreement with %(company)s") % {"company": agreement.company_name},
            first=agreement.made_on,
            last=None,
            default=EndMode.WITH_COURSE,
            is_chosen=False,
        )
        for agreement in agreements.order_by("pk")
    ]


def _nothing_to_end(course: Course, key: str, last: datetime.date, by: User | None) -> None:
    """An agreement that is not signed ends by itself: nobody can sign it after the course."""


def _nothing_to_undo(course: Course, effect: Mapping[str, Any]) -> bool:
    return True


def _open_dialogues(course: Course) -> list[RunningThing]:
    """Return the dialogues that go on."""
    return [
        RunningThing(
            key=str(dialogue.public_id),
            label=_("Dialogue with %(company)s") % {"company": dialogue.company},
            first=dialogue.step_on,
            last=None,
            default=EndMode.WITH_COURSE,
        )
        for dialogue in course.dialogues.going_on().select_related("company").order_by("step_on", "pk")
    ]


def _end_dialogue(course: Course, key: str, last: datetime.date, by: User | None) -> dict[str, Any] | None:
    """Add the step that the dialogue came to nothing with the course, on its last day or its latest step's.

    A day that lies ahead is not entered: until then the dialogue may still lead to a match.
    """
    dialogue = course.dialogues.going_on().filter(public_id=key).first()
    if dialogue is None or last > clock.today():
        return None
    reason = NoMatchReason.COURSE_ENDED
    entry = add_entry(
        dialogue, StepTaken(DialogueStep.ENDED, max(last, dialogue.step_on), reason=reason), by=by
    )
    return {"version": dialogue.version, "entry": entry.pk}


def _let_dialogue_go_on(course: Course, effect: Mapping[str, Any]) -> bool:
    """Take the last step back, unless somebody has added another one since."""
    dialogue = course.dialogues.filter(public_id=effect["key"], version=effect["version"]).first()
    if dialogue is None:
        return False
    newest, *earlier = list(dialogue.entries.all()[:2])
    if newest.pk != effect["entry"] or not earlier:
        return False
    newest.delete()
    stand_on(dialogue, earlier[0], match=None)
    return True


ENDINGS = (
    CourseEnding(
        "placement",
        gettext_lazy("Placements"),
        _running_placements,
        _end_placement,
        _let_placement_go_on,
        order=10,
    ),
    CourseEnding(
        "agreement",
        gettext_lazy("Agreements that not all have signed"),
        _unsigned_agreements,
        _nothing_to_end,
        _nothing_to_undo,
        note=gettext_lazy("It can be signed until the course has ended."),
        order=20,
    ),
    CourseEnding(
        "dialogue",
        gettext_lazy("Dialogues with companies"),
        _open_dialogues,
        _end_dialogue,
        _let_dialogue_go_on,
        order=40,
    ),
)
