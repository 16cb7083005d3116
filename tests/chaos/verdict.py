"""What must be true after a chaos run, read from the database and from the mails at the sink."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count

from jobfirst.models import StoredCheck
from reminders import recipients
from reminders.models import Deadline, Digest, DigestItem, DigestState, Reminder

KEY = ("kind", "subject_type", "subject", "due_on", "recipient_id")


def tellings_of(day: datetime.date) -> set[tuple[object, ...]]:
    """Return who is to be told of what on the day."""
    return {tuple(getattr(telling, name) for name in KEY) for telling in recipients.tellings(day)}


def told_by_digests(**conditions: object) -> Counter[tuple[object, ...]]:
    """Return how often each reminder stands in a digest that was sent."""
    items = DigestItem.objects.filter(digest__state=DigestState.SENT, **conditions)
    return Counter(items.values_list(*(f"reminder__{name}" for name in KEY)))


def faults_of_the_database(days: Iterable[datetime.date], deadline_count: int) -> list[str]:
    """Return what is wrong with what is stored after these days with a worker."""
    faults = []
    if Deadline.objects.count() != deadline_count:
        faults.append(f"{Deadline.objects.count()} deadlines, not {deadline_count}")
    expected = set().union(*(tellings_of(day) for day in days))
    counts = told_by_digests(is_new=True)
    faults += [f"lost: {key}" for key in sorted(expected - counts.keys(), key=str)]
    faults += [f"told as new {count} times: {key}" for key, count in counts.items() if count > 1]
    stored = Reminder.objects.values(*KEY).annotate(count=Count("pk")).filter(count__gt=1)
    faults += [f"recorded twice: {row}" for row in stored]
    unsent = Reminder.objects.filter(sent_at=None).count()
    if unsent:
        faults.append(f"{unsent} reminders not marked as sent")
    for day in days:
        if day.weekday() == 0 and set(told_by_digests(digest__on=day)) != tellings_of(day):
            faults.append(f"{day}: the week's first round does not tell all that is open")
    faults += [
        f"{check.differences} differences found by the check of {check.checked_at}"
        for check in StoredCheck.objects.filter(differences__gt=0)
    ]
    return faults


def faults_of_the_mails(mails: list[dict[str, str]]) -> list[str]:
    """Return what is wrong with the mails at the sink."""
    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mail in mails:
        ids[mail["to"], mail["day"]].add(mail["id"])
    faults = [
        f"{len(of_digest)} different Message-IDs for the digest of {key}"
        for key, of_digest in ids.items()
        if len(of_digest) > 1
    ]
    sent = {
        (digest.recipient.email, digest.on.isoformat()): f"<{digest.public_id}@{host}>"
        for digest in Digest.objects.filter(state=DigestState.SENT).select_related("recipient")
    }
    faults += [f"marked as sent, and not at the sink: {key}" for key in sent.keys() - ids.keys()]
    faults += [f"at the sink, and not marked as sent: {key}" for key in ids.keys() - sent.keys()]
    faults += [
        f"another mail than the digest of {key}"
        for key in sent.keys() & ids.keys()
        if {sent[key]} != ids[key]
    ]
    return faults
