"""Pages of the CV: its parts, the forms of its entries, the print, and that it was seen through (D10, D18).

The forms are ordinary pages; htmx shows them in place of their part (`hx-boost` with `hx-select`).
"""

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.downloads import answers_with_file
from cases import actions
from cases.access import get_course_or_404, get_of_course_or_404
from cases.forms.cv import CvContactForm, CvEntryForm, CvReviewForm, NewCvEntryForm
from cases.models import Course, CvEntry, CvPart, CvReview
from cases.presentation.cv import cv_parts, printed_cv
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.pages import render_page
from jobfirst.kit.versioned import sent_version
from jobfirst.pdf.documents import pdf_response, render_parted_pdf

PERM = "cases.work_on_course"


@require_safe
def cv(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the CV in its parts."""
    course = get_course_or_404(request, public_id, "course.cv", "cases.view_course", _courses())
    reviews = course.cv_reviews.select_related("seen_by")
    context = {
        "course": course,
        "cv": getattr(course, "cv", None),
        "parts": cv_parts(course.cv_entries.all()),
        "review": reviews.first(),
        "may_write": not course.has_ended(clock.today()) and request.user.has_perm(PERM, course),
        "may_print": request.user.has_perm(PERM, course),
    }
    return render_page(request, "cases/cv/page.html", context)


@edit_page
def new_cv_entry(request: AuthenticatedRequest, public_id: uuid.UUID, part: str) -> HttpResponse:
    """Add an entry to a part of the CV."""
    course = get_course_or_404(request, public_id, "course.cv", PERM)
    if part not in CvPart.values:
        raise Http404
    form = NewCvEntryForm(form_data(request), instance=CvEntry(course=course, part=part))
    return _answer_entry_form(request, form, CvPart(part))


@edit_page
def change_cv_entry(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change an entry of the CV."""
    entry = _entry(request, public_id)
    return _answer_entry_form(request, CvEntryForm(form_data(request), instance=entry), CvPart(entry.part))


@require_POST
def move_cv_entry(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move an entry one place up or down in its part."""
    entry = _entry(request, public_id)
    with errors_as_message(request, stale=_stale_line()):
        actions.move_cv_entry(
            entry,
            up=request.POST.get("direction") == "up",
            today=clock.today(),
            version=sent_version(request.POST),
        )
    return redirect(cv_url(entry.course, entry.part))


@require_POST
def remove_cv_entry(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Remove an entry of the CV."""
    entry = _entry(request, public_id)
    with errors_as_message(request, stale=_stale_line()):
        actions.remove_cv_entry(entry, today=clock.today(), version=sent_version(request.POST))
        messages.success(request, _("The line is removed from the CV."))
    return redirect(cv_url(entry.course, entry.part))


@edit_page
def cv_contact(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose what of the citizen's contact information the printed CV shows."""
    course = get_course_or_404(request, public_id, "course.cv", PERM, _courses())
    form = CvContactForm(form_data(request), course=course)
    return answer_form(request, form, back_url=cv_url(course))


@edit_page
def cv_review(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that the CV was seen through with the citizen."""
    course = get_course_or_404(request, public_id, "course.cv", PERM)
    form = CvReviewForm(form_data(request), course=course, initial={"seen_on": clock.today()})
    return answer_form(request, form, back_url=cv_url(course))


@require_POST
def withdraw_cv_review(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back that the CV was seen through on a day."""
    review = get_of_course_or_404(request, CvReview.objects.all(), public_id, "course.cv", PERM)
    with errors_as_message(request):
        actions.withdraw_cv_review(review)
        messages.success(request, _("The day is deleted."))
    return redirect(cv_url(review.course))


@answers_with_file
@require_safe
def cv_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the CV as a PDF to hand to a workplace."""
    course = get_course_or_404(request, public_id, "course.cv.print", PERM, _courses())
    context = printed_cv(course, course.cv_entries.all())
    content = render_parted_pdf([("cases/cv/pdf.html", context)], ("cases/cv/sheets.html", context))
    # The file name says nothing about the citizen: it ends up in a download folder.
    return pdf_response(content, f"cv-{str(course.public_id)[:8]}.pdf")


def cv_url(course: Course, part: str = "") -> str:
    """Return the address of the CV, or of a part of it."""
    url = reverse("cases:cv", args=[course.public_id])
    return f"{url}#cv-{part}" if part else url


def _stale_line() -> str:
    return _("Somebody else has changed this line meanwhile. Look at it again.")


def _courses() -> QuerySet[Course]:
    return Course.objects.select_related("cv", "citizen_contact")


def _entry(request: AuthenticatedRequest, public_id: uuid.UUID) -> CvEntry:
    return get_of_course_or_404(request, CvEntry.objects.all(), public_id, "course.cv", PERM)


def _answer_entry_form(
    request: AuthenticatedRequest, form: NewCvEntryForm | CvEntryForm, part: CvPart
) -> HttpResponse:
    return answer_form(
        request,
        form,
        back_url=cv_url(form.course, part),
        template="cases/cv/form.html",
        context={"box_id": f"cv-{part.value}", "part": part, "cv": getattr(form.course, "cv", None)},
    )
