"""The work agreement: who may what in which state, signatures, seals, and the plan for job."""

from tests.guards.guard import constraint, in_code, index, trigger

SIGNATURES = "tests/companies/signing/test_signatures.py"
SEALING = "tests/companies/signing/test_sealing.py"
AMENDMENTS = "tests/companies/signing/test_amendments.py"
RIGHTS = "tests/companies/signing/test_rights.py"
LINKS = "tests/companies/signing/test_links.py"
PLANS = "tests/plans/test_signatures.py"

AGREEMENTS = [
    in_code(
        "nothing is done in a state that does not allow it",
        "companies/signing/actions.py",
        "if may(act, status, *actor.roles):",
        "if True:",
        RIGHTS,
        SIGNATURES,
    ),
    in_code(
        "a replaced version is not signed",
        "companies/signing/policy.py",
        "S.REPLACED: _row(outside=_NOTHING, managers=_SEES, mentor=_SEES),",
        "S.REPLACED: _row(outside=_PARTY, managers=_SEES, mentor=_SEES),",
        RIGHTS,
    ),
    in_code(
        "a caseworker only sees the agreement",
        "companies/signing/policy.py",
        "R.CASEWORKER: _SEES,",
        "R.CASEWORKER: managers,",
        RIGHTS,
    ),
    in_code(
        "the jobcentre signs last",
        "companies/signing/actions.py",
        "if any(outside not in standing for outside in OUTSIDE_PARTIES):",
        "if False:",
        SIGNATURES,
    ),
    in_code(
        "nobody signs for both outside parties",
        "companies/signing/actions.py",
        "signature.signed_for and signature.recorded_by == actor.user",
        "False",
        SIGNATURES,
    ),
    in_code(
        "what is signed is what was seen",
        "companies/signing/actions.py",
        " or content_hash(agreement.sealed_content()) != seen:",
        ":",
        SIGNATURES,
        LINKS,
    ),
    in_code(
        "the newest version is signed",
        "companies/signing/actions.py",
        "if latest is None or latest.pk != agreement.pk or",
        "if latest is None or",
        SIGNATURES,
        LINKS,
    ),
    in_code(
        "who has signed does not decline",
        "companies/signing/actions.py",
        'code="party")\n    if party in standing_signatures(agreement):',
        'code="party")\n    if False:',
        SIGNATURES,
    ),
    in_code(
        "nothing is signed after the course",
        "companies/signing/links.py",
        "if act != AgreementAct.SEE and linked.agreement.course.ended_on is not None:",
        "if False:",
        LINKS,
    ),
    in_code(
        "a link of another contact person opens nothing",
        "companies/signing/links.py",
        "if agreement is None or recipient_of(agreement, party) != link.recipient:",
        "if agreement is None:",
        LINKS,
        "tests/companies/signing/test_link_addresses.py",
    ),
    in_code(
        "the agreement of a withdrawn placement is not signed by link",
        "companies/signing/links.py",
        "public_id=link.subject, placement__withdrawn_at__isnull=True)",
        "public_id=link.subject)",
        LINKS,
        "tests/companies/test_taken_back.py",
    ),
    in_code(
        "a change voids the signatures of whom it concerns",
        "companies/signing/amending.py",
        "if signature is None or party in voided:",
        "if signature is None:",
        AMENDMENTS,
    ),
    in_code(
        "a changed week voids signatures",
        "companies/signing/amending.py",
        "if earlier.periods() != later.periods():",
        "if False:",
        AMENDMENTS,
        "tests/companies/test_agreement_versions.py",
    ),
    in_code(
        "the link of the annex is the contact person's of today",
        "companies/linked_placements.py",
        "if recipient != link.recipient:",
        "if False:",
        "tests/companies/annex/test_link_rights.py",
        "tests/companies/annex/test_links.py",
    ),
    in_code(
        "a citizen who declines messages gets none",
        "companies/linked_placements.py",
        "if registered is None or registered.declines_messages:",
        "if registered is None:",
        "tests/companies/signing/test_link_addresses.py",
        "tests/companies/annex/test_links.py",
    ),
    trigger(
        "companies_workagreement",
        "content_is_final",
        SEALING,
        SIGNATURES,
        "tests/companies/test_agreement_versions.py",
    ),
    trigger(
        "companies_workagreement", "life", SEALING, SIGNATURES, "tests/companies/test_agreement_versions.py"
    ),
    trigger("companies_workagreement", "signed_with_seal", SEALING),
    trigger("companies_agreementsignature", "signs_what_awaits_it", SIGNATURES),
    trigger("companies_agreementsignature", "append_only", SIGNATURES, SEALING),
    trigger("companies_agreementsignaturevoid", "before_the_seal", SIGNATURES, SEALING),
    trigger("companies_agreementseal", "seals_three_signatures", SEALING),
    trigger("companies_sealedpdf", "hash_of_the_file", SEALING),
    constraint("companies_agreementsignature", "companies_signature_method", SIGNATURES),
    index("companies_agreement_one_signed", SEALING, "tests/companies/test_agreement_versions.py"),
    in_code(
        "a holder signs the plan for job as the holder",
        "plans/policy.py",
        '"plans.sign_as_course_owner": holds(CourseFunction.COURSE_OWNER),',
        '"plans.sign_as_course_owner": works_on_course | leads_course,',
        PLANS,
    ),
]
