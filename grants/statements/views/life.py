"""The life of a statement (D30): the leader submits it, the agency checks, approves and pays it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, When
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Project, User
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from grants import policy
from grants.models import Kind, State, Statement, Way
from grants.models.statement import PENDING
from grants.presentation import export
from grants.presentation.explanation import look_back
from grants.presentation.figures import figure_rows, since_rows
from grants.presentation.tables.events import EventTable, adjustment_table
from grants.presentation.tables.statements import StatementTable, query_of
from grants.reckoning.statement import Draft
from grants.statements import actions
from grants.statements.forms import PayForm, SendBackForm, StatementForm, SubmitForm
from grants.statements.views.common import BackLink, keep, project_or_404, sent
from grants.statements.views.draft import (
    DOWNLOADS,
    in_full,
    last_day_to_submit,
    submission_refused,
)
from grants.storage import submitted
from jobfirst import clock, mode, money
from jobfirst.dates import DAY
from jobfirst.kit.forms import attempt, form_helper
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged

#: How far ahead a rehearsal may play a payment.
YEAR = 365 * DAY


@require_safe
@requires("grants.view_statements")
def statements(request: AuthenticatedRequest) -> HttpResponse:
    """Every statement that was submitted, of the projects the user may see; those on their way first."""
    rows = policy.statements(request.user)
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state")
    if state in counts:
        rows = rows.filter(state=state)
    first = Case(When(state__in=PENDING, then=0), default=1)
    context = {
        "page_title": _("Submitted statements"),
        "page_intro": _("Each is kept as it was submitted, whatever has happened since."),
        "back": BackLink(reverse("grants:statement"), _("Grant statement")),
        "states": [(option, counts[option]) for option in State if option in counts],
        "state": state,
        "table": paged(request, StatementTable(rows.order_by(first, "-submitted_at", "-pk"))),
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
    """The figures once more, the declaration, and the button that hands the statement in."""
    project = project_or_404(request, slug, "grants.submit")
    if not request.user.has_perm("grants.submit_statement", project):
        record_refused(request.user, "grants.submit", slug)
        raise Http404
    data = request.POST.copy() if request.method == "POST" else None
    chosen = StatementForm(request.GET if data is None else data, year=clock.today().year)
    draft = chosen.draft([project], in_full)
    if draft is None:
        return redirect("grants:project", slug)
    content_hash = submitted.content_hash(draft)
    initial = {"year": draft.year, "cut_off": draft.cut_off, "seen": content_hash}
    form = SubmitForm(data, initial=initial)
    if data is not None and form.is_valid():
        statement = attempt(form, lambda: _submit(request.user, project, draft, form))
        if statement:
            messages.success(request, _("The statement is submitted. The agency can see it now."))
            return redirect("grants:stored", statement.public_id)
        data["seen"] = content_hash
    record_shown(request.user, "grants.submit", draft.citizens(spells=False))
    keep(request, draft, Kind.PROJECT, Way.SUBMISSION)
    return render_page(request, "grants/submit.html", _submission_context(project, draft, form))


def _submit(user: User, project: Project, draft: Draft, form: SubmitForm) -> Statement:
    """Hand in the statement of the draft that the form was shown with."""
    return actions.submit(
        project,
        draft.year,
        draft.cut_off,
        user,
        seen=form.cleaned_data["seen"],
        last_day=last_day_to_submit(),
        submission=form.submission,
    )


def _submission_context(project: Project, draft: Draft, form: SubmitForm) -> dict[str, Any]:
    """The figures once more, and the declaration with its form."""
    (statement,) = draft.projects
    back = reverse("grants:project", args=[project.slug])
    form.helper = form_helper(_("Submit the statement"), cancel_url=back)  # type: ignore[attr-defined]  # crispy's

    def address(course: uuid.UUID) -> str:
        return f"{reverse('grants:explain', args=[project.slug, course])}?{query_of(draft)}"

    return {
        "project": project,
        "draft": draft,
        "figures": figure_rows(statement),
        "since": since_rows(statement),
        "adjustments": adjustment_table(statement, draft.scheme, address),
        "declaration": actions.declaration(),
        "refused": submission_refused(draft),
        "form": form,
        "back_url": back,
        "in_future": draft.cut_off > clock.today(),
        "look_back": look_back(draft),
    }


@require_safe
@requires("grants.view_statements")
def statement(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """A statement as it was submitted, how far it has come, and what the reader may do next."""
    found = statement_or_404(request, public_id, "grants.stored")
    draft = submitted.read(found)
    (own,) = draft.projects
    record_shown(request.user, "grants.stored", draft.citizens())
    decides = request.user.has_perm("grants.decide_statement")
    address = partial(_explanation, found)
    pending = found.state in {State.SUBMITTED, State.CHECKED}
    context: dict[str, Any] = {
        "statement": found,
        "draft": draft,
        "own": own,
        "figures": figure_rows(own),
        "since": since_rows(own),
        "adjustments": adjustment_table(own, draft.scheme, address),
        "table": paged(request, EventTable(own.lines, draft.scheme, address)),
        "basis": export.basis_in_words(draft),
        "downloads": DOWNLOADS.items(),
        "document": getattr(found, "document", None),
        "decides": decides,
        "fresh": actions.is_fresh(found) if decides and pending else True,
        "may": policy.next_steps(request.user, found),
    }
    return render_page(request, "grants/stored.html", context)


def _explanation(found: Statement, course: uuid.UUID) -> str:
    return reverse("grants:explain_stored", args=[found.public_id, course])


@require_safe
@requires("grants.view_statements")
def statement_download(request: AuthenticatedRequest, public_id: uuid.UUID, file_format: str) -> HttpResponse:
    """A submitted statement as a file, from what was stored."""
    found = statement_or_404(request, public_id, f"grants.stored.{file_format}")
    draft = submitted.read(found)
    record_shown(request.user, f"grants.stored.{file_format}", draft.citizens())
    return sent(export.as_file(draft, file_format))


def statement_or_404(request: AuthenticatedRequest, public_id: uuid.UUID, action: str) -> Statement:
    """The statement, if it is the user's to see; a foreign one answers as one that does not exist."""
    rows = policy.statements(request.user).select_related(
        "project",
        "scheme",
        "previous",
        "document",
    )
    found = rows.defer("document__content").filter(public_id=public_id).first()
    if found is None:
        record_refused(request.user, action, public_id)
        raise Http404
    return found


@require_POST
@requires("grants.decide_statement")
def check(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The first of the agency's two has been through the statement."""
    found = statement_or_404(request, public_id, "grants.check")
    said = _("The statement is checked. A second person approves it.")
    return _stepped(request, found, lambda: actions.check(found, request.user), said)


@require_POST
@requires("grants.decide_statement")
def approve(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second of the agency's two approves."""
    found = statement_or_404(request, public_id, "grants.approve")
    said = _("The statement is approved and can no longer be changed.")
    return _stepped(request, found, lambda: actions.approve(found, request.user), said)


def _stepped(
    request: AuthenticatedRequest, found: Statement, action: Callable[[], Any], said: str
) -> HttpResponse:
    """Take a step that needs no form, and come back to the statement with what was done or why not."""
    try:
        action()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("grants:stored", found.public_id)


@require_http_methods(["GET", "POST"])
@requires("grants.decide_statement")
def send_back(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the statement back with a reason."""
    found = statement_or_404(request, public_id, "grants.send_back")
    form = SendBackForm(request.POST or None)
    return _answered(
        request,
        found,
        form,
        lambda: actions.send_back(found, request.user, form.cleaned_data["reason"]),
        Step(_("Send the statement back"), _("The statement is sent back to the project."), PENDING),
    )


@require_http_methods(["GET", "POST"])
@requires("grants.decide_statement")
def pay(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the payment of an approved statement."""
    found = statement_or_404(request, public_id, "grants.pay")
    form = PayForm(request.POST or None, initial={"paid_on": clock.today()})
    return _answered(
        request,
        found,
        form,
        lambda: actions.pay(
            found,
            request.user,
            form.cleaned_data["paid_on"],
            form.cleaned_data["reference"],
            last_day=clock.today() + (YEAR if mode.is_rehearsal() else 0 * DAY),
        ),
        Step(_("Record the payment"), _("The payment is recorded."), (State.APPROVED,)),
    )


@dataclass(frozen=True)
class Step:
    """A step that takes a form: what it is called, what is said when it is done, where it begins."""

    title: str
    said: str
    begins_in: tuple[str, ...]


def _answered(
    request: AuthenticatedRequest,
    found: Statement,
    form: Form,
    action: Callable[[], Statement],
    step: Step,
) -> HttpResponse:
    """Show the form of a step, or take it; what the action refuses stands in the form.

    Whoever comes late, by an old link or with the back button, is told where the statement stands.
    """
    back = reverse("grants:stored", args=[found.public_id])
    if request.method == "GET" and found.state not in step.begins_in:
        said = _("The statement is %(state)s: there is nothing to do here.")
        messages.info(request, said % {"state": str(found.get_state_display()).lower()})
        return redirect(back)
    changed = attempt(form, action) if request.method == "POST" and form.is_valid() else None
    if changed:
        messages.success(request, step.said)
        return redirect(back)
    form.helper = form_helper(step.title, cancel_url=back)  # type: ignore[attr-defined]  # crispy's
    about = _("%(project)s, up to and including %(day)s: %(sum)s kroner to be paid. %(state)s.") % {
        "project": found.project_name,
        "day": date_format(found.cut_off),
        "sum": money.written(found.paid),
        "state": found.get_state_display(),
    }
    context = {"form": form, "page_title": step.title, "page_intro": about, "back_url": back}
    return render_page(request, "kit/form_page.html", context)
