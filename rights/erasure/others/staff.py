"""Staff who have left: the closed account stays as a number, so that what the person did can be told apart.

The period begins on the day on which the account was closed, or the person last held a function, or signed
in, whichever is latest.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import ERASED_DOMAIN, AccountRequest, User
from audit.models import AccessRecord
from cases.models import FunctionHolding
from jobfirst.values.dates import months_after
from rights.erasure.blocking import Blocker
from rights.erasure.others.records import HeldIds
from rights.erasure.removal import Removal, histories_of
from rights.erasure.subjects import DueSubject
from rights.models import RetentionKind

#: Tables that belong to the person, by the key that leads to the account: their rows go, with their history.
OWN = {
    "account.EmailAddress": "user",
    "mfa.Authenticator": "user",
    "usersessions.UserSession": "user",
    "accounts.User_groups": "user",
    "accounts.User_user_permissions": "user",
    "accounts.Absence": "user",
    "accounts.Identity": "user",
    "accounts.DeliveredUser": "user",
    "reminders.Reminder": "recipient",
    "reminders.Digest": "recipient",
    "reminders.DigestPreference": "user",
    "reminders.CalendarFeed": "user",
    "cases.DefaultTeamMember": "user",
    "cases.MeetingInvitation": "recipient",
    "companies.CompanyAcquaintance": "user",
    "plans.PlanDraft": "user",
}
#: Tables whose rows go with the account by the database's rules, and stay here, and why.
STAYS = {
    "accounts.Membership": "which role number so-and-so had, without a name",
    "cases.FollowUpMeeting_attendees": "who was at a citizen's meeting: the citizen's data",
    "cases.FollowUpMeeting_invited": "who was asked to a citizen's meeting: the citizen's data",
    "randomization.HeadMail": "that a commitment was sent before the draw (D5)",
}


def due(on: datetime.date, months: int, held: Callable[[], HeldIds]) -> list[DueSubject]:
    """Return the closed accounts whose period has ended by the day."""
    holding = FunctionHolding.objects.not_over(on).values("user")
    closed = User.objects.filter(is_active=False, erased_on=None)
    rows = closed.exclude(pk__in=holding).annotate(
        closed_at=Coalesce(Subquery(_closings()), F("created_at")), held_until=Max("holdings__until_on")
    )
    named = _named_in_logs(held().public_ids)
    subjects = []
    for user in rows.order_by("pk"):
        moments = [moment for moment in (user.closed_at, user.last_login) if moment]
        begins_on = max(timezone.localdate(moment) for moment in moments)
        begins_on = max(begins_on, user.held_until or begins_on)
        due_on = months_after(begins_on, months)
        if due_on <= on:
            blockers = (Blocker.LEGAL_HOLD,) if user.pk in named else ()
            label = f"{RetentionKind.STAFF} {user.pk}"
            subjects.append(
                DueSubject(
                    user.pk, user.public_id, label, RetentionKind.STAFF, None, begins_on, due_on, blockers
                )
            )
    return subjects


def _closings() -> "QuerySet[Any, Any]":
    """Return the moment when the account was closed last: the first change since it was open."""
    events = apps.get_model("accounts", "UserEvent").objects.order_by()
    of_user = events.filter(pgh_obj_id=OuterRef("pk"))
    last_open = (
        events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), is_active=True)
        .values("pgh_obj_id")
        .annotate(last=Max("pgh_id"))
        .values("last")
    )
    since = of_user.annotate(last_open=Coalesce(Subquery(last_open), 0)).filter(
        Q(is_active=False), pgh_id__gt=F("last_open")
    )
    first: QuerySet[Any, Any] = since.values("pgh_obj_id").annotate(first=Min("pgh_created_at"))
    return first.values("first")


def _named_in_logs(held: Collection[uuid.UUID]) -> set[int | None]:
    """Return the users who saw a citizen whose data is held back: her log must name them."""
    if not held:
        return set()
    seen = AccessRecord.objects.filter(citizens__overlap=list(held)).order_by()
    return set(seen.values_list("user", flat=True).distinct())


def names(public_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what a list shows of the accounts, to administrators: the names."""
    return {user.public_id: str(user) for user in User.objects.filter(public_id__in=public_ids)}


def changed_since(pk: int, moment: datetime.datetime) -> bool:
    """Whether the account was changed after the moment."""
    events = apps.get_model("accounts", "UserEvent").objects
    return bool(events.filter(pgh_obj_id=pk, pgh_created_at__gt=moment).exists())


def erase(removal: Removal, pk: int) -> list[uuid.UUID]:
    """Remove what belongs to the person; the account stays under a number. Return the ids that led to it."""
    user = User.objects.select_for_update(of=("self",)).get(pk=pk)
    for label, key in OWN.items():
        model = apps.get_model(label)
        removal.delete_whole(
            model, list(model._base_manager.filter(**{key: pk}).values_list("pk", flat=True))
        )
        for events in histories_of(model):  # of rows that were removed earlier, too
            removal.delete_events(events, events._base_manager.filter(**{key: pk}))
    requests = AccountRequest.objects.filter(person=pk)
    requests.update(reason="")
    removal.delete_history(AccountRequest, list(requests.values_list("pk", flat=True)))
    removal.delete_history(User, [pk])
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Former employee %(number)s") % {"number": pk}
    User.objects.filter(pk=pk).update(
        public_id=uuid.uuid4(),
        email=f"{pk}{ERASED_DOMAIN}",
        name=name,
        phone="",
        password=make_password(None),
        last_login=None,
        invited_at=None,
        mail_returned_at=None,
        mail_return_status="",
    )
    return [user.public_id]
