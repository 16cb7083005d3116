"""SQL of the triggers that keep the order of signing, whoever writes the rows (D15, D37, D46)."""

# After `cases.models.signature.REFUSE_ANOTHER_HASH`. The share lock serialises signing with putting another
# version in the place of this one.
SIGN_IN_ORDER = """\
    PERFORM 1 FROM companies_workagreement WHERE id = NEW.agreement_id AND state = 'awaiting' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only a version that awaits signatures is signed';
    END IF;
    IF EXISTS (
        SELECT FROM companies_agreementsignature standing
        WHERE standing.agreement_id = NEW.agreement_id AND standing.party = NEW.party
        AND NOT EXISTS (
            SELECT FROM companies_agreementsignaturevoid void WHERE void.signature_id = standing.id
        )
    ) THEN
        RAISE EXCEPTION 'this party has signed the version';
    END IF;
    IF NEW.signed_for <> '' AND EXISTS (
        SELECT FROM companies_agreementsignature other
        WHERE other.agreement_id = NEW.agreement_id AND other.party <> NEW.party
        AND other.signed_for <> '' AND other.recorded_by_id = NEW.recorded_by_id
        AND NOT EXISTS (
            SELECT FROM companies_agreementsignaturevoid void WHERE void.signature_id = other.id
        )
    ) THEN
        RAISE EXCEPTION 'nobody signs for both outside parties';
    END IF;
    IF NEW.party = 'jobcentre' AND 2 > (
        SELECT count(*) FROM companies_agreementsignature outside
        WHERE outside.agreement_id = NEW.agreement_id AND outside.party <> 'jobcentre'
        AND NOT EXISTS (
            SELECT FROM companies_agreementsignaturevoid void WHERE void.signature_id = outside.id
        )
    ) THEN
        RAISE EXCEPTION 'the jobcentre signs last';
    END IF;
    RETURN NEW;
"""

VOID_BEFORE_THE_SEAL = """
    IF EXISTS (
        SELECT FROM companies_agreementseal seal
        JOIN companies_agreementsignature signature ON signature.agreement_id = seal.agreement_id
        WHERE signature.id = NEW.signature_id
    ) THEN
        RAISE EXCEPTION 'a sealed version keeps its signatures';
    END IF;
    RETURN NEW;
"""

SEAL_THREE_SIGNATURES = """
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.canonical, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the hash of a seal is not that of its text';
    END IF;
    IF 3 <> (
        SELECT count(*) FROM companies_agreementsignature standing
        WHERE standing.agreement_id = NEW.agreement_id
        AND NOT EXISTS (
            SELECT FROM companies_agreementsignaturevoid void WHERE void.signature_id = standing.id
        )
    ) THEN
        RAISE EXCEPTION 'a version is sealed when all three have signed';
    END IF;
    RETURN NEW;
"""

HASH_OF_THE_FILE = """
    IF NEW.sha256 <> encode(sha256(NEW.content), 'hex') THEN
        RAISE EXCEPTION 'the hash of a file is not that of its content';
    END IF;
    RETURN NEW;
"""

# Of the agreement itself: nothing is called signed without its seal.
SIGNED_WITH_SEAL = """
    IF NOT EXISTS (SELECT FROM companies_agreementseal seal WHERE seal.agreement_id = NEW.id) THEN
        RAISE EXCEPTION 'a version without a seal is not signed';
    END IF;
    RETURN NEW;
"""
