"""Making PDF documents: the worker's part. They are kept with their hash; `document_orders` orders them.

The database is the truth about what waits: beat looks for what a lost worker left (CELERY_BEAT_SCHEDULE).
"""

import datetime
import hashlib
from functools import partial
from typing import Any

from django.utils import translation

from grants.models import Document, DocumentState, Snapshot, SnapshotKind
from grants.policy import may_have, statement_projects
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.reckoning.statement import Draft
from grants.storage import snapshots, submitted
from grants.storage.snapshots import Kept
from jobfirst import clock

#: A document that gets no further for longer than this is queued again.
PATIENCE = datetime.timedelta(minutes=2)
ATTEMPTS = 3
#: How far it is, in per cent, when a worker has it, when the draft is reckoned, when every project is drawn.
BEGUN, RECKONED, DRAWN = 2, 10, 95


def make(pk: int) -> None:
    """Make the document unless it is made. Progress is saved as it goes, for the page that waits for it.

    Given up when it was begun too often (a worker that dies says nothing), and when whoever ordered it may no
    longer see what it would say.
    """
    document = Document.objects.select_related(
        "statement__project", "project", "requested_by", "snapshot"
    ).get(pk=pk)
    if document.state == DocumentState.DONE:
        return
    if document.attempts >= ATTEMPTS or not may_have(document):
        note_progress(pk, state=DocumentState.FAILED)
        return
    note_progress(pk, progress=BEGUN, attempts=document.attempts + 1)
    try:
        with translation.override("da"):
            draft, kept = _draft(document)
            note_progress(pk, progress=RECKONED)
            content = export.as_pdf(draft, partial(_drawn, pk), kept.short if kept else "")
            name = export.file_name(draft, "pdf")
    except Exception:
        if document.attempts + 1 >= ATTEMPTS:
            note_progress(pk, state=DocumentState.FAILED)
        raise
    note_progress(
        pk,
        state=DocumentState.DONE,
        progress=100,
        made_at=clock.now(),
        name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        citizens=draft.citizens(spells=False),
        snapshot_id=kept.id if kept else None,
    )


def _drawn(pk: int, parts: int, of: int) -> None:
    """So many parts are drawn: the front, then each project."""
    note_progress(pk, progress=RECKONED + (DRAWN - RECKONED) * parts // of)


def note_progress(pk: int, **fields: Any) -> None:
    """Save a step, unless another worker has finished the document meanwhile."""
    Document.objects.filter(pk=pk).exclude(state=DocumentState.DONE).update(moved_at=clock.now(), **fields)


def _draft(document: Document) -> tuple[Draft, Kept | Snapshot | None]:
    """What the document says; of a draft, which is kept before it is drawn, also where."""
    if document.statement:
        return submitted.read(document.statement), None
    if document.again and document.snapshot:
        return snapshots.read(document.snapshot), document.snapshot
    year, cut_off, user = document.year, document.cut_off, document.requested_by
    if document.project:
        kind, draft = SnapshotKind.PROJECT, compute(year, cut_off, [document.project], with_accounts=True)
    else:
        kind, draft = SnapshotKind.EVENTS, compute(year, cut_off, statement_projects(user))
    return draft, snapshots.keep(draft, kind, None, user, clock.now())


def waiting(now: datetime.datetime) -> list[int]:
    """Documents that nobody has got further with for too long: their worker or its message was lost.

    One whose worker was lost every time has failed.
    """
    late = Document.objects.filter(state=DocumentState.QUEUED, moved_at__lt=now - PATIENCE)
    late.filter(attempts__gte=ATTEMPTS).update(state=DocumentState.FAILED)
    return list(late.values_list("pk", flat=True))
