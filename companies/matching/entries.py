"""The steps of a dialogue as stored. Called by actions that hold the course's lock."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from companies.models import Dialogue, DialogueEntry, DialogueStep, Match
from jobfirst.database.batches import batches


@dataclass(frozen=True)
class StepTaken:
    """What is registered of a step of a dialogue; `reason` only when it came to nothing."""

    step: str
    happened_on: datetime.date
    note: str = ""
    reason: str = ""
    next_action: str = ""
    next_on: datetime.date | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The values as fields of a `DialogueEntry`."""
        return dict(vars(self))


def add_entry(
    dialogue: Dialogue,
    taken: StepTaken,
    *,
    by: User | None,
    match: Match | None = None,
    made_match: bool = False,
    submission: uuid.UUID | None = None,
) -> DialogueEntry:
    """Add a step, and make it the one on which the dialogue stands."""
    entry = DialogueEntry.objects.create(
        dialogue=dialogue, **taken.fields, made_match=made_match, registered_by=by, submission=submission
    )
    stand_on(dialogue, entry, match)
    return entry


def stand_on(dialogue: Dialogue, entry: DialogueEntry, match: Match | None) -> None:
    """Copy what the newest entry says to the dialogue, and increase its version."""
    dialogue.step, dialogue.step_on = entry.step, entry.happened_on
    dialogue.next_action, dialogue.next_on = entry.next_action, entry.next_on
    dialogue.match = match
    dialogue.version += 1
    dialogue.save(update_fields=["step", "step_on", "next_action", "next_on", "match", "version"])


def close_by_match(match: Match, *, is_new: bool, by: User | None) -> None:
    """End the course's dialogue with the company of the match, if there is one that is not matched yet."""
    dialogue = match.course.dialogues.filter(company=match.company).exclude(step=DialogueStep.MATCH).first()
    if dialogue is None:
        return
    if match.job_function and dialogue.job_function != match.job_function:
        dialogue.job_function = match.job_function
        dialogue.save(update_fields=["job_function"])
    taken = StepTaken(DialogueStep.MATCH, max(match.matched_on, dialogue.step_on), note=match.why)
    add_entry(dialogue, taken, by=by, match=match, made_match=is_new)


def close_dialogues(matches: Collection[Match]) -> None:
    """End the dialogues of newly imported matches; a query for each batch of courses without a dialogue."""
    by_pair = {(match.course_id, match.company_id): match for match in matches}
    for batch in batches(sorted({match.course_id for match in matches})):
        for dialogue in Dialogue.objects.filter(course_id__in=batch).exclude(step=DialogueStep.MATCH):
            match = by_pair.get((dialogue.course_id, dialogue.company_id))
            if match is not None:
                close_by_match(match, is_new=False, by=None)
