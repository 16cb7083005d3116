"""The authentication backend: it signs users in and grants no permissions."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail, without Django's permission tables.

    Those tables are empty: the policy modules decide who may do what. Querying them would cost two queries on
    every page with role-dependent content.
    """

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        """Always False: permissions are granted by the backend of django-rules."""
        return False

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """Always False, as above."""
        return False
