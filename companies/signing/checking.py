"""The public page on which anybody checks a work agreement: by its seal, or by the PDF (D15).

It says whether the agreement is genuine, when it was sealed, which version it is, and whether a newer one has
replaced it. It shows nothing of what stands in the agreement, and no names.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit.access import record_shown
from companies.models import AgreementSeal, AgreementState
from jobfirst.kit.forms import form_helper
from jobfirst.row_security.context import all_projects

#: A seal may be typed with spaces, as it stands on two lines of the paper.
SEAL = re.compile(r"[0-9a-f]{64}")
LARGEST_FILE = 10 * 1024 * 1024  # bytes
RATES = {"check": "30/m/ip"}


class CheckForm(forms.Form):
    """The seal as printed, or the file."""

    seal = forms.CharField(
        label=_("The seal printed on the agreement"),
        help_text=_("64 characters: digits and the letters a to f."),
        max_length=200,
        required=False,
    )
    file = forms.FileField(label=_("Or the PDF file"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return the hash that is asked for, as `sha256`."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        file: UploadedFile[Any] | None = cleaned.get("file")
        typed = "".join(cleaned["seal"].split()).lower()
        if file is None and not typed:
            self.add_error("seal", _("Type the seal, or choose the file."))
        elif file is not None and (file.size or 0) > LARGEST_FILE:
            self.add_error("file", _("The file is too large to be a work agreement."))
        elif file is None and not SEAL.fullmatch(typed):
            self.add_error("seal", _("The seal has 64 characters: digits and the letters a to f."))
        return {**cleaned, "typed": typed}


@dataclass(frozen=True)
class CheckedAgreement:
    """What the page says of an agreement that was found by its seal or file."""

    seal: AgreementSeal
    is_past: bool  # replaced, or its placement was withdrawn


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Answer whether a seal, or a file, is that of a work agreement that all three have signed."""
    form = CheckForm(request.POST or None, request.FILES or None)
    form.helper = form_helper(str(_("Check the agreement")))  # type: ignore[attr-defined]  # read by crispy
    context: dict[str, Any] = {"form": form}
    if request.method == "POST":
        if ratelimit.consume(request, app="companies", action="check", config=RATES) is None:
            return render(request, "429.html", status=429)
        if form.is_valid():
            context |= {"is_checked": True, "agreement": find_agreement(form.cleaned_data)}
    return render(request, "companies/signing/check.html", context)


@all_projects("a seal does not say of which project it is")
def find_agreement(asked: dict[str, Any]) -> CheckedAgreement | None:
    """Return the agreement with the seal, or with the kept PDF that is the same to the byte; or None."""
    seals = AgreementSeal.objects.select_related("agreement__placement__course__citizen")
    file: UploadedFile[Any] | None = asked.get("file")
    if file is not None:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        seal = seals.filter(pdf__sha256=digest.hexdigest()).first()
    else:
        seal = seals.filter(sha256=asked["typed"]).first()
    if seal is None:
        return None
    record_shown(None, "agreement.check", [seal.agreement.course.citizen.public_id])
    agreement = seal.agreement
    is_withdrawn = agreement.placement.withdrawn_at is not None
    return CheckedAgreement(seal, is_withdrawn or agreement.state == AgreementState.REPLACED)
