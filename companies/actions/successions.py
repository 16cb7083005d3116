"""Record that a company was taken over by another, and withdraw such a record (D28).

Both change what the citizens at the company earn. So both exclude everything new at companies, lock the
courses concerned, and let the stored events follow in the same transaction.
"""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, refuse
from cases.actions.corrections import check_reason, check_same_withdrawal
from companies.actions.company_locks import lock_companies, locked_courses_at
from companies.extension_points import placements_changed
from companies.merging.lookup import remaining_company
from companies.models import Company, Succession
from companies.policy import may_change_companies
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content
from jobfirst.row_security.context import all_projects


@all_projects("what the projects share of a company is changed for all of them")
@transaction.atomic
def record_succession(
    predecessor: Company,
    successor: Company,
    *,
    from_on: datetime.date,
    all_workplaces: bool,
    reason: str,
    by: User,
    submission: uuid.UUID | None = None,
) -> Succession:
    """Record that `successor` took over `predecessor`: from `from_on` its placements are at the successor.

    `all_workplaces` says that all of its workplaces went over. The take-overs of a chain lie on later and
    later days; a company is taken over once.
    """
    lock_companies()
    predecessor, successor = remaining_company(predecessor), remaining_company(successor)
    content = {"predecessor": predecessor, "successor": successor, "from_on": from_on}
    if submission and (earlier := Succession.objects.filter(submission=submission).first()) is not None:
        refuse_other_content(earlier, content)
        return earlier
    _check(predecessor, successor, from_on)
    concerned = Succession.objects.became(predecessor)
    if not may_change_companies(by, concerned):
        raise ValidationError(not_alone(), code="shared")
    courses = locked_courses_at(concerned)
    succession = Succession.objects.create(
        **content,
        all_workplaces=all_workplaces,
        reason=reason.strip(),
        recorded_by=by,
        submission=submission,
    )
    placements_changed(courses)
    return succession


@all_projects("what the projects share of a company is changed for all of them")
@transaction.atomic
def withdraw_succession(
    succession: Succession, *, reason: str, by: User, version: int | None = None
) -> Succession:
    """Withdraw a take-over that was recorded in error: everything is reckoned without it.

    Idempotent (`check_same_withdrawal`).
    """
    lock_companies()
    succession = Succession.objects.select_related("predecessor").get(pk=succession.pk)
    if succession.withdrawn_at is not None:
        check_same_withdrawal(succession, by=by, reason=reason)
        return succession
    ensure_fresh(succession, version)
    check_reason(reason, field="reason", words=_("Say why the take-over is withdrawn."))
    concerned = Succession.objects.became(succession.predecessor)
    if not may_change_companies(by, concerned):
        raise ValidationError(not_alone(), code="shared")
    courses = locked_courses_at(concerned)
    changed(
        succession,
        {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_reason": reason.strip()},
    )
    placements_changed(courses)
    return succession


def not_alone() -> str:
    """Return what a project leader reads who may not change the companies alone."""
    return _("You cannot change this company alone. Ask the agency or the administrator of the system.")


def _check(predecessor: Company, successor: Company, from_on: datetime.date) -> None:
    """Refuse what the database refuses, in words."""
    if predecessor == successor:
        raise refuse("successor_cvr", _("A company cannot take over itself."), "same")
    standing = Succession.objects.standing()
    if standing.filter(predecessor=predecessor).exists():
        raise refuse("cvr", _("The company is taken over already."), "taken_over")
    gone = standing.filter(predecessor=successor, from_on__lte=from_on).first()
    if gone is not None:
        text = _("That company was itself taken over on %(day)s.") % {"day": date_format(gone.from_on)}
        raise refuse("successor_cvr", text, "gone")
    later = standing.filter(successor=predecessor, from_on__gte=from_on).order_by("-from_on").first()
    if later is not None:
        text = _("The company took over another one on %(day)s: the day must be later.")
        raise refuse("from_on", text % {"day": date_format(later.from_on)}, "before")
