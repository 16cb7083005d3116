"""The job consultant's landing page, and the upload of placements."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.models import Course, CourseFunction
from companies.exchange import COLUMNS, load_placements
from companies.matching.board import PIPELINE_ROWS, pipeline
from companies.presentation import caseload
from companies.presentation.course_section import PREFETCH
from companies.reports.section import WAITING_REPORTS
from jobfirst import clock, mode
from jobfirst.exchange.command import ImportReport
from jobfirst.kit.editing import edit_page
from jobfirst.kit.pages import PAGE_SIZE, Empty, render_page
from jobfirst.kit.upload import contradictions_page, upload_page


@require_safe
@requires("companies.my_placements")
def my_placements(request: AuthenticatedRequest) -> HttpResponse:
    """List the job consultant's citizens: placements that end, no match, running; above them where the
    dialogues with companies stand. Eight queries."""
    today = clock.today()
    courses = (
        Course.objects.held_by(request.user, CourseFunction.JOB_CONSULTANT)
        .running(today)
        .select_related("citizen", "referral")
        .prefetch_related(*PREFETCH)
        .annotate(pipeline_rows=PIPELINE_ROWS, has_report=Exists(WAITING_REPORTS))
    )
    lines = caseload.caseload_lines(courses, today)
    counts = caseload.grouped(lines)
    chosen = request.GET.get("show", "")
    if chosen in caseload.ORDER:
        lines = [line for line in lines if line.state == chosen]
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    dialogues = pipeline(courses, today)
    citizens = {line.course.citizen.public_id for line in page} | dialogues.citizens
    record_shown(request.user, "my_placements", sorted(citizens))
    context = {
        "page": page,
        "pipeline": dialogues,
        "groups": caseload.grouped(list(page)),
        "counts": counts,
        "chosen": chosen,
        "on": today,
        "imports": request.user.has_perm("companies.import_placements"),
        "empty": Empty(
            _(
                "You are job consultant for no running course. "
                "The project leader fills the functions of a course."
            ),
            reverse("cases:courses"),
            _("To the courses"),
        ),
    }
    return render_page(request, "companies/my_placements.html", context)


@edit_page
@requires("companies.import_placements")
def import_file(request: AuthenticatedRequest) -> HttpResponse:
    """Import placements from a file, for the user's own courses (a leader's whole project)."""

    title, back_url = _("Placements from a file"), reverse("companies:companies")

    def report_page(report: ImportReport) -> HttpResponse:
        if "contradicted" in report:
            return contradictions_page(request, title=title, back_url=back_url, report=report)
        text = _("%(created)d placements are new, %(updated)d changed and %(unchanged)d the same.")
        messages.success(request, text % report)
        return redirect("companies:companies")

    courses_to_change = Course.objects.filter(pk__in=Course.objects.listed_for(request.user).values("pk"))
    return upload_page(
        request,
        title=title,
        columns=COLUMNS,
        load=lambda table: load_placements(
            table, courses_to_change, not_after=mode.last_day_allowed(clock.today())
        ),
        report_page=report_page,
        back_url=back_url,
    )
