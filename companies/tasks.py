"""The periodic task of companies. The database says what is due: it may run twice, late or not at all."""

from celery import shared_task
from django.utils import timezone

from companies.annex.asking import ask_companies
from companies.link_rounds import send_links_of_placements
from jobfirst import mode
from jobfirst.one_at_a_time import run_exclusively


@shared_task
def send_company_links() -> None:
    """Send companies the links that are due: to the annex, to report, and to the closing assessment."""
    mode.confirm()
    with run_exclusively("companies.send_company_links") as is_alone:
        if is_alone:
            now = timezone.now()
            ask_companies(timezone.localdate(now), now)
            send_links_of_placements(timezone.localdate(now), now)
