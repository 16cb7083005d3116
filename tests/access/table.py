"""Who may use which address: the whole site in one table. A test fails on an address that is not declared.

What a line says: tests/access/addresses.py.
"""

from tests.access.account_table import ACCOUNTS
from tests.access.addresses import (
    METHODS,
    ROLES,
    SIGNED_IN,
    STAFF,
    everywhere,
    of,
    page,
    permission_first_of,
    public,
)
from tests.access.company_table import COMPANIES
from tests.access.evaluation_table import EVALUATION
from tests.access.rights_table import RIGHTS
from tests.access.steering_table import STEERING

# No user here has turned two-step sign-in on: see tests/accounts/sign_in/test_sign_in.py for those who have.
NO_TWO_STEPS = everywhere(404, *SIGNED_IN)
# The link here is made up: see tests/accounts/people/test_users.py for real ones.
NO_SUCH_LINK = everywhere(404, *ROLES)

# Nobody here stands in a submitted statement; those who do: tests/grants/presentation/test_explanation.py.
NOTHING_EARNED = {
    ("GET", role, relation): 404
    for role in ("project_leader", "agency")
    for relation in ("own", "same", "other")
}

# One of the same project is approved here, the others are submitted.
NOT_APPROVED = {key: status for key, status in NOTHING_EARNED.items() if key[2] != "same"}


# The meetings here are booked.
def not_held(*roles: str) -> dict[tuple[str, str, str], int]:
    """Not found for the roles that would be let in."""
    return {(method, role, "own"): 404 for method in METHODS for role in roles} | {
        (method, "project_leader", "same"): 404 for method in METHODS
    }


# What is done with a course by more than one role.
MEETINGS = "course_owner project_leader"
FILLS = "coordinating_caseworker project_leader"
PLANNERS = "job_consultant course_owner coordinating_caseworker project_leader"
AUTHORITY = "coordinating_caseworker course_owner project_leader"

TABLE = [
    # Everybody's own
    page("home", get="all"),
    page("help:index", get="all"),
    page("help:topic", get="all", args=("mentor",)),
    page("account", get="all"),
    page("account_phone", get="all", post="all"),
    page("account_sessions", get="all"),
    page("account_session_end", post="all"),
    page("account_still_here", get="all", but={("GET", role, "own"): 204 for role in SIGNED_IN}),
    page("reminders:mine", get="staff agency"),
    page("reminders:preferences", get="staff agency", post="staff agency"),
    page("reminders:calendar", get="staff agency", post="staff agency"),
    page("reminders:revoke_calendar", post="staff agency"),
    # Nobody here is told of such a thing; those who are: tests/reminders/test_put_off.py.
    page(
        "reminders:put_off",
        get="staff agency",
        post="staff agency",
        args=("weekly_contact_missing", "nowhere", "2016-04-10"),
        but=everywhere(404, *STAFF, "agency"),
    ),
    # The token is made up; real ones: tests/reminders/test_calendar.py.
    public("reminders:feed", get=True, args=("x",), but=everywhere(404, *ROLES)),
    page("reminders:confirm_address", post="staff agency"),
    public("set_language", get=True, post=True),
    public("new_link", get=True, post=True),
    # No contact is set here: see tests/jobfirst/edges/test_edges.py.
    public("security_txt", get=True, but=everywhere(404, *ROLES)),
    public("health", get=True, but=everywhere(503, *ROLES)),
    public("health_ready", get=True, but=everywhere(503, *ROLES)),
    public("health_live", get=True),
    public("health_serving", get=True),
    # Sign-in (allauth); what is only for those who are not signed in sends the others on
    public("account_login", get=True, post=True),
    # No provider is set here; with one: tests/accounts/oidc.
    public("oidc_begin", get=True, but=everywhere(404, *ROLES)),
    public("oidc_callback", get=True, but=everywhere(404, *ROLES)),
    public("oidc_signed_out", get=True, but=everywhere(404, *ROLES)),
    public("oidc_leave", get=True, but=everywhere(404, *ROLES)),
    public("oidc_back_channel", post=True, but=everywhere(404, *ROLES)),
    public("account_logout", get=True, post=True),
    public("account_inactive", get=True),
    public("account_reset_password", get=True, post=True),
    public("account_reset_password_done", get=True),
    public("account_reset_password_from_key", get=True, post=True, args=("1", "a-b")),
    public("account_reset_password_from_key_done", get=True),
    public("mfa_authenticate", get=True, post=True),
    page("account_reauthenticate", get="all", post="all"),
    page("account_change_password", get="all", post="all"),
    page("mfa_index", get="all"),
    page("mfa_reauthenticate", get="all", post="all"),
    page("mfa_activate_totp", get="all", post="all"),
    page("mfa_deactivate_totp", get="all", post="all", but=NO_TWO_STEPS),
    page("mfa_list_webauthn", get="all"),
    page("mfa_add_webauthn", get="all", post="all"),
    page("mfa_reauthenticate_webauthn", get="all", post="all"),
    # Whoever is let in must first confirm the password; somebody else's key is not found.
    page("mfa_edit_webauthn", get="all", post="all", args=(1,)),
    page("mfa_remove_webauthn", get="all", post="all", args=(1,)),
    page("mfa_view_recovery_codes", get="all", but=NO_TWO_STEPS),
    page("mfa_generate_recovery_codes", get="all", post="all"),
    page("mfa_download_recovery_codes", get="all", but=NO_TWO_STEPS),
    public("invitation", get=True, post=True, args=("x", "y"), but=NO_SUCH_LINK),
    # Grant statements
    page("grants:statement", get="project_leader agency"),
    page("grants:download", get="project_leader agency", args=("json",)),
    permission_first_of("project", "grants:project", get="project_leader agency"),
    permission_first_of("project", "grants:project_download", get="project_leader agency", args=("json",)),
    page("grants:order_pdf", post="project_leader agency"),
    permission_first_of("project", "grants:order_project_pdf", post="project_leader agency"),
    permission_first_of("document", "grants:document", get="project_leader agency"),
    permission_first_of("document", "grants:document_file", get="project_leader agency"),
    permission_first_of("project", "grants:answer_doubt", get="project_leader", post="project_leader"),
    permission_first_of("project", "grants:submit", get="project_leader", post="project_leader"),
    page("grants:statements", get="project_leader agency"),
    permission_first_of("project course", "grants:explain", get="project_leader agency"),
    permission_first_of(
        "statement course", "grants:explain_stored", get="project_leader agency", but=NOTHING_EARNED
    ),
    permission_first_of("project", "grants:unused", get="project_leader agency"),
    permission_first_of("project", "grants:forecast", get="project_leader"),
    page("grants:history", get="project_leader agency"),
    permission_first_of("project", "grants:project_history", get="project_leader agency"),
    permission_first_of("overview", "grants:kept", get="project_leader agency"),
    permission_first_of("snapshot", "grants:kept_download", get="project_leader agency", args=("json",)),
    permission_first_of("snapshot", "grants:kept_pdf", post="project_leader agency"),
    permission_first_of("snapshot course", "grants:kept_explain", get="project_leader agency"),
    permission_first_of("snapshot", "grants:kept_unused", get="project_leader agency"),
    permission_first_of("snapshot", "grants:kept_difference", get="project_leader agency"),
    page("grants:terms", get="project_leader agency"),
    page("grants:new_terms", get="agency", post="agency"),
    permission_first_of("project", "grants:award", get="project_leader agency"),
    permission_first_of("project", "grants:new_award", get="agency", post="agency"),
    permission_first_of("project", "grants:application", get="agency", post="agency"),
    permission_first_of("project", "grants:expenses", get="project_leader agency"),
    permission_first_of("project", "grants:new_voucher", get="project_leader", post="project_leader"),
    permission_first_of("voucher", "grants:voucher_file", get="project_leader agency"),
    permission_first_of("voucher", "grants:withdraw_voucher", get="project_leader", post="project_leader"),
    permission_first_of("statement", "grants:stored", get="project_leader agency"),
    permission_first_of("statement", "grants:stored_download", get="project_leader agency", args=("json",)),
    permission_first_of("statement", "grants:order_again", post="project_leader agency"),
    permission_first_of("statement", "grants:check", post="agency"),
    permission_first_of("statement", "grants:approve", get="agency", post="agency"),
    permission_first_of(
        "statement", "grants:approved_content", get="project_leader agency", but=NOT_APPROVED
    ),
    permission_first_of("statement", "grants:send_back", get="agency", post="agency"),
    permission_first_of("statement", "grants:pay", get="agency", post="agency"),
    # The leader's oversight
    page("cases:openings", get="project_leader"),
    page("cases:unusual_use", get="project_leader administrator"),
    page("cases:people", get="project_leader"),
    permission_first_of("colleague", "cases:hand_over", get="project_leader", post="project_leader"),
    permission_first_of("colleague", "cases:give_back", post="project_leader"),
    permission_first_of("project", "cases:default_team", get="project_leader", post="project_leader"),
    of("course", "cases:access_log", get="project_leader"),
    of("referral", "cases:referral_log", get="project_leader"),
    of("referral", "cases:referral_log_pdf", get="project_leader"),
    *ACCOUNTS,
    *RIGHTS,
    # The mentor's week and the course owner's meetings
    page("cases:my_week", get="mentor"),
    of("course", "cases:contact_today", post="functions"),
    of("course", "cases:new_contact", get="functions", post="functions"),
    of("contact", "cases:correct_contact", get="staff", post="staff"),
    of("contact", "cases:withdraw_contact", get="staff", post="staff"),
    of("contact", "cases:restore_contact", get="staff", post="staff"),
    page("cases:my_meetings", get="course_owner"),
    of("course", "cases:book_meeting", get=MEETINGS, post=MEETINGS),
    of("meeting", "cases:meeting", get="staff", post=MEETINGS),
    # Minutes are read and corrected once the meeting is held: tests/cases/meetings/test_meeting_page.py.
    of("meeting", "cases:meeting_pdf", get="staff", but=not_held(*STAFF)),
    of(
        "meeting",
        "cases:correct_meeting",
        get=MEETINGS,
        post=MEETINGS,
        but=not_held("course_owner", "project_leader"),
    ),
    of(
        "meeting",
        "cases:correct_minute",
        get=MEETINGS,
        post=MEETINGS,
        args=("cv",),
        but=not_held("course_owner", "project_leader"),
    ),
    # The token is made up; real ones: tests/cases/meetings/test_appointments.py.
    public("cases:appointment", get=True, post=True, args=("x",), but=everywhere(404, *ROLES)),
    of("promise", "cases:promise_done", post="staff"),
    of("promise", "cases:reopen_promise", get="staff", post="staff"),
    of("promise", "cases:correct_promise", get="staff", post="staff"),
    of("promise", "cases:withdraw_promise", get="staff", post="staff"),
    of("promise", "cases:restore_promise", get="staff", post="staff"),
    of("meeting", "cases:move_meeting", get=MEETINGS, post=MEETINGS),
    of("meeting", "cases:cancel_meeting", get=MEETINGS, post=MEETINGS),
    of("meeting", "cases:missed_meeting", get=MEETINGS, post=MEETINGS),
    of("meeting", "cases:open_meeting_again", get=MEETINGS, post=MEETINGS),
    # Courses
    page("cases:courses", get="staff", post="staff"),
    page("cases:gaps", get="staff"),
    page("cases:find", get="staff", post="staff"),
    permission_first_of("project_course", "cases:open", get="staff", post="staff"),
    of("course", "cases:course", get="staff"),
    of("course", "cases:course_progression", get="staff"),
    of("course", "cases:course_plan", get="staff"),
    of("course", "cases:course_company", get="staff"),
    of("course", "cases:course_meetings", get="staff"),
    of("course", "cases:course_support", get="staff"),
    of("course", "cases:course_history", get="staff"),
    of("course", "cases:citizen_contact", get="functions", post="functions"),
    of("course", "cases:assign", get=FILLS, post=FILLS, args=("mentor",)),
    of("course", "cases:handover_note", get="staff", post="staff", args=("mentor",)),
    of("course", "cases:read_handover_note", post="mentor", args=("mentor",)),
    of("course", "cases:goals", get="staff", post="staff"),
    of("course", "cases:start", get="staff"),
    of("course", "cases:start_team", get=FILLS, post=FILLS),
    of("course", "cases:start_default_team", post=FILLS),
    of("course", "cases:profile", get="staff"),
    of("course", "cases:profile_text", get="staff", post="staff", args=("dreams",)),
    of("course", "cases:cv", get="staff"),
    of("course", "cases:cv_pdf", get="staff"),
    of("course", "cases:cv_contact", get="staff", post="staff"),
    of("course", "cases:cv_review", get="staff", post="staff"),
    of("course", "cases:new_cv_entry", get="staff", post="staff", args=("experience",)),
    of("cv_entry", "cases:change_cv_entry", get="staff", post="staff"),
    of("cv_entry", "cases:move_cv_entry", post="staff"),
    of("cv_entry", "cases:remove_cv_entry", post="staff"),
    of("cv_review", "cases:withdraw_cv_review", post="staff"),
    of("course", "cases:end", get=AUTHORITY, post=AUTHORITY),
    of("course", "cases:correct_end", get="project_leader", post="project_leader"),
    of("course", "cases:reopen", get="project_leader", post="project_leader"),
    of("need", "cases:correct_need", get=AUTHORITY, post=AUTHORITY),
    of("need", "cases:withdraw_need", get=AUTHORITY, post=AUTHORITY),
    of("need", "cases:restore_need", get=AUTHORITY, post=AUTHORITY),
    of("effort", "cases:correct_effort", get=AUTHORITY, post=AUTHORITY),
    of("effort", "cases:withdraw_effort", get=AUTHORITY, post=AUTHORITY),
    of("effort", "cases:restore_effort", get=AUTHORITY, post=AUTHORITY),
    of("accommodation", "cases:correct_accommodation", get="staff", post="staff"),
    of("accommodation", "cases:withdraw_accommodation", get="staff", post="staff"),
    of("accommodation", "cases:restore_accommodation", get="staff", post="staff"),
    of("course", "cases:new_need", get=AUTHORITY, post=AUTHORITY),
    of("need", "cases:cover_need", get=AUTHORITY, post=AUTHORITY),
    of("course", "cases:new_effort", get=AUTHORITY, post=AUTHORITY),
    of("effort", "cases:end_effort", get=AUTHORITY, post=AUTHORITY),
    of("course", "cases:new_accommodation", get="staff", post="staff"),
    of("accommodation", "cases:end_accommodation", get="staff", post="staff"),
    of("accommodation", "cases:limit_accommodation", get="staff", post="staff"),
    of("course", "cases:new_pause", get="staff", post="staff"),
    of("pause", "cases:correct_pause", get="staff", post="staff"),
    of("pause", "cases:end_pause", get="staff", post="staff"),
    of("pause", "cases:delete_pause", post="staff"),
    *COMPANIES,
    *EVALUATION,
    *STEERING,
    # Activity plan and plan for job
    of("course", "plans:new_activity", get="staff", post="staff"),
    of("activity", "plans:change_activity", get="staff", post="staff"),
    of("activity", "plans:mark_activity", post="staff"),
    of("activity", "plans:move_activity", post="staff"),
    of("activity", "plans:repeat_activity", post="staff"),
    of("course", "plans:copy_activities", get="staff", post="staff"),
    of("course", "plans:activity_plan_pdf", get="staff"),
    of("course", "plans:activity_plan_calendar", get="staff"),
    of("course", "plans:record_word", get="staff", post="staff", args=("aktivitetsplan",)),
    of("course", "plans:plan", get=PLANNERS, post=PLANNERS),
    of("course", "plans:plan_draft", post=PLANNERS),
    of("plan", "plans:plan_pdf", get="staff"),
    of("plan", "plans:sign", get="staff", post="staff", args=("citizen",)),
    of("plan", "plans:void_signature", get="staff", post="staff", args=("citizen",)),
    # Progression
    of("course", "progression:review", get="staff"),
    of("course", "progression:over_time", get="staff"),
    of("course", "progression:categories", get="staff", post="staff"),
    of("course", "progression:start", get="staff", post="staff"),
    of("answer_sheet", "progression:step", get="staff", post="staff", args=(1,)),
    of("answer_sheet", "progression:finish", get="staff", post="staff"),
    of("answer_sheet", "progression:discard", post="staff"),
    of("answer", "progression:correct", get="staff", post="staff"),
    page("progression:versions", get="agency"),
    page("progression:version", get="agency", args=("annex", 1)),
    page("progression:new_draft", post="agency", args=("annex",)),
    # Version 1 is published; drafts: tests/progression/test_questionnaires.py.
    page(
        "progression:publish", get="agency", post="agency", args=("annex", 1), but=everywhere(404, "agency")
    ),
    page(
        "progression:new_part",
        get="agency",
        post="agency",
        args=("annex", 1, "trin"),
        but=everywhere(404, "agency"),
    ),
    page(
        "progression:change_part",
        get="agency",
        post="agency",
        args=("annex", 1, "skala", "how_well"),
        but=everywhere(404, "agency"),
    ),
    page(
        "progression:remove_part",
        post="agency",
        args=("annex", 1, "skala", "how_well"),
        but={("POST", "agency", "own"): 404},
    ),
    page("progression:discard_draft", post="agency", args=("annex", 1), but={("POST", "agency", "own"): 404}),
    page(
        "progression:upload",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
    ),
    # Referrals
    page(
        "cases:referrals",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
    ),
    page("cases:new_referral", get="coordinating_caseworker", post="coordinating_caseworker"),
    page("cases:upload_referrals", get="coordinating_caseworker", post="coordinating_caseworker"),
    of("referral", "cases:referral", get="coordinating_caseworker project_leader"),
    *(
        of(
            "referral",
            f"cases:{name}",
            get="coordinating_caseworker project_leader",
            post="coordinating_caseworker project_leader",
        )
        for name in ("correct_name", "correct_referral", "withdraw_referral", "restore_referral")
    ),
    of(
        "referral",
        "cases:replace_number",
        get="coordinating_caseworker",
        post="coordinating_caseworker",
        # Of a course it is the function that counts, not the role (D40).
        but={
            ("GET", "coordinating_caseworker", "same"): 403,
            ("POST", "coordinating_caseworker", "same"): 403,
        },
    ),
    page(
        "cases:upload_functions",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
    ),
    page(
        "cases:upload_contacts",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
    ),
    # The draw
    page("randomization:waiting", get="coordinating_caseworker project_leader"),
    page(
        "randomization:draw",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
        # Which project stands in the form: an empty one names none. See tests/randomization/test_pages.py.
        but={
            ("POST", "coordinating_caseworker", "own"): 404,
            ("POST", "project_leader", "own"): 404,
        },
    ),
    page(
        "randomization:drawn",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
    ),
    of("referral", "randomization:allocation", get="coordinating_caseworker project_leader"),
    of("referral", "randomization:certificate", get="coordinating_caseworker project_leader"),
    of(
        "referral",
        "randomization:take_back",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
    ),
    of(
        "referral",
        "randomization:correct",
        get="coordinating_caseworker project_leader",
        post="coordinating_caseworker project_leader",
    ),
    page("randomization:ledger", get="agency"),
    page("randomization:download_ledger", get="agency"),
    page("randomization:download_commitments", get="agency"),
]
