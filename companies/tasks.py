"""The periodic task of companies. The database says what is due: it may run twice, late or not at all."""

from celery import shared_task
from django.utils import timezone

from companies.annex.asking import ask_companies
from jobfirst import mode
from jobfirst.one_at_a_time import run_exclusively


@shared_task
def ask_for_annexes() -> None:
    """Send the links of the annexes that are due and not answered."""
    mode.confirm()
    with run_exclusively("companies.ask_for_annexes") as is_alone:
        if is_alone:
            now = timezone.now()
            ask_companies(timezone.localdate(now), now)
