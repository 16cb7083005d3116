"""allauth's forms of sign-in, with a heading of their own over what is wrong."""

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from django.utils.translation import gettext_lazy as _

NOT_YET = _("You are not signed in yet")


class SignInForm(LoginForm):
    """E-mail address and password."""

    error_title = NOT_YET


class CodeForm(AuthenticateForm):
    """The code of the second step."""

    error_title = NOT_YET
