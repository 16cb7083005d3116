"""Ordering PDF documents: in a request, for the worker to make after the commit."""

import datetime
import uuid

from django.db import transaction

from accounts.models import Project, User
from grants.models import Document, DocumentState, Snapshot, Statement
from grants.statements.documents import note_progress
from grants.tasks import make_document


def order(
    user: User,
    year: int,
    cut_off: datetime.date,
    *,
    project: Project | None = None,
    submission: uuid.UUID | None = None,
    snapshot: Snapshot | None = None,
) -> Document:
    """Order the PDF of a draft, of one project or of all the user sees, each with its events.

    With a `snapshot` it is made from what was shown then. The same form sent twice orders one.
    """
    with transaction.atomic():
        fields = {
            "project": project,
            "year": year,
            "cut_off": cut_off,
            "requested_by": user,
            "snapshot": snapshot,
            "again": snapshot is not None,
        }
        if submission is None:
            document = Document.objects.create(**fields)
        else:
            document, _new = Document.objects.get_or_create(submission=submission, defaults=fields)
        _queue(document)
    return document


def order_for_statement(statement: Statement, user: User) -> Document:
    """Order the PDF of a statement that has just been submitted."""
    document = Document.objects.create(
        statement=statement,
        project=statement.project,
        year=statement.year,
        cut_off=statement.cut_off,
        requested_by=user,
    )
    _queue(document)
    return document


def order_approved(statement: Statement, user: User) -> Document:
    """Order the PDF of a statement that has just been approved, with its approval sheet."""
    document = Document.objects.create(
        approved=statement,
        project=statement.project,
        year=statement.year,
        cut_off=statement.cut_off,
        requested_by=user,
    )
    _queue(document)
    return document


@transaction.atomic
def order_again(statement: Statement, user: User) -> Document:
    """Order the PDF of a statement once more when it could not be made; one that waits or is made stays.

    Of an approved statement that with the approval sheet.
    """
    has_approval = hasattr(statement, "approval")
    mine = {"approved": statement} if has_approval else {"statement": statement}
    document = Document.objects.select_for_update(of=("self",)).defer("content").filter(**mine).first()
    if document is None:
        return order_approved(statement, user) if has_approval else order_for_statement(statement, user)
    if document.state == DocumentState.FAILED:
        note_progress(document.pk, state=DocumentState.QUEUED, progress=0, attempts=0)
        _queue(document)
    return document


def _queue(document: Document) -> None:
    transaction.on_commit(lambda: make_document.delay(document.pk), robust=True)
