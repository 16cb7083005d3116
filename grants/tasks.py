"""What the worker does for the grants. Thin: arguments are ids only, and a task may come twice."""

from celery import shared_task

from grants.statements import documents
from jobfirst import clock


@shared_task
def make_document(pk: int) -> None:
    """Make one PDF document, unless it is made."""
    documents.make(pk)


@shared_task
def make_waiting_documents() -> None:
    """Queue again what a lost worker or message left."""
    for pk in documents.waiting(clock.now()):
        make_document.delay(pk)
