"""Celery tasks of the evaluation: idempotent."""

from celery import shared_task

from evaluation.publication.actions import publish_due
from jobfirst import clock


@shared_task
def publish_figures() -> None:
    """Publish the figures of the months that are over, after the night's check of what is stored."""
    publish_due(clock.today())
