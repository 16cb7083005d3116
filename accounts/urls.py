"""Sign-in, the account, invitations, and the administrators' pages.

allauth's addresses are named one by one: signing up and keeping several addresses are not offered.
"""

from allauth.account.views import (
    account_inactive,
    login,
    logout,
    password_change,
    password_reset,
    password_reset_done,
    password_reset_from_key,
    password_reset_from_key_done,
)
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.urls import include, path, re_path

from accounts.absences.views import absence_list, correct_absence, end_absence, new_absence
from accounts.links.views import new_link
from accounts.oidc.views import oidc_back_channel, oidc_begin, oidc_callback, oidc_leave, oidc_signed_out
from accounts.people.views import account, administration, confirmations
from accounts.security_log.views import security_log
from accounts.sign_in import session_pages
from accounts.sign_in.check_pages import CodePage, KeyPage, PasswordPage
from accounts.sign_in.recent_checks import checked_elsewhere

sign_in = [
    path("", account.account, name="account"),
    path("telefon/", account.phone, name="account_phone"),
    path("sessioner/", session_pages.session_list, name="account_sessions"),
    path("sessioner/afslut/", session_pages.session_end, name="account_session_end"),
    path("sessioner/her/", session_pages.still_here, name="account_still_here"),
    path("login/", login, name="account_login"),
    path("kommune/", oidc_begin, name="oidc_begin"),
    path("kommune/svar/", oidc_callback, name="oidc_callback"),
    path("kommune/logget-ud/", oidc_signed_out, name="oidc_signed_out"),
    path("kommune/log-ud/", oidc_leave, name="oidc_leave"),
    path("kommune/afslut/", oidc_back_channel, name="oidc_back_channel"),
    path("logout/", logout, name="account_logout"),
    path("inactive/", account_inactive, name="account_inactive"),
    path("reauthenticate/", PasswordPage.as_view(), name="account_reauthenticate"),
    path("password/change/", password_change, name="account_change_password"),
    path("password/reset/", password_reset, name="account_reset_password"),
    path("password/reset/done/", password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/totp/activate/", checked_elsewhere(activate_totp), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", checked_elsewhere(add_webauthn), name="mfa_add_webauthn"),
    path("2fa/reauthenticate/", CodePage.as_view(), name="mfa_reauthenticate"),
    path("2fa/webauthn/reauthenticate/", KeyPage.as_view(), name="mfa_reauthenticate_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]

users = [
    path("", administration.user_list, name="user_list"),
    path("ny/", administration.user_new, name="user_new"),
    path("fil/", administration.user_import, name="user_import"),
    path("log/", security_log, name="security_log"),
    path("venter/", confirmations.user_requests, name="user_requests"),
    path(
        "venter/<uuid:public_id>/bekraeft/", confirmations.user_request_confirm, name="user_request_confirm"
    ),
    path("venter/<uuid:public_id>/afvis/", confirmations.user_request_refuse, name="user_request_refuse"),
    path(
        "<uuid:public_id>/totrinslogin/",
        confirmations.user_reset_second_step,
        name="user_reset_second_step",
    ),
    path("<uuid:public_id>/sessioner/", session_pages.user_end_sessions, name="user_end_sessions"),
    path("<uuid:public_id>/", administration.user_detail, name="user_detail"),
    path("<uuid:public_id>/fjern-rolle/", administration.user_take_role, name="user_take_role"),
    path("<uuid:public_id>/luk/", administration.user_deactivate, name="user_deactivate"),
    path("<uuid:public_id>/aabn/", administration.user_reactivate, name="user_reactivate"),
    path("<uuid:public_id>/e-mail/", administration.user_change_address, name="user_change_address"),
    path("<uuid:public_id>/e-mail/virker/", administration.user_confirm_address, name="user_confirm_address"),
    path("<uuid:public_id>/giv-tilbage/", administration.user_give_back, name="user_give_back"),
    path("<uuid:public_id>/identitet/", administration.user_forget_identity, name="user_forget_identity"),
    path("<uuid:public_id>/roller-set/", administration.user_roles_seen_to, name="user_roles_seen_to"),
    path("<uuid:public_id>/invitation/", administration.user_invite_again, name="user_invite_again"),
]

absence = [
    path("", absence_list, name="absences"),
    path("ny/<uuid:public_id>/", new_absence, name="new_absence"),
    path("<uuid:public_id>/", correct_absence, name="correct_absence"),
    path("<uuid:public_id>/afslut/", end_absence, name="end_absence"),
]

urlpatterns = [
    path("", account.home, name="home"),
    path("konto/", include(sign_in)),
    path("invitation/<str:uidb64>/<str:token>/", account.invitation, name="invitation"),
    path("link/nyt/", new_link, name="new_link"),
    path("fravaer/", include(absence)),
    path("brugere/", include(users)),
    path("projekter/", administration.project_list, name="project_list"),
    path("projekter/fil/", administration.project_import, name="project_import"),
]
