"""Matches and placements of one course: agree, show, renew. `placement_changes` has the rest."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown
from cases.access import get_course_or_404, get_of_course_or_404
from cases.models import Course
from cases.views.common import course_url
from companies.forms.placements import MatchForm, PlacementForm, RenewPlacementForm
from companies.models import Company, Placement, PlacementKind
from companies.presentation.placement_page import placement_page
from companies.presentation.placements import KIND_HINTS
from companies.rules import renewals
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data, requested_day
from jobfirst.kit.pages import render_page
from jobfirst.values.dates import DAY


def placements() -> QuerySet[Placement]:
    """Return placements with the rows that their page shows."""
    rows: QuerySet[Placement] = Placement.objects.with_hours().select_related(
        "company", "workplace", "match", "renews", "renewed_by", "waived_by", "representative_recorded_by"
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
    """Agree a placement: first the kind, then the fields that fit it. Warnings are shown once; saving again
    ignores them."""
    course = get_course_or_404(request, public_id, "course.placement", "cases.manage_placements")
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in PlacementKind.values:
        return _choose_kind(request, course)
    shows_fields = PlacementForm.OTHER_KIND in request.POST
    initial = request.POST.dict() if shows_fields else _placement_initial(request, course, kind)
    form = PlacementForm(
        None if shows_fields else form_data(request), course=course, kind=kind, initial=initial
    )
    if shows_fields:
        form.back_url, form.action_url = course_url(course, "placements"), request.get_full_path()
        context: dict[str, Any] = {"form": form, "page_title": form.title, "page_intro": form.intro}
        context |= {"back_url": form.back_url, "known_companies": known_companies(course)}
        return render_page(request, "companies/placement_form.html", context)
    return answer_form(
        request,
        form,
        back_url=course_url(course, "placements"),
        success_url=placement_url,
        template="companies/placement_form.html",
        context={"known_companies": known_companies(course)},
    )


def _choose_kind(request: AuthenticatedRequest, course: Course) -> HttpResponse:
    """Show the kinds to choose from; what the URL suggests goes along."""
    query = request.GET.copy()
    kinds = []
    for kind in PlacementKind:
        query["kind"] = kind
        kinds.append((f"?{query.urlencode()}", kind.label, KIND_HINTS[kind]))
    context = {"course": course, "kinds": kinds, "back_url": course_url(course, "placements")}
    return render_page(request, "companies/choose_kind.html", context)


def _placement_initial(request: AuthenticatedRequest, course: Course, kind: str) -> dict[str, Any]:
    """Return the initial values: company and first day from the URL, and the longest period; of an
    internship also the company and workplace of the newest match."""
    first = requested_day(request) or max(clock.today(), course.started_on)
    start: dict[str, Any] = {
        "kind": kind,
        "cvr": request.GET.get("cvr", "")[:8],
        "starts_on": first,
    }
    if kind == PlacementKind.INTERNSHIP:
        days = TrialTerms.objects.in_force_or_first(first).internship_max_days
        start["planned_end_on"] = first + (days - 1) * DAY
        latest = course.matches.select_related("company").first()
        if not start["cvr"] and latest is not None:
            start["cvr"] = latest.company.cvr
            dialogue = latest.dialogues.select_related("workplace").first()
            if dialogue is not None and dialogue.workplace is not None:
                start["workplace"] = str(dialogue.workplace.public_id)
    return start


def withdrawn_answer(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse | None:
    """Redirect from the page of a withdrawn placement (an old link or the back button) to the course."""
    row = Placement.everything.filter(public_id=public_id, withdrawn_at__isnull=False)
    placement = row.visible_to(request.user).select_related("course").first()
    if placement is None:
        return None
    messages.info(
        request,
        _("It is recorded that the citizen never came.")
        if placement.is_no_show
        else _("The placement is withdrawn as entered in error."),
    )
    return redirect(course_url(placement.course, "placements"))


@require_safe
def placement(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a placement: days, hours, renewal, work agreements, and the company's places."""
    if gone := withdrawn_answer(request, public_id):
        return gone
    placement = get_of_course_or_404(
        request, placements(), public_id, "course.placement", "cases.view_course"
    )
    context = placement_page(placement, request.user, clock.today())
    named_citizens = [course.citizen.public_id for course in context["named_courses"]]
    if named_citizens:  # beside the citizen of the page itself
        record_shown(request.user, "course.placement", named_citizens)
    return render_page(request, "companies/placement.html", context)


def managed_placement(request: AuthenticatedRequest, public_id: uuid.UUID, action: str) -> Placement:
    """Return a placement that the user may change, as `get_of_course_or_404` does."""
    return get_of_course_or_404(request, placements(), public_id, action, "cases.manage_placements")


@edit_page
def renew(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Renew an internship for at most the trial's number of days (D14)."""
    placement = managed_placement(request, public_id, "course.placement.renew")
    form = RenewPlacementForm(form_data(request), placement=placement, initial=_renewal_initial(placement))
    return answer_form(
        request, form, back_url=placement_url(placement), template="companies/placement_form.html"
    )


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
