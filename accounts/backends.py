"""Signing in, and nothing else."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail, without Django's permission tables.

    Nobody is given rows there: who may do what is said by the policy modules alone. Asking the tables all
    the same would cost two queries on every page that shows something to some roles only.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """No: django-rules answers before this backend is asked."""
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """No, as above."""
        return False
