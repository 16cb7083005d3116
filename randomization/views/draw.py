"""The pages of the draw: who waits, drawing, who is drawn, and each citizen's own draw."""

import uuid

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from audit.downloads import answers_with_file
from cases.access import get_referral_or_404
from cases.models import Course, open_to
from cases.views.name_search import filter_data, searched_by_name
from jobfirst import clock, mode
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.pdf.documents import pdf_response, render_pdf
from randomization import policy
from randomization.draw.actions import DrawResult, draw_project
from randomization.draw.enrolment import last_day_of_draw
from randomization.draw.queue import undrawn_referrals
from randomization.draw.refusal import DrawRefused
from randomization.extension_points import draw_sections
from randomization.filters import DrawnFilter
from randomization.forms import CorrectionForm, DrawForm, TakeBackForm
from randomization.models import Allocation
from randomization.presentation import draw as presentation
from randomization.tables import DrawnTable, WaitingTable


def _projects_with_queue(request: AuthenticatedRequest) -> QuerySet[Project]:
    """Return the projects the user draws in, each with the number of citizens that wait (`waiting`)."""
    undrawn = Q(referrals__state="accepted", referrals__claim=None)
    return (
        Project.objects.filter(pk__in=policy.projects_to_draw_in(request.user))
        .annotate(waiting=Count("referrals", filter=undrawn))
        .order_by("name")
    )


@require_GET
@requires("randomization.draw")
def waiting(request: AuthenticatedRequest) -> HttpResponse:
    """List who waits for the draw in the user's projects, in the order in which they will be drawn."""
    undrawn = undrawn_referrals(policy.projects_to_draw_in(request.user))
    rows = undrawn.select_related("citizen", "municipality")
    table = paged(request, WaitingTable(rows))
    citizens = [row.citizen.public_id for row in table.records]
    if citizens:
        record_shown(request.user, table.access_action("randomization.waiting"), citizens)
    empty = Empty(
        _("Nobody waits for the draw. A citizen who is referred and eligible shows up here."),
        reverse("cases:referrals"),
        _("Referrals"),
    )
    context = {"table": table, "projects": _projects_with_queue(request), "empty": empty}
    return render_page(request, "randomization/waiting.html", context, fragment="kit/list_fragment.html")


@require_http_methods(["GET", "POST"])
@requires("randomization.draw")
def draw(request: AuthenticatedRequest) -> HttpResponse:
    """Confirm, then draw every waiting citizen of one project. The same form twice draws once."""
    projects = _projects_with_queue(request)
    if request.method == "GET" and "project" not in request.GET:
        return redirect("randomization:waiting")
    today = clock.today()
    form = DrawForm(
        request.POST if request.method == "POST" else None,
        projects=projects,
        today=today,
        initial=request.GET,
    )
    slug = request.POST.get("project") or request.GET.get("project", "")
    project = projects.filter(slug=slug).first()
    if project is None:
        record_refused(request.user, "randomization.draw", slug)
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            result = draw_project(project, form.on, request.user)
        except DrawRefused as refusal:
            form.add_error("on" if "on" in form.fields else None, str(refusal))
        else:
            return _redirect_to_result(request, project, result)
    parts = presentation.queue_parts(project, today)
    context = {
        "project": project,
        "form": form,
        "parts": parts,
        "drawn_today": sum(part.citizens for part in parts),
        "later": presentation.referred_later(project, today),
        "last_day": last_day_of_draw(project),
        "today": today,
    }
    return render_page(request, "randomization/draw.html", context)


def _redirect_to_result(request: AuthenticatedRequest, project: Project, result: DrawResult) -> HttpResponse:
    """Redirect to the list of the drawn citizens, with a message."""
    allocations = result.allocations
    if result.not_yet:
        messages.info(request, presentation.not_yet_message(result))
    if not allocations:
        messages.info(request, _("Nobody was drawn: everybody who could be is drawn already."))
        return redirect("randomization:waiting")
    messages.success(request, presentation.result_message(project, allocations))
    rows = urlencode({"first": allocations[0].sequence, "last": allocations[-1].sequence})
    return redirect(f"{reverse('randomization:drawn')}?{rows}")


@requires("randomization.view_drawn")
@searched_by_name
def drawn(request: AuthenticatedRequest) -> HttpResponse:
    """List who is drawn in the user's projects, with arms, and links to the courses that the user may see."""
    visible = Course.objects.visible_to(request.user).filter(citizen=OuterRef("citizen_id"))
    rows = (
        Allocation.objects.filter(open_to(request.user), project__in=policy.projects_to_draw_in(request.user))
        .select_related("citizen", "referral", "stratum__municipality")
        .annotate(course_id_seen=Subquery(visible.values("public_id")[:1]))
    )
    filtered = DrawnFilter(filter_data(request), queryset=rows)
    table = paged(request, DrawnTable(filtered.qs))
    citizens = [row.citizen.public_id for row in table.records]
    if citizens:
        record_shown(request.user, table.access_action("randomization.drawn"), citizens)
    empty = Empty(_("Nobody is drawn yet."), reverse("randomization:waiting"), _("Waiting for the draw"))
    context = {"table": table, "filter": filtered, "empty": empty}
    return render_page(request, "randomization/drawn.html", context, fragment="kit/list_fragment.html")


def _get_allocation_or_404(
    request: AuthenticatedRequest, public_id: uuid.UUID, action: str, perm: str
) -> Allocation:
    """Return the draw of a referral that the user may see, on record; 404 otherwise."""
    referral = get_referral_or_404(request, public_id, action, perm)
    allocation = (
        Allocation.objects.filter(referral=referral)
        .select_related("referral", "citizen", "project", "stratum__municipality", "drawn_by")
        .prefetch_related("events__recorded_by")
        .first()
    )
    if allocation is None:
        raise Http404
    return allocation


@require_GET
def allocation_page(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one citizen's draw: arm, number, hash and corrections."""
    allocation = _get_allocation_or_404(
        request, public_id, "randomization.allocation", "randomization.view_drawn"
    )
    visible = Course.objects.visible_to(request.user).filter(citizen=allocation.citizen_id)
    context = {
        "allocation": allocation,
        "course": visible.first(),
        "row_hash": bytes(allocation.row_hash).hex(),
        "may_correct": request.user.has_perm("randomization.record_event"),
        "latest": allocation.events.standing().order_by("-number").first(),
        "sections": draw_sections(request.user, allocation),
    }
    return render_page(request, "randomization/allocation.html", context)


@answers_with_file
@require_GET
def certificate(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the certificate of a draw for the citizen's file, as PDF."""
    allocation = _get_allocation_or_404(
        request, public_id, "randomization.certificate", "randomization.view_drawn"
    )
    context = {"allocation": allocation, "seal": presentation.seal_of(allocation)}
    content = render_pdf("randomization/certificate_pdf.html", context)
    return pdf_response(content, f"lodtraekning-{allocation.sequence}.pdf")


@edit_page
def correct(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a correction to a drawn citizen. The arm stays as it is (D5)."""
    allocation = _get_allocation_or_404(
        request, public_id, "randomization.correct", "randomization.record_event"
    )
    form = CorrectionForm(
        form_data(request), allocation=allocation, not_after=mode.last_day_allowed(clock.today())
    )
    return answer_form(
        request,
        form,
        back_url=reverse("randomization:allocation", args=[public_id]),
        context={"back_label": _("The draw")},
    )


@edit_page
def take_back(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back the latest correction of a drawn citizen that stands (D41)."""
    allocation = _get_allocation_or_404(
        request, public_id, "randomization.take_back", "randomization.record_event"
    )
    back_url = reverse("randomization:allocation", args=[public_id])
    event = allocation.events.standing().order_by("-number").first()
    if event is None:
        messages.info(request, _("There is no correction to take back."))
        return redirect(back_url)
    form = TakeBackForm(form_data(request), event=event)
    context = {"back_label": _("The draw"), "event": event}
    return answer_form(
        request, form, back_url=back_url, template="randomization/take_back.html", context=context
    )
