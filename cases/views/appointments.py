"""The citizen's answer to the appointment message: a page without sign-in, by a signed link (D53)."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from audit.access import record_shown
from cases.messaging.appointments import message_of, record_cannot_come
from jobfirst.kit.editing import edit_page
from jobfirst.kit.pages import render_page
from jobfirst.row_security.context import all_projects, change_projects, only_projects


@login_not_required
@never_cache
@edit_page
def appointment(request: HttpRequest, token: str) -> HttpResponse:
    """Show the time of the meeting and a button; only the button says that the citizen cannot come."""
    with all_projects("the token says of which project the meeting is"):
        message = message_of(token)
    if message is not None:
        change_projects(only_projects([message.meeting.course.project_id]))
        record_shown(None, "course.appointment", [message.meeting.course.citizen.public_id])
    if message is not None and request.method == "POST":
        record_cannot_come(message)
        return redirect("cases:appointment", token=token)
    status = HTTPStatus.OK if message is not None else HTTPStatus.NOT_FOUND
    return render_page(request, "cases/appointment.html", {"message": message}, status=status)
