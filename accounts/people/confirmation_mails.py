"""Mails about roles and resets of the second step: to the other administrators, project leaders, the person.

Sent after the commit; a mail that the server does not accept is logged, since the pages show the same.
"""

import logging
import uuid
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import policy
from accounts.models import AccountRequest, Project, User
from accounts.roles import role_in_words
from jobfirst import mode
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.transports import DeliveryError, headers, send_mail

logger = logging.getLogger(__name__)


def tell_administrators(request: AccountRequest) -> None:
    """Tell the administrators who may decide that a request waits."""
    context = {
        "asked_by": request.asked_by.name,
        "person": request.person.name,
        "url": settings.JOBFIRST_BASE_URL + reverse("user_requests"),
        "until": request.expires_at,
    }
    people = _administrators_but({request.asked_by_id, request.person_id})
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A change waits for you")
    _send_after_commit(people, subject, "accounts/request_mail.txt", context)


def tell_of_role(person: User, role: str, project: Project | None, *, by: User) -> None:
    """Tell the other administrators and the project's leaders of a role that one administrator has given."""
    with translation.override(settings.LANGUAGE_CODE):
        role_name = role_in_words(role, project.name if project else "")
        subject = _("A role was given")
    people = _administrators_but({by.pk, person.pk})
    if project is not None:
        people += policy.leaders_of(project).exclude(pk__in=[by.pk, person.pk])
    context = {"by": by.name, "person": person.name, "role": role_name}
    _send_after_commit(people, subject, "accounts/role_given_mail.txt", context)


def tell_of_reset(person: User) -> None:
    """Tell the person that two administrators have reset the second step."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Your two-step sign-in was reset")
    _send_after_commit([person], subject, "accounts/reset_mail.txt", {})


def tell_of_address(person: User, *, by: User | None) -> None:
    """Tell of another address: the person, at the one that is replaced, and the administrators but `by`."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("The e-mail address of an account was changed")
    people = [person, *_administrators_but({person.pk, *([by.pk] if by else [])})]
    context = {"by": by.name if by else "", "person": person.name}
    _send_after_commit(people, subject, "accounts/address_changed_mail.txt", context)


def _administrators_but(left_out: set[int]) -> list[User]:
    """Return the people with an open account who manage accounts, without these ids."""
    memberships = policy.memberships_of_administrators().filter(user__is_active=True)
    return [membership.user for membership in memberships.exclude(user__in=left_out).select_related("user")]


def _send_after_commit(
    people: Iterable[User], subject: str, template: str, context: Mapping[str, object]
) -> None:
    """Send each person a mail of their own once the transaction is committed; in a muted system none."""
    addresses = sorted({person.email for person in people if person.mail_returned_at is None})
    if not addresses:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(template, dict(context))
        subject = mode.marked_subject(subject)
    transaction.on_commit(lambda: _send(addresses, subject, text), robust=True)


def _send(addresses: list[str], subject: str, text: str) -> None:
    if is_muted():
        return
    for address in addresses:
        sent_with = headers(uuid.uuid4())
        try:
            send_mail(
                EmailMessage(subject, text, settings.JOBFIRST_RETURN_ADDRESS, [address], headers=sent_with)
            )
        except DeliveryError as error:
            logger.error("a mail about accounts could not be sent: %s", error.code)
