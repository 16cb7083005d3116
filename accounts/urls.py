"""Sign-in, the account, invitations, and the administrators' pages.

allauth's addresses are named one by one: signing up and keeping several addresses are not offered.
"""

from allauth.account import views as allauth
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from accounts.absences import views as absences
from accounts.links import views as links
from accounts.oidc import views as oidc
from accounts.people.views import account as views
from accounts.people.views import administration, confirmations
from accounts.security_log import views as security_log
from accounts.sign_in import views as sessions
from accounts.sign_in.recent_checks import checked_elsewhere

sign_in = [
    path("", views.account, name="account"),
    path("telefon/", views.phone, name="account_phone"),
    path("sessioner/", sessions.session_list, name="account_sessions"),
    path("sessioner/afslut/", sessions.session_end, name="account_session_end"),
    path("sessioner/her/", sessions.still_here, name="account_still_here"),
    path("login/", allauth.login, name="account_login"),
    path("kommune/", oidc.oidc_begin, name="oidc_begin"),
    path("kommune/svar/", oidc.oidc_callback, name="oidc_callback"),
    path("kommune/logget-ud/", oidc.oidc_signed_out, name="oidc_signed_out"),
    path("kommune/log-ud/", oidc.oidc_leave, name="oidc_leave"),
    path("kommune/afslut/", oidc.oidc_back_channel, name="oidc_back_channel"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/totp/activate/", checked_elsewhere(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", checked_elsewhere(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]

users = [
    path("", administration.user_list, name="user_list"),
    path("ny/", administration.user_new, name="user_new"),
    path("fil/", administration.user_import, name="user_import"),
    path("log/", security_log.security_log, name="security_log"),
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
    path("<uuid:public_id>/sessioner/", sessions.user_end_sessions, name="user_end_sessions"),
    path("<uuid:public_id>/", administration.user_detail, name="user_detail"),
    path("<uuid:public_id>/fjern-rolle/", administration.user_take_role, name="user_take_role"),
    path("<uuid:public_id>/luk/", administration.user_deactivate, name="user_deactivate"),
    path("<uuid:public_id>/aabn/", administration.user_reactivate, name="user_reactivate"),
    path("<uuid:public_id>/e-mail/", administration.user_change_address, name="user_change_address"),
    path("<uuid:public_id>/e-mail/virker/", administration.user_confirm_address, name="user_confirm_address"),
    path("<uuid:public_id>/giv-tilbage/", administration.user_give_back, name="user_give_back"),
    path("<uuid:public_id>/identitet/", administration.user_forget_identity, name="user_forget_identity"),
    path("<uuid:public_id>/invitation/", administration.user_invite_again, name="user_invite_again"),
]

absence = [
    path("", absences.absence_list, name="absences"),
    path("ny/<uuid:public_id>/", absences.new_absence, name="new_absence"),
    path("<uuid:public_id>/", absences.correct_absence, name="correct_absence"),
    path("<uuid:public_id>/afslut/", absences.end_absence, name="end_absence"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("konto/", include(sign_in)),
    path("invitation/<str:uidb64>/<str:token>/", views.invitation, name="invitation"),
    path("link/nyt/", links.new_link, name="new_link"),
    path("fravaer/", include(absence)),
    path("brugere/", include(users)),
    path("projekter/", administration.project_list, name="project_list"),
    path("projekter/fil/", administration.project_import, name="project_import"),
]
