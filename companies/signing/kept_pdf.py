"""The PDF of a sealed work agreement: made once, kept, and served like that ever after (D15)."""

import hashlib

from django.conf import settings
from django.utils import translation

from companies.models import AgreementSeal, SealedPdf
from companies.signing.presentation import printed
from jobfirst.pdf.documents import render_pdf


def kept_pdf(seal: AgreementSeal) -> SealedPdf:
    """Return the kept PDF of a seal; make and store it if a worker has not done so yet.

    Of two that make it at once the first is kept, and both get that.
    """
    pdf = SealedPdf.objects.filter(seal=seal).first()
    if pdf is None:
        with translation.override(settings.LANGUAGE_CODE):
            content = render_pdf("companies/agreement_pdf.html", printed(seal.agreement))
        digest = hashlib.sha256(content).hexdigest()
        SealedPdf.objects.bulk_create(
            [SealedPdf(seal=seal, content=content, sha256=digest)], ignore_conflicts=True
        )
        pdf = SealedPdf.objects.get(seal=seal)
    return pdf
