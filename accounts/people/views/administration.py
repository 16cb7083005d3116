"""Administrators' pages: users, their roles, and the projects. They show no citizens.

Whoever sends something is checked anew (`accounts.sign_in.recent_checks`).
"""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.exchange import PROJECT_COLUMNS, USER_COLUMNS, import_projects, import_users
from accounts.extension_points import count_left_duties, give_duties_back
from accounts.links.sending_words import say_is_sent
from accounts.models import AccountRequest, Membership, Project, User
from accounts.oidc import identities
from accounts.people import actions, addresses, confirmations
from accounts.people.confirmations import RoleAnswer
from accounts.people.filters import UserFilter
from accounts.people.forms import AddressForm, InviteForm, RoleForm
from accounts.people.leaving_forms import CloseAccountForm, TakeRoleForm, courses_in_words, duties_in_words
from accounts.people.tables import ProjectTable, UserTable, state_of
from accounts.requests import AuthenticatedRequest
from accounts.sign_in.facts import sign_in_facts
from accounts.sign_in.recent_checks import checked_again, checked_again_to_post
from audit.access import requires
from jobfirst import clock
from jobfirst.exchange.command import ImportReport
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.kit.upload import contradictions_page, upload_page

ROLE_ANSWERS = {
    RoleAnswer.GIVEN: gettext_lazy("The role is given."),
    RoleAnswer.HELD: gettext_lazy("%(name)s has this role already."),
    RoleAnswer.WAITING: gettext_lazy(
        "Another administrator must confirm the role. They are asked by e-mail."
    ),
}

manages_users = requires("accounts.manage_users")
manages_projects = requires("accounts.manage_projects")


@manages_users
@require_GET
def user_list(request: AuthenticatedRequest) -> HttpResponse:
    """List all users; search, filter and order stand in the address."""
    waiting = AccountRequest.objects.waiting(timezone.now()).order_by().filter(person=OuterRef("pk"))
    users = User.objects.annotate(is_asked_for=Exists(waiting)).order_by("name", "pk")
    users = users.prefetch_related("memberships__project")
    user_filter = UserFilter(request.GET, queryset=users)
    context = {
        "page_title": _("Users"),
        "filter": user_filter,
        "table": paged(request, UserTable(user_filter.qs)),
        "empty": Empty(_("Nobody matches this search."), reverse("user_new"), _("Invite a user")),
        "without_roles": identities.people_without_stated_roles(),
    }
    return render_page(request, "accounts/user_list.html", context, fragment="kit/list_fragment.html")


@manages_users
@edit_page
@checked_again
def user_new(request: AuthenticatedRequest) -> HttpResponse:
    """Invite a user with a first role; the link is sent by mail."""
    form = InviteForm(form_data(request))
    return answer_form(
        request,
        form,
        back_url=reverse("user_list"),
        success_url=lambda user: reverse("user_detail", args=[user.public_id]),
        context={"back_label": _("Users")},
    )


@manages_users
@require_http_methods(["GET", "POST"])
@checked_again_to_post
def user_detail(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a user with roles and state; a POST gives a role."""
    person = get_object_or_404(User, public_id=public_id)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with errors_as_message(request):
            answer = confirmations.give_or_ask(person, data["role"], data["project"], by=request.user)
            messages.success(request, ROLE_ANSWERS[answer] % {"name": person.name})
        return redirect("user_detail", public_id)
    context = {
        "person": person,
        "state": state_of(person),
        "sign_in": sign_in_facts(person),
        "waiting": not person.has_usable_password(),
        "memberships": person.memberships.select_related("project").order_by("project__name", "role"),
        "left": duties_in_words(count_left_duties(person, clock.today())),
        "form": form,
        "asked": _asked_of(person),
        "is_linked": person.identities.exists(),
        "roles_unstated_since": identities.roles_unstated_since(person),
    }
    return render_page(request, "accounts/user_detail.html", context)


def _asked_of(person: User) -> list[str]:
    """Return in words what waits for another administrator in the person's account."""
    waiting = AccountRequest.objects.waiting(timezone.now()).filter(person=person).select_related("project")
    return [confirmations.request_in_words(entry) for entry in waiting]


@manages_users
@edit_page
@checked_again
def user_take_role(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take away the `role` in the `project` (a slug, or empty) that were sent; open sessions end.

    Asks first who takes over what the person does in it.
    """
    person = get_object_or_404(User, public_id=public_id)
    sent = request.POST if request.method == "POST" else request.GET
    memberships = Membership.objects.filter(user=person, project__slug=sent.get("project") or None)
    membership = memberships.select_related("user", "project").filter(role=sent.get("role", "")).first()
    if membership is None:
        messages.info(request, _("%(name)s does not have this role any more.") % {"name": person.name})
        return redirect("user_detail", public_id)
    form = TakeRoleForm(form_data(request), membership=membership, today=clock.today())
    back = reverse("user_detail", args=[public_id])
    return answer_form(request, form, back_url=back, template="accounts/leaving.html")


@manages_users
@edit_page
@checked_again
def user_deactivate(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close the account; the person's open sessions end. Asks first who takes over the courses."""
    person = get_object_or_404(User, public_id=public_id)
    form = CloseAccountForm(form_data(request), person=person, today=clock.today())
    back = reverse("user_detail", args=[public_id])
    return answer_form(request, form, back_url=back, template="accounts/leaving.html")


@manages_users
@require_POST
@checked_again
def user_reactivate(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open a closed account again."""
    person = get_object_or_404(User, public_id=public_id)
    return _run_action(
        request, person, partial(actions.reactivate_user, person), _("The account is open again.")
    )


@manages_users
@require_POST
@checked_again
def user_give_back(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the person back, from today on, the functions that are vacant since the person left them."""
    person = get_object_or_404(User, public_id=public_id)
    with errors_as_message(request):
        count = give_duties_back(person, clock.today(), by=request.user)
        messages.success(request, _("Given back: %(courses)s.") % {"courses": courses_in_words(count)})
    return redirect("user_detail", public_id)


@manages_users
@require_POST
@checked_again
def user_invite_again(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send a new link; the earlier one stops working."""
    person = get_object_or_404(User, public_id=public_id)
    invite = partial(actions.invite_again, person)
    return _run_action(request, person, invite, _("A new invitation is sent."), sends=True)


@manages_users
@edit_page
@checked_again
def user_change_address(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the user another e-mail address."""
    person = get_object_or_404(User, public_id=public_id)
    form = AddressForm(form_data(request), person=person)
    return answer_form(request, form, back_url=reverse("user_detail", args=[public_id]))


@manages_users
@require_POST
@checked_again
def user_confirm_address(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that mails to the user arrive again."""
    person = get_object_or_404(User, public_id=public_id)
    return _run_action(
        request, person, partial(addresses.confirm_address, person), _("Mails are sent to the address again.")
    )


def _run_action(
    request: AuthenticatedRequest, person: User, action: partial[Any], message: str, *, sends: bool = False
) -> HttpResponse:
    """Run the action and redirect to the user's page, with the message or the reason of a refusal."""
    try:
        action()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        say = say_is_sent if sends else messages.success
        say(request, message)
    return redirect("user_detail", person.public_id)


@manages_users
@require_POST
@checked_again
def user_forget_identity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Remove the identity at the municipality's provider, when the person has got another one there.

    Where it stands for the second step, another administrator confirms that, as any reset of one.
    """
    person = get_object_or_404(User, public_id=public_id)
    if identities.enters_by_provider_alone(person):
        reason = _("The person has another identity at the municipality.")
        ask = partial(confirmations.ask_for_reset, person, reason, by=request.user)
        return _run_action(request, person, ask, _("Another administrator is asked to confirm it."))
    forget = partial(identities.forget_identity, person)
    return _run_action(request, person, forget, _("The identity is removed from the account."))


@manages_users
@require_POST
@checked_again
def user_roles_seen_to(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note that an administrator has looked at the roles that the provider does not state."""
    person = get_object_or_404(User, public_id=public_id)
    see_to = partial(identities.see_to_roles, person)
    message = _("Noted. It is said again if the municipality states no roles the next time.")
    return _run_action(request, person, see_to, message)


@manages_users
@require_http_methods(["GET", "POST"])
@checked_again
def user_import(request: AuthenticatedRequest) -> HttpResponse:
    """Import users from a file, like the command import_users."""
    return upload_page(
        request,
        title=_("Users from a file"),
        columns=USER_COLUMNS,
        load=partial(import_users, today=clock.today(), by=request.user),
        report_page=partial(_confirm_import, request, "user_list"),
        back_url=reverse("user_list"),
    )


@manages_projects
@require_GET
def project_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the projects of the trial with their municipalities, dates and target counts."""
    projects = Project.objects.order_by("name").prefetch_related("places__municipality")
    context = {
        "page_title": _("Projects"),
        "table": paged(request, ProjectTable(projects)),
        "empty": Empty(_("There are no projects yet."), reverse("project_import"), _("Projects from a file")),
    }
    return render_page(request, "accounts/project_list.html", context, fragment="kit/list_fragment.html")


@manages_projects
@require_http_methods(["GET", "POST"])
@checked_again
def project_import(request: AuthenticatedRequest) -> HttpResponse:
    """Import projects from a file, like the command import_projects."""
    return upload_page(
        request,
        title=_("Projects from a file"),
        columns=PROJECT_COLUMNS,
        load=import_projects,
        report_page=partial(_confirm_import, request, "project_list"),
        back_url=reverse("project_list"),
    )


def _confirm_import(request: AuthenticatedRequest, url_name: str, report: ImportReport) -> HttpResponse:
    if "contradicted" in report:
        title, back_url = _("Users from a file"), reverse(url_name)
        return contradictions_page(request, title=title, back_url=back_url, report=report)
    messages.success(
        request,
        _("The file is saved: %(created)d new, %(updated)d changed, %(unchanged)d unchanged.") % report,
    )
    return redirect(url_name)
