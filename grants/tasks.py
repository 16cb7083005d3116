"""Celery tasks of the grants: arguments are ids only, and every task is idempotent."""

from celery import shared_task

from grants.statements import documents
from jobfirst import clock
from jobfirst.row_security.context import all_projects, no_project


@shared_task
@all_projects("the document may be of any project")
def make_document(pk: int) -> None:
    """Make one PDF document. Idempotent."""
    documents.make(pk)


@shared_task
@no_project("documents wait here, whatever is in them")
def make_waiting_documents() -> None:
    """Queue documents again whose worker or task was lost. Idempotent."""
    for pk in documents.fetch_lost(clock.now()):
        make_document.delay(pk)
