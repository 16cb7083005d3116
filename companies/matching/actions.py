"""Register the steps of a dialogue with a company, correct them, and undo a slip.

A match is a step, too: `companies.actions.matches.record_match` ends the dialogue with the same company.
"""

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, check_running, locked, refuse, sent_before
from cases.actions.deadlines import updates_elements
from cases.models import Course
from companies.actions.company_locks import share_companies, shared_company
from companies.actions.matches import record_match
from companies.actions.placement_rows import check_workplace
from companies.matching.entries import StepTaken, add_entry, close_by_match, stand_on
from companies.merging.lookup import remaining_workplace
from companies.models import (
    Company,
    Dialogue,
    DialogueEntry,
    DialogueStep,
    JobOpening,
    Match,
    Placement,
    Workplace,
)
from companies.rules.dialogues import steps_after
from jobfirst.kit.versioned import StaleError, ensure_fresh


@transaction.atomic
def open_dialogue(
    course: Course,
    company: Company,
    taken: StepTaken,
    *,
    job_function: str = "",
    opening: JobOpening | None = None,
    workplace: Workplace | None = None,
    by: User | None = None,
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
) -> Dialogue:
    """Begin a dialogue with a company about the citizen, with its first step.

    When there is one already, the step is added to it: two people who call the same company share it.
    `opening` is what it is about, with its own workplace; ValueError for one of another project or company.
    """
    workplace = None if workplace is None else remaining_workplace(workplace)
    company = shared_company(company)
    course = locked(course)
    if opening is not None:
        opening.refresh_from_db()
    if opening and (opening.project_id, opening.company_id) != (course.project_id, company.pk):
        raise ValueError("an opening of another project or company")
    check_workplace(company, workplace)
    earlier = sent_before(DialogueEntry, course, submission, **taken.fields)
    if earlier is not None:
        return earlier.dialogue
    dialogue = course.dialogues.filter(company=company).first()
    _check_step(course, dialogue, taken, not_after)
    if dialogue is None:
        dialogue = _new_dialogue(course, company, taken)
    if opening is not None:
        dialogue.opening, workplace = opening, opening.workplace
    dialogue.workplace = workplace or dialogue.workplace
    dialogue.job_function = job_function or dialogue.job_function
    dialogue.save(update_fields=["opening", "workplace", "job_function"])
    add_entry(dialogue, taken, by=by, submission=submission)
    return dialogue


def _new_dialogue(course: Course, company: Company, taken: StepTaken) -> Dialogue:
    if course.matches.filter(company=company).exists():
        raise refuse("cvr", _("A match at this company is recorded already."), "matched")
    return Dialogue.objects.create(
        course=course,
        company=company,
        step=taken.step,
        step_on=taken.happened_on,
        version=0,  # the first entry makes it 1
    )


@transaction.atomic
def take_step(
    dialogue: Dialogue,
    taken: StepTaken,
    *,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
) -> Dialogue:
    """Add a step other than a match to a dialogue. StaleError with the newest step when somebody else added
    one since the form was opened."""
    course = locked(dialogue.course)
    earlier = sent_before(DialogueEntry, course, submission, **taken.fields)
    if earlier is not None:
        return earlier.dialogue
    dialogue = _current(dialogue)
    _ensure_newest(dialogue, version)
    _check_step(course, dialogue, taken, not_after)
    add_entry(dialogue, taken, by=by, submission=submission)
    return dialogue


@updates_elements(5)
@transaction.atomic
def match_dialogue(
    dialogue: Dialogue,
    *,
    matched_on: datetime.date,
    job_function: str = "",
    why: str = "",
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
) -> Dialogue:
    """End the dialogue by a match: record it, or link the one that is recorded at the company already.

    Idempotent: the same match again, also by somebody else at the same time, changes nothing.
    """
    share_companies()
    course = locked(dialogue.course)
    dialogue = _current(dialogue)
    recorded = dialogue.match
    if recorded is not None and _content(recorded) == (matched_on, job_function, why):
        return dialogue
    _ensure_newest(dialogue, version)
    _check_day(course, dialogue, "matched_on", matched_on, not_after)
    earlier = course.matches.filter(company=dialogue.company).first()
    if earlier is not None and dialogue.match_id is None:
        close_by_match(earlier, is_new=False, by=by)
    else:
        record_match(
            course,
            dialogue.company,
            matched_on=matched_on,
            job_function=job_function,
            why=why,
            by=by,
            submission=submission,
            not_after=not_after,
        )
    return Dialogue.objects.get(pk=dialogue.pk)


def _content(match: Match) -> tuple[datetime.date, str, str]:
    return (match.matched_on, match.job_function, match.why)


@transaction.atomic
def correct_step(
    entry: DialogueEntry,
    fields: dict[str, Any],
    *,
    version: int | None = None,
    not_after: datetime.date | None = None,
) -> DialogueEntry:
    """Correct the day, the note, the reason or what is next of a step (D41); the database history keeps what
    it said before.

    The day stays between those of the steps around it, and that of a match stays the day it has.
    """
    course = locked(entry.dialogue.course)
    dialogue = _current(entry.dialogue)
    current = dialogue.entries.filter(pk=entry.pk).first()
    if current is None:
        raise ValidationError(
            _("Somebody else has taken this back meanwhile. Nothing is saved."), code="gone"
        )
    ensure_fresh(current, version)
    day = fields.get("happened_on", current.happened_on)
    check_day(course, "happened_on", day, not_after)
    before = dialogue.entries.filter(pk__lt=current.pk).order_by("-pk").first()
    after = dialogue.entries.filter(pk__gt=current.pk).order_by("pk").first()
    is_between = (before is None or before.happened_on <= day) and (after is None or day <= after.happened_on)
    if not is_between:
        raise refuse("happened_on", _("The day must lie between the steps around it."), "not_between")
    next_on = fields.get("next_on", current.next_on)
    if next_on is not None and next_on < day:
        raise refuse("next_on", _("The next step must not lie before this one."), "next_before")
    changed(current, fields)
    if after is None:
        stand_on(dialogue, current, dialogue.match)
    return current


@updates_elements(5)
@transaction.atomic
def undo_step(dialogue: Dialogue, *, version: int) -> Course:
    """Take back the newest step of a dialogue; with its first step the dialogue goes, too (D41).

    A match that the step recorded goes with it, unless a placement rests on it: refused then. The database
    history keeps what was taken back. Returns the course.
    """
    course = locked(dialogue.course)
    current = Dialogue.objects.select_related("match").filter(pk=dialogue.pk).first()
    if current is None:
        return course
    _ensure_newest(current, version)
    newest, *earlier = list(current.entries.all()[:2])
    undone_match = current.match if newest.made_match else None
    if undone_match is not None and Placement.everything.filter(match=undone_match).exists():
        raise ValidationError(
            _("A placement rests on the match, so the match cannot be undone."), code="placed"
        )
    newest.delete()
    if earlier:
        stand_on(current, earlier[0], match=None)
    else:
        current.delete()
    if undone_match is not None:
        undone_match.delete()
    return course


def _current(dialogue: Dialogue) -> Dialogue:
    """Return the dialogue as stored now, under its course's lock; refused when it was taken back."""
    current = Dialogue.objects.select_related("match", "company").filter(pk=dialogue.pk).first()
    if current is None:
        raise ValidationError(
            _("Somebody else has taken this back meanwhile. Nothing is saved."), code="gone"
        )
    return current


def _ensure_newest(dialogue: Dialogue, version: int | None) -> None:
    """Raise StaleError with the newest step unless the dialogue still has the form's version."""
    if version is not None and dialogue.version != version:
        raise StaleError(dialogue.match or dialogue.entries.first(), dialogue.version)


def _check_step(
    course: Course, dialogue: Dialogue | None, taken: StepTaken, not_after: datetime.date | None
) -> None:
    """Refuse a step that cannot follow, or on a day on which it cannot have been."""
    check_running(course)
    _check_day(course, dialogue, "happened_on", taken.happened_on, not_after)
    if dialogue is not None and taken.step not in steps_after(dialogue.step):
        raise ValidationError(_("The dialogue has ended in a match."), code="matched")
    if taken.next_on is not None and taken.next_on < taken.happened_on:
        raise refuse("next_on", _("The next step must not lie before this one."), "next_before")
    if (taken.step == DialogueStep.ENDED) != bool(taken.reason):
        raise refuse("reason", _("Choose why it came to nothing."), "no_reason")


def _check_day(
    course: Course,
    dialogue: Dialogue | None,
    field: str,
    day: datetime.date,
    not_after: datetime.date | None,
) -> None:
    """Refuse a day outside the course, in the future, or before the step on which the dialogue stands."""
    check_day(course, field, day, not_after)
    if dialogue is not None and day < dialogue.step_on:
        raise refuse(field, _("The day lies before the latest step of the dialogue."), "before_latest")
