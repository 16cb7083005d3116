"""How a person signs in, as administrators see it: which second steps there are, and the last sign-in."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User


@dataclass(frozen=True)
class SignInFacts:
    """The second steps in words, whether there is one that can be reset, and the last sign-in."""

    second_steps: list[str]
    can_be_reset: bool
    last_at: datetime | None


def sign_in_facts(person: User) -> SignInFacts:
    """Return how the person signs in. One query."""
    types = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    counts = Counter(types)
    words = [_("Authenticator app")] if counts[Authenticator.Type.TOTP] else []
    if number := counts[Authenticator.Type.WEBAUTHN]:
        words.append(
            ngettext("%(number)d security key", "%(number)d security keys", number) % {"number": number}
        )
    if counts[Authenticator.Type.RECOVERY_CODES]:
        words.append(_("Recovery codes"))
    return SignInFacts(words, bool(counts), person.last_login)
