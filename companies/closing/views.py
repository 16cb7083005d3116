"""The pages of the closing assessment: by link, by phone, and the citizen's word with the mentor (D54)."""

import datetime
import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.links.actions import LinkGone, take_link
from accounts.links.models import RecipientKind, SignedLink
from accounts.links.pages import link_view
from accounts.links.sending_words import say_link_is_sent
from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from cases.actions.checks import locked
from cases.views.common import course_url
from companies.closing.forms import (
    CitizensWordForm,
    CorrectClosingForm,
    LinkClosingForm,
    PhoneClosingForm,
)
from companies.closing.links import CODE, assessed_about, assessment_of
from companies.links.placements import send_link_about
from companies.models import ClosingAssessment, Placement
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, errors_shown_in, form_data
from jobfirst.kit.versioned import StaleError

WORK = "cases.work_on_course"


@link_view(CODE)
def by_link(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """Ask the company how it went; then the citizen whether that is so."""
    today = clock.today()
    linked = assessed_about(link, today)
    row = None if linked is None else assessment_of(linked)
    if linked is None or (row is None and not linked.is_company):
        raise LinkGone
    form: LinkClosingForm | CitizensWordForm | None = None
    if row is None:
        form = LinkClosingForm(form_data(request), linked=linked)
    elif not linked.is_company and not row.citizen_answer:
        form = CitizensWordForm(form_data(request), row=row)
    if request.method == "POST" and form is not None and form.is_valid():
        with errors_shown_in(form):
            _save(form, linked.placement, secret, today)
            return redirect(reverse("companies:closing_by_link", args=[secret]))
    context = {"form": form, "linked": linked, "row": row}
    return render(request, "companies/closing_by_link.html", context)


@transaction.atomic
def _save(
    form: LinkClosingForm | CitizensWordForm, placement: Placement, secret: str, today: datetime.date
) -> None:
    """Store what was said, if the link is still valid under the course's lock; LinkGone when stale."""
    locked(placement.course)
    take_link(CODE, secret, now=clock.now())
    try:
        form.save(by=None, today=today)
    except StaleError as error:
        raise LinkGone from error


@edit_page
def by_phone(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down what the company said on the phone."""
    placement = get_of_course_or_404(
        request, Placement.objects.select_related("company"), public_id, "course.closing", WORK
    )
    agreement = placement.agreements.first()
    initial = {
        "given_by_name": agreement.company_contact_name if agreement else "",
        "given_on": clock.today(),
    }
    form = PhoneClosingForm(form_data(request), placement=placement, initial=initial)
    return answer_form(request, form, back_url=course_url(placement.course, "closings"))


@edit_page
def citizens_word(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down with the citizen what the citizen says to the assessment."""
    row = _assessment(request, public_id)
    form = CitizensWordForm(form_data(request), row=row)
    form.intro = f"{row.course.citizen_name}, {row.placement.company}"
    return answer_form(request, form, back_url=course_url(row.course, "closings"))


@edit_page
def correct(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct what the company said (D41)."""
    row = _assessment(request, public_id)
    form = CorrectClosingForm(form_data(request), row=row)
    return answer_form(request, form, back_url=course_url(row.course, "closings"))


def _assessment(request: AuthenticatedRequest, public_id: uuid.UUID) -> ClosingAssessment:
    return get_of_course_or_404(
        request,
        ClosingAssessment.objects.select_related("placement__company"),
        public_id,
        "course.closing",
        WORK,
        course_path="placement__course",
    )


@require_POST
def send_link(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send the company the link; once it has assessed, the citizen."""
    placement = get_of_course_or_404(request, Placement.objects.all(), public_id, "course.closing.send", WORK)
    is_assessed = ClosingAssessment.objects.filter(placement=placement).exists()
    kind = RecipientKind.CITIZEN if is_assessed else RecipientKind.COMPANY_CONTACT
    with errors_as_message(request):
        send_link_about(CODE, placement, kind, by=request.user, now=clock.now())
        say_link_is_sent(request)
    return redirect(course_url(placement.course, "closings"))
