"""What follows when a booked meeting is cancelled or missed, said before it is done (D41)."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import FollowUpMeeting, SendingState


def closing_consequences(meeting: FollowUpMeeting, *, is_cancelled: bool) -> list[str]:
    """Return what happens to the invitations, the message to the citizen, the draft and the next meeting."""
    consequences = []
    invited = ", ".join(str(person) for person in meeting.invited.order_by("name"))
    if is_cancelled and invited:
        consequences.append(
            _("The meeting is taken out of the calendars of %(people)s.") % {"people": invited}
        )
    if is_cancelled:
        consequences.append(_word_to_the_citizen(meeting))
    consequences.append(_("The meeting does not count as held: book a new one."))
    consequences += _draft(meeting)
    consequences.append(_("If it is a mistake, the meeting can be booked again on its page."))
    return consequences


def _word_to_the_citizen(meeting: FollowUpMeeting) -> str:
    sent = None
    if meeting.planned_at is not None:
        sent = meeting.messages.filter(state=SendingState.SENT, planned_at=meeting.planned_at).last()
    if sent is not None and sent.sent_at is not None:
        return _("The citizen got a message about the meeting on %(day)s. Say that it is cancelled.") % {
            "day": date_format(sent.sent_at)
        }
    return _("The citizen is not told by the system: call or write.")


def _draft(meeting: FollowUpMeeting) -> list[str]:
    """Return what becomes of minutes and decisions that were begun."""
    topics = meeting.minutes.exclude(text="").count()
    decisions = meeting.decisions.count()
    lines = []
    if topics:
        text = ngettext(
            "The draft of the minutes (%(n)d point) is kept, but is no minutes of a held meeting.",
            "The draft of the minutes (%(n)d points) is kept, but is no minutes of a held meeting.",
            topics,
        )
        lines.append(text % {"n": topics})
    if decisions:
        text = ngettext(
            "%(n)d decision of the draft becomes no promise.",
            "%(n)d decisions of the draft become no promises.",
            decisions,
        )
        lines.append(text % {"n": decisions})
    return lines
