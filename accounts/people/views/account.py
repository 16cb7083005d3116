"""A user's own pages: the landing page, the account, and accepting an invitation."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.people import invitations
from accounts.people.actions import accept_invitation
from accounts.people.forms import FirstPasswordForm, PhoneForm
from accounts.requests import AuthenticatedRequest
from jobfirst.kit import navigation
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page


@require_GET
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Redirect to the first page of the user's menu that is a landing page of a role."""
    url = navigation.landing_for(request)
    if url:
        return redirect(url)
    return render_page(request, "accounts/no_role.html")


@require_GET
def account(request: AuthenticatedRequest) -> HttpResponse:
    """Show name and roles, with links to absences, the password and the two-step sign-in."""
    memberships = request.user.memberships.select_related("project").order_by("project__name", "role")
    context = {
        "memberships": memberships,
        "may_be_absent": request.user.has_perm("accounts.list_absences"),
    }
    return render_page(request, "accounts/account.html", context)


@edit_page
def phone(request: AuthenticatedRequest) -> HttpResponse:
    """Change one's own phone number."""
    form = PhoneForm(form_data(request), instance=request.user)
    return answer_form(request, form, back_url=reverse("account"))


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Let an invited user choose a password, and sign in. Opening the page does not use up the link."""
    user = invitations.invited_user(uidb64, token)
    if user is None:
        return render_page(request, "accounts/invitation_void.html", status=404)
    form = FirstPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not accept_invitation(user, form.cleaned_data["new_password1"]):
            return render_page(request, "accounts/invitation_void.html", status=404)
        user.refresh_from_db()
        if not settings.JOBFIRST_REQUIRE_SECOND_STEP:
            messages.success(request, _("Welcome. You can set up two-step sign-in under Your account."))
        # As any other sign-in: an account that was used before may have a second step, which is asked for.
        answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("home")))
        return answer
    context = {"form": form, "page_title": _("Welcome to JobFirst"), "invited": user}
    return render_page(request, "accounts/invitation.html", context)
