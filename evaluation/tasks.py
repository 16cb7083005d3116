"""The periodic task of the evaluation. It may run twice, late or not at all."""

from celery import shared_task

from evaluation.summaries import stored
from jobfirst import clock
from jobfirst.one_at_a_time import run_exclusively


@shared_task
def refresh_figures() -> None:
    """Reckon the stored figures of the measures anew."""
    with run_exclusively("evaluation.refresh_figures") as is_alone:
        if is_alone:
            stored.refresh(clock.today())
