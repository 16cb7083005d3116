"""Days of a week, and the morning's round played on one of them."""

import datetime

from reminders import actions
from reminders.models import DigestItem

MON, TUE, WED, THU, FRI, SAT, SUN, NEXT_MON, NEXT_TUE = (
    datetime.date(2016, 4, 4) + datetime.timedelta(days=n) for n in range(9)
)
EASTER_MONDAY = datetime.date(2016, 3, 28)
FAR = datetime.date(2016, 12, 31)
FIRST = datetime.date(2016, 1, 1)


def run_day(on):
    """Make the digests of a day and send them."""
    actions.make_digests(on)
    for pk in actions.waiting_digests(on):
        actions.send_digest(pk)


def reminders_sent(on):
    """Return the reminders sent on a day: {recipient: [(subject, is new)]}."""
    items = DigestItem.objects.filter(digest__on=on, digest__state="sent").order_by("reminder__subject")
    reminders_of = {}
    for item in items.select_related("reminder", "digest"):
        reminders_of.setdefault(item.digest.recipient_id, []).append((item.reminder.subject, item.is_new))
    return reminders_of
