"""The work agreement of a placement: the form, and the document to sign (D15)."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from companies.actions import agreements, companies
from companies.forms.agreements import AgreementForm, ScheduleFormSet, schedule_initial
from companies.models import AnnexQuestions, CompanyContact, HoursKind, Placement, WorkAgreement
from companies.presentation.agreements import week_in_words
from companies.rules.weekly_schedule import WorkPeriod
from companies.views.placements import placement_url, placements
from jobfirst import clock
from jobfirst.kit.editing import edit_page, errors_shown_in, form_data
from jobfirst.kit.forms import form_helper
from jobfirst.kit.pages import render_page
from jobfirst.kit.versioned import FieldDifference, StaleError, differences


@edit_page
def edit(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Edit the work agreement; saving changed content makes a new version, which replaces the one before."""
    placement = get_of_course_or_404(
        request, placements(), public_id, "course.agreement", "cases.manage_placements"
    )
    latest = placement.agreements.first()
    form, schedule = _forms(request, placement, latest)
    stale: list[FieldDifference] = []
    if request.method == "POST" and all([form.is_valid(), schedule.is_valid()]):
        try:
            with errors_shown_in(form):
                saved = _save(request, placement, form, schedule.lines())
                text = _("Version %(number)d of the work agreement is saved.") % {"number": saved.number}
                messages.success(request, text)
                return redirect(placement_url(placement))
        except StaleError as error:
            current: Any = error.current
            stale = [*differences(form, current), _week_difference(current, schedule.lines())]
            form.rebase(error.version)
    context = {
        "form": form,
        "schedule": schedule,
        "stale": stale,
        "placement": placement,
        "latest": latest,
        "annex": AnnexQuestions.objects.in_force_or_first(clock.today()),
        "back_url": placement_url(placement),
        "page_title": _("Work agreement"),
        "kinds": HoursKind.choices,
    }
    return render_page(request, "companies/agreement_form.html", context, status=409 if stale else 200)


def _forms(
    request: AuthenticatedRequest, placement: Placement, latest: WorkAgreement | None
) -> tuple[Any, Any]:
    """Return the forms of the content and of the week, filled with the newest version's values."""
    form: Any = AgreementForm(
        form_data(request),
        instance=latest or WorkAgreement(placement=placement, version=0),
        company=placement.company,
        initial={} if latest else _agreement_initial(placement),
    )
    schedule = ScheduleFormSet(
        form_data(request),
        prefix="week",
        initial=schedule_initial(latest.periods() if latest else ()),
    )
    form.helper = form_helper(form_tag=False, layout=form.layout)
    form.helper.disable_csrf = True  # the page's own form carries the token
    return form, schedule


def _agreement_initial(placement: Placement) -> dict[str, Any]:
    """Return the initial values of a first agreement: the match's job function, the course's
    accommodations."""
    contact = placement.company.contacts.first()
    return {
        "tasks": placement.match.job_function if placement.match else "",
        "accommodations": agreements.accommodations_on(placement.course, placement.starts_on),
        "company_contact": contact.pk if contact else None,
    }


@transaction.atomic
def _save(
    request: AuthenticatedRequest, placement: Placement, form: AgreementForm, lines: list[WorkPeriod]
) -> WorkAgreement:
    """Save the agreement and, if there is a new one, the contact person, in one transaction."""
    data = form.cleaned_data
    contact: CompanyContact = data["company_contact"] or companies.save_contact(
        placement.company,
        {name: data[f"contact_{name}"] for name in CompanyContact.DETAILS},
        submission=form.submission,
    )
    return agreements.save_agreement(
        placement,
        content={name: data[name] for name in WorkAgreement.written_names()},
        contact=contact,
        schedule=lines,
        made_on=clock.today(),
        by=request.user,
        version=form.opened_version,
        submission=form.submission,
    )


def _week_difference(current: WorkAgreement, lines: list[WorkPeriod]) -> FieldDifference:
    return FieldDifference(_("Weekly schedule"), week_in_words(current.periods()), week_in_words(lines))
