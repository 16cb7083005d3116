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
        TWO_STEPS,
        DRAW_TESTS,
    ),
    in_code(
        "the draw is no part of another transaction",
        "randomization/draw/actions.py",
        "durable = seed.demo_seed is None",
        "durable = False",
        TWO_STEPS,
        DRAW_TESTS,
    ),
    in_code(
        "one draw at a time",
        "randomization/draw/actions.py",
        "with ledger_lock():\n        with transaction.atomic(durable=durable):",
        "if True:\n        with transaction.atomic(durable=durable):",
        TWO_STEPS,
        DRAW_TESTS,
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
        DRAW_TESTS,
    ),
    in_code(
        "a project draws until its last day of enrolment",
        "randomization/draw/enrolment.py",
        "if on > last:",
        "if False:",
        DRAW_TESTS,
        PAGES,
    ),
    in_code(
        "who is referred later waits",
        "randomization/draw/queue.py",
        "if referral.referred_on <= on]",
        "]",
        DRAW_TESTS,
    ),
    in_code(
        "two holders have two shares",
        "randomization/draw/shares.py",
        "if agency == operator:",
        "if False:",
        "tests/randomization/draw/test_shares.py",
    ),
    in_code(
        "a list ends",
        "randomization/draw/actions.py",
        "if open_stratum.last_slot > open_stratum.stratum.capacity:",
        "if False:",
        DRAW_TESTS,
        "tests/randomization/draw/test_commitments.py",
    ),
    in_code(
        "one draws in one's own projects",
        "randomization/policy.py",
        "return project is None or project.pk in projects_to_draw_in(user)",
        "return True",
        PAGES,
    ),
    in_code(
        "the download of the ledger is recorded",
        "randomization/views/ledger.py",
        'record_shown(request.user, "randomization.export"',
        "(lambda *args: None)(request.user, 'randomization.export'",
        PAGES,
    ),
    trigger("randomization_claim", "in_turn", TWO_STEPS, LEDGER, DRAW_TESTS),
    trigger("randomization_claim", "append_only", LEDGER, TWO_STEPS),
    trigger("randomization_allocation", "in_turn", LEDGER),
    trigger("randomization_allocation", "append_only", LEDGER),
    trigger("randomization_allocationevent", "never_emptied", LEDGER),
    trigger("randomization_allocationevent", "append_only", LEDGER, EVENTS),
    constraint("randomization_claim", "randomization_slot_once", LEDGER, TWO_STEPS),
    constraint("randomization_allocationevent", "randomization_event_reason", EVENTS, LEDGER),
    constraint("randomization_stratum", "randomization_stratum_once", LEDGER, TWO_STEPS),
]
