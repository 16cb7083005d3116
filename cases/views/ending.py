"""End a course, correct its end, and reopen it (D12, D41)."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404
from cases.forms.ending import CorrectEndForm, EndCourseForm, OtherEndError, ReopenCourseForm
from cases.models import CaseCorrection, CorrectionKind, Course, EndReason
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.days import LONG_DATE, written_day
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page
from jobfirst.kit.versioned import FieldDifference


@edit_page
def end(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """End the course, with its reason and outcome, and what becomes of all that runs.

    When somebody else has recorded an end meanwhile, both are shown and nothing is saved.
    """
    course = get_course_or_404(request, public_id, "course.end", "cases.end_course")
    if course.ended_on is not None and request.method != "POST":
        messages.info(request, _("The end of the course is recorded already."))
        return redirect(course_url(course, "phases"))
    form = EndCourseForm(form_data(request), course=course, initial={"ended_on": clock.today()})
    try:
        return answer_form(request, form, back_url=course_url(course), template="cases/end_course.html")
    except OtherEndError as conflict:
        return _conflict_page(request, conflict.course, form)


def _conflict_page(request: AuthenticatedRequest, course: Course, form: EndCourseForm) -> HttpResponse:
    """Answer 409 with the end that is stored and the one that was sent."""
    typed = form.cleaned_data
    labels = {name: str(form.fields[name].label) for name in ("ended_on", "reason", "outcome")}
    reasons = dict(EndReason.choices)
    assert course.ended_on is not None  # another end is stored
    rows = [
        FieldDifference(
            labels["ended_on"],
            written_day(course.ended_on, LONG_DATE),
            written_day(typed["ended_on"], LONG_DATE),
        ),
        FieldDifference(
            labels["reason"], str(reasons[EndReason(course.end_reason)]), str(reasons[typed["reason"]])
        ),
        FieldDifference(labels["outcome"], course.outcome or "–", typed["outcome"] or "–"),
    ]
    kinds = (CorrectionKind.ENDED, CorrectionKind.END_CORRECTED)
    entries = CaseCorrection.objects.filter(referral=course.referral_id, kind__in=kinds)
    context = {
        "course": course,
        "page_title": _("Somebody has ended the course already"),
        "differences": rows,
        "entry": entries.select_related("made_by").order_by("-pk").first(),
        "may_reopen": request.user.has_perm("cases.reopen_course", course),
        "back_url": course_url(course),
    }
    return render_page(request, "cases/end_conflict.html", context, status=HTTPStatus.CONFLICT)


@edit_page
def correct_end(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the day, reason or outcome of an end; what ended with the course follows."""
    course = get_course_or_404(request, public_id, "course.end.correct", "cases.reopen_course")
    if course.ended_on is None:
        return _not_ended(request, course)
    form = CorrectEndForm(form_data(request), course=course)
    return answer_form(request, form, back_url=course_url(course, "phases"))


@edit_page
def reopen(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Reopen a course that was ended by mistake; what ended with it goes on."""
    course = get_course_or_404(request, public_id, "course.end.reopen", "cases.reopen_course")
    if course.ended_on is None:
        return _not_ended(request, course)
    form = ReopenCourseForm(form_data(request), course=course)
    form.intro = _("%(name)s. The course ended on %(day)s: %(reason)s. What ended with it goes on again.") % {
        "name": course.citizen_name,
        "day": written_day(course.ended_on, LONG_DATE),
        "reason": course.get_end_reason_display(),
    }
    return answer_form(request, form, back_url=course_url(course, "phases"))


def _not_ended(request: AuthenticatedRequest, course: Course) -> HttpResponse:
    messages.info(request, _("The course has not ended."))
    return redirect(course_url(course, "phases"))
