"""The note that goes with a function when it changes hands (D57)."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.actions.checks import changed
from cases.models import FunctionHolding, HandoverNote
from cases.models.course import FunctionHoldingQuerySet
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
        return not any(self.fields.values())

    @property
    def fields(self) -> dict[str, str]:
        """The parts by the note's fields, without the space around them."""
        return {name: part.strip() for name, part in asdict(self).items()}


@transaction.atomic
def write_note(
    holding: FunctionHolding, text: NoteText, *, by: User | None, version: int | None = None
) -> HandoverNote:
    """Write or change the note of a holding; it is unread then. ValidationError when nothing is written.

    StaleError when somebody has saved it since `version` (0: there was none; None: no form).
    """
    holding = FunctionHolding.objects.select_for_update(of=("self",)).get(pk=holding.pk)
    fields = text.fields
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
def write_notes(notes: Iterable[tuple[FunctionHolding, NoteText]], *, by: User) -> None:
    """Write the notes of holdings that have just changed hands, as `write_note` does, in bulk.

    Where nothing is written, no note is stored. Needs the locks of the holdings' courses.
    """
    texts = {holding.pk: text for holding, text in notes if not text.is_empty}
    existing = HandoverNote.objects.select_for_update(of=("self",)).filter(holding__in=texts)
    replaced = {note.holding_id: note for note in existing}
    for pk, note in replaced.items():
        for name, part in texts[pk].fields.items():
            setattr(note, name, part)
        note.written_by, note.read_at, note.read_by = by, None, None
        note.version += 1
        note.save()  # by rows: the texts are encrypted for theirs
    HandoverNote.objects.bulk_create(
        HandoverNote(holding_id=pk, written_by=by, **text.fields)
        for pk, text in texts.items()
        if pk not in replaced
    )


@transaction.atomic
def mark_note_read(note: HandoverNote, by: User) -> None:
    """Record that the new holder has read the note. Idempotent."""
    note = HandoverNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if note.read_by_id != by.pk:
        changed(note, {"read_at": timezone.now(), "read_by": by})


def mark_notes_unread(holdings: Collection[FunctionHolding]) -> None:
    """Record that the holders have not read their notes: somebody else had. Needs the courses' locks."""
    if holdings:
        notes = HandoverNote.objects.filter(holding__in=holdings, read_at__isnull=False)
        notes.update(read_at=None, read_by=None)


def keep_notes(going: FunctionHoldingQuerySet) -> None:
    """Give the notes of holdings that are to be deleted to the holding before each in its function.

    Without one, to the first after it; without any, the note is deleted too (the database history keeps it).
    A note that is there already gets the text below its own. Needs the courses' locks.
    """
    notes = HandoverNote.objects.filter(holding__in=going).select_related("holding")
    for note in notes.order_by("holding__from_on"):
        others = FunctionHolding.objects.filter(
            course=note.holding.course_id, function=note.holding.function
        ).exclude(pk__in=going)
        earlier = others.filter(from_on__lt=note.holding.from_on).order_by("-from_on").first()
        holding = earlier or others.order_by("from_on").first()
        if holding is not None:
            _move_note(note, holding)


def _move_note(note: HandoverNote, holding: FunctionHolding) -> None:
    unread: dict[str, object] = {"written_by": note.written_by, "read_at": None, "read_by": None}
    existing = HandoverNote.objects.filter(holding=holding).first()
    if existing is None:
        changed(note, {"holding": holding, **unread})
        return
    parts = {name: [getattr(existing, name), getattr(note, name)] for name in NoteText().fields}
    changed(existing, {**{name: "\n\n".join(filter(None, texts)) for name, texts in parts.items()}, **unread})
