"""Pauses of a course (D50): record, correct, end, delete."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from cases import actions
from cases.access import get_course_or_404, get_of_course_or_404
from cases.forms.pauses import CorrectPauseForm, EndPauseForm, PauseForm
from cases.models import CoursePause
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data, requested_day
from jobfirst.kit.versioned import sent_version


@edit_page
def new_pause(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a pause; the URL may state its first day."""
    course = get_course_or_404(request, public_id, "course.pause", "cases.work_on_course")
    first = requested_day(request) or clock.today()
    form = PauseForm(form_data(request), course=course, initial={"starts_on": first})
    return answer_form(request, form, back_url=course_url(course, "pauses"))


@edit_page
def correct_pause(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a pause."""
    pause = _pause(request, public_id)
    form = CorrectPauseForm(form_data(request), instance=pause)
    return answer_form(request, form, back_url=course_url(pause.course, "pauses"))


@edit_page
def end_pause(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of a pause."""
    pause = _pause(request, public_id)
    form = EndPauseForm(form_data(request), pause=pause, initial={"ends_on": pause.ends_on or clock.today()})
    return answer_form(request, form, back_url=course_url(pause.course, "pauses"))


@require_POST
def delete_pause(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Delete a pause that was recorded by mistake."""
    pause = _pause(request, public_id)
    stale = _("Somebody else has changed the pause meanwhile. Look at it again.")
    with errors_as_message(request, stale=stale):
        actions.delete_pause(pause, version=sent_version(request.POST))
        messages.success(request, _("The pause is deleted."))
    return redirect(course_url(pause.course, "pauses"))


def _pause(request: AuthenticatedRequest, public_id: uuid.UUID) -> CoursePause:
    return get_of_course_or_404(
        request, CoursePause.objects.all(), public_id, "course.pause", "cases.work_on_course"
    )
