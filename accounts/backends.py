"""Signing in, and nothing else."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail, without Django's permission tables.

    Nobody is given rows there: who may do what is said by the policy modules alone. Asking the tables all
    the same would cost two queries on every page that shows something to some roles only.
    """

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        """No: django-rules answers before this backend is asked."""
        return False

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """No, as above."""
        return False
