"""Database triggers that protect work agreements from every change, also outside the application (D15,
D37)."""

import pgtrigger

from companies.models.signature_triggers import SIGNED_WITH_SEAL

#: A declined version may be put up again; one that is signed by all is replaced when a later one is.
TRANSITIONS = [
    ("draft", "awaiting"),
    ("draft", "replaced"),
    ("awaiting", "signed"),
    ("awaiting", "declined"),
    ("awaiting", "replaced"),
    ("declined", "awaiting"),
    ("declined", "replaced"),
    ("signed", "replaced"),
]

# The share lock serialises adding to the schedule and putting its agreement in force.
ONLY_FOR_DRAFTS = """
    PERFORM 1 FROM companies_workagreement WHERE id = NEW.agreement_id AND state = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the hours of a made work agreement are final';
    END IF;
    RETURN NEW;
"""


def agreement_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers of a version: content never changes, rows are never removed, the state only goes
    on as `TRANSITIONS` says, and to signed only with a seal."""
    return [
        pgtrigger.ReadOnly(name="content_is_final", exclude=["state"]),
        pgtrigger.FSM(name="life", field="state", transitions=TRANSITIONS),
        pgtrigger.Trigger(
            name="signed_with_seal",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__state="awaiting", new__state="signed"),
            func=SIGNED_WITH_SEAL,
        ),
        pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
    ]


def only_for_drafts() -> pgtrigger.Trigger:
    """Return the triggers of the schedule: rows are added to a draft, and never changed afterwards."""
    return pgtrigger.Trigger(
        name="only_for_drafts", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ONLY_FOR_DRAFTS
    )
