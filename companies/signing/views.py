"""The page of a work agreement, and the pages on which it is signed, declined, or a signature is voided."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.links.sending_words import say_link_is_sent
from accounts.requests import AuthenticatedRequest
from audit.downloads import answers_with_file
from cases.access import get_of_course_or_404
from companies.models import OUTSIDE_PARTIES, AgreementParty, AgreementSignature, WorkAgreement
from companies.presentation.agreements import document
from companies.presentation.schedule import renewal_warning
from companies.signing import actions
from companies.signing.actions import Actor, party_name
from companies.signing.forms import (
    AgreementSigningForm,
    DeclineForm,
    OutsideSigningForm,
    SignForForm,
    VoidAgreementSignatureForm,
)
from companies.signing.kept_pdf import kept_pdf
from companies.signing.policy import AgreementAct, may, permission
from companies.signing.presentation import amendment_of, party_lines, printed, seal_of
from companies.signing.status import AgreementStatus, in_force_on, standing_signatures, status_of
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.pages import render_page
from jobfirst.kit.qr import qr_svg
from jobfirst.pdf.documents import pdf_response, render_pdf


def agreement_url(agreement: WorkAgreement) -> str:
    """Return the URL of the agreement's page."""
    return reverse("companies:agreement_page", args=[agreement.public_id])


def signed_here_url(agreement: WorkAgreement, party: str) -> str:
    """Return the URL of the page for an outside party that has just signed on this phone."""
    return reverse("companies:agreement_signed_here", args=[agreement.public_id, party])


def _agreement_or_404(
    request: AuthenticatedRequest, public_id: uuid.UUID, action: str, act: AgreementAct
) -> WorkAgreement:
    """Return the version for somebody who may do the act in some status."""
    agreements = WorkAgreement.objects.select_related("placement__company", "placement__course")
    return get_of_course_or_404(
        request,
        agreements.prefetch_related("schedule", "placement__course__holdings"),
        public_id,
        action,
        permission(act),
        course_path="placement__course",
    )


@require_safe
def page(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a version: its status, who has signed, what it changes, what it says, and the other versions."""
    agreement = _agreement_or_404(request, public_id, "course.agreement", AgreementAct.SEE)
    today = clock.today()
    actor = Actor.of(request.user, agreement)
    status = status_of(agreement, today)
    placement = agreement.placement
    context = {
        **document(agreement),
        "version": agreement,
        "placement": placement,
        "course": agreement.course,
        "status": status,
        "lines": party_lines(agreement, actor, today),
        "seal": seal_of(agreement),
        "amendment": amendment_of(agreement),
        "declines": list(agreement.declines.all()),
        "versions": list(placement.agreements.all()),
        "in_force": in_force_on(placement, today),
        "hours_warnings": renewal_warning(agreement),
        "is_begun_unsigned": placement.starts_on <= today
        and status not in (AgreementStatus.REPLACED, AgreementStatus.ENDED)
        and not placement.agreements.signed_by_all().exists(),
        "may_edit": may(AgreementAct.EDIT, status, *actor.roles),
        "may_put_up": may(AgreementAct.SEND, status, *actor.roles)
        and status in (AgreementStatus.DRAFT, AgreementStatus.DECLINED),
    }
    return render_page(request, "companies/signing/agreement.html", context)


@edit_page
def sign(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Show the version and sign it: an outside party on this phone, the jobcentre as the user signed in."""
    is_outside = party in OUTSIDE_PARTIES
    act = AgreementAct.HOST if is_outside else AgreementAct.SIGN
    form_class = OutsideSigningForm if is_outside else AgreementSigningForm
    return _sign(request, public_id, party, act, form_class)


@edit_page
def signed_here(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Thank an outside party that has signed on this phone, and give it its copy: as a PDF, and by a code to
    scan with a phone of its own. The page leads nowhere into the case."""
    _check_outside(party)
    agreement = _agreement_or_404(request, public_id, "course.agreement.copy", AgreementAct.HOST)
    address = ""
    if request.method == "POST":
        with errors_as_message(request):
            actor = Actor.of(request.user, agreement)
            secret = actions.show_copy(agreement, party, actor=actor, at=clock.now())
            address = settings.JOBFIRST_BASE_URL + reverse("companies:read_by_link", args=[secret])
    context = {
        "version": agreement,
        "party": party,
        "name": party_name(agreement, party),
        "has_signed": party in standing_signatures(agreement),
        "code": qr_svg(address) if address else "",
    }
    return render_page(request, "companies/signing/signed_here.html", context)


@edit_page
def sign_for(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Sign for an outside party, with a reason from the list (D46)."""
    _check_outside(party)
    return _sign(request, public_id, party, AgreementAct.SIGN_FOR, SignForForm)


def _sign(
    request: AuthenticatedRequest,
    public_id: uuid.UUID,
    party: str,
    act: AgreementAct,
    form_class: type[AgreementSigningForm],
) -> HttpResponse:
    if party not in AgreementParty:
        raise Http404
    agreement = _agreement_or_404(request, public_id, "course.agreement.sign", act)
    form = form_class(form_data(request), agreement=agreement, party=party)
    if refusal := _refused(request, agreement, act):
        return refusal
    context = {**document(agreement), "version": agreement}
    return answer_form(
        request,
        form,
        back_url=agreement_url(agreement),
        success_url=lambda _signature: (
            signed_here_url(agreement, party) if act == AgreementAct.HOST else agreement_url(agreement)
        ),
        template="companies/signing/sign.html",
        context=context,
    )


@edit_page
def decline(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Record that an outside party does not want to sign, and why."""
    _check_outside(party)
    agreement = _agreement_or_404(request, public_id, "course.agreement.decline", AgreementAct.DECLINE)
    form = DeclineForm(form_data(request), agreement=agreement, party=party)
    if refusal := _refused(request, agreement, AgreementAct.DECLINE):
        return refusal
    return answer_form(request, form, back_url=agreement_url(agreement))


@edit_page
def void(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Void the signature that a party has given by mistake, with a reason."""
    agreement = _agreement_or_404(request, public_id, "course.agreement.void", AgreementAct.VOID)
    signature = _signature_to_void(request, agreement, party)
    if signature is None:
        messages.error(request, _("There is no signature to void."))
        return redirect(agreement_url(agreement))
    if refusal := _refused(request, agreement, AgreementAct.VOID):
        return refusal
    form = VoidAgreementSignatureForm(form_data(request), agreement=agreement, signature=signature)
    return answer_form(request, form, back_url=agreement_url(agreement))


@require_POST
def put_up(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put a draft, or a declined version, up for signing."""
    agreement = _agreement_or_404(request, public_id, "course.agreement.send", AgreementAct.SEND)
    with errors_as_message(request):
        actions.put_up(agreement, actor=Actor.of(request.user, agreement), at=clock.now())
        messages.success(request, _("The agreement is ready to be signed."))
    return redirect(agreement_url(agreement))


@require_POST
def send_link(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Send an outside party the link to sign, or to its copy once all have signed; again as well."""
    _check_outside(party)
    agreement = _agreement_or_404(request, public_id, "course.agreement.send", AgreementAct.SEND)
    with errors_as_message(request):
        actions.send_agreement_link(agreement, party, actor=Actor.of(request.user, agreement), at=clock.now())
        say_link_is_sent(request)
    return redirect(agreement_url(agreement))


@answers_with_file
@require_safe
def pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the agreement with its annex as a PDF: as kept once all have signed."""
    agreement = _agreement_or_404(request, public_id, "course.agreement.pdf", AgreementAct.SEE)
    return agreement_pdf_response(agreement)


def agreement_pdf_response(agreement: WorkAgreement) -> HttpResponse:
    """Return the kept PDF of a sealed version, or what there is to sign."""
    seal = seal_of(agreement)
    if seal is not None:
        content = bytes(kept_pdf(seal).content)
    else:
        content = render_pdf("companies/agreement_pdf.html", printed(agreement))
    # The file name says nothing about the citizen: it ends up in a download folder.
    return pdf_response(content, f"arbejdsaftale-{str(agreement.public_id)[:8]}-v{agreement.number}.pdf")


def _refused(
    request: AuthenticatedRequest, agreement: WorkAgreement, act: AgreementAct
) -> HttpResponse | None:
    """Return to the agreement's page when its status does not allow the act; a form sent again is answered
    by its action, which knows what it has made."""
    actor = Actor.of(request.user, agreement)
    if request.method == "POST" or may(act, status_of(agreement, clock.today()), *actor.roles):
        return None
    with errors_as_message(request):
        actions.check_allowed(act, agreement, actor, clock.now())
    return redirect(agreement_url(agreement))


def _check_outside(party: str) -> None:
    if party not in OUTSIDE_PARTIES:
        raise Http404


def _signature_to_void(
    request: AuthenticatedRequest, agreement: WorkAgreement, party: str
) -> AgreementSignature | None:
    """Return the signature that the form names, of those of a party; for a new form the one that stands."""
    signatures = agreement.signatures.filter(party=party)
    if request.method != "POST":
        return signatures.standing().first()
    try:
        public_id = uuid.UUID(request.POST.get("signature", ""))
    except ValueError:
        return None
    return signatures.filter(public_id=public_id).first()
