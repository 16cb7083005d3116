"""What stands on a list of erasure: one citizen, or one thing of another kind."""

import datetime
import uuid
from dataclasses import dataclass

from rights.erasure.blocking import Blocker
from rights.models import RetentionKind


@dataclass(frozen=True, slots=True)
class DueSubject:
    """Somebody or something whose period has ended: of which project (None: of none), since when, and what
    blocks it.

    `label` names it without a name: a citizen's pseudonym, else the kind with a number. `count` is the number
    of rows, of the kinds whose rows go together up to the day `begins_on`.
    """

    pk: int
    public_id: uuid.UUID
    label: str
    kind: RetentionKind
    project_id: int | None
    begins_on: datetime.date
    due_on: datetime.date
    blockers: tuple[Blocker, ...] = ()
    count: int = 1
