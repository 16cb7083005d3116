"""Renew an internship (D14): it starts with what held last, its work agreement included (D38)."""

import datetime
import uuid
from collections.abc import Collection
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import locked, refuse, sent_before
from companies.actions.agreements import save_agreement
from companies.actions.company_locks import share_companies
from companies.actions.placement_rows import current_placement
from companies.actions.placements import start_placement
from companies.models import CompanyContact, Placement, PlacementKind, WorkAgreement
from companies.rules import renewals
from companies.signing.status import in_force_on
from jobfirst.database.batches import batches


@transaction.atomic
def renew_placement(
    placement: Placement,
    *,
    starts_on: datetime.date,
    planned_end_on: datetime.date,
    internship_hours: Decimal,
    ordinary_hours: Decimal,
    today: datetime.date,
    by: User | None = None,
    submission: uuid.UUID | None = None,
) -> Placement:
    """Renew an internship at the same company, linked to the one it renews (D14).

    It must follow directly: on the next day, or the next working day. Of two simultaneous renewals the second
    is refused. The work agreement that held last becomes a draft of the renewal's own (D38).
    """
    share_companies()
    course = locked(placement.course)
    earlier = sent_before(Placement, course, submission, starts_on=starts_on)
    if earlier is not None:
        return earlier
    placement = current_placement(placement)
    _check_renewal(placement, starts_on)
    renewal = start_placement(
        course,
        placement.company,
        kind=PlacementKind.INTERNSHIP,
        starts_on=starts_on,
        planned_end_on=planned_end_on,
        workplace=placement.workplace,
        internship_hours=internship_hours,
        ordinary_hours=ordinary_hours,
        waived_few_hours=placement.waived_few_hours,
        waived_employment=placement.waived_employment,
        waiver_reason=placement.waiver_reason,
        by=placement.waived_by,
        submission=submission,
    )
    _draft_agreement(renewal, today=today, by=by)
    return renewal


def _check_renewal(placement: Placement, starts_on: datetime.date) -> None:
    """Refuse a renewal of another kind, a second one, and one that does not follow directly (D14)."""
    if placement.kind != PlacementKind.INTERNSHIP or placement.last_day is None:
        raise ValidationError(_("Only an internship is renewed."), code="not_internship")
    if Placement.objects.filter(renews=placement).exists():
        raise ValidationError(_("The internship has been renewed already."), code="renewed")
    if not renewals.follows_directly(placement.last_day, starts_on):
        raise refuse(
            "starts_on",
            _("A renewal begins directly after the internship it renews: from %(first)s to %(last)s.")
            % {
                "first": date_format(renewals.earliest_renewal(placement.last_day)),
                "last": date_format(renewals.latest_renewal(placement.last_day)),
            },
            "not_direct",
        )


def agreement_before(placement: Placement) -> WorkAgreement | None:
    """Return what held last in the placements that this one renews: the version in force on the last day,
    or the newest when none was put up for signing (D38)."""
    for earlier in reversed(placement.chain()):
        if earlier.starts_on >= placement.starts_on:
            continue
        in_force = in_force_on(earlier, earlier.last_day) if earlier.last_day is not None else None
        if (agreement := in_force or earlier.agreements.first()) is not None:
            return agreement
    return None


def draft_agreements(courses: Collection[int], *, today: datetime.date) -> None:
    """Give each renewal in these courses (ids) that has no work agreement, and is not over, what held last.

    For renewals that were not made by `renew_placement`, such as those of a file. Call under the courses'
    locks. Idempotent; one query for every 1,000 courses, and some for each draft.
    """
    versions = WorkAgreement.objects.filter(
        placement__course=OuterRef("course"), placement__withdrawn_at__isnull=True
    )
    for batch in batches(sorted(courses)):
        renewals_without = Placement.objects.filter(
            Exists(versions), course__in=batch, renews__isnull=False, agreements__isnull=True
        )
        for renewal in renewals_without.select_related("company", "course").order_by(
            "course", "starts_on", "pk"
        ):
            if renewal.last_day is None or renewal.last_day >= today:
                _draft_agreement(renewal, today=today, by=None)


def _draft_agreement(renewal: Placement, *, today: datetime.date, by: User | None) -> None:
    """Store what held last as the renewal's first version, a draft: nothing of it is signed.

    Days, names and contact details are those of now. Without an agreement before, or a contact person of the
    company, there is nothing to begin with.
    """
    before = agreement_before(renewal)
    contact = None if before is None else contact_now(renewal, before.company_contact)
    if before is None or contact is None:
        return
    save_agreement(
        renewal,
        content={name: getattr(before, name) for name in WorkAgreement.written_names()}
        | {"company_contact": contact},
        contact=contact,
        schedule=before.periods(),
        made_on=today,
        by=by,
        is_draft=True,
    )


def contact_now(placement: Placement, contact: CompanyContact) -> CompanyContact | None:
    """Return the contact person, or another one whom the project has at the company, if that one is gone."""
    at_company = CompanyContact.objects.filter(company=placement.company_id).of_projects(
        [placement.course.project_id]
    )
    return at_company.filter(pk=contact.pk).first() or at_company.first()
