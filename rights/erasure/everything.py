"""All that the rules of retention say is to go on a day: citizens, and everything else."""

import datetime
from collections.abc import Collection

from rights.erasure.due import due_citizens, rules_on
from rights.erasure.others.kinds import due_others
from rights.erasure.subjects import DueSubject
from rights.models import BULK_KINDS, RetentionKind

#: Kinds of which each row belongs to a project, or to none.
OF_PROJECTS = frozenset(RetentionKind) - BULK_KINDS - {RetentionKind.STAFF}


def kinds_for(projects: Collection[int | None]) -> list[RetentionKind]:
    """Return the kinds that concern whoever governs these projects: all when None is one of them."""
    return [kind for kind in RetentionKind if None in projects or kind in OF_PROJECTS]


def all_due(on: datetime.date, projects: Collection[int | None]) -> list[DueSubject]:
    """Return what is due in these projects (None: in no project), blocked included: citizens first."""
    due = due_citizens(on) + due_others(on, rules_on(on), kinds_for(projects))
    return [subject for subject in due if subject.project_id in projects]
