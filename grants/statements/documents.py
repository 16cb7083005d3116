"""Makes PDF documents in the worker, and stores them with their hash; `document_orders` orders them.

The database says which documents wait: beat queues those again that a lost worker left
(CELERY_BEAT_SCHEDULE).
"""

import datetime
import hashlib
from functools import partial
from typing import Any

from django.utils import translation

from grants.models import Document, DocumentState, Snapshot, SnapshotKind
from grants.policy import may_receive, statement_projects
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.reckoning.doubts import with_doubts
from grants.reckoning.statement import StatementView
from grants.storage import snapshots, submitted
from grants.storage.approvals import with_approved_doubts
from grants.storage.snapshots import SnapshotRef
from jobfirst import clock

#: A document without progress for longer than this is queued again.
PATIENCE = datetime.timedelta(minutes=2)
ATTEMPTS = 3
#: Progress in per cent when a worker has begun, when the statement is read or reckoned, when all is drawn.
BEGUN, RECKONED, DRAWN = 2, 10, 95


def make(pk: int) -> None:
    """Make the document unless it is made, saving progress for the page that waits for it.

    The document fails when it was begun ATTEMPTS times (a killed worker reports nothing), and when the person
    who ordered it may no longer see its content.
    """
    document = Document.objects.select_related(
        "statement__project", "approved__approval", "project", "requested_by", "snapshot"
    ).get(pk=pk)
    if document.state == DocumentState.DONE:
        return
    if document.attempts >= ATTEMPTS or not may_receive(document):
        note_progress(pk, state=DocumentState.FAILED)
        return
    note_progress(pk, progress=BEGUN, attempts=document.attempts + 1)
    try:
        with translation.override("da"):
            view, snapshot = _read_or_reckon(document)
            note_progress(pk, progress=RECKONED)
            content = export.as_pdf(view, partial(_note_drawn, pk), snapshot.short if snapshot else "")
            name = export.file_name(view, "pdf")
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
        citizens=view.citizens(spells=False),
        snapshot_id=snapshot.id if snapshot else None,
    )


def _note_drawn(pk: int, drawn: int, parts: int) -> None:
    """Note how many of all parts (the front, then each project) are drawn."""
    note_progress(pk, progress=RECKONED + (DRAWN - RECKONED) * drawn // parts)


def note_progress(pk: int, **fields: Any) -> None:
    """Save a step, unless another worker has finished the document meanwhile."""
    Document.objects.filter(pk=pk).exclude(state=DocumentState.DONE).update(moved_at=clock.now(), **fields)


def _read_or_reckon(document: Document) -> tuple[StatementView, SnapshotRef | Snapshot | None]:
    """Return what the document says, and the snapshot of a draft, which is saved before it is drawn."""
    if document.statement:
        return with_doubts(submitted.read(document.statement), clock.today()), None
    if document.approved:
        return with_approved_doubts(submitted.read(document.approved)), None
    if document.again and document.snapshot:
        return snapshots.read(document.snapshot), document.snapshot
    year, cut_off, user = document.year, document.cut_off, document.requested_by
    if document.project:
        kind, draft = SnapshotKind.PROJECT, compute(year, cut_off, [document.project], with_spells=True)
    else:
        kind, draft = SnapshotKind.EVENTS, compute(year, cut_off, statement_projects(user))
    draft = with_doubts(draft, clock.today())
    return draft, snapshots.save(draft, kind, None, user, clock.now())


def fetch_lost(now: datetime.datetime) -> list[int]:
    """Return the ids of documents without progress for longer than PATIENCE: their worker or task was lost.

    Documents whose worker was lost ATTEMPTS times fail instead.
    """
    lost = Document.objects.filter(state=DocumentState.QUEUED, moved_at__lt=now - PATIENCE)
    lost.filter(attempts__gte=ATTEMPTS).update(state=DocumentState.FAILED)
    return list(lost.values_list("pk", flat=True))
