"""The page of a week's attendance, and one tap for a week without absence (D48)."""

import datetime
import uuid

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from cases.rules.weekly_contact import week_of
from cases.views.common import course_url
from cases.views.withdrawals import answer_withdrawal, sends_reason
from companies.actions.attendance import is_slip_of_week, record_attendance
from companies.forms.attendance import AttendanceForm, WithdrawAttendanceForm
from companies.models import AttendanceWeek, Placement
from companies.presentation.attendance import days_agreed
from companies.rules.attendance import AttendanceDays
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data


@edit_page
def attendance(request: AuthenticatedRequest, public_id: uuid.UUID, day: str) -> HttpResponse:
    """Record or correct the attendance of the week of a day."""
    placement, monday = _placement_and_monday(request, public_id, day)
    week = placement.attendance.filter(monday=monday).first()
    if week is None:
        week = AttendanceWeek(placement=placement, monday=monday, version=0)
        week.present = days_agreed(placement, monday)
    form = AttendanceForm(form_data(request), instance=week, user=request.user)
    return answer_form(request, form, back_url=course_url(placement.course, "attendance"))


@require_POST
def present_all_week(request: AuthenticatedRequest, public_id: uuid.UUID, day: str) -> HttpResponse:
    """Record that the citizen was present on all agreed days of the week, unless it is recorded already."""
    placement, monday = _placement_and_monday(request, public_id, day)
    days = AttendanceDays(present=days_agreed(placement, monday))
    stale = _("Somebody else has recorded this week meanwhile. Look at it again.")
    with errors_as_message(request, stale=stale):
        record_attendance(placement, monday, days, today=clock.today(), by=request.user, version=0)
        messages.success(request, _("The attendance is recorded."))
    return redirect(course_url(placement.course, "attendance"))


@edit_page
def withdraw_attendance(request: AuthenticatedRequest, public_id: uuid.UUID, day: str) -> HttpResponse:
    """Withdraw the attendance of a week that was entered in error."""
    placement, monday = _placement_and_monday(request, public_id, day)
    weeks = AttendanceWeek.everything.filter(placement=placement, monday=monday)
    newest_first = weeks.order_by(F("withdrawn_at").desc(nulls_first=True))
    week = newest_first.select_related("placement__course", "withdrawn_by").first()
    back_url = course_url(placement.course, "attendance")
    if week is None:
        messages.info(request, _("Nothing is recorded for this week."))
        return redirect(back_url)
    is_slip = is_slip_of_week(week, request.user)
    is_answered = is_slip or sends_reason(request, "withdrawn_reason")
    form = WithdrawAttendanceForm(
        form_data(request) if is_answered else None,
        row=week,
        is_own_slip=is_slip,
        intro=f"{placement.course.citizen_name}, {placement.company}, {date_format(monday)}",
    )
    return answer_withdrawal(request, form, back_url=back_url)


def _placement_and_monday(
    request: AuthenticatedRequest, public_id: uuid.UUID, day: str
) -> tuple[Placement, datetime.date]:
    """Return the placement and the Monday of the week of the day in the address; 404 for another week."""
    placement = get_of_course_or_404(
        request,
        Placement.objects.select_related("company"),
        public_id,
        "course.attendance",
        "cases.work_on_course",
    )
    try:
        week = week_of(datetime.date.fromisoformat(day))
        is_of_placement = placement.span.overlaps(week.span)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    if not is_of_placement:
        raise Http404
    return placement, week.monday
