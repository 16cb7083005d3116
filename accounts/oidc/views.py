"""Sign-in by the municipality's identity provider: going there, and coming back."""

import logging
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.oidc import flow, identities, signing_out
from accounts.oidc.refusals import Refusal, RefusedSignInError
from accounts.sign_in import second_step
from audit.models import SecurityKind
from audit.security import record_security
from jobfirst.kit.pages import render_page

#: Of logout tokens, which cost a question to the provider.
RATES = {"logout": "60/m/ip"}

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_GET
def oidc_begin(request: HttpRequest) -> HttpResponse:
    """Go to the provider, which with `again` asks who it is in any case; afterwards back to `next`."""
    _ensure_configured()
    next_url = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, allowed_hosts=None):
        next_url = reverse("home")
    try:
        return redirect(flow.begin(request.session, next_url, again="again" in request.GET))
    except RefusedSignInError as refused:
        return _refusal_page(request, refused)


@login_not_required
@never_cache
@require_GET
@sensitive_variables()
def oidc_callback(request: HttpRequest) -> HttpResponse:
    """Come back from the provider: sign in, or say why not. Every refusal is recorded."""
    _ensure_configured()
    try:
        elsewhere = flow.finish(request.session, request.GET)
        named = identities.user_of(
            elsewhere.issuer, elsewhere.claims, proved=second_step.proved_user(request)
        )
        if not named.is_linked:
            return _ask_for_second_step(request, named.user, elsewhere)
        identities.bring_roles_up_to_date(named.user, elsewhere.claims)
    except RefusedSignInError as refused:
        return _refusal_page(request, refused)
    except ImproperlyConfigured as error:  # the file of roles: nobody signs in with roles that are not right
        logger.error("%s", error)
        return _refusal_page(request, RefusedSignInError(Refusal.PROVIDER))
    named.user.refresh_from_db()
    return _sign_in(request, named.user, elsewhere)


def _ask_for_second_step(request: HttpRequest, user: User, elsewhere: flow.SignedInElsewhere) -> HttpResponse:
    """Ask for the second step that is set up here, and come back to link the identity."""
    record_authentication(request, user, "oidc", checked_at=flow.checked_at(elsewhere.claims))
    back = f"{reverse('oidc_begin')}?{urlencode({'next': elsewhere.next_url})}"
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=back))
    return answer


@login_not_required
@never_cache
@require_GET
def oidc_signed_out(request: HttpRequest) -> HttpResponse:
    """Say after signing out here that the municipality's sign-in may still be open, and offer to end it."""
    _ensure_configured()
    context = {"page_title": _("You are signed out of JobFirst")}
    return render_page(request, "accounts/oidc_signed_out.html", context)


@login_not_required
@never_cache
@require_GET
def oidc_leave(request: HttpRequest) -> HttpResponse:
    """Go to the provider's page for signing out; it leads back to ours."""
    _ensure_configured()
    return redirect(signing_out.address_to_sign_out())


@csrf_exempt
@login_not_required
@never_cache
@require_POST
@sensitive_variables()
def oidc_back_channel(request: HttpRequest) -> HttpResponse:
    """End the sessions of the person whom the provider's logout token names (Back-Channel Logout 1.0).

    The token proves who sends it; no cookie is read.
    """
    _ensure_configured()
    if ratelimit.consume(request, app="accounts.oidc", action="logout", config=RATES) is None:
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        signing_out.end_sessions_by(request.POST.get("logout_token", "")[: signing_out.LONGEST_TOKEN])
    except RefusedSignInError as refused:
        logger.warning("a logout token of the identity provider was refused: %s", refused.refusal.value)
        return JsonResponse({"error": "invalid_request"}, status=HTTPStatus.BAD_REQUEST)
    return HttpResponse()


def _sign_in(request: HttpRequest, user: User, elsewhere: flow.SignedInElsewhere) -> HttpResponse:
    """Sign in; a second step that the provider states counts, otherwise the one set up here is asked for."""
    checked_at = flow.checked_at(elsewhere.claims)
    if identities.has_second_step(elsewhere.claims):
        record_authentication(request, user, "mfa", type="oidc", checked_at=checked_at)
        get_adapter().login(request, user)
        return redirect(elsewhere.next_url)
    record_authentication(request, user, "oidc", checked_at=checked_at)
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=elsewhere.next_url))
    return answer


def _refusal_page(request: HttpRequest, refused: RefusedSignInError) -> HttpResponse:
    """Record the refusal and say why; what the provider sent is not shown."""
    logger.warning("sign-in by the identity provider refused: %s", refused.refusal.value)
    record_security(SecurityKind.SIGN_IN_FAILED, refused.subject, refused.refusal.value, request)
    context = {"reason": refused.refusal.label}
    return render_page(request, "accounts/oidc_refused.html", context, status=HTTPStatus.FORBIDDEN)


def _ensure_configured() -> None:
    """Answer as an address that does not exist while no provider is set."""
    if not settings.JOBFIRST_OIDC_URL:
        raise Http404
