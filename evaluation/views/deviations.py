"""Deviations from the protocol (D59): the leader's list by name, the agency's by number in the ledger."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project, TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from cases.access import get_referral_or_404
from cases.models import ShutOut, open_to
from cases.views.withdrawals import answer_withdrawal
from evaluation.deviations.actions import may_be_without_reason
from evaluation.deviations.forms import (
    CorrectDeviationForm,
    RecordDeviationForm,
    RecordTrialDeviationForm,
    WithdrawDeviationForm,
)
from evaluation.deviations.models import Deviation, DeviationQuerySet
from evaluation.deviations.suggestions import find_suggested
from evaluation.deviations.tables import (
    DeviationTable,
    ProjectDeviationTable,
    ProjectSuggestedTable,
    SuggestedTable,
    TrialDeviationTable,
    TrialSuggestedTable,
)
from evaluation.views.led_project import chosen_project
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import KitTable, paged
from jobfirst.row_security.context import all_projects
from randomization.models import Allocation

#: The value of `show` that asks for the suggested deviations instead of the recorded ones.
SUGGESTED = "suggested"


@require_safe
def deviations(request: AuthenticatedRequest) -> HttpResponse:
    """List the deviations of a led project (`?project=slug`), or those that the records suggest
    (`?show=suggested`). Records the citizens named on the page."""
    project, projects = chosen_project(request)
    table, context = _lists(request, project, ProjectDeviationTable, ProjectSuggestedTable)
    citizens = {_allocation_of(row).citizen.public_id for row in table.records}
    record_shown(request.user, table.access_action("deviations"), citizens)
    context |= {
        "page_title": _("Deviations from the protocol – %(project)s") % {"project": project},
        "back_url": reverse("evaluation:dashboard"),
        "back_label": _("Dashboard"),
        "project": project,
        "projects": projects,
    }
    return render_page(request, "evaluation/deviations.html", context, fragment="kit/list_fragment.html")


@require_safe
@requires("evaluation.record_trial_deviation")
def trial_deviations(request: AuthenticatedRequest) -> HttpResponse:
    """List the deviations of the trial by number in the ledger, or the suggested ones, for the agency."""
    table, context = _lists(request, None, TrialDeviationTable, TrialSuggestedTable)
    citizens = {_allocation_of(row).citizen.public_id for row in table.records}
    record_shown(request.user, table.access_action("trial_deviations"), citizens)
    context |= {
        "page_title": _("Deviations from the protocol"),
        "back_url": reverse("evaluation:trial"),
        "back_label": _("The trial"),
        "record_url": reverse("evaluation:record_trial_deviation"),
    }
    return render_page(request, "evaluation/deviations.html", context, fragment="kit/list_fragment.html")


def _lists(
    request: AuthenticatedRequest,
    project: Project | None,
    recorded_table: type[DeviationTable],
    suggested_table: type[SuggestedTable],
) -> tuple[KitTable, dict[str, Any]]:
    """Return the list that the address asks for, and the context that both pages share."""
    today = clock.today()
    terms = TrialTerms.objects.in_force_or_first(today)
    recorded = _recorded(project)
    suggested = find_suggested(today, terms, project)
    if project is not None:  # by name; the agency's are by number in the ledger
        recorded = recorded.filter(open_to(request.user, "allocation__citizen"))
        closed = set(ShutOut.objects.in_force().filter(user=request.user).values_list("citizen", flat=True))
        suggested = [row for row in suggested if row.allocation.citizen_id not in closed]
    shows_suggested = request.GET.get("show") == SUGGESTED
    table: KitTable = suggested_table(suggested) if shows_suggested else recorded_table(recorded)
    empty = Empty(_("The records suggest no further deviation."))
    if not shows_suggested:
        empty = Empty(_("No deviation is recorded. Everybody got what the draw said, as far as is known."))
    paged(request, table)
    context = {
        "shows_suggested": shows_suggested,
        "recorded_count": recorded.count() if shows_suggested else table.total,
        "suggested_count": len(suggested),
        "days": terms.never_started_days,
        "today": today,
        "table": table,
        "empty": empty,
    }
    return table, context


def _recorded(project: Project | None) -> QuerySet[Deviation]:
    """Return the deviations that stand, of a project or of the trial, with what the lists show."""
    rows = Deviation.objects.select_related(
        "allocation__citizen", "allocation__referral", "allocation__project", "recorded_by"
    )
    return rows.filter(allocation__project=project) if project else rows


def _allocation_of(row: Any) -> Allocation:
    allocation: Allocation = row.allocation
    return allocation


@edit_page
def record_deviation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a deviation of a citizen whom a led project has referred (`?kind=` chooses the kind)."""
    referral = get_referral_or_404(request, public_id, "deviations.record", "evaluation.record_deviation")
    allocation = Allocation.objects.select_related("referral").filter(referral=referral).first()
    if allocation is None:
        raise Http404
    initial = {"kind": request.GET.get("kind", ""), "happened_on": clock.today()}
    form = RecordDeviationForm(
        form_data(request), allocation=allocation, today=clock.today(), initial=initial
    )
    back_url = reverse("randomization:allocation", args=[public_id])
    context = {"back_label": _("The draw"), "page_title": f"{form.title}: {referral.name}"}
    return answer_form(request, form, back_url=back_url, context=context)


@edit_page
@requires("evaluation.record_trial_deviation")
def record_trial_deviation(request: AuthenticatedRequest) -> HttpResponse:
    """Record a deviation as the agency, by number in the ledger (`?number=`, `?kind=`)."""
    initial = {
        "number": request.GET.get("number", ""),
        "kind": request.GET.get("kind", ""),
        "happened_on": clock.today(),
    }
    form = RecordTrialDeviationForm(form_data(request), allocation=None, today=clock.today(), initial=initial)
    return answer_form(
        request,
        form,
        back_url=reverse("evaluation:trial_deviations"),
        context={"back_label": _("Deviations from the protocol")},
    )


@edit_page
def correct_deviation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a deviation: the leader one of the project, the agency one of its own (D41)."""
    deviation = _get_deviation_or_404(request, public_id, "deviations.correct")
    form = CorrectDeviationForm(form_data(request), instance=deviation, by=request.user, today=clock.today())
    return answer_form(request, form, back_url=_list_of(deviation))


@edit_page
def withdraw_deviation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a deviation that was recorded in error (D41); one that is withdrawn says so, and by whom."""
    deviation = _get_deviation_or_404(request, public_id, "deviations.withdraw", Deviation.everything.all())
    form = WithdrawDeviationForm(
        form_data(request),
        row=deviation,
        is_own_slip=may_be_without_reason(deviation, request.user),
        intro=f"{deviation.get_kind_display()}, {deviation.happened_on:%d-%m-%Y}",
    )
    return answer_withdrawal(request, form, back_url=_list_of(deviation))


def _get_deviation_or_404(
    request: AuthenticatedRequest,
    public_id: uuid.UUID,
    action: str,
    deviations: DeviationQuerySet | None = None,
) -> Deviation:
    """Return a deviation that the user may correct, on record; 404 otherwise, also on record.

    Those withdrawn are left out unless they are among `deviations`.
    """
    rows = Deviation.objects.all() if deviations is None else deviations
    rows = rows.changeable_by(request.user).select_related("allocation__citizen", "allocation__project")
    deviation = rows.filter(public_id=public_id).first()
    if deviation is None:
        foreign = Deviation.everything.filter(public_id=public_id)
        citizens = foreign.values_list("allocation__citizen__public_id", flat=True)
        with all_projects("the record of a refusal names the citizen asked for, of whatever project"):
            record_refused(request.user, action, public_id, citizens)
        raise Http404
    record_shown(request.user, action, [deviation.allocation.citizen.public_id])
    return deviation


def _list_of(deviation: Deviation) -> str:
    """Return the address of the list on which the deviation stands for who may correct it."""
    if deviation.is_agencys:
        return reverse("evaluation:trial_deviations")
    return f"{reverse('evaluation:deviations')}?project={deviation.allocation.project.slug}"
