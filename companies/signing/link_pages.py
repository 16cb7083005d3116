"""The pages by link: citizen and company read the agreement, sign or decline it, and get their copy (D37)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.links.actions import LinkGone, take_link, use_link
from accounts.links.models import SignedLink
from accounts.links.pages import link_view
from cases.actions.checks import locked
from companies.models import AgreementParty
from companies.presentation.agreements import document
from companies.signing.actions import Actor
from companies.signing.forms import DeclineForm, OutsideSigningForm
from companies.signing.links import READ, SIGN, LinkedAgreement, linked_agreement, may_by_link
from companies.signing.policy import LINK_ROLES, AgreementAct
from companies.signing.presentation import seal_of, signatures_of
from companies.signing.views import agreement_pdf_response
from jobfirst import clock
from jobfirst.kit.editing import errors_shown_in, form_data
from jobfirst.kit.forms import form_helper


def _actor(party: AgreementParty) -> Actor:
    return Actor(None, (LINK_ROLES[party],))


def _linked(link: SignedLink, act: AgreementAct) -> LinkedAgreement:
    """Return what the link is about; LinkGone when the party may not do it any more."""
    linked = linked_agreement(link)
    if linked is None or not may_by_link(act, linked, clock.today()):
        raise LinkGone
    return linked


@link_view(SIGN)
def sign_by_link(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """Show the agreement and sign it; thank whoever has signed."""
    linked = _linked(link, AgreementAct.SIGN)
    form = OutsideSigningForm(form_data(request), agreement=linked.agreement, party=linked.party)
    form.helper = form_helper(str(form.submit), layout=form.layout)
    form.helper.disable_csrf = True  # the secret in the address is the right (`accounts.links.pages`)
    if request.method == "POST" and form.is_valid():
        with errors_shown_in(form):
            _sign(form, linked, secret)
            return render(request, "companies/signing/thanks.html", {"is_signed": True})
    context = {
        **document(linked.agreement),
        "form": form,
        "linked": linked,
        "secret": secret,
        "signatures": [item for item in signatures_of(linked.agreement) if item.is_signed],
    }
    return render(request, "companies/signing/sign_by_link.html", context)


@transaction.atomic
def _sign(form: OutsideSigningForm, linked: LinkedAgreement, secret: str) -> None:
    """Sign, if the link is still valid under the course's lock."""
    locked(linked.agreement.course)
    link = take_link(SIGN, secret, now=clock.now())
    form.sign_as(_actor(linked.party))
    use_link(link, now=clock.now())


@link_view(SIGN)
def decline_by_link(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """Take what is to be different instead of a signature."""
    linked = _linked(link, AgreementAct.DECLINE)
    form = DeclineForm(form_data(request), agreement=linked.agreement, party=linked.party)
    form.helper = form_helper(str(_("Do not sign")), layout=form.layout)
    form.helper.disable_csrf = True
    if request.method == "POST" and form.is_valid():
        with errors_shown_in(form):
            _decline(form, linked, secret)
            return render(request, "companies/signing/thanks.html", {"is_signed": False})
    context = {"form": form, "secret": secret}
    return render(request, "companies/signing/decline_by_link.html", context)


@transaction.atomic
def _decline(form: DeclineForm, linked: LinkedAgreement, secret: str) -> None:
    """Decline, if the link is still valid under the course's lock."""
    locked(linked.agreement.course)
    link = take_link(SIGN, secret, now=clock.now())
    form.decline_as(_actor(linked.party))
    use_link(link, now=clock.now())


@link_view(READ)
def read_by_link(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """Show the agreement that all three have signed, with its PDF."""
    linked = _linked(link, AgreementAct.SEE)
    context = {
        **document(linked.agreement),
        "secret": secret,
        "seal": seal_of(linked.agreement),
        "signatures": signatures_of(linked.agreement),
    }
    return render(request, "companies/signing/read_by_link.html", context)


@link_view(READ)
def pdf_by_link(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """Return the PDF as it was kept."""
    return agreement_pdf_response(_linked(link, AgreementAct.SEE).agreement)
