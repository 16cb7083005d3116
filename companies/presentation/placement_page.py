"""What the page of a placement shows: the chain, hours over time, the requirement, what may be done next."""

import datetime
from typing import Any

from accounts.models import User
from cases.presentation.corrections import with_corrections
from companies.actions.withdrawals import signs_of_presence
from companies.models import Placement, PlacementKind, ReportState
from companies.presentation import reasonableness
from companies.presentation.schedule import agreed_warnings, renewal_warning
from companies.rules.reasonableness import COUNTING_KINDS


def placement_page(placement: Placement, user: User, on: datetime.date) -> dict[str, Any]:
    """Return the context of the placement's page on a day; `named_courses` are other citizens it names."""
    agreements = list(placement.agreements.all())
    renewal = getattr(placement, "renewed_by", None)
    is_internship = placement.kind == PlacementKind.INTERNSHIP
    with_corrections([placement])
    chain = placement.chain() if is_internship and (renewal or placement.renews_id) else []
    return {
        "placement": placement,
        "course": placement.course,
        "on": on,
        "running": placement.ended_on is None,
        "begun": placement.starts_on <= on,
        "renewal": renewal,
        "chain": chain,
        "hours_spans": [part for row in chain or [placement] for part in row.hours_spans()],
        "is_internship": is_internship,
        "may": user.has_perm("cases.manage_placements", placement.course),
        "agreement": agreements[0] if agreements else None,
        "agreements": agreements,
        "reports": list(
            placement.reports.filter(state=ReportState.WAITING).select_related("placement__company")
        ),
        "may_be_no_show": placement.starts_on <= on and not signs_of_presence(placement),
        "may_decide": user.has_perm("cases.work_on_course", placement.course),
        "schedule_warnings": _schedule_warnings(placement, on),
        **_requirement(placement, user),
    }


def _schedule_warnings(placement: Placement, on: datetime.date) -> list[str]:
    """Return what the newest agreement exceeds of the accommodations, and how a draft differs from the hours
    agreed, while the placement runs."""
    newest = placement.agreements.prefetch_related("schedule").first()
    if newest is None or placement.ended_on is not None:
        return []
    newest.placement = placement
    return [*renewal_warning(newest), *agreed_warnings(placement, newest.periods(), on)]


def _requirement(placement: Placement, user: User) -> dict[str, Any]:
    """Return the reasonableness requirement of a placement that counts (D24)."""
    if placement.kind not in COUNTING_KINDS:
        return {"requirement": None, "warning": "", "named_courses": []}
    shown_requirement = reasonableness.shown_requirement(placement, user)
    requirement = shown_requirement.requirement
    is_exceeded = requirement.exceeded and not placement.waived_few_hours
    return {
        "requirement": requirement,
        "requirement_lines": shown_requirement.lines,
        "warning": reasonableness.exceeded_text(requirement, placement.workplace) if is_exceeded else "",
        "named_courses": shown_requirement.citizens,
    }
