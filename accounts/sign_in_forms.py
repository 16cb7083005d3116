"""allauth's form of sign-in, with a heading of its own over what is wrong."""

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """E-mail address and password."""

    error_title = _("You are not signed in yet")
