"""The project leader's pages about access: openings of courses, and the access log of a citizen."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from audit.downloads import answers_with_file
from cases.access import get_course_or_404, get_referral_or_404
from cases.models import ColleagueOpening, open_to
from cases.policy import people_overseen_by, projects_overseen_by
from cases.presentation.access_extract import extract_lines
from cases.presentation.unusual_use import recent_unusual_use
from cases.tables.access_log import AccessTable, OpeningTable, access_records
from cases.tables.unusual_use import UnusualUseTable
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.pdf.documents import pdf_response, render_pdf


@requires("cases.oversee")
@require_GET
def openings(request: AuthenticatedRequest) -> HttpResponse:
    """List the courses of the leader's project that colleagues opened, with the reasons (docs/privacy.md)."""
    course_openings = ColleagueOpening.objects.filter(
        open_to(request.user, "course__citizen"),
        course__project_id__in=projects_overseen_by(request.user),
    )
    table = paged(
        request, OpeningTable(course_openings.select_related("user", "course__citizen", "course__referral"))
    )
    citizens = {row.course.citizen.public_id for row in table.records}
    if citizens:
        record_shown(request.user, table.access_action("openings"), citizens)
    context = {
        "page_title": _("Colleagues' openings"),
        "page_intro": _("A colleague who opens a course that is not theirs states why. You see it here."),
        "table": table,
        "empty": Empty(_("Nobody has opened a colleague's course yet.")),
    }
    return render_page(request, "kit/list_page.html", context, fragment="kit/list_fragment.html")


@requires("cases.see_unusual_use")
@require_GET
def unusual_use(request: AuthenticatedRequest) -> HttpResponse:
    """List on which of the last days somebody searched, opened or fetched unusually much (audit/usage.py).

    Three queries. No citizen is named.
    """
    table = paged(request, UnusualUseTable(recent_unusual_use(people_overseen_by(request.user))))
    context = {
        "page_title": _("Unusual use"),
        "page_intro": _(
            "Days of the last two weeks on which somebody searched, opened colleagues' courses or fetched "
            "files far more than usual, or was stopped by a limit. "
            "Ask the person: there may be a good explanation."
        ),
        "table": table,
        "empty": Empty(_("Nobody has used the system unusually in the last two weeks.")),
    }
    return render_page(request, "kit/list_page.html", context, fragment="kit/list_fragment.html")


@require_GET
def referral_log(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """List who has seen the citizen, with or without a course: refused and controls as well (D39)."""
    referral = get_referral_or_404(request, public_id, "referral.log", "cases.see_access_log")
    context = {
        "page_title": _("Who has seen %(name)s") % {"name": referral.name},
        "table": paged(request, AccessTable(access_records(referral).select_related("user"))),
        "empty": Empty(_("Nobody has seen this citizen yet.")),
        "back_url": reverse("cases:referral", args=[referral.public_id]),
        "back_label": _("The referral"),
        "extract_url": reverse("cases:referral_log_pdf", args=[referral.public_id]),
    }
    return render_page(request, "cases/access_log.html", context, fragment="kit/list_fragment.html")


@answers_with_file
@require_GET
def referral_log_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return who has seen the citizen as a PDF, for the leader to hand out."""
    referral = get_referral_or_404(request, public_id, "referral.log.pdf", "cases.see_access_log")
    context = {
        "referral": referral,
        "today": clock.today(),
        "lines": extract_lines(access_records(referral), referral.project_id),
    }
    content = render_pdf("cases/access_extract_pdf.html", context)
    return pdf_response(content, f"hvem-har-set-mig-{clock.today():%Y-%m-%d}.pdf")


@require_GET
def access_log(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """List the accesses to this citizen's data, without other projects' own referrals (D39)."""
    course = get_course_or_404(request, public_id, "course.access", "cases.see_access_log")
    context = {
        "page_title": _("Who has seen %(name)s") % {"name": course.citizen_name},
        "table": paged(request, AccessTable(access_records(course).select_related("user"))),
        "empty": Empty(_("Nobody has seen this citizen yet.")),
        "back_url": reverse("cases:course", args=[public_id]),
        "extract_url": reverse("cases:referral_log_pdf", args=[course.referral.public_id]),
        "back_label": _("The course"),
    }
    return render_page(request, "cases/access_log.html", context, fragment="kit/list_fragment.html")
