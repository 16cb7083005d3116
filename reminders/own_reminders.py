"""Actions on a person's own reminders: preferences, putting off, and the address of the calendar."""

from __future__ import annotations

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import TrialTerms, User
from jobfirst.kit.versioned import refuse_other_content
from jobfirst.values.dates import DAY
from reminders import deadlines
from reminders.models import CalendarFeed, DigestPreference, Reminder, Snooze
from reminders.wording import ReminderFacts


def save_preference(user: User, *, by_mail: bool, hour: int, weekdays: Sequence[int]) -> DigestPreference:
    """Store how the person gets the digest; the limits are those of `DigestPreference`."""
    preference, _created = DigestPreference.objects.update_or_create(
        user=user, defaults={"by_mail": by_mail, "hour": hour, "weekdays": sorted(weekdays)}
    )
    return preference


@transaction.atomic
def put_off(
    facts: ReminderFacts,
    *,
    by: User,
    until_on: datetime.date,
    reason: str,
    today: datetime.date,
    submission: uuid.UUID | None = None,
) -> Snooze:
    """Put off what the person is told of today until a day, with a reason that the leader sees.

    At most the trial's number of days; a running one is replaced. The deadline itself stays, and is escalated
    as ever. ValidationError for a day outside the limits or a missing reason, and when the same form was sent
    before with other content.
    """
    deadlines.lock(shared=True)
    reminder = _locked_reminder(facts, by)
    earlier = Snooze.objects.filter(submission=submission).first() if submission else None
    if earlier is not None:
        refuse_other_content(earlier, {"reminder": reminder, "until_on": until_on, "reason": reason.strip()})
        return earlier
    days = TrialTerms.objects.in_force_or_first(today).snooze_days
    if not today < until_on <= today + days * DAY:
        text = _("Choose a day from tomorrow on, at most %(days)d days ahead.") % {"days": days}
        raise ValidationError({"until_on": ValidationError(text, code="limits")})
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say why it is put off."), code="required")})
    reminder.snoozes.filter(closed_at__isnull=True).update(closed_at=timezone.now())
    return Snooze.objects.create(
        reminder=reminder, from_on=today, until_on=until_on, reason=reason.strip(), submission=submission
    )


def _locked_reminder(facts: ReminderFacts, recipient: User) -> Reminder:
    """Return the stored reminder of the facts to the recipient, its row locked; stored if it was not yet."""
    key = {
        "kind": facts.kind,
        "subject_type": facts.subject_type,
        "subject": facts.subject,
        "recipient": recipient,
        "due_on": facts.due_on,
    }
    reminder, _created = Reminder.objects.get_or_create(**key, defaults={"reason": facts.reason})
    return Reminder.objects.select_for_update(of=("self",)).get(pk=reminder.pk)


def new_calendar_address(user: User) -> str:
    """Give the person's calendar a new address and return its token; the old address stops working."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"token_hash": _hash(token), "created_at": timezone.now()}
    )
    return token


def revoke_calendar_address(user: User) -> None:
    """Take the person's calendar off the net."""
    CalendarFeed.objects.filter(user=user).delete()


def user_of_calendar(token: str) -> User | None:
    """Return whose calendar has the token; None for an unknown one and for a closed account."""
    feed = CalendarFeed.objects.filter(token_hash=_hash(token), user__is_active=True).select_related("user")
    row = feed.first()
    return None if row is None else row.user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
