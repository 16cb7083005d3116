"""The mentor's week: the citizens, who lacks a contact, registration by one tap, and corrections."""

import datetime
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases import actions
from cases.access import get_course_or_404, get_of_course_or_404
from cases.actions.contacts import is_slip_of
from cases.actions.corrections import may_restore_at_once
from cases.forms.contacts import (
    CorrectMentorContactForm,
    MentorContactForm,
    RestoreMentorContactForm,
    WithdrawMentorContactForm,
)
from cases.models import AttemptOutcome, Channel, Course, CourseFunction, MentorContact
from cases.presentation.pauses import with_pauses
from cases.presentation.start import with_start_answers
from cases.presentation.week import count_lacking, has_contact_with_all, week_cards
from cases.rules.weekly_contact import week_of
from cases.views.common import course_url
from cases.views.withdrawals import answer_restoring, answer_withdrawal, sends_reason
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.forms import submission_token
from jobfirst.kit.pages import Empty, render_page, wants_fragment

# What the card offers for a failed attempt.
ATTEMPT_CHOICES = {"channels": Channel.choices, "outcomes": AttemptOutcome.choices}


def _own_courses(request: AuthenticatedRequest, on: datetime.date) -> QuerySet[Course]:
    courses = Course.objects.held_by(request.user, CourseFunction.MENTOR).running(on)
    return with_start_answers(with_pauses(courses.select_related("citizen", "referral")))


@require_safe
@requires("cases.my_week")
def my_week(request: AuthenticatedRequest) -> HttpResponse:
    """List the mentor's citizens, those who lack a contact first."""
    today = clock.today()
    cards = week_cards(_own_courses(request, today), today)
    record_shown(request.user, "my_week", [card.course.citizen.public_id for card in cards])
    context = {
        "cards": cards,
        "on": today,
        "week": week_of(today),
        "lacking": count_lacking(cards),
        "all_contacted": has_contact_with_all(cards),
        **ATTEMPT_CHOICES,
        "empty": Empty(
            _("You are mentor for no running course. The project leader fills the functions of a course."),
            reverse("cases:courses"),
            _("To the courses"),
        ),
    }
    return render_page(request, "cases/my_week.html", context)


@require_POST
def contact_today(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register a contact today by one tap, or (with an `outcome`) a failed attempt (D49).

    Idempotent: the same tap again makes no second contact.

    htmx gets the citizen's card and the number of those who lack a contact, a browser without JavaScript is
    sent back to the page.
    """
    course = get_course_or_404(
        request,
        public_id,
        "course.contact",
        "cases.register_contact",
        with_start_answers(with_pauses(Course.objects.all())),
    )
    today = clock.today()
    channel = request.POST.get("channel", "")
    outcome = request.POST.get("outcome", "")
    with errors_as_message(request):
        if outcome and outcome not in AttemptOutcome.values:
            raise ValidationError(_("Choose an outcome from the list."))
        actions.register_contact(
            course,
            held_on=today,
            by=request.user,
            citizen_present=not outcome,
            channel=channel if channel in Channel.values else Channel.UNKNOWN,
            outcome=outcome,
            submission=submission_token(request.POST.get("submission", "")),
            not_after=today,
        )
        messages.success(
            request, _("The attempt is registered.") if outcome else _("The contact is registered.")
        )
    if wants_fragment(request):
        return _card_answer(request, course, today)
    return redirect(f"{reverse('cases:my_week')}#c-{course.public_id}")


def _card_answer(request: AuthenticatedRequest, course: Course, today: datetime.date) -> HttpResponse:
    """Answer htmx with the citizen's card and the number of those who lack a contact."""
    cards = week_cards(_own_courses(request, today), today)
    context = {
        "card": next((card for card in cards if card.course == course), None)
        or week_cards([course], today)[0],
        "cards": cards,
        "lacking": count_lacking(cards),
        "all_contacted": has_contact_with_all(cards),
        "on": today,
        **ATTEMPT_CHOICES,
    }
    return render_page(request, "cases/_week_card_answer.html", context)


@edit_page
def new_contact(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register a contact on any day, with channel and note."""
    course = get_course_or_404(request, public_id, "course.contact", "cases.register_contact")
    form = MentorContactForm(
        form_data(request),
        course=course,
        initial={"held_on": clock.today(), "channel": Channel.IN_PERSON},
    )
    return answer_form(request, form, back_url=_back_url(request, course))


@edit_page
def correct_contact(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a registered contact, or give it a note."""
    contact = _contact(request, public_id)
    form = CorrectMentorContactForm(form_data(request), instance=contact, user=request.user)
    return answer_form(request, form, back_url=_back_url(request, contact.course))


def _back_url(request: AuthenticatedRequest, course: Course) -> str:
    """Return where a contact's form leads back to: "Min uge" when it was opened there (`?to=week`)."""
    return reverse("cases:my_week") if request.GET.get("to") == "week" else course_url(course, "contacts")


@edit_page
def withdraw_contact(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a contact that was entered in error; the user's own of the last hour by one tap."""
    contact = _contact(request, public_id, MentorContact.everything.all())
    is_slip = is_slip_of(contact, request.user)
    is_answered = is_slip or sends_reason(request, "withdrawn_reason")
    form = WithdrawMentorContactForm(
        form_data(request) if is_answered else None,
        row=contact,
        is_own_slip=is_slip,
        intro=_contact_in_words(contact),
    )
    back_url = course_url(contact.course, "contacts")
    if is_slip and request.user.has_perm("cases.my_week"):
        back_url = f"{reverse('cases:my_week')}#c-{contact.course.public_id}"
    return answer_withdrawal(request, form, back_url=back_url)


@edit_page
def restore_contact(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a contact stand again that was withdrawn by mistake; a slip of one's own by one tap."""
    contact = _contact(request, public_id, MentorContact.everything.all())
    is_answered = sends_reason(request) or may_restore_at_once(contact, request.user)
    form = RestoreMentorContactForm(
        form_data(request) if is_answered else None,
        row=contact,
        user=request.user,
        intro=_contact_in_words(contact),
    )
    return answer_restoring(request, form, back_url=course_url(contact.course, "contacts"))


def _contact_in_words(contact: MentorContact) -> str:
    """Return whom the contact was with, when and how, and its note."""
    parts = [contact.course.citizen_name, date_format(contact.held_on), contact.get_channel_display()]
    return ", ".join([*parts, contact.note] if contact.note else parts)


def _contact(
    request: AuthenticatedRequest, public_id: uuid.UUID, contacts: QuerySet[MentorContact] | None = None
) -> MentorContact:
    rows = MentorContact.objects.all() if contacts is None else contacts
    return get_of_course_or_404(request, rows, public_id, "course.contact", "cases.correct_contact")
