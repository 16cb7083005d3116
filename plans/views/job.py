"""The plan for job: its form with the draft, and its document (D21)."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.downloads import answers_with_file
from cases.access import get_course_or_404, get_of_course_or_404
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.forms import submission_token
from jobfirst.kit.pages import render_page, wants_fragment
from jobfirst.pdf.documents import pdf_response, render_pdf
from plans import actions
from plans.forms.job import PlanForm
from plans.models import PlanDraft, PlanForJob
from plans.presentation.prefilled import initial_values_of_plan
from plans.presentation.signatures import SIGNATURES, signatures_of
from plans.rules.timing import earliest_day


@edit_page
def plan(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make the plan for job, or its next version (D21)."""
    course = get_course_or_404(request, public_id, "course.plan", "cases.manage_plans")
    today = clock.today()
    terms = TrialTerms.objects.in_force_or_first(today)
    back_url = course_url(course, "plan")
    earliest = earliest_day(course.continued_from, lead_days=terms.plan_lead_days)
    if earliest is None or today < earliest:
        messages.info(request, actions.too_early(earliest, weeks=terms.retention_weeks))
        return redirect(back_url)
    latest = course.plans.first()
    draft = PlanDraft.objects.filter(course=course, user=request.user).first()
    form = PlanForm(
        form_data(request),
        instance=latest or PlanForJob(course=course, version=0),
        terms=terms,
        initial={} if latest else initial_values_of_plan(course, today),
        draft=draft.values if draft else None,
        draft_url=reverse("plans:plan_draft", args=[course.public_id]),
    )
    return answer_form(
        request, form, back_url=back_url, template="plans/plan_form.html", context={"draft": draft}
    )


@require_POST
def plan_draft(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Keep what is typed as the user's draft, or discard it. htmx gets the time of the draft."""
    course = get_course_or_404(request, public_id, "course.plan", "cases.manage_plans")
    if "discard" in request.POST:
        actions.discard_draft(course, by=request.user)
        messages.success(request, _("The draft is discarded."))
        return redirect("plans:plan", course.public_id)
    latest = course.plans.first() or PlanForJob(course=course, version=0)
    terms = TrialTerms.objects.in_force_or_first(clock.today())
    form = PlanForm(request.POST, instance=latest, terms=terms)
    try:
        token = submission_token(request.POST.get("submission", ""))
        draft = actions.save_draft(course, form.draft_values(), by=request.user, submission=token)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(course_url(course, "plan"))
    if draft is None:
        return redirect(course_url(course, "plan"))
    if wants_fragment(request):
        return render_page(request, "plans/_draft_saved.html", {"draft": draft})
    messages.success(request, _("The draft is saved. Only you see it."))
    return redirect("plans:plan", course.public_id)


@answers_with_file
@require_safe
def plan_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the plan for job as a PDF: only what the version and its signatures hold (D37)."""
    plan = get_of_course_or_404(
        request,
        PlanForJob.objects.prefetch_related(SIGNATURES),
        public_id,
        "course.plan.pdf",
        "cases.view_course",
    )
    context = {"plan": plan.printed(), "signatures": signatures_of(plan)}
    content = render_pdf("plans/plan_pdf.html", context)
    return pdf_response(content, f"plan-for-job-{str(plan.public_id)[:8]}-v{plan.number}.pdf")
