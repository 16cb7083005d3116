"""Contact persons of companies whom nobody needs any more.

The period begins on the latest of three days: the contact person was written down or changed, the project's
last placement at the company ended, the project last spoke with the person. It does not begin while a
placement of the project's runs there. A work agreement names its contact person: she goes after it, and the
agreement goes with the participant.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.apps import apps
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SignedLink
from companies.models import CompanyCall, CompanyContact, Placement, WorkAgreement
from jobfirst.values.dates import months_after
from rights.erasure.blocking import Blocker
from rights.erasure.removal import Removal
from rights.erasure.subjects import DueSubject
from rights.models import LegalHold, RetentionKind

#: A company with a project (None: with none).
Place = tuple[int, int | None]


def due(on: datetime.date, months: int, _held: object) -> list[DueSubject]:
    """Return the contact persons whose period has ended by the day. A fixed number of queries."""
    named = set(WorkAgreement.objects.order_by().values_list("company_contact", flat=True))
    changed, called = _changed_on(), _called_on()
    ended, running, held = _placements(on)
    subjects = []
    rows = CompanyContact.objects.order_by("pk").values_list(
        "pk", "public_id", "company", "project", "created_at"
    )
    for pk, public_id, company, project, created_at in rows:
        place = (company, project)
        if place in running:
            continue
        days = [timezone.localdate(created_at), changed.get(pk), called.get(pk), ended.get(place)]
        begins_on = max(day for day in days if day)
        due_on = months_after(begins_on, months)
        if due_on <= on:
            blockers = [Blocker.LEGAL_HOLD] if place in held else []
            blockers += [Blocker.IN_AGREEMENT] if pk in named else []
            label = f"{RetentionKind.CONTACT} {pk}"
            subjects.append(
                DueSubject(
                    *(pk, public_id, label, RetentionKind.CONTACT, project, begins_on, due_on),
                    tuple(blockers),
                )
            )
    return subjects


def _changed_on() -> dict[int, datetime.date]:
    events = apps.get_model("companies", "CompanyContactEvent").objects.order_by().values("pgh_obj_id")
    last = events.annotate(last=Max("pgh_created_at")).values_list("pgh_obj_id", "last")
    return {pk: timezone.localdate(moment) for pk, moment in last}


def _called_on() -> dict[int, datetime.date]:
    calls = CompanyCall.everything.exclude(contact=None).order_by().values("contact")
    return dict(calls.annotate(last=Max("called_on")).values_list("contact", "last"))


def _placements(on: datetime.date) -> tuple[dict[Place, datetime.date], set[Place], set[Place]]:
    """Return the last day of the placements by place, where one runs, and where a held citizen was.

    A contact person of no project is everybody's: the placements of all projects count for her.
    """
    held = set(LegalHold.objects.in_force(on).order_by().values_list("citizen_id", flat=True))
    rows = Placement.objects.order_by().values_list(
        "company", "course__project", "course__citizen", "ended_on"
    )
    ended: dict[Place, datetime.date] = {}
    running: set[Place] = set()
    of_held: set[Place] = set()
    for company, project, citizen, ended_on in rows:
        for place in ((company, project), (company, None)):
            if ended_on is None or ended_on >= on:
                running.add(place)
            else:
                ended[place] = max(ended_on, ended.get(place, ended_on))
            if citizen in held:
                of_held.add(place)
    return ended, running, of_held


def names(public_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what a list shows: the company, not the person."""
    rows = CompanyContact.objects.filter(public_id__in=public_ids).select_related("company")
    return {
        contact.public_id: _("Contact person at %(company)s") % {"company": contact.company.name}
        for contact in rows
    }


def changed_since(pk: int, moment: datetime.datetime) -> bool:
    """Whether the contact person was changed after the moment."""
    events = apps.get_model("companies", "CompanyContactEvent").objects
    return bool(events.filter(pgh_obj_id=pk, pgh_created_at__gt=moment).exists())


def erase(removal: Removal, pk: int) -> list[uuid.UUID]:
    """Remove the contact person, what was sent to her by link, and the history. Return the ids that led to
    her."""
    contact = CompanyContact.objects.select_for_update(of=("self",)).get(pk=pk)
    links = SignedLink.objects.filter(Q(recipient=contact.public_id) | Q(subject=contact.public_id))
    removal.delete_whole(SignedLink, list(links.values_list("pk", flat=True)))
    removal.delete_whole(CompanyContact, [pk])
    return [contact.public_id]
