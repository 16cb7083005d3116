"""The work agreement: who may what in which state, signatures, seals, and the plan for job."""

from tests.guards.guard import constraint, in_code, index, trigger

SIGNATURES = "tests/companies/signing/test_signatures.py"
SEALING = "tests/companies/signing/test_sealing.py"
AMENDMENTS = "tests/companies/signing/test_amendments.py"
RIGHTS = "tests/companies/signing/test_rights.py"
LINKS = "tests/companies/signing/test_links.py"
PROTECTED = (
    "tests/jobfirst/database/test_database_roles.py"
    "::test_a_trigger_protects_every_append_only_table_from_its_owner"
)
PLANS = "tests/plans/test_signatures.py"

AGREEMENTS = [
    in_code(
        "nothing is done in a state that does not allow it",
        "companies/signing/actions.py",
        "if may(act, status, *actor.roles):",
        "if True:",
        f"{SIGNATURES}::test_a_declined_agreement_is_not_signed_until_it_is_sent_again",
    ),
    in_code(
        "a replaced version is not signed",
        "companies/signing/policy.py",
        "S.REPLACED: _row(outside=_NOTHING, managers=_SEES, mentor=_SEES),",
        "S.REPLACED: _row(outside=_PARTY, managers=_SEES, mentor=_SEES),",
        f"{RIGHTS}::test_every_cell_of_the_table",
    ),
    in_code(
        "a caseworker only sees the agreement",
        "companies/signing/policy.py",
        "R.CASEWORKER: _SEES,",
        "R.CASEWORKER: managers,",
        f"{RIGHTS}::test_every_cell_of_the_table",
    ),
    in_code(
        "the jobcentre signs last",
        "companies/signing/actions.py",
        "if any(outside not in standing for outside in OUTSIDE_PARTIES):",
        "if False:",
        f"{SIGNATURES}::test_the_jobcentre_signs_last",
    ),
    in_code(
        "nobody signs for both outside parties",
        "companies/signing/actions.py",
        "signature.signed_for and signature.recorded_by == actor.user",
        "False",
        f"{SIGNATURES}::test_nobody_signs_for_both_outside_parties",
    ),
    in_code(
        "what is signed is what was seen",
        "companies/signing/actions.py",
        " or content_hash(agreement.sealed_content()) != seen:",
        ":",
        f"{SIGNATURES}::test_what_was_not_seen_and_an_earlier_version_are_not_signed",
    ),
    in_code(
        "the newest version is signed",
        "companies/signing/actions.py",
        "if latest is None or latest.pk != agreement.pk or",
        "if latest is None or",
        f"{SIGNATURES}::test_what_was_not_seen_and_an_earlier_version_are_not_signed",
    ),
    in_code(
        "who has signed does not decline",
        "companies/signing/actions.py",
        'code="party")\n    if party in standing_signatures(agreement):',
        'code="party")\n    if False:',
        f"{SIGNATURES}::test_whoever_has_signed_does_not_decline",
    ),
    in_code(
        "nothing is signed after the course",
        "companies/signing/links.py",
        "if act != AgreementAct.SEE and linked.agreement.course.has_ended(today):",
        "if False:",
        "tests/companies/signing/test_link_addresses.py::test_nothing_is_shown_to_sign_after_the_course",
    ),
    in_code(
        "a link of another contact person opens nothing",
        "companies/signing/links.py",
        "if agreement is None or recipient_of(agreement, party) != link.recipient:",
        "if agreement is None:",
        f"{LINKS}::test_a_link_of_somebody_else_opens_no_agreement",
    ),
    in_code(
        "the agreement of a withdrawn placement is not signed by link",
        "companies/signing/status.py",
        "if agreement.state == AgreementState.REPLACED or agreement.placement.withdrawn_at is not None:",
        "if agreement.state == AgreementState.REPLACED:",
        f"{LINKS}::test_the_link_is_gone_when_the_placement_is_withdrawn",
    ),
    in_code(
        "a change voids the signatures of whom it concerns",
        "companies/signing/amending.py",
        "if signature is None or party in voided:",
        "if signature is None:",
        f"{AMENDMENTS}::test_other_tasks_are_signed_anew_by_all",
    ),
    in_code(
        "a changed week voids signatures",
        "companies/signing/amending.py",
        "if earlier.periods() != later.periods():",
        "if False:",
        f"{AMENDMENTS}::test_the_same_hours_on_another_day_are_signed_anew_by_all",
    ),
    in_code(
        "the link of the annex is the contact person's of today",
        "companies/links/placements.py",
        "if recipient != link.recipient:",
        "if False:",
        "tests/companies/annex/test_link_rights.py",
        "tests/companies/annex/test_links.py",
    ),
    in_code(
        "a citizen who declines messages gets none",
        "companies/links/placements.py",
        "if registered is None or registered.declines_messages:",
        "if registered is None:",
        "tests/companies/annex/test_links.py::TestSending::test_a_citizen_who_wants_no_messages",
    ),
    trigger(
        "companies_workagreement",
        "content_is_final",
        "tests/companies/test_agreement_versions.py::test_nothing_but_the_state_of_a_made_version_changes",
    ),
    trigger(
        "companies_workagreement", "life", SEALING, SIGNATURES, "tests/companies/test_agreement_versions.py"
    ),
    trigger(
        "companies_workagreement",
        "signed_with_seal",
        f"{SIGNATURES}::test_a_version_without_a_seal_is_not_called_signed",
    ),
    trigger(
        "companies_agreementsignature",
        "signs_what_awaits_it",
        f"{SIGNATURES}::test_the_database_keeps_the_order_of_signing",
    ),
    trigger("companies_agreementsignature", "append_only", PROTECTED),
    trigger(
        "companies_agreementsignaturevoid",
        "before_the_seal",
        f"{SIGNATURES}::test_a_sealed_version_keeps_its_signatures",
    ),
    trigger(
        "companies_agreementseal",
        "seals_three_signatures",
        f"{SEALING}::test_the_database_refuses_a_seal_without_three_signatures",
    ),
    trigger(
        "companies_sealedpdf",
        "hash_of_the_file",
        f"{SEALING}::test_the_database_refuses_a_file_with_another_hash",
    ),
    constraint(
        "companies_agreementsignature",
        "companies_signature_method",
        f"{SIGNATURES}::test_the_database_refuses_a_signature_that_cannot_be",
    ),
    index("companies_agreement_one_signed", SEALING, "tests/companies/test_agreement_versions.py"),
    in_code(
        "a holder signs the plan for job as the holder",
        "plans/policy.py",
        '"plans.sign_as_course_owner": holds(CourseFunction.COURSE_OWNER),',
        '"plans.sign_as_course_owner": works_on_course | leads_course,',
        PLANS,
    ),
]
