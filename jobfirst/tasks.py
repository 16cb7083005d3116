"""Celery tasks of the frame."""

from celery import shared_task

from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.monitoring import heartbeat as signs_of_life
from jobfirst.row_security.context import all_projects, no_project
from jobfirst.stored import checks as stored_checks


@shared_task
@no_project("it shows that a worker runs")
def heartbeat() -> None:
    """Show that beat, the broker and a worker work together."""
    signs_of_life.beat()


@shared_task
@all_projects("what is stored of every project is checked")
def check_stored() -> None:
    """Compare what is stored with the facts it follows from, and repair it (the night's check)."""
    with run_exclusively("jobfirst.check_stored") as is_alone:
        if is_alone:
            stored_checks.check_all(repair=True)
