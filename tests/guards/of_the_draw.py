"""The draw, its ledger, and the checks that others make of it."""

from tests.guards.guard import constraint, in_code, trigger

DRAW_TESTS = "tests/randomization/draw/test_draw.py"
TWO_STEPS = "tests/randomization/draw/test_two_steps.py"
LEDGER = "tests/randomization/ledger/test_ledger.py"
VERIFICATION = "tests/randomization/ledger/test_verification.py"
EVENTS = "tests/randomization/ledger/test_events.py"
PAGES = "tests/randomization/test_pages.py"

DRAW = [
    in_code(
        "no arm is opened before its claim is committed",
        "randomization/draw/actions.py",
        "if claim.transaction == claim.current and seed.demo_seed is None:",
        "if False:",
        f"{TWO_STEPS}::test_a_claim_that_is_not_committed_is_never_opened",
    ),
    in_code(
        "the draw is no part of another transaction",
        "randomization/draw/actions.py",
        "durable = seed.demo_seed is None",
        "durable = False",
        f"{TWO_STEPS}::test_within_another_transaction_nothing_is_drawn",
    ),
    in_code(
        "one draw at a time",
        "randomization/draw/actions.py",
        "with ledger_lock():\n        with transaction.atomic(durable=durable):",
        "if True:\n        with transaction.atomic(durable=durable):",
        f"{TWO_STEPS}::test_two_sessions_draw_the_same_project_at_once",
    ),
    in_code(
        "a draw goes on from an untouched ledger",
        "randomization/draw/actions.py",
        "_check_head(head)\n    queue",
        "queue",
        VERIFICATION,
    ),
    in_code(
        "the day of a draw does not go back",
        "randomization/draw/actions.py",
        "if days and on < max(days):",
        "if False:",
        f"{DRAW_TESTS}::test_days_of_allocation_never_go_back",
    ),
    in_code(
        "a project draws until its last day of enrolment",
        "randomization/draw/enrolment.py",
        "if on > last:",
        "if False:",
        f"{DRAW_TESTS}::test_drawn_from_the_projects_first_day_until_a_year_later_that_day_included",
    ),
    in_code(
        "who is referred later waits",
        "randomization/draw/queue.py",
        "if referral.referred_on <= on]",
        "]",
        f"{DRAW_TESTS}::test_who_is_referred_after_the_day_waits_and_is_counted",
    ),
    in_code(
        "two holders have two shares",
        "randomization/draw/shares.py",
        "if agency == operator:",
        "if False:",
        "tests/randomization/draw/test_shares.py::test_two_holders_with_the_same_share_are_refused",
    ),
    in_code(
        "a real system has the shares apart",
        "randomization/draw/shares.py",
        "if all(_variable(name) for name in VARIABLES.values()):",
        "if False:",
        "tests/randomization/draw/test_shares.py::test_a_real_trial_refuses_both_shares_in_one_environment",
    ),
    in_code(
        "nobody else reads the file of a share",
        "randomization/draw/shares.py",
        "or stat.S_IMODE(status.st_mode) != stat.S_IRUSR",
        "",
        "tests/randomization/draw/test_shares.py"
        "::test_a_file_that_others_may_read_or_anybody_change_is_refused",
    ),
    in_code(
        "a list ends",
        "randomization/draw/actions.py",
        "if open_stratum.last_slot > open_stratum.stratum.capacity:",
        "if False:",
        f"{DRAW_TESTS}::test_a_full_list_is_refused",
    ),
    in_code(
        "one draws in one's own projects",
        "randomization/views/draw.py",
        "Project.objects.filter(pk__in=policy.projects_to_draw_in(request.user))",
        "Project.objects.all()",
        f"{PAGES}::test_another_project_answers_as_one_that_does_not_exist",
    ),
    in_code(
        "the download of the ledger is recorded",
        "randomization/views/ledger.py",
        'record_shown(request.user, "randomization.export"',
        "(lambda *args: None)(request.user, 'randomization.export'",
        f"{PAGES}::test_the_agency_downloads_the_ledger",
    ),
    trigger(
        "randomization_claim", "in_turn", f"{LEDGER}::test_a_slot_out_of_turn_is_refused_by_the_database"
    ),
    trigger("randomization_claim", "append_only", f"{LEDGER}::test_the_owner_is_refused_by_triggers"),
    trigger(
        "randomization_allocation", "in_turn", f"{LEDGER}::test_a_row_out_of_turn_is_refused_by_the_database"
    ),
    trigger("randomization_allocation", "append_only", f"{LEDGER}::test_the_owner_is_refused_by_triggers"),
    trigger(
        "randomization_allocationevent", "never_emptied", f"{LEDGER}::test_the_owner_is_refused_by_triggers"
    ),
    trigger(
        "randomization_allocationevent", "append_only", f"{LEDGER}::test_the_owner_is_refused_by_triggers"
    ),
    constraint(
        "randomization_claim",
        "randomization_slot_once",
        f"{LEDGER}::test_two_claims_at_once_never_have_the_same_slot",
    ),
    constraint("randomization_allocationevent", "randomization_event_reason", EVENTS, LEDGER),
    constraint(
        "randomization_stratum",
        "randomization_stratum_once",
        f"{LEDGER}::test_a_municipality_and_a_target_group_are_one_stratum",
    ),
]
