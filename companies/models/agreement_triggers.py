"""Database triggers that protect work agreements from every change, also outside the application (D15,
D37)."""

import pgtrigger

# The share lock serialises adding to the schedule and putting its agreement in force.
ONLY_FOR_DRAFTS = """
    PERFORM 1 FROM companies_workagreement WHERE id = NEW.agreement_id AND state = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the hours of a made work agreement are final';
    END IF;
    RETURN NEW;
"""


def agreement_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers of a version: content never changes, rows are never removed, and the state only
    goes from draft to in force to replaced."""
    return [
        pgtrigger.ReadOnly(name="content_is_final", exclude=["state"]),
        pgtrigger.FSM(name="life", field="state", transitions=[("draft", "active"), ("active", "replaced")]),
        pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
    ]


def only_for_drafts() -> pgtrigger.Trigger:
    """Return the triggers of the schedule: rows are added to a draft, and never changed afterwards."""
    return pgtrigger.Trigger(
        name="only_for_drafts", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ONLY_FOR_DRAFTS
    )
