"""Why a sign-in by the identity provider is refused. The codes stand in the security records."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Refusal(models.TextChoices):
    STATE = "oidc_state", _("The sign-in took too long, or began in another window. Try again.")
    PROVIDER = "oidc_provider", _("The municipality's sign-in does not answer as it should. Try again later.")
    DENIED = "oidc_denied", _("The municipality's sign-in was not completed.")
    TOKEN = "oidc_token", _("The answer of the municipality's sign-in could not be verified.")
    UNVERIFIED = "oidc_unverified", _("The municipality's sign-in does not vouch for your e-mail address.")
    UNKNOWN = "oidc_unknown", _("You have no account here. Ask your administrator for an invitation.")
    CLOSED = "oidc_closed", _("Your account is closed. Ask your administrator.")
    OTHER = "oidc_other", _("Your account belongs to another identity. Ask your administrator.")


class RefusedSignInError(Exception):
    """The sign-in is refused. `subject` is the account it concerns, if it is known."""

    def __init__(self, refusal: Refusal, subject: object = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.subject = subject
