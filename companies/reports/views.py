"""The company's page by link, and what staff do with a report (D48)."""

import datetime
import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.links.actions import LinkGone, take_link
from accounts.links.models import RecipientKind, SignedLink
from accounts.links.pages import link_view
from accounts.links.sending_words import say_link_is_sent
from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from cases.actions.checks import locked
from cases.views.common import course_url
from companies.links.placements import LinkedPlacement, send_link_about
from companies.models import Placement, PlacementReport, ReportKind, ReportState
from companies.reports import actions
from companies.reports.forms import AcceptStopForm, RefuseReportForm, ReportForm
from companies.reports.links import CODE, reported_about
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, errors_shown_in, form_data
from jobfirst.kit.versioned import sent_version


@link_view(CODE)
def by_link(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """Take a report of absence or an early stop, and show what was reported before."""
    today = clock.today()
    linked = reported_about(link, today)
    if linked is None:
        raise LinkGone
    form = ReportForm(form_data(request), linked=linked)
    if request.method == "POST" and form.is_valid():
        with errors_shown_in(form):
            _report(form, linked, secret, today)
            return redirect(reverse("companies:report_by_link", args=[secret]) + "?sendt=1")
    reports = PlacementReport.objects.filter(placement__in=linked.engagement.placements)[:5]
    context = {"form": form, "linked": linked, "reports": reports, "is_sent": "sendt" in request.GET}
    return render(request, "companies/report_by_link.html", context)


@transaction.atomic
def _report(form: ReportForm, linked: LinkedPlacement, secret: str, today: datetime.date) -> None:
    """Store the report, if the link is still valid under the course's lock."""
    locked(linked.placement.course)
    take_link(CODE, secret, now=clock.now())
    form.save(by=None, today=today)


WORK = "cases.work_on_course"


def _row(request: AuthenticatedRequest, public_id: uuid.UUID, perm: str = WORK) -> PlacementReport:
    return get_of_course_or_404(
        request,
        PlacementReport.objects.select_related("placement__company"),
        public_id,
        "course.report",
        perm,
        course_path="placement__course",
    )


@require_POST
def accept(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Accept a reported absence: fill the attendance."""
    row = _row(request, public_id)
    stale = _("Somebody else has decided it meanwhile.")
    with errors_as_message(request, stale=stale):
        version = sent_version(request.POST)
        actions.accept_absence(row, by=request.user, today=clock.today(), version=version)
        messages.success(request, _("The report is accepted."))
    return redirect(course_url(row.course, "reports"))


@edit_page
def accept_stop(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Accept an early stop with its last day and reason; any other report leads to the list."""
    row = _row(request, public_id, "cases.manage_placements")
    is_open = row.state == ReportState.WAITING or request.method == "POST"
    if row.kind != ReportKind.EARLY_STOP or not is_open:
        return redirect(course_url(row.course, "reports"))
    form = AcceptStopForm(form_data(request), row=row, today=clock.today())
    return answer_form(request, form, back_url=course_url(row.course, "reports"))


@edit_page
def refuse(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Refuse a report with the reason."""
    row = _row(request, public_id)
    form = RefuseReportForm(form_data(request), row=row)
    return answer_form(request, form, back_url=course_url(row.course, "reports"))


@require_POST
def send_link(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send the contact person the reporting link again."""
    placement = get_of_course_or_404(request, Placement.objects.all(), public_id, "course.report.send", WORK)
    kind = RecipientKind.COMPANY_CONTACT
    with errors_as_message(request):
        send_link_about(CODE, placement, kind, by=request.user, now=clock.now())
        say_link_is_sent(request)
    return redirect(course_url(placement.course, "placements"))
