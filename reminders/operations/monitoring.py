"""What monitoring asks of the reminders: the digests that wait, and whether today's round was made."""

import datetime

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from jobfirst.messaging.mute import is_muted
from jobfirst.monitoring.extension_points import Gauge, HealthCheck, QueueState
from jobfirst.values.working_days import is_working_day
from reminders.models import Digest, DigestState, Round

#: A digest may wait until the latest hour that its reader can choose (12); it is made at 7.
MAY_WAIT = datetime.timedelta(hours=6)


def waiting_digests(now: datetime.datetime) -> QueueState:
    """Return what waits. The oldest is one that could not be sent, or that nobody tried to send in time."""
    is_pending = Q(state=DigestState.PENDING)
    is_late = is_pending & (Q(attempts__gt=0) | Q(created_at__lt=now - MAY_WAIT))
    return QueueState(
        **Digest.objects.aggregate(
            waiting=Count("pk", filter=is_pending),
            oldest=Min("created_at", filter=is_late),
            dead=Count("pk", filter=Q(state=DigestState.DEAD)),
        )
    )


def is_round_made(now: datetime.datetime) -> bool:
    """Whether the round of today was made: asked on working days an hour after it begins.

    True before the first round of a new system, and while it is muted.
    """
    local = timezone.localtime(now)
    if local.hour <= settings.JOBFIRST_DIGEST_FROM_HOUR or not is_working_day(local.date()):
        return True
    last = Round.objects.first()
    return last is None or last.on >= local.date() or is_muted()


def last_round_age(now: datetime.datetime) -> float | None:
    """Return the seconds since the last round was made."""
    last = Round.objects.first()
    return (now - last.made_at).total_seconds() if last else None


GAUGES = (
    Gauge("jobfirst_last_round_age_seconds", "Seconds since the last round of reminders", last_round_age),
)
CHECKS = (HealthCheck("last_round", is_round_made),)
