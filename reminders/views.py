"""A person's own open reminders, what is decided about them, and the calendar feed."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.people import addresses
from accounts.policy import projects_worked_on
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from jobfirst import clock
from jobfirst.exchange.rows import iso_day
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.row_security.context import change_projects
from reminders import own_reminders, recipients
from reminders.calendar import calendar_of
from reminders.forms import PreferenceForm, PutOffForm
from reminders.models import CalendarFeed, Snooze
from reminders.tables import ReminderTable
from reminders.wording import ReminderFacts, ReminderLine, reminder_lines


@require_safe
@requires("reminders.list_own")
def mine(request: AuthenticatedRequest) -> HttpResponse:
    """List the user's own open reminders, the oldest first. Records the citizens named."""
    today = clock.today()
    table = paged(request, ReminderTable(_own_lines(request.user, today)))
    _record(request.user, table.records, table.access_action("reminders"))
    context = {
        "page_title": _("My reminders"),
        "page_intro": _(
            "What is due for your citizens. It is sent to you by e-mail on working days when there is "
            "something new."
        ),
        "table": table,
        "empty": Empty(_("Nothing is due. You get an e-mail when something is.")),
    }
    return render_page(request, "reminders/mine.html", context, fragment="kit/list_fragment.html")


@require_POST
@requires("reminders.list_own")
def confirm_address(request: AuthenticatedRequest) -> HttpResponse:
    """Note that the user's own address works again: what came back is sent with the next digest (D52)."""
    addresses.confirm_address(request.user)
    messages.success(request, _("Your reminders are sent by e-mail again, from the next working day on."))
    return redirect("reminders:mine")


@edit_page
@requires("reminders.list_own")
def put_off(request: AuthenticatedRequest, kind: str, subject: str, due_on: str) -> HttpResponse:
    """Put off a reminder of the user until a day, with a reason. 404 unless the user is told of it today."""
    today = clock.today()
    line = next(
        (
            line
            for line in _own_lines(request.user, today)
            if (line.facts.kind, line.facts.subject, line.due_on) == (kind, subject, iso_day(due_on))
        ),
        None,
    )
    if line is None:
        raise Http404
    _record(request.user, [line])
    form = PutOffForm(form_data(request), line=line)
    return answer_form(request, form, back_url=reverse("reminders:mine"))


@edit_page
@requires("reminders.list_own")
def preferences(request: AuthenticatedRequest) -> HttpResponse:
    """Choose when and how the digest comes."""
    form = PreferenceForm(form_data(request), user=request.user)
    return answer_form(request, form, back_url=reverse("reminders:mine"))


@never_cache
@edit_page
@requires("reminders.list_own")
def calendar(request: AuthenticatedRequest) -> HttpResponse:
    """Make the private address of the user's calendar, and show it this once."""
    address = ""
    if request.method == "POST":
        token = own_reminders.new_calendar_address(request.user)
        address = request.build_absolute_uri(reverse("reminders:feed", args=[token]))
    feed = CalendarFeed.objects.filter(user=request.user).first()
    return render_page(request, "reminders/calendar.html", {"feed": feed, "address": address})


@require_POST
@requires("reminders.list_own")
def revoke_calendar(request: AuthenticatedRequest) -> HttpResponse:
    """Take the user's calendar off the net."""
    own_reminders.revoke_calendar_address(request.user)
    messages.success(request, _("The address of your calendar no longer works."))
    return redirect("reminders:calendar")


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program with the feed of whoever has the token. Records the citizens in it."""
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Http404
    user = own_reminders.user_of_calendar(token)
    if user is None or not user.has_perm("reminders.list_own"):
        raise Http404
    change_projects(projects_worked_on(user))
    content = calendar_of(user, clock.today())
    if content.citizens:
        record_shown(user, "calendar", content.citizens)
    return HttpResponse(content.ics, content_type="text/calendar; charset=utf-8")


def _own_lines(user: User, today: datetime.date) -> list[ReminderLine]:
    tellings = recipients.tellings(today, recipient_id=user.pk)
    lines = list(reminder_lines(((telling, False) for telling in tellings), today))
    put_off = {_key(snooze.reminder): snooze for snooze in Snooze.objects.of(user).running(today)}
    for line in lines:
        line.put_off = put_off.get(_key(line.facts))
    return lines


def _key(facts: ReminderFacts) -> tuple[str, str, str, datetime.date]:
    return facts.kind, facts.subject_type, facts.subject, facts.due_on


def _record(user: User, lines: Iterable[ReminderLine], action: str = "reminders") -> None:
    """Record the citizens named on the page."""
    citizens = {line.about.citizen for line in lines if line.about.citizen}
    if citizens:
        record_shown(user, action, citizens)
