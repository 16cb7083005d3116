"""Triggers that protect submitted statements in the database (D30)."""

import pgtrigger

# A statement is written by one transaction as `preparing`. From `submitted` on only the columns of the step
# being taken may change, and only in this order. Cut-offs rise, and what was paid before is what was paid.
# Nobody of the project itself checks, approves or pays, nor does whoever submitted. The names of the project
# and of the person who takes the step are written down as they are now, whatever the application says.
STATEMENT_LIFE = """
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'preparing' THEN
            RAISE EXCEPTION 'a statement that was submitted is never removed';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'preparing' THEN
            RAISE EXCEPTION 'a statement begins with being prepared';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'preparing' AND NEW.state = 'preparing' THEN
        RETURN NEW;
    END IF;
    IF OLD.state = 'preparing' AND NEW.state = 'submitted' THEN
        PERFORM 1 FROM accounts_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT 1 FROM grants_statement WHERE project_id = NEW.project_id AND id <> NEW.id
                   AND state IN ('approved', 'paid') AND cut_off >= NEW.cut_off) THEN
            RAISE EXCEPTION 'the cut-offs of a project must rise';
        END IF;
        IF NEW.paid_before <> (SELECT COALESCE(SUM(paid), 0) FROM grants_statement
                               WHERE project_id = NEW.project_id AND state = 'paid') THEN
            RAISE EXCEPTION 'paid before is not what was paid before';
        END IF;
        IF NEW.approved_unpaid <> (SELECT COALESCE(SUM(paid), 0) FROM grants_statement
                                   WHERE project_id = NEW.project_id AND state = 'approved') THEN
            RAISE EXCEPTION 'approved and not yet paid is not what was approved and not paid';
        END IF;
        IF NEW.another_reason = '' AND EXISTS (
            SELECT 1 FROM grants_statement WHERE project_id = NEW.project_id AND id <> NEW.id
            AND year = NEW.year AND state IN ('approved', 'paid')
        ) THEN
            RAISE EXCEPTION 'another statement of a year needs a reason';
        END IF;
        IF EXISTS (
            SELECT 1 FROM (
                SELECT COALESCE(SUM(amount) FILTER (WHERE entry <> 'adjustment'), 0) AS earned,
                       COALESCE(SUM(amount) FILTER (WHERE entry IN ('new', 'adjustment')), 0) AS since,
                       COUNT(*) FILTER (WHERE entry <> 'adjustment' AND kind = 'start') AS starts,
                       COUNT(*) FILTER (WHERE entry <> 'adjustment' AND kind = 'completion') AS completions
                FROM grants_statementline WHERE statement_id = NEW.id
            ) AS lines
            WHERE lines.earned <> NEW.earned_to_date OR lines.since <> NEW.earned_to_date - NEW.earned_before
               OR lines.starts <> NEW.starts OR lines.completions <> NEW.completions
        ) THEN
            RAISE EXCEPTION 'the lines of the statement do not add up to its figures';
        END IF;
        SELECT slug, name INTO NEW.project_slug, NEW.project_name
        FROM accounts_project WHERE id = NEW.project_id;
        SELECT name INTO NEW.submitted_name FROM accounts_user WHERE id = NEW.submitted_by_id;
        RETURN NEW;
    END IF;
    moving := CASE OLD.state || ' ' || NEW.state
        WHEN 'submitted checked' THEN ARRAY['checked_by_id', 'checked_at', 'checked_name']
        WHEN 'checked approved' THEN ARRAY['approved_by_id', 'approved_at', 'approved_name', 'pdf_sha256']
        WHEN 'approved paid' THEN
            ARRAY['paid_on', 'payment_reference', 'paid_by_id', 'paid_at', 'paid_name']
        WHEN 'submitted returned' THEN
            ARRAY['returned_by_id', 'returned_at', 'returned_name', 'returned_reason']
        WHEN 'checked returned' THEN
            ARRAY['returned_by_id', 'returned_at', 'returned_name', 'returned_reason']
    END;
    IF NEW.state = 'approved' AND NOT EXISTS (
        SELECT 1 FROM grants_statementapproval WHERE statement_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'an approval stores what is approved';
    END IF;
    IF moving IS NULL OR (to_jsonb(NEW) - (moving || ARRAY['state', 'version']))
                      <> (to_jsonb(OLD) - (moving || ARRAY['state', 'version'])) THEN
        RAISE EXCEPTION 'a submitted statement is final: it may only take its next step';
    END IF;
    person := CASE NEW.state
        WHEN 'checked' THEN NEW.checked_by_id
        WHEN 'approved' THEN NEW.approved_by_id
        WHEN 'paid' THEN NEW.paid_by_id
        ELSE NEW.returned_by_id
    END;
    IF NEW.state <> 'returned' AND (person = NEW.submitted_by_id OR EXISTS (
        SELECT 1 FROM accounts_membership WHERE user_id = person AND project_id = NEW.project_id
    )) THEN
        RAISE EXCEPTION 'nobody decides on a statement of their own or of their own project';
    END IF;
    SELECT name INTO called FROM accounts_user WHERE id = person;
    CASE NEW.state
        WHEN 'checked' THEN NEW.checked_name := COALESCE(called, '');
        WHEN 'approved' THEN NEW.approved_name := COALESCE(called, '');
        WHEN 'paid' THEN NEW.paid_name := COALESCE(called, '');
        ELSE NEW.returned_name := COALESCE(called, '');
    END CASE;
    RETURN NEW;
"""

# The share lock makes a line and the submission of its statement wait for each other.
LINE_IS_FINAL = """
    IF TG_OP <> 'INSERT' THEN
        PERFORM 1 FROM grants_statement WHERE id = OLD.statement_id FOR SHARE;
        IF (SELECT state FROM grants_statement WHERE id = OLD.statement_id) <> 'preparing' THEN
            RAISE EXCEPTION 'the lines of a submitted statement are final';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM 1 FROM grants_statement WHERE id = NEW.statement_id FOR SHARE;
    IF (SELECT state FROM grants_statement WHERE id = NEW.statement_id) <> 'preparing' THEN
        RAISE EXCEPTION 'the lines of a submitted statement are final';
    END IF;
    RETURN NEW;
"""


def statement_life() -> pgtrigger.Trigger:
    """Return the trigger that lets a statement only take its next step."""
    return pgtrigger.Trigger(
        name="life",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("moving", "text[]"), ("person", "bigint"), ("called", "text")],
        func=STATEMENT_LIFE,
    )


def line_is_final() -> pgtrigger.Trigger:
    """Return the trigger that makes the rows of a statement final when it is submitted."""
    return pgtrigger.Trigger(
        name="final",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=LINE_IS_FINAL,
    )
