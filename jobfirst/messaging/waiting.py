"""How many rows of outgoing messages wait, for monitoring."""

import datetime

from django.db.models import Count, Min, Q

from jobfirst.messaging.outgoing import Outgoing, SendingState
from jobfirst.monitoring.extension_points import QueueReader, QueueState
from jobfirst.row_security.context import all_projects

PENDING = Q(state=SendingState.PENDING)


def queue_of(model: type[Outgoing]) -> QueueReader:
    """Return a function that counts what waits of the model, and what was given up."""

    @all_projects("what waits is counted, whatever project it is of")
    def read(_now: datetime.datetime) -> QueueState:
        rows = model._default_manager.aggregate(
            waiting=Count("pk", filter=PENDING),
            oldest=Min("created_at", filter=PENDING),
            dead=Count("pk", filter=Q(state=SendingState.DEAD)),
        )
        return QueueState(**rows)

    return read
