"""The agency's report of the trial as page and files, and the municipalities' target groups (D3, D4)."""

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import requires
from audit.downloads import answers_with_file
from evaluation.presentation import trial as presentation
from evaluation.presentation import trial_csv
from evaluation.publication.models import Publication
from evaluation.summaries.drawn_parts import PUBLISHED, drawn_once
from evaluation.trial.few_withheld import withhold_few
from evaluation.trial.forms import TargetGroupForm, TrialForm
from evaluation.trial.report import make_report
from evaluation.trial.values import TrialReport
from jobfirst import clock, mode
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page
from jobfirst.pdf.documents import pdf_response, render_pdf


class _RequestedReport:
    """The form and the report of the address; by default today's report of the whole trial."""

    def __init__(self, request: AuthenticatedRequest) -> None:
        self.projects = list(Project.objects.order_by("name"))
        self.publications = list(Publication.objects.order_by("-cut_off"))
        self.days = [publication.cut_off for publication in self.publications]
        self.form = TrialForm(request.GET or None, projects=self.projects, days=self.days)
        self.project = self.form.chosen_project
        self.on = self.form.chosen_day or clock.today()

    def report(self) -> TrialReport:
        """Return the report with the few withheld; seven queries."""
        report = make_report(self.on, self.project, all_projects=self.projects, balance_days=self.days)
        return withhold_few(report, self.publications)


@require_GET
@requires("evaluation.view_trial")
def trial(request: AuthenticatedRequest) -> HttpResponse:
    """Show enrolment, mix, flow, balance and predictability, of the whole trial or one project."""
    requested = _RequestedReport(request)
    query = request.GET.urlencode()

    def draw() -> SafeString:
        context = {**presentation.page_context(requested.report()), "query": query, "with_picture": True}
        return render_to_string("evaluation/trial_part.html", context)

    depends_on = (requested.project and requested.project.slug, requested.on, query)
    part = drawn_once("trial-2", depends_on, draw, more=[PUBLISHED])
    context = {"form": requested.form, "part": part}
    return render_page(request, "evaluation/trial.html", context, fragment="evaluation/drawn_part.html")


@answers_with_file
@require_GET
@requires("evaluation.view_trial")
def download_trial(request: AuthenticatedRequest, file_format: str) -> HttpResponse:
    """Return the report as PDF or CSV."""
    if file_format not in {"pdf", "csv"}:
        raise Http404
    report = _RequestedReport(request).report()
    name = f"forsoeg-{report.project.slug if report.project else 'alle'}-{report.on}.{file_format}"
    if file_format == "pdf":
        return pdf_response(render_pdf("evaluation/trial_pdf.html", presentation.page_context(report)), name)
    content = trial_csv.report_csv(report, is_rehearsal=mode.is_rehearsal())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@edit_page
@requires("evaluation.enter_target_groups")
def target_groups(request: AuthenticatedRequest) -> HttpResponse:
    """Enter a municipality's own target groups."""
    form = TargetGroupForm(form_data(request), initial={"as_of": clock.today()})
    return answer_form(
        request, form, back_url=reverse("evaluation:trial"), context={"back_label": _("The trial")}
    )
