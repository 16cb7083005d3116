"""The note that goes with a function when it changes hands (D57)."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.actions.checks import changed
from cases.models import FunctionHolding, HandoverNote
from jobfirst.kit.versioned import ensure_fresh


@dataclass(frozen=True)
class NoteText:
    """The three parts of a hand-over note."""

    promises: str = ""
    worries: str = ""
    next_step: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return not (self.promises.strip() or self.worries.strip() or self.next_step.strip())


@transaction.atomic
def write_note(
    holding: FunctionHolding, text: NoteText, *, by: User | None, version: int | None = None
) -> HandoverNote:
    """Write or change the note of a holding; it is unread then. ValidationError when nothing is written.

    StaleError when somebody has saved it since `version` (0: there was none; None: no form).
    """
    holding = FunctionHolding.objects.select_for_update(of=("self",)).get(pk=holding.pk)
    fields = {name: part.strip() for name, part in asdict(text).items()}
    note = HandoverNote.objects.filter(holding=holding).first()
    if note is None:
        note = HandoverNote(holding=holding, written_by=by, **fields)
        note.full_clean()
        note.save()
        return note
    ensure_fresh(note, version)
    for name, part in fields.items():
        setattr(note, name, part)
    note.full_clean()
    changed(note, {**fields, "written_by": by, "read_at": None, "read_by": None})
    return note


@transaction.atomic
def mark_note_read(note: HandoverNote, by: User) -> None:
    """Record that the new holder has read the note. Idempotent."""
    note = HandoverNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if note.read_by_id != by.pk:
        changed(note, {"read_at": timezone.now(), "read_by": by})
