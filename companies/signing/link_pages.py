"""The pages by link: citizen and company read the agreement, sign or decline it, and get their copy (D37)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.links.actions import LinkGone, hand_over_link, take_link, use_link
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
    """Show the agreement and sign it; whoever has signed is led to what was signed."""
    linked = _linked(link, AgreementAct.SIGN)
    form = OutsideSigningForm(form_data(request), agreement=linked.agreement, party=linked.party)
    form.helper = form_helper(str(form.submit), layout=form.layout)
    form.helper.disable_csrf = True  # the secret in the address is the right (`accounts.links.pages`)
    if request.method == "POST" and form.is_valid():
        with errors_shown_in(form):
            return redirect("companies:read_by_link", _sign(form, linked, secret))
    context = {
        **document(linked.agreement),
        "form": form,
        "linked": linked,
        "secret": secret,
        "signatures": [item for item in signatures_of(linked.agreement) if item.is_signed],
    }
    return render(request, "companies/signing/sign_by_link.html", context)


@transaction.atomic
def _sign(form: OutsideSigningForm, linked: LinkedAgreement, secret: str) -> str:
    """Sign, if the link is still valid under the course's lock; return the secret of a link to what was
    signed, since the one to sign works once."""
    locked(linked.agreement.course)
    link = take_link(SIGN, secret, now=clock.now())
    form.sign_as(_actor(linked.party))
    use_link(link, now=clock.now())
    return hand_over_link(READ, link, now=clock.now())


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
            return render(request, "companies/signing/declined_by_link.html")
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
    """Show the agreement with its signatures and its PDF: the copy, or what whoever comes here has signed
    while others have still to sign."""
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
    """Return the PDF: as it was kept once all have signed, else with the signatures so far."""
    return agreement_pdf_response(_linked(link, AgreementAct.SEE).agreement)
