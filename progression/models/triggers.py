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

_ANSWER_FITS = """
    PERFORM 1 FROM progression_answersheet sheet JOIN progression_question question
        ON question.version_id = sheet.questionnaire_version_id
        WHERE sheet.id = NEW.sheet_id AND question.id = NEW.question_id
        AND (NEW.value IS NULL OR EXISTS (
            SELECT 1 FROM progression_scalestep step
            WHERE step.scale_id = question.scale_id AND step.value = NEW.value));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the answer does not fit the questionnaire of its sheet';
    END IF;
    RETURN NEW;
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


def answer_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers of an answer: a step of the question's scale, in the version of the sheet; of a
    finished sheet it is changed only with a reason (D56)."""
    return [
        _on_save("answer_fits", _ANSWER_FITS),
        pgtrigger.Trigger(
            name="corrected_with_reason",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__value__df=pgtrigger.F("new__value")),
            func=_CORRECTED_WITH_REASON,
        ),
    ]
