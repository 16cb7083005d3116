"""The acts before which it is confirmed who somebody is (`recent_checks`), and where giving one up leads."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

#: In words that go on from "before you can". The names are those of addresses, as everywhere below.
OF_A_PERSON: dict[str, Promise] = {
    "user_detail": _("give somebody a role"),
    "user_take_role": _("take a role from somebody"),
    "user_deactivate": _("close somebody's account"),
    "user_reactivate": _("open somebody's account again"),
    "user_give_back": _("give somebody the courses back"),
    "user_invite_again": _("send an invitation again"),
    "user_change_address": _("change somebody's e-mail address"),
    "user_confirm_address": _("confirm somebody's e-mail address"),
    "user_forget_identity": _("remove the link to the municipality's sign-in"),
    "user_roles_seen_to": _("note that somebody's roles are right"),
    "user_end_sessions": _("end somebody's sessions"),
    "user_reset_second_step": _("reset somebody's two-step sign-in"),
}
OF_A_REQUEST: dict[str, Promise] = {
    "user_request_confirm": _("confirm the change"),
    "user_request_refuse": _("turn the change down"),
}
OF_A_LIST: dict[str, tuple[Promise, str]] = {
    "user_new": (_("invite a user"), "user_list"),
    "user_import": (_("import users"), "user_list"),
    "project_import": (_("import projects"), "project_list"),
}
OF_ONESELF: dict[str, Promise] = {
    "mfa_activate_totp": _("turn on the authenticator app"),
    "mfa_deactivate_totp": _("turn off the authenticator app"),
    "mfa_add_webauthn": _("add a security key"),
    "mfa_edit_webauthn": _("rename a security key"),
    "mfa_remove_webauthn": _("remove a security key"),
    "mfa_view_recovery_codes": _("see your recovery codes"),
    "mfa_generate_recovery_codes": _("make new recovery codes"),
    "mfa_download_recovery_codes": _("download your recovery codes"),
}
#: Those that only a button on another page sends: they have no page of their own to open again.
SENT_ONLY = frozenset(
    {
        "user_reactivate",
        "user_give_back",
        "user_invite_again",
        "user_confirm_address",
        "user_forget_identity",
        "user_roles_seen_to",
        "user_end_sessions",
        *OF_A_REQUEST,
    }
)


class CheckedAct(NamedTuple):
    """An act in words, the page where "Cancel" leads, and whether the act has a page of its own."""

    words: str
    cancel_url: str
    has_page: bool


def act_at(url: str) -> CheckedAct | None:
    """Return the act that is done at this address of ours; None for any other address."""
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return None
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return None
    words, page = _words_and_page(match)
    return CheckedAct(str(words), page, match.view_name not in SENT_ONLY) if words else None


def _words_and_page(match: ResolverMatch) -> tuple[Promise | None, str]:
    name = match.view_name
    if name in OF_A_PERSON:
        return OF_A_PERSON[name], reverse("user_detail", kwargs=match.kwargs)
    if name in OF_A_REQUEST:
        return OF_A_REQUEST[name], reverse("user_requests")
    if name in OF_A_LIST:
        words, page = OF_A_LIST[name]
        return words, reverse(page)
    return OF_ONESELF.get(name), reverse("mfa_index")
