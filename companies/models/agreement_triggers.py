"""What the database itself refuses of work agreements, whoever asks (D15, D37)."""

import pgtrigger

# The share lock makes a line of the schedule and the start of its agreement wait for each other.
ONLY_FOR_DRAFTS = """
    PERFORM 1 FROM companies_workagreement WHERE id = NEW.agreement_id AND state = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the hours of a made work agreement are final';
    END IF;
    RETURN NEW;
"""


def agreement_triggers() -> list[pgtrigger.Trigger]:
    """A version's content never changes; its state goes from draft to in force to replaced, and no way back.

    A version is never removed.
    """
    return [
        pgtrigger.ReadOnly(name="content_is_final", exclude=["state"]),
        pgtrigger.FSM(name="life", field="state", transitions=[("draft", "active"), ("active", "replaced")]),
        pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
    ]


def only_for_drafts() -> pgtrigger.Trigger:
    """Lines of the schedule are added while the agreement is being written, and never afterwards."""
    return pgtrigger.Trigger(
        name="only_for_drafts", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ONLY_FOR_DRAFTS
    )
