"""Database triggers that keep a published version as it is, and answers within their questionnaire (D23)."""

import pgtrigger

# The share lock serialises changing a version's content and publishing it.
_ONLY_IN_DRAFTS = """
    PERFORM 1 FROM progression_questionnaireversion
        WHERE id = {row}.version_id AND published_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a published version of a questionnaire is final';
    END IF;
    RETURN {row};
"""

_QUESTION_FITS = """
    PERFORM 1 FROM progression_category category, progression_scale scale
        WHERE category.id = NEW.category_id AND category.version_id = NEW.version_id
        AND scale.id = NEW.scale_id AND scale.version_id = NEW.version_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the category or the scale of a question is of another version';
    END IF;
    RETURN NEW;
"""

_STEP_FITS = """
    PERFORM 1 FROM progression_scale WHERE id = NEW.scale_id AND version_id = NEW.version_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the scale of a step is of another version';
    END IF;
    RETURN NEW;
"""

# Once for all answers of a statement: a whole sheet, or a whole import.
_ANSWERS_FIT = """
    PERFORM 1 FROM new_values answer
        LEFT JOIN {table} sheet ON sheet.id = answer.{sheet}_id
        LEFT JOIN progression_question question ON question.id = answer.question_id
        WHERE question.id IS NULL
        OR question.version_id IS DISTINCT FROM sheet.questionnaire_version_id
        OR (answer.value IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM progression_scalestep step
            WHERE step.scale_id = question.scale_id AND step.value = answer.value));
    IF FOUND THEN
        RAISE EXCEPTION 'the answer does not fit the questionnaire of its sheet';
    END IF;
    RETURN NULL;
"""

_CORRECTED_WITH_REASON = """
    PERFORM 1 FROM progression_answersheet WHERE id = NEW.sheet_id AND state = 'finished';
    IF FOUND AND NEW.correction = '' THEN
        RAISE EXCEPTION 'a finished answer is corrected with a reason';
    END IF;
    RETURN NEW;
"""


def final_when_published() -> pgtrigger.Trigger:
    """Return the trigger of a version: once published it is neither changed nor removed."""
    return pgtrigger.Protect(
        name="final_when_published",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__published_at__isnull=False),
    )


def only_in_drafts() -> list[pgtrigger.Trigger]:
    """Return the triggers of a version's parts: they are made, changed and removed only in a draft."""
    return [
        pgtrigger.Trigger(
            name="only_in_drafts",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=_ONLY_IN_DRAFTS.format(row="NEW"),
        ),
        pgtrigger.Trigger(
            name="removed_only_in_drafts",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=_ONLY_IN_DRAFTS.format(row="OLD"),
        ),
    ]


def _on_save(name: str, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=func
    )


def question_fits() -> pgtrigger.Trigger:
    """Return the trigger of a question: its category and scale are of the same version."""
    return _on_save("question_fits", _QUESTION_FITS)


def step_fits() -> pgtrigger.Trigger:
    """Return the trigger of a step: its scale is of the same version."""
    return _on_save("step_fits", _STEP_FITS)


def _answers_fit(name: str, operation: pgtrigger.Operation, table: str, sheet: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="new_values"),
        func=_ANSWERS_FIT.format(table=table, sheet=sheet),
    )


def answers_fit(table: str = "progression_answersheet", sheet: str = "sheet") -> list[pgtrigger.Trigger]:
    """Return the triggers of answers: a step of the question's scale, in the version of their sheet.

    `table` holds the sheets with their `questionnaire_version`; `sheet` is the answer's field.
    """
    return [
        _answers_fit("answers_fit_when_given", pgtrigger.Insert, table, sheet),
        _answers_fit("answers_fit_when_changed", pgtrigger.Update, table, sheet),
    ]


def answer_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers of an answer of a sheet: it fits, and once the sheet is finished it is changed only
    with a reason (D56)."""
    return [
        *answers_fit(),
        pgtrigger.Trigger(
            name="corrected_with_reason",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__value__df=pgtrigger.F("new__value")),
            func=_CORRECTED_WITH_REASON,
        ),
    ]
