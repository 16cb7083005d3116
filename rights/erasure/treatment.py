"""What becomes of the rows of each table when a citizen is erased.

A table of hers that stands nowhere here is deleted, history included: so a new table cannot be forgotten.
What stays is emptied column by column; `tests/rights/erasure/test_treatment.py` fails for a column of a table
that stays which is neither emptied nor excused.
"""

from typing import Any

from django.db.models import BinaryField, F, Func, Model
from django.db.models.functions import Coalesce

from rights.erasure.removal import BLANK, if_filled
from rights.report.coverage import edges, is_history

_HASH_OF_REASON = Func(
    "reason", template="sha256(convert_to(%(expressions)s, 'UTF8'))", output_field=BinaryField()
)
#: Columns that are emptied, by table that stays: with what. (The citizen's own row: `engine._empty_citizen`.)
EMPTIED: dict[str, dict[str, Any]] = {
    "cases.Referral": {
        "name": BLANK,
        "public_support_since": F("referred_on"),
        "stated_facts": None,
        "source_id": "",
        "submission": None,
        "flags": [],
    },
    "cases.Course": {"outcome": "", "submission": None},
    "cases.CourseElement": {},
    "randomization.Claim": {},
    "randomization.Allocation": {},
    "randomization.AllocationEvent": {
        # The chain of events covers the hash of the reason.
        "reason_hash": Coalesce("reason_hash", _HASH_OF_REASON),
        "reason": BLANK,
        "submission": None,
    },
    "companies.Match": {"job_function": "", "why": "", "submission": None},
    "companies.Placement": {
        "workplace": None,
        "waiver_reason": if_filled("waiver_reason"),
        "representative_name": "",
        "representative_confirmed_on": None,
        "end_note": "",
        "end_reported_by": "",
        "withdrawn_reason": if_filled("withdrawn_reason"),
        "delivered": None,
        "submission": None,
    },
    "grants.StatementLine": {},
    "grants.StatementSpell": {},
    "grants.EarnedEvent": {},
    "evaluation.PaidHours": {},
    "evaluation.Deviation": {
        "reason": BLANK,
        "withdrawn_reason": if_filled("withdrawn_reason"),
        "submission": None,
    },
}
#: Documents of the grant, by pseudonym: accounts of public money, which stay as they were.
UNTOUCHED = ("grants.Snapshot", "grants.StatementApproval", "grants.Showing")
#: Tables of which a row is about several citizens: the column from which her id is taken.
SHARED = {"grants.Document": "citizens"}

_COUNTED = "what the flow of the trial counts (D59): project, group, day and answer"
_LEDGER = "the ledger of the draw, by pseudonym: its hashes cover it (D5)"
_ACCOUNTS = "what the grant was paid for, by pseudonym (D26-D30)"
_OUTCOME = "the trial's outcome, without a way to the person (D6)"
_NEUTRAL = "says nothing of her"
#: Columns that stay as they are, and why; keys to other rows that stay need no reason.
STAYS: dict[str, dict[str, str]] = {
    "cases.Referral": {
        **dict.fromkeys(
            ("municipality_code", "target_group", "benefit", "referred_on", "state", "reasons"), _COUNTED
        ),
        **dict.fromkeys(("activity_ready", "in_integration_programme"), _COUNTED),
    },
    "cases.Course": dict.fromkeys(
        ("started_on", "internship_from", "continued_from", "retention_until", "ended_on", "end_reason"),
        _COUNTED,
    ),
    "cases.CourseElement": dict.fromkeys(
        ("element", "from_on", "until_on", "state", "since", "reasons", "due_on"), _COUNTED
    ),
    "randomization.Claim": dict.fromkeys(("slot", "claimed_on", "transaction"), _LEDGER),
    "randomization.Allocation": dict.fromkeys(
        (
            *("sequence", "pseudonym", "project_slug", "slot", "arm", "allocated_on", "drawn_at", "nonce"),
            *("path", "previous_hash", "row_hash"),
        ),
        _LEDGER,
    ),
    "randomization.AllocationEvent": dict.fromkeys(
        ("number", "kind", "happened_on", "recorded_at", "previous_hash", "row_hash"), _LEDGER
    ),
    "companies.Match": {"matched_on": _ACCOUNTS},
    "companies.Placement": {
        **dict.fromkeys(("kind", "starts_on", "planned_end_on", "ended_on", "actual_hours"), _ACCOUNTS),
        **dict.fromkeys(("internship_hours", "ordinary_hours", "end_reason", "is_no_show"), _ACCOUNTS),
        **dict.fromkeys(("waived_few_hours", "waived_employment", "withdrawn_at"), _ACCOUNTS),
    },
    "grants.StatementLine": dict.fromkeys(("entry", "citizen", "kind", "on", "amount", "basis"), _ACCOUNTS),
    "grants.StatementSpell": dict.fromkeys(
        (
            *("placement", "company", "company_name", "citizen", "kind", "starts_on", "planned_end_on"),
            *("ended_on", "reason", "counted_days", "needed_days"),
        ),
        _ACCOUNTS,
    ),
    "grants.EarnedEvent": dict.fromkeys(("kind", "earned_on", "settled_on", "amount", "basis"), _ACCOUNTS),
    "evaluation.PaidHours": dict.fromkeys(("month", "hours"), _OUTCOME),
    "evaluation.Deviation": dict.fromkeys(("kind", "happened_on", "is_agencys", "withdrawn_at"), _COUNTED),
}
#: Columns of any table that stay.
ANYWHERE = dict.fromkeys(("id", "public_id", "version", "created_at"), _NEUTRAL)


def deleted_models() -> list[type[Model]]:
    """Return the citizen's tables whose rows go."""
    staying = {"cases.Citizen", "audit.AccessRecord", *EMPTIED, *UNTOUCHED, *SHARED}
    return [model for model in edges() if is_history(model) or model._meta.label not in staying]
