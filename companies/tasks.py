"""The Celery tasks of companies. The database says what there is to do: a task may run twice, or late."""

from celery import shared_task
from django.utils import timezone

from companies.annex.asking import ask_companies
from companies.links.automatic import send_links_of_placements
from companies.models import AgreementSeal
from companies.signing.kept_pdf import kept_pdf
from jobfirst import mode
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.messaging.mute import is_muted
from jobfirst.row_security.context import all_projects


@shared_task
@all_projects("the agreement may be of any project")
def keep_sealed_pdf(seal_pk: int) -> None:
    """Make and keep the PDF of a work agreement that all have signed."""
    mode.confirm()
    seal = AgreementSeal.objects.select_related("agreement__placement__course").filter(pk=seal_pk).first()
    if seal is not None:
        kept_pdf(seal)


@shared_task
@all_projects("agreements of every project")
def keep_missing_pdfs() -> None:
    """Queue the PDFs of seals that have none: a worker or the queue was down."""
    mode.confirm()
    with run_exclusively("companies.keep_missing_pdfs") as is_alone:
        if not is_alone:
            return
        missing = AgreementSeal.objects.filter(pdf__isnull=True).order_by("pk")
        for pk in missing.values_list("pk", flat=True)[:MOST_AT_ONCE]:
            keep_sealed_pdf.delay(pk)


#: A rehearsal begins with many sealed agreements: their PDFs are made over time.
MOST_AT_ONCE = 20


@shared_task
@all_projects("the links of every project are due here")
def send_company_links() -> None:
    """Send companies the links that are due: to the annex, to report, and to the closing assessment.

    A muted system makes none: they would pile up, and go out all at once.
    """
    mode.confirm()
    if is_muted():
        return
    with run_exclusively("companies.send_company_links") as is_alone:
        if is_alone:
            now = timezone.now()
            ask_companies(timezone.localdate(now), now)
            send_links_of_placements(timezone.localdate(now), now)
