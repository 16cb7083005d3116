"""What the agency enters: awards, terms and applications (D25, D26, D29, D31, D32)."""

import datetime
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Municipality, Project, User
from grants.models import Application, Award, BudgetLine, FixedGrant, GrantTerms, Statement
from grants.storage import stored_events
from jobfirst.kit.days import short_date
from jobfirst.kit.versioned import ensure_latest, refuse_other_content
from jobfirst.values import money
from jobfirst.values.dates import DateSpan

#: The prefix of the form fields of fixed grants, before the municipality's code.
FIXED = "fixed_"


class AwardSeen(NamedTuple):
    """The id of a project's latest award when the form was opened; None when there was none."""

    award_id: int | None


@transaction.atomic
def enter_award(
    project: Project,
    valid_from: datetime.date,
    target_count: int,
    user: User,
    *,
    reason: str,
    fixed: dict[Municipality, Decimal],
    budget: dict[str, Decimal],
    seen: "AwardSeen | None" = None,
) -> Award:
    """Enter a project's award from a day on. ValidationError if it would change the past.

    With `seen`, the latest award that the form showed: refused when another was entered since.

    The day must lie within the project's period, and be later than that of the award before it and than the
    cut-off of every approved statement; the fixed grant of a municipality is at most that of the terms in
    force on the day (D25).
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    _check_seen(project, seen)
    _check_turn(project, valid_from)
    _check_fixed(valid_from, fixed)
    award = Award.objects.create(
        project=project, valid_from=valid_from, target_count=target_count, reason=reason, entered_by=user
    )
    FixedGrant.objects.bulk_create(
        [FixedGrant(award=award, municipality=place, amount=amount) for place, amount in fixed.items()]
    )
    BudgetLine.objects.bulk_create(
        [BudgetLine(award=award, category=category, amount=amount) for category, amount in budget.items()]
    )
    return award


@transaction.atomic
def enter_terms(
    terms: GrantTerms, *, objection_to_day: Callable[[], str], version: int | None = None
) -> GrantTerms:
    """Save a new row of terms, and what every course earns by it (D26).

    No correction, submission or approval is under way meanwhile.

    `objection_to_day` is called under the lock, since an approval may have been committed first; a non-empty
    return value is raised as a ValidationError. `version` is the number of rows when the form was opened:
    `StaleError` when another was entered since.
    """
    courses = stored_events.lock_for_terms()
    rows = GrantTerms.objects.order_by("-pk")
    ensure_latest(rows.first(), rows.count(), version)
    if objection := objection_to_day():
        raise ValidationError({"valid_from": objection})
    terms.save()
    stored_events.bring_up_to_date(courses)
    return terms


@transaction.atomic
def enter_application(
    project: Project,
    fields: Mapping[str, Any],
    user: User,
    *,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Application:
    """Save the record of a project's application; a correction is a new row with its reason (D32).

    Idempotent by `submission`, the token of the form. `version` is the number of rows when the form was
    opened: `StaleError` when another was entered since.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if submission and (earlier := project.applications.filter(submission=submission).first()):
        refuse_other_content(earlier, fields)
        return earlier
    rows = project.applications.order_by("-pk")
    ensure_latest(rows.first(), rows.count(), version)
    return Application.objects.create(project=project, entered_by=user, submission=submission, **fields)


def _check_seen(project: Project, seen: AwardSeen | None) -> None:
    latest = Award.objects.filter(project=project).first()
    if seen is not None and seen.award_id != (latest.pk if latest else None):
        raise ValidationError(
            _("Another award has been entered since you opened the page. Open it again to see it first."),
            code="stale",
        )


def _check_turn(project: Project, valid_from: datetime.date) -> None:
    """Refuse a day outside the project, and one not after the award before it and every approved cut-off."""
    if valid_from not in DateSpan(project.starts_on, project.ends_on):
        period = {"first": short_date(project.starts_on), "last": short_date(project.ends_on)}
        text = _("The day must lie within the project's period, from %(first)s to %(last)s.")
        raise ValidationError({"valid_from": text % period})
    latest = Award.objects.filter(project=project).order_by("valid_from").last()
    if latest and valid_from <= latest.valid_from:
        raise ValidationError(
            {
                "valid_from": _("The day must be later than that of the award before it, %(day)s.")
                % {"day": short_date(latest.valid_from)}
            }
        )
    approved = Statement.objects.approved().filter(project=project).order_by("cut_off").last()
    if approved and valid_from <= approved.cut_off:
        raise ValidationError(
            {
                "valid_from": _("A statement up to %(day)s is approved: the award must begin after it.")
                % {"day": short_date(approved.cut_off)}
            }
        )


def _check_fixed(valid_from: datetime.date, fixed: dict[Municipality, Decimal]) -> None:
    """Refuse more than the terms of the day give a municipality, and a day without terms."""
    terms = GrantTerms.objects.begun(valid_from).first()
    if terms is None:
        raise ValidationError(
            {
                "valid_from": _("No terms of the grant are in force on %(day)s.")
                % {"day": short_date(valid_from)}
            }
        )
    most = {"amount": money.written(terms.fixed_grant)}
    text = _("The fixed grant is at most %(amount)s kroner per municipality.") % most
    errors = {f"{FIXED}{place.code}": text for place, kroner in fixed.items() if kroner > terms.fixed_grant}
    if errors:
        raise ValidationError(errors)
