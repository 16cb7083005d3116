"""The work agreement of a placement: the form, and the document to sign (D15)."""

import uuid
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from companies.actions import agreements, companies
from companies.actions.renewals import agreement_before
from companies.annex.questions import annex_on
from companies.forms.agreements import AgreementForm
from companies.forms.schedule import SameHoursForm, ScheduleFormSet, filled_days, schedule_initial
from companies.models import CompanyContact, Placement, WorkAgreement
from companies.presentation.agreements import week_in_words
from companies.presentation.schedule import agreed_warnings, renewal_warning
from companies.rules.placement_kinds import kinds_of_hours
from companies.rules.weekly_schedule import WorkPeriod
from companies.signing.policy import AgreementAct, permission
from companies.signing.views import agreement_url
from companies.views.placements import placement_url, placements
from jobfirst import clock
from jobfirst.kit.editing import edit_page, errors_shown_in, form_data
from jobfirst.kit.forms import form_helper
from jobfirst.kit.pages import render_page
from jobfirst.kit.versioned import FieldDifference, StaleError, differences

#: The name of the button that saves without putting the version up for signing.
DRAFT_BUTTON = "draft"


@edit_page
def edit(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Edit the work agreement; saving changed content makes a new version, which replaces the one before."""
    placement = get_of_course_or_404(
        request, placements(), public_id, "course.agreement", permission(AgreementAct.EDIT)
    )
    latest = placement.agreements.first()
    forms = _forms(request, placement, latest)
    form, lines = forms.content, []
    stale: list[FieldDifference] = []
    warnings: list[str] = []
    if forms.is_valid():
        lines = forms.week.lines()
        warnings = agreed_warnings(placement, lines, clock.today())
    if forms.is_valid() and _are_seen(request, warnings):
        try:
            with errors_shown_in(form):
                saved = _save(request, placement, form, lines)
                text = _("Version %(number)d of the work agreement is saved.") % {"number": saved.number}
                messages.success(request, text)
                return redirect(agreement_url(saved))
        except StaleError as error:
            current: Any = error.current
            stale = [*differences(form, current), _week_difference(current, lines)]
            form.rebase(error.version)
    context = {
        "form": form,
        "schedule": forms.week,
        "same_hours": forms.same_hours,
        "warnings": warnings,
        "draft_warnings": renewal_warning(latest) if latest else [],
        "warned": _as_text(warnings),
        "stale": stale,
        "placement": placement,
        "latest": latest,
        "annex": annex_on(clock.today()),
        "back_url": placement_url(placement),
        "page_title": _("Work agreement"),
        "draft_button": DRAFT_BUTTON,
    }
    return render_page(request, "companies/agreement_form.html", context, status=409 if stale else 200)


class AgreementForms(NamedTuple):
    """The forms on the page of a work agreement: its content, its week, and the same hours for many days."""

    content: Any
    week: Any
    same_hours: SameHoursForm

    def is_valid(self) -> bool:
        """Whether the agreement was sent to be saved, and both of its forms are valid."""
        return self.content.is_bound and all([self.content.is_valid(), self.week.is_valid()])


def _are_seen(request: AuthenticatedRequest, warnings: list[str]) -> bool:
    """Whether the warnings are those that the page showed before it was sent."""
    return not warnings or request.POST.get("warned") == _as_text(warnings)


def _as_text(warnings: list[str]) -> str:
    return " ".join(warnings)


def _forms(
    request: AuthenticatedRequest, placement: Placement, latest: WorkAgreement | None
) -> AgreementForms:
    """Return the forms with the newest version's values, or, while the same hours are filled in for many
    days, with what was typed."""
    data = form_data(request)
    fills_days = data is not None and SameHoursForm.BUTTON in data
    hours = {"kinds": kinds_of_hours(placement.kind)}
    same_hours = SameHoursForm(data if fills_days else None, prefix="same", **hours)
    if data is not None and fills_days:
        initial: dict[str, Any] = data.dict()
        week = filled_days(data, same_hours, prefix="week")
    else:
        before = latest or agreement_before(placement)
        initial = {} if latest else _agreement_initial(placement, before)
        week = schedule_initial(before.periods() if before else ())
    form: Any = AgreementForm(
        None if fills_days else data,
        instance=latest or WorkAgreement(placement=placement, version=0),
        contacts=_contacts(placement),
        initial=initial,
    )
    form.helper = form_helper(form_tag=False, layout=form.layout)
    form.helper.disable_csrf = True  # the page's own form carries the token
    return AgreementForms(
        form,
        ScheduleFormSet(None if fills_days else data, prefix="week", initial=week, form_kwargs=hours),
        same_hours,
    )


def _agreement_initial(placement: Placement, before: WorkAgreement | None) -> dict[str, Any]:
    """Return the initial values of a first agreement: for a renewal what held last (D38), else the match's
    job function and the course's accommodations."""
    if before is not None:
        return {name: getattr(before, name) for name in WorkAgreement.written_names()}
    contact = _contacts(placement).first()
    return {
        "tasks": placement.match.job_function if placement.match else "",
        "accommodations": agreements.accommodations_on(placement.course, placement.starts_on),
        "company_contact": contact.pk if contact else None,
    }


def _contacts(placement: Placement) -> QuerySet[CompanyContact]:
    """Return the company's contact persons that the course's project may use (D39)."""
    return placement.company.contacts.of_projects([placement.course.project_id])


@transaction.atomic
def _save(
    request: AuthenticatedRequest, placement: Placement, form: AgreementForm, lines: list[WorkPeriod]
) -> WorkAgreement:
    """Save the agreement and, if there is a new one, the contact person, in one transaction."""
    data = form.cleaned_data
    contact: CompanyContact = data["company_contact"] or companies.save_contact(
        placement.company,
        {name: data[f"contact_{name}"] for name in CompanyContact.DETAILS},
        project=placement.course.project,
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
        valid_from=data["valid_from"],
        is_draft=DRAFT_BUTTON in request.POST,
    )


def _week_difference(current: WorkAgreement, lines: list[WorkPeriod]) -> FieldDifference:
    return FieldDifference(_("Weekly schedule"), week_in_words(current.periods()), week_in_words(lines))
