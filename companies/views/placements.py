"""Matches and placements of one course: agree, renew, change, end, withdraw."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404, get_of_course_or_404
from cases.models import Course
from cases.views.common import course_url
from companies.actions import placements as actions
from companies.forms.placements import (
    ChangeHoursForm,
    EndPlacementForm,
    MatchForm,
    PlacementForm,
    RenewPlacementForm,
    WithdrawPlacementForm,
)
from companies.models import Company, Placement, PlacementKind
from companies.presentation import reasonableness
from companies.rules import renewals
from companies.rules.reasonableness import COUNTING_KINDS
from jobfirst import clock
from jobfirst.dates import DAY
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data, requested_day
from jobfirst.kit.pages import render_page


def placements() -> QuerySet[Placement]:
    """Return placements with the rows that their page shows."""
    rows: QuerySet[Placement] = Placement.objects.with_hours().select_related(
        "company", "match", "renews", "renewed_by"
    )
    return rows.prefetch_related("agreements", "course__holdings")


def placement_url(placement: Placement) -> str:
    """Return the URL of the placement's page."""
    return reverse("companies:placement", args=[placement.public_id])


def known_companies(course: Course) -> QuerySet[Company]:
    """Return companies to suggest in a form: those that the project has used, at most one list's worth."""
    used = Placement.objects.filter(course__project_id=course.project_id).values("company_id")
    matched = course.matches.values("company_id")
    return (Company.objects.filter(pk__in=used) | Company.objects.filter(pk__in=matched)).distinct()[:300]


@edit_page
def new_match(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a match between the citizen and a company (D14)."""
    course = get_course_or_404(request, public_id, "course.match", "cases.manage_placements")
    initial = {"matched_on": clock.today(), "cvr": request.GET.get("cvr", "")[:8]}
    form = MatchForm(form_data(request), course=course, initial=initial)
    return answer_form(
        request,
        form,
        back_url=course_url(course, "placements"),
        template="companies/placement_form.html",
        context={"known_companies": known_companies(course)},
    )


@edit_page
def new_placement(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Agree a placement of any kind. Warnings are shown once; saving again ignores them."""
    course = get_course_or_404(request, public_id, "course.placement", "cases.manage_placements")
    form = PlacementForm(form_data(request), course=course, initial=_placement_initial(request, course))
    return answer_form(
        request,
        form,
        back_url=course_url(course, "placements"),
        success_url=placement_url,
        template="companies/placement_form.html",
        context={"known_companies": known_companies(course)},
    )


def _placement_initial(request: AuthenticatedRequest, course: Course) -> dict[str, Any]:
    """Return the initial values: kind, company and first day from the URL, and the longest period."""
    first = requested_day(request) or max(clock.today(), course.started_on)
    kind = request.GET.get("kind", "")
    start: dict[str, Any] = {
        "kind": kind if kind in PlacementKind.values else PlacementKind.SNIFFING,
        "cvr": request.GET.get("cvr", "")[:8],
        "starts_on": first,
    }
    if kind == PlacementKind.INTERNSHIP:
        days = TrialTerms.objects.in_force_or_first(first).internship_max_days
        start["planned_end_on"] = first + (days - 1) * DAY
        latest = course.matches.select_related("company").first()
        if not start["cvr"] and latest is not None:
            start["cvr"] = latest.company.cvr
    return start


def _withdrawn(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse | None:
    """Redirect from the page of a withdrawn placement (an old link or the back button) to the course."""
    row = Placement.everything.filter(public_id=public_id, withdrawn_at__isnull=False)
    placement = row.visible_to(request.user).select_related("course").first()
    if placement is None:
        return None
    messages.info(request, _("The placement is withdrawn as entered in error."))
    return redirect(course_url(placement.course, "placements"))


@require_safe
def placement(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a placement: days, hours, renewal, work agreements, and the company's places."""
    if gone := _withdrawn(request, public_id):
        return gone
    placement = get_of_course_or_404(
        request, placements(), public_id, "course.placement", "cases.view_course"
    )
    today = clock.today()
    requirement = None
    if placement.kind in COUNTING_KINDS:
        requirement = reasonableness.assess_company(
            placement.company, within=placement.span, without=placement.course
        )
    agreements = list(placement.agreements.all())
    context = {
        "placement": placement,
        "course": placement.course,
        "on": today,
        "running": placement.ended_on is None,
        "begun": placement.starts_on <= today,
        "renewal": getattr(placement, "renewed_by", None),
        "hours_spans": placement.hours_spans(),
        "is_internship": placement.kind == PlacementKind.INTERNSHIP,
        "may": request.user.has_perm("cases.manage_placements", placement.course),
        "agreement": agreements[0] if agreements else None,
        "agreements": agreements,
        "requirement": requirement,
        "warning": reasonableness.exceeded_text(requirement)
        if requirement is not None and requirement.exceeded and not placement.waived_few_hours
        else "",
    }
    return render_page(request, "companies/placement.html", context)


def _managed(request: AuthenticatedRequest, public_id: uuid.UUID, action: str) -> Placement:
    return get_of_course_or_404(request, placements(), public_id, action, "cases.manage_placements")


@edit_page
def renew(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Renew an internship for at most the trial's number of days (D14)."""
    placement = _managed(request, public_id, "course.placement.renew")
    form = RenewPlacementForm(form_data(request), placement=placement, initial=_renewal_initial(placement))
    return answer_form(request, form, back_url=placement_url(placement))


def _renewal_initial(placement: Placement) -> dict[str, Any]:
    """Return the initial values of a renewal: the next working day, the longest period, and the last
    internship hours; the ordinary hours are asked for (D38)."""
    if placement.last_day is None:
        return {}
    first = renewals.latest_renewal(placement.last_day)
    days = TrialTerms.objects.in_force_or_first(first).internship_max_days
    return {
        "starts_on": first,
        "planned_end_on": first + (days - 1) * DAY,
        "internship_hours": placement.last_hours.internship,
    }


@edit_page
def end(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of a placement, actual or planned."""
    placement = _managed(request, public_id, "course.placement.end")
    initial = {"ended_on": placement.ended_on or clock.today()}
    form = EndPlacementForm(form_data(request), placement=placement, initial=initial)
    return answer_form(request, form, back_url=placement_url(placement))


@edit_page
def hours(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the weekly hours from a day on (D20, D38)."""
    placement = _managed(request, public_id, "course.placement.hours")
    day = max(placement.starts_on, placement.span.until(clock.today()).last_day)
    hours = placement.hours_on(day)
    initial = {"from_on": day, "internship_hours": hours.internship, "ordinary_hours": hours.ordinary}
    form = ChangeHoursForm(form_data(request), placement=placement, initial=initial)
    return answer_form(request, form, back_url=placement_url(placement))


@require_POST
def withdraw(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Delete a placement that has not begun."""
    placement = _managed(request, public_id, "course.placement.withdraw")
    with errors_as_message(request):
        actions.withdraw_placement(placement, today=clock.today())
        messages.success(request, _("The placement is taken back."))
        return redirect(course_url(placement.course, "placements"))
    return redirect(placement_url(placement))


@edit_page
def withdraw_as_error(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a placement that was entered in error, with the reason; the user may enter it again."""
    if gone := _withdrawn(request, public_id):
        return gone
    placement = _managed(request, public_id, "course.placement.withdraw")
    form = WithdrawPlacementForm(form_data(request), placement=placement)
    return answer_form(request, form, back_url=course_url(placement.course, "placements"))
