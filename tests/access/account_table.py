"""Who may use the pages of absence and of the administrators: a part of the table of the site."""

from tests.access.addresses import page, permission_first_of

ACCOUNTS = [
    # Absence
    page("absences", get="staff"),
    permission_first_of("absentee", "new_absence", get="staff", post="staff"),
    permission_first_of("absence", "correct_absence", get="staff", post="staff"),
    permission_first_of("absence", "end_absence", post="staff"),
    # Administrators
    page("user_list", get="administrator"),
    page("security_log", get="administrator"),
    page("user_requests", get="administrator"),
    permission_first_of("account_request", "user_request_confirm", post="administrator"),
    permission_first_of("account_request", "user_request_refuse", post="administrator"),
    permission_first_of("user", "user_forget_identity", post="administrator"),
    permission_first_of("user", "user_reset_second_step", get="administrator", post="administrator"),
    permission_first_of("user", "user_end_sessions", post="administrator"),
    permission_first_of("user", "user_roles_seen_to", post="administrator"),
    page("user_new", get="administrator", post="administrator"),
    page("user_import", get="administrator", post="administrator"),
    permission_first_of("user", "user_detail", get="administrator", post="administrator"),
    permission_first_of("user", "user_take_role", get="administrator", post="administrator"),
    permission_first_of("user", "user_deactivate", get="administrator", post="administrator"),
    permission_first_of("user", "user_reactivate", post="administrator"),
    permission_first_of("user", "user_give_back", post="administrator"),
    permission_first_of("user", "user_invite_again", post="administrator"),
    permission_first_of("user", "user_change_address", get="administrator", post="administrator"),
    permission_first_of("user", "user_confirm_address", post="administrator"),
    page("project_list", get="administrator"),
    page("project_import", get="administrator", post="administrator"),
    page("operations:overview", get="administrator"),
    permission_first_of("dead_letter", "operations:send_again", post="administrator"),
]
