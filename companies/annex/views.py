"""The pages of the annex for staff: answer with the citizen, or for the company by phone (D16)."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.links.sending_words import say_link_is_sent
from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from companies.annex.engagements import engagement_of
from companies.annex.forms import CitizenAnnexForm, CorrectAnnexForm, PhoneAnnexForm
from companies.annex.links import send_to
from companies.annex.months import annex_over_time
from companies.models import AnnexParty, AnnexReply, CompanyContact, Placement
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from progression.views.answering import review_url

TEMPLATE = "companies/annex_form.html"


def _placement(
    request: AuthenticatedRequest, public_id: uuid.UUID, action: str = "course.annex"
) -> Placement:
    placements: QuerySet[Placement] = Placement.objects.all()
    return get_of_course_or_404(
        request,
        placements.select_related("company"),
        public_id,
        action,
        "progression.answer",
    )


def _without_agreement(request: AuthenticatedRequest, placement: Placement) -> HttpResponse:
    messages.info(request, _("There is no work agreement for this placement."))
    return redirect(review_url(placement.course))


@edit_page
def citizen(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The citizen answers together with the mentor."""
    placement = _placement(request, public_id)
    if engagement_of(placement) is None:
        return _without_agreement(request, placement)
    form = CitizenAnnexForm(form_data(request), placement=placement, today=clock.today())
    return answer_form(request, form, back_url=review_url(placement.course), template=TEMPLATE)


@edit_page
def phone(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The mentor writes down what the contact person said on the phone."""
    placement = _placement(request, public_id)
    engagement = engagement_of(placement)
    if engagement is None:
        return _without_agreement(request, placement)
    contact = CompanyContact.objects.get(pk=engagement.contact)
    today = clock.today()
    initial: dict[str, Any] = {"answered_by_name": contact.name, "answered_on": today}
    form = PhoneAnnexForm(form_data(request), placement=placement, today=today, initial=initial)
    context = {"contact": contact}
    return answer_form(
        request, form, back_url=review_url(placement.course), template=TEMPLATE, context=context
    )


@edit_page
def correct(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct what a party answered; while the answers are hidden, without showing them."""
    reply = get_of_course_or_404(
        request,
        AnnexReply.objects.select_related("placement__company"),
        public_id,
        "course.annex",
        "progression.answer",
        course_path="placement__course",
    )
    today = clock.today()
    annexes = annex_over_time(reply.course, today, TrialTerms.objects.in_force_or_first(today))
    of_reply = [annex for annex in annexes if annex.engagement.has(reply.placement)]
    month = of_reply[0].month_on(reply.answered_on) if of_reply else None
    form = CorrectAnnexForm(form_data(request), reply=reply, is_shown=month is not None and month.is_shown)
    return answer_form(request, form, back_url=review_url(reply.course), template=TEMPLATE)


@require_POST
def send_link(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Send the questions to the contact person or the citizen, at the registered address."""
    placement = _placement(request, public_id, "course.annex.send")
    if party not in AnnexParty:
        raise Http404
    with errors_as_message(request):
        send_to(placement, AnnexParty(party), by=request.user, now=clock.now())
        say_link_is_sent(request)
    return redirect(review_url(placement.course))
