"""Celery tasks of the frame."""

from celery import shared_task

from jobfirst import health


@shared_task
def heartbeat() -> None:
    """Show that beat, the broker and a worker work together."""
    health.beat()
