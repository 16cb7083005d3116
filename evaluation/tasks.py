"""The periodic tasks of the evaluation. They may run twice, late or not at all."""

from celery import shared_task

from evaluation.publication.actions import publish_due
from evaluation.summaries import stored
from jobfirst import clock
from jobfirst.one_at_a_time import run_exclusively


@shared_task
def refresh_figures() -> None:
    """Reckon the stored figures of the measures anew."""
    with run_exclusively("evaluation.refresh_figures") as is_alone:
        if is_alone:
            stored.refresh(clock.today())


@shared_task
def publish_figures() -> None:
    """Publish the agency's figures of the months that are over, after the night's check of what is stored."""
    with run_exclusively("evaluation.publish_figures") as is_alone:
        if is_alone:
            publish_due(clock.today())
