"""allauth's pages that confirm who somebody is, which here name the act that waits for it.

What the page says follows from the address it leads to afterwards, so that it cannot be out of date.
"""

from typing import Any

from allauth.account.views import BaseReauthenticateView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django import forms
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from accounts.sign_in.checked_acts import CheckedAct, act_at
from accounts.sign_in.recent_checks import SEND_AGAIN


class NamedActMixin(BaseReauthenticateView):
    """Names the act, offers to give it up, and leads back where what was sent is no longer waiting."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return allauth's context with the act and the address of "Cancel"."""
        act = self._act()
        named = {"act": act, "cancel_url": act.cancel_url if act else reverse("home")}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | named | kwargs

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Go on. An act without a page of its own that was given up meanwhile is sent again from its page."""
        answer: HttpResponse = super().form_valid(form)
        act = self._act()
        leads_to_act = isinstance(answer, HttpResponseRedirect) and answer.url == self._address()
        if act is None or act.has_page or not leads_to_act:
            return answer
        messages.info(self.request, SEND_AGAIN)
        return redirect(act.cancel_url)

    def _act(self) -> CheckedAct | None:
        return act_at(self._address())

    def _address(self) -> str:
        return str(
            self.request.POST.get(REDIRECT_FIELD_NAME) or self.request.GET.get(REDIRECT_FIELD_NAME, "")
        )


class PasswordPage(NamedActMixin, ReauthenticateView):
    """The password once more."""


class CodePage(NamedActMixin, CodeView):
    """A code of the app, or a recovery code, once more."""


class KeyPage(NamedActMixin, ReauthenticateWebAuthnView):
    """The security key once more."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Say on the page what was wrong: allauth leaves for the page of sign-in, and forgets the act."""
        page: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return page
