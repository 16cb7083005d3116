"""The lifecycle of a statement (D30): the leader submits it, the agency checks, approves and pays it."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Project, User
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from audit.downloads import answers_with_file
from grants import policy
from grants.models import ShowingChannel, SnapshotKind, Statement, StatementState
from grants.models.statement import PENDING
from grants.presentation import consequences, export
from grants.presentation.explanation import look_back_warnings
from grants.presentation.figures import figure_rows, since_rows
from grants.presentation.tables.events import EventTable, adjustment_table
from grants.presentation.tables.statements import StatementTable, query_of
from grants.reckoning.statement import StatementView
from grants.statements import actions
from grants.statements.doubt_answers import doubts_to_show
from grants.statements.forms import (
    ApproveForm,
    PayForm,
    SendBackForm,
    StatementDecisionForm,
    StatementForm,
    SubmitForm,
)
from grants.statements.views.common import BackLink, download_response, project_or_404, save_snapshot
from grants.statements.views.doubts import doubt_context
from grants.statements.views.drafts import (
    DOWNLOADS,
    in_full,
    last_day_to_submit,
    submission_objection,
)
from grants.storage import submitted
from jobfirst import clock
from jobfirst.kit.editing import (
    answer_form,
    edit_page,
    errors_as_message,
    errors_shown_in,
    form_data,
)
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("grants.view_statements")
def statements(request: AuthenticatedRequest) -> HttpResponse:
    """The submitted statements of the projects the user may see, pending ones first."""
    rows = policy.statements(request.user)
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state")
    if state in counts:
        rows = rows.filter(state=state)
    pending_first = Case(When(state__in=PENDING, then=0), default=1)
    context = {
        "page_title": _("Submitted statements"),
        "page_intro": _("Each is kept as it was submitted, whatever has happened since."),
        "back": BackLink(reverse("grants:statement"), _("Grant statement")),
        "states": [(option, counts[option]) for option in StatementState if option in counts],
        "state": state,
        "table": paged(request, StatementTable(rows.order_by(pending_first, "-submitted_at", "-pk"))),
        "empty": Empty(
            _("No statement has been submitted yet. The project leader submits it from the project's draft."),
            reverse("grants:statement"),
            _("Grant statement"),
        ),
    }
    return render_page(request, "grants/statements.html", context, fragment="kit/list_fragment.html")


@require_http_methods(["GET", "POST"])
@requires("grants.submit_statement")
def submit(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """The figures once more, the declaration, and the button that submits the statement."""
    project = project_or_404(request, slug, "grants.submit")
    if not request.user.has_perm("grants.submit_statement", project):
        record_refused(request.user, "grants.submit", slug)
        raise Http404
    data = request.POST.copy() if request.method == "POST" else None
    filter_form = StatementForm(request.GET if data is None else data, year=clock.today().year)
    draft = filter_form.draft([project], in_full)
    if draft is None:
        return redirect("grants:project", slug)
    content_hash = submitted.content_hash(draft)
    initial = {"year": draft.year, "cut_off": draft.cut_off, "seen": content_hash}
    earlier = actions.earlier_of_year(project, draft.year)
    form = SubmitForm(data, initial=initial, earlier=earlier)
    if data is not None and form.is_valid():
        with errors_shown_in(form):
            statement = _submit(request.user, project, draft, form)
            messages.success(request, str(form.success))
            return redirect("grants:stored", statement.public_id)
        data["seen"] = content_hash
    record_shown(request.user, "grants.submit", draft.citizens(spells=False))
    save_snapshot(request, draft, SnapshotKind.PROJECT, ShowingChannel.SUBMISSION)
    return render_page(request, "grants/submit.html", _submission_context(project, draft, form, earlier))


def _submit(user: User, project: Project, draft: StatementView, form: SubmitForm) -> Statement:
    """Submit the statement of the draft that the form was shown with."""
    return actions.submit(
        project,
        draft.year,
        draft.cut_off,
        user,
        seen=form.cleaned_data["seen"],
        last_day=last_day_to_submit(),
        another_reason=form.cleaned_data.get("another_reason", ""),
        submission=form.submission,
    )


def _submission_context(
    project: Project, draft: StatementView, form: SubmitForm, earlier: Statement | None
) -> dict[str, Any]:
    """Return the context of the submission page: the figures, and the declaration with its form."""
    (statement,) = draft.projects
    back = reverse("grants:project", args=[project.slug])
    form.back_url = back

    def address(course: uuid.UUID) -> str:
        return f"{reverse('grants:explain', args=[project.slug, course])}?{query_of(draft)}"

    return {
        "project": project,
        "view": draft,
        "figures": figure_rows(statement),
        "since": since_rows(statement),
        "adjustments": adjustment_table(statement, draft.terms, address),
        **doubt_context(draft, may_answer=True),
        "declaration": actions.declaration(),
        "refused": submission_objection(draft),
        "earlier": earlier,
        "form": form,
        "back_url": back,
        "in_future": draft.cut_off > clock.today(),
        "look_back_warnings": look_back_warnings(draft),
    }


@require_safe
@requires("grants.view_statements")
def statement(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """A statement as it was submitted, its state, and the next steps that the user may take."""
    statement = statement_or_404(request, public_id, "grants.stored")
    view = doubts_to_show(submitted.read(statement), clock.today())
    (project_statement,) = view.projects
    record_shown(request.user, "grants.stored", view.citizens())
    decides = request.user.has_perm("grants.decide_statement")
    address = partial(_explanation_url, statement)
    pending = statement.state in PENDING
    may_answer = pending and request.user.has_perm("grants.submit_statement", statement.project)
    context: dict[str, Any] = {
        "statement": statement,
        "view": view,
        "project_statement": project_statement,
        "figures": figure_rows(project_statement),
        "since": since_rows(project_statement),
        "adjustments": adjustment_table(project_statement, view.terms, address),
        "table": paged(request, EventTable(project_statement.lines, view.terms, address)),
        "basis": export.basis_in_words(view),
        "downloads": DOWNLOADS.items(),
        **doubt_context(view, may_answer=may_answer, statement=statement.public_id),
        "approval": getattr(statement, "approval", None),
        "document": getattr(statement, "approved_document", None) or getattr(statement, "document", None),
        "decides": decides,
        "fresh": actions.is_fresh(statement) if decides and pending else True,
        "may": policy.next_steps(request.user, statement),
    }
    return render_page(request, "grants/submitted_statement.html", context)


def _explanation_url(statement: Statement, course: uuid.UUID) -> str:
    return reverse("grants:explain_stored", args=[statement.public_id, course])


@answers_with_file
@require_safe
@requires("grants.view_statements")
def statement_download(request: AuthenticatedRequest, public_id: uuid.UUID, file_format: str) -> HttpResponse:
    """A submitted statement as a file."""
    statement = statement_or_404(request, public_id, f"grants.stored.{file_format}")
    view = doubts_to_show(submitted.read(statement), clock.today())
    record_shown(request.user, f"grants.stored.{file_format}", view.citizens())
    return download_response(export.as_file(view, file_format))


@answers_with_file
@require_safe
@requires("grants.view_statements")
def approved_content(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """What was approved, as canonical JSON: its SHA-256 is the one on the approval sheet."""
    statement = statement_or_404(request, public_id, "grants.stored.approved")
    approval = getattr(statement, "approval", None)
    if approval is None:
        raise Http404
    record_shown(request.user, "grants.stored.approved", submitted.read(statement).citizens())
    name = export.approved_file_name(statement)
    return download_response(export.DownloadFile(name, "application/json", approval.content.encode()))


def statement_or_404(request: AuthenticatedRequest, public_id: uuid.UUID, action: str) -> Statement:
    """Return the statement if the user may see it; a foreign one answers as one that does not exist."""
    rows = policy.statements(request.user).select_related(
        "project",
        "terms",
        "previous",
        "document",
        "approved_document",
        "approval",
    )
    statement = (
        rows.defer("document__content", "approved_document__content").filter(public_id=public_id).first()
    )
    if statement is None:
        record_refused(request.user, action, public_id)
        raise Http404
    return statement


@require_POST
@requires("grants.decide_statement")
def check(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Check the statement: the first of two people of the agency."""
    statement = statement_or_404(request, public_id, "grants.check")
    with errors_as_message(request):
        actions.check(statement, request.user)
        messages.success(request, _("The statement is checked. A second person approves it."))
    return redirect("grants:stored", statement.public_id)


@edit_page
@requires("grants.decide_statement")
def approve(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say what the approval does, in numbers, and approve: the second of two people of the agency."""
    statement = statement_or_404(request, public_id, "grants.approve")
    view = doubts_to_show(submitted.read(statement), clock.today())
    record_shown(request.user, "grants.approve", view.citizens(spells=False))
    context = {
        **doubt_context(view, may_answer=False),
        "facts": consequences.of_approval(view),
        "warnings": consequences.approval_warnings(),
        "objection": actions.approval_objection(statement, request.user),
    }
    return _answer_decision(request, ApproveForm(form_data(request), statement=statement), context)


@edit_page
@requires("grants.decide_statement")
def send_back(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send the statement back to the project with a reason."""
    statement = statement_or_404(request, public_id, "grants.send_back")
    return _answer_decision(request, SendBackForm(form_data(request), statement=statement))


@edit_page
@requires("grants.decide_statement")
def pay(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the payment of an approved statement."""
    statement = statement_or_404(request, public_id, "grants.pay")
    initial = {"paid_on": clock.today()}
    context = {
        "facts": consequences.of_payment(statement),
        "warnings": consequences.payment_warnings(),
    }
    return _answer_decision(
        request, PayForm(form_data(request), statement=statement, initial=initial), context
    )


def _answer_decision(
    request: AuthenticatedRequest, form: StatementDecisionForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Show the form of a decision, or save it.

    A statement that is no longer in a state to decide on redirects with a message that says its state.
    """
    statement = form.statement
    back = reverse("grants:stored", args=[statement.public_id])
    if request.method == "GET" and statement.state not in form.begins_in:
        text = _("The statement is %(state)s: there is nothing to do here.")
        messages.info(request, text % {"state": str(statement.get_state_display()).lower()})
        return redirect(back)
    if context is None:
        return answer_form(request, form, back_url=back)
    return answer_form(request, form, back_url=back, template="grants/decision.html", context=context)
