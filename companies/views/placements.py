"""Matches and placements of one course: agreed, renewed, changed, ended."""

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
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
from cases.views.common import answer_form, course_url, form_page, last_day_allowed, posted
from companies.actions import companies, matches
from companies.actions import placements as actions
from companies.forms.companies import CompanyFieldsMixin
from companies.forms.placements import (
    EndPlacementForm,
    HoursForm,
    MatchForm,
    PlacementForm,
    RenewForm,
    WithdrawPlacementForm,
)
from companies.models import Company, Placement, PlacementKind
from companies.presentation import reasonableness
from companies.presentation.placements import described
from companies.rules import renewals
from companies.rules.reasonableness import COUNTING_KINDS
from jobfirst import clock
from jobfirst.dates import DAY, DateSpan
from jobfirst.kit.forms import attempt, form_helper
from jobfirst.kit.pages import render_page

ZERO = Decimal(0)


def placements() -> QuerySet[Placement]:
    """Placements with what their own page shows."""
    rows: QuerySet[Placement] = Placement.objects.select_related("company", "match", "renews", "renewed_by")
    return rows.prefetch_related("agreements", "course__holdings")


def placement_url(placement: Placement) -> str:
    """The placement's own page."""
    return reverse("companies:placement", args=[placement.public_id])


def known_companies(course: Course) -> QuerySet[Company]:
    """Companies to suggest in a form: those that the project has used, at most a list's worth."""
    used = Placement.objects.filter(course__project_id=course.project_id).values("company_id")
    matched = course.matches.values("company_id")
    return (Company.objects.filter(pk__in=used) | Company.objects.filter(pk__in=matched)).distinct()[:300]


def _company(form: CompanyFieldsMixin) -> Company:
    """The company that the form names, registered now if it is new."""
    known = form.known_company
    return known or companies.save_company(form.cleaned_data["cvr"], name=form.cleaned_data["company_name"])


@form_page
def new_match(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a match between the citizen and a company (D14)."""
    course = get_course_or_404(request, public_id, "course.match", "cases.manage_placements")
    form = MatchForm(
        posted(request), initial={"matched_on": clock.today(), "cvr": request.GET.get("cvr", "")[:8]}
    )
    form.helper = form_helper(_("Save"), cancel_url=course_url(course, "placements"))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: matches.record_match(
                course,
                _company(form),
                matched_on=form.cleaned_data["matched_on"],
                job_function=form.cleaned_data["job_function"],
                why=form.cleaned_data["why"],
                by=request.user,
                submission=form.submission,
                not_after=last_day_allowed(),
            ),
        )
        if done is not None:
            messages.success(request, _("The match is recorded. The internship can be agreed."))
            return redirect(course_url(course, "placements"))
    context = {
        "form": form,
        "page_title": _("Record a match"),
        "page_intro": course.citizen_name,
        "back_url": course_url(course, "placements"),
        "known_companies": known_companies(course),
    }
    return render_page(request, "companies/placement_form.html", context)


@form_page
def new_placement(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Agree a placement of any kind. What speaks against it is shown once, and can then be set aside."""
    course = get_course_or_404(request, public_id, "course.placement", "cases.manage_placements")
    form = PlacementForm(posted(request), initial=_start_with(request, course))
    form.helper = form_helper(_("Save"), cancel_url=course_url(course, "placements"))
    found: list[str] = []
    if request.method == "POST" and form.is_valid():
        found = [] if form.cleaned_data["warned"] else _warnings(course, form)
        if found:
            data = request.POST.copy()
            data["warned"] = "on"
            form.data = data
        else:
            agreed = attempt(form, lambda: _start(course, form))
            if agreed is not None:
                messages.success(request, _("The placement is agreed."))
                return redirect(placement_url(agreed))
    context = {
        "form": form,
        "page_title": _("New placement"),
        "page_intro": course.citizen_name,
        "back_url": course_url(course, "placements"),
        "warnings": found,
        "known_companies": known_companies(course),
    }
    return render_page(request, "companies/placement_form.html", context)


def _start_with(request: AuthenticatedRequest, course: Course) -> dict[str, Any]:
    """What the form starts with: the kind and company that the address names, and the longest period."""
    today = max(clock.today(), course.started_on)
    kind = request.GET.get("kind", "")
    start: dict[str, Any] = {
        "kind": kind if kind in PlacementKind.values else PlacementKind.SNIFFING,
        "cvr": request.GET.get("cvr", "")[:8],
        "starts_on": today,
    }
    if kind == PlacementKind.INTERNSHIP:
        days = TrialTerms.objects.in_force(today).internship_max_days
        start["planned_end_on"] = today + (days - 1) * DAY
        latest = course.matches.select_related("company").first()
        if not start["cvr"] and latest is not None:
            start["cvr"] = latest.company.cvr
    return start


def _warnings(course: Course, form: PlacementForm) -> list[str]:
    """What to think of before the placement is agreed; nothing when the company is new."""
    if form.known_company is None:
        return []
    data = form.cleaned_data
    agreed = reasonableness.Agreed(
        kind=data["kind"],
        span=DateSpan(data["starts_on"], data["planned_end_on"]),
        waived_few_hours=data["waived_few_hours"],
        waived_employment=data["waived_employment"],
    )
    return reasonableness.warnings(course, form.known_company, agreed)


def _start(course: Course, form: PlacementForm) -> Placement:
    data = form.cleaned_data
    return actions.start_placement(
        course,
        _company(form),
        kind=data["kind"],
        starts_on=data["starts_on"],
        planned_end_on=data["planned_end_on"],
        p_number=data["p_number"],
        internship_hours=data["internship_hours"] or ZERO,
        ordinary_hours=data["ordinary_hours"] or ZERO,
        waived_few_hours=data["waived_few_hours"],
        waived_employment=data["waived_employment"],
        submission=form.submission,
    )


def _withdrawn(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse | None:
    """The way back for whoever comes to a placement that is withdrawn, by an old link or the back button."""
    row = Placement.everything.filter(public_id=public_id, withdrawn_at__isnull=False)
    one = row.visible_to(request.user).select_related("course").first()
    if one is None:
        return None
    messages.info(request, _("The placement is withdrawn as entered in error."))
    return redirect(course_url(one.course, "placements"))


@require_safe
def placement(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """One placement: its days and hours, what it renews, its work agreements, and the company's places."""
    if gone := _withdrawn(request, public_id):
        return gone
    one = get_of_course_or_404(request, placements(), public_id, "course.placement", "cases.view_course")
    today = clock.today()
    requirement = None
    if one.kind in COUNTING_KINDS:
        requirement = reasonableness.assess_company(one.company, within=one.span, without=one.course)
    agreements = list(one.agreements.all())
    context = {
        "placement": one,
        "course": one.course,
        "on": today,
        "running": one.ended_on is None,
        "begun": one.starts_on <= today,
        "renewal": getattr(one, "renewed_by", None),
        "is_internship": one.kind == PlacementKind.INTERNSHIP,
        "may": request.user.has_perm("cases.manage_placements", one.course),
        "agreement": agreements[0] if agreements else None,
        "agreements": agreements,
        "requirement": requirement,
        "warning": reasonableness.exceeded_text(requirement)
        if requirement is not None and requirement.exceeded and not one.waived_few_hours
        else "",
    }
    return render_page(request, "companies/placement.html", context)


def _managed(request: AuthenticatedRequest, public_id: uuid.UUID, action: str) -> Placement:
    return get_of_course_or_404(request, placements(), public_id, action, "cases.manage_placements")


@form_page
def renew(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Renew an internship, from the day after it ends and for at most the trial's number of days (D14)."""
    one = _managed(request, public_id, "course.placement.renew")
    form = RenewForm(posted(request), initial=_renewal(one))
    return answer_form(
        request,
        form,
        lambda: actions.renew_placement(
            one,
            starts_on=form.cleaned_data["starts_on"],
            planned_end_on=form.cleaned_data["planned_end_on"],
            internship_hours=form.cleaned_data["internship_hours"],
            ordinary_hours=form.cleaned_data["ordinary_hours"],
            submission=form.submission,
        ),
        title=_("Renew the internship"),
        intro=f"{one.course.citizen_name}, {one.company}",
        back_url=placement_url(one),
        saved=_("The internship is renewed."),
    )


def _renewal(one: Placement) -> dict[str, Any]:
    """What a renewal starts with: the next working day, the longest period, the hours of today."""
    if one.last_day is None:
        return {}
    first = renewals.latest_renewal(one.last_day)
    days = TrialTerms.objects.in_force(first).internship_max_days
    return {
        "starts_on": first,
        "planned_end_on": first + (days - 1) * DAY,
        "internship_hours": one.internship_hours,
        "ordinary_hours": one.ordinary_hours,
    }


@form_page
def end(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of a placement, or plan it."""
    one = _managed(request, public_id, "course.placement.end")
    form = EndPlacementForm(
        posted(request), instance=one, initial={"ended_on": one.ended_on or clock.today()}
    )
    return answer_form(
        request,
        form,
        lambda: actions.end_placement(
            one,
            ended_on=form.cleaned_data["ended_on"],
            today=clock.today(),
            version=form.opened_version,
        ),
        title=_("The last day"),
        intro=f"{one.course.citizen_name}, {one.company}",
        back_url=placement_url(one),
        saved=_("The last day is saved."),
    )


@form_page
def hours(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the weekly hours (D20)."""
    one = _managed(request, public_id, "course.placement.hours")
    form = HoursForm(posted(request), instance=one)
    return answer_form(
        request,
        form,
        lambda: actions.change_hours(
            one,
            internship_hours=form.cleaned_data["internship_hours"],
            ordinary_hours=form.cleaned_data["ordinary_hours"],
            version=form.opened_version,
        ),
        title=_("Weekly hours"),
        intro=f"{one.course.citizen_name}, {one.company}",
        back_url=placement_url(one),
        saved=_("The hours are saved."),
    )


@require_POST
def withdraw(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back a placement that never began."""
    one = _managed(request, public_id, "course.placement.withdraw")
    try:
        actions.withdraw_placement(one, today=clock.today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(placement_url(one))
    messages.success(request, _("The placement is taken back."))
    return redirect(course_url(one.course, "placements"))


@form_page
def withdraw_as_error(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a placement that was entered in error, with the reason; it is entered anew if need be."""
    if gone := _withdrawn(request, public_id):
        return gone
    one = _managed(request, public_id, "course.placement.withdraw")
    form = WithdrawPlacementForm(posted(request), instance=one)
    return answer_form(
        request,
        form,
        lambda: actions.withdraw_as_error(
            one,
            reason=form.cleaned_data["withdrawn_reason"],
            by=request.user,
            today=clock.today(),
            version=form.opened_version,
        ),
        title=_("Entered in error: withdraw the placement"),
        intro=" ".join([described(one), _("What has been paid for it is adjusted.")]),
        back_url=course_url(one.course, "placements"),
        submit=_("Mark as entered in error"),
        saved=_("The placement is withdrawn. It counts nowhere, and can be entered anew."),
    )
