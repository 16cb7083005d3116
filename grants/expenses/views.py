"""A project's expenses: budget against spent, the vouchers with their files (D25, D31)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, requires
from audit.downloads import answers_with_file
from cases.views.withdrawals import answer_row_act
from grants import policy
from grants.expenses import actions, files
from grants.expenses.forms import VoucherForm, WithdrawForm
from grants.models import Award, CostCategory, Voucher
from grants.presentation.export import DownloadFile
from grants.presentation.tables.vouchers import VoucherTable
from grants.statements.views.common import download_response, project_or_404
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("grants.view_statements")
def expenses(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Budget against spent per category, the share of the effort, statutory costs apart, and the vouchers."""
    project = project_or_404(request, slug, "grants.expenses")
    rows = Voucher.objects.filter(project=project).select_related("municipality")
    may_enter = request.user.has_perm("grants.enter_vouchers", project)
    url = reverse("grants:new_voucher", args=[slug]) if may_enter else ""
    today = clock.today()
    project_expenses = actions.project_expenses(project, today)
    labels = dict(CostCategory.choices)
    context: dict[str, Any] = {
        "project": project,
        "expenses": project_expenses,
        "coming": Award.objects.filter(project=project, valid_from__gt=today).order_by("valid_from").first(),
        "categories": [(labels[line.category], line) for line in project_expenses.categories],
        "table": paged(request, VoucherTable(rows, may_withdraw=may_enter)),
        "may_enter": may_enter,
        "empty": Empty(_("No voucher has been entered yet."), url, _("Enter a voucher")),
    }
    return render_page(request, "grants/expenses.html", context, fragment="kit/list_fragment.html")


def _led_project_or_404(request: AuthenticatedRequest, slug: str, action: str) -> Project:
    """Return the project if the user leads it."""
    project = project_or_404(request, slug, action)
    if not request.user.has_perm("grants.enter_vouchers", project):
        record_refused(request.user, action, slug)
        raise Http404
    return project


@edit_page
@requires("grants.enter_vouchers")
def new_voucher(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Enter a voucher with its file. A file that is not what it says it is: refused, nothing stored."""
    project = _led_project_or_404(request, slug, "grants.new_voucher")
    form = VoucherForm(form_data(request), request.FILES or None, project=project)
    return answer_form(request, form, back_url=reverse("grants:expenses", args=[slug]))


@answers_with_file
@require_safe
@requires("grants.view_statements")
def voucher_file(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The voucher's file, always as a download, under a name of our own."""
    voucher = _voucher_or_404(request, public_id, "grants.voucher_file")
    content = None if voucher.is_erased else files.read(voucher.file_sha256)
    if content is None:
        raise Http404
    name = f"{_('voucher')}-{voucher.on.isoformat()}-{voucher.file_sha256[:8]}.{voucher.file_type}"
    return download_response(DownloadFile(name, files.TYPES[voucher.file_type], content))


@edit_page
@requires("grants.enter_vouchers")
def withdraw_voucher(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a voucher out of the sums, with a reason."""
    voucher = _voucher_or_404(request, public_id, "grants.withdraw_voucher")
    if not request.user.has_perm("grants.enter_vouchers", voucher.project):
        record_refused(request.user, "grants.withdraw_voucher", public_id)
        raise Http404
    back = reverse("grants:expenses", args=[voucher.project.slug])
    if voucher.withdrawn_at and request.method != "POST":
        messages.info(request, _("The voucher is withdrawn already."))
        return redirect(back)
    form = WithdrawForm(form_data(request), voucher=voucher)
    return answer_row_act(
        request,
        form,
        back_url=back,
        template="grants/withdraw_voucher.html",
        context={"voucher": voucher},
    )


def _voucher_or_404(request: AuthenticatedRequest, public_id: uuid.UUID, action: str) -> Voucher:
    rows = Voucher.objects.filter(project__in=policy.statement_projects(request.user))
    voucher = rows.select_related("project", "municipality").filter(public_id=public_id).first()
    if voucher is None:
        record_refused(request.user, action, public_id)
        raise Http404
    return voucher
