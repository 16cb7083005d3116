"""No free text of any form takes a CPR number, and a line break in it is one character."""

import pytest
from django import forms
from django.conf import settings
from django.core.validators import RegexValidator

from jobfirst.kit.fields import FreeTextField
from tests.kit.all_forms import all_form_classes, calls_of_forms, fields

TEXT_WITH_CPR = "Ring til 010180-1234"

#: Forms of text whose own form leaves no room for a CPR number in prose.
CODES = (forms.EmailField, forms.JSONField, forms.UUIDField, forms.RegexField, forms.URLField)

#: Fields of text that are no free text, by name, with the reason.
NO_FREE_TEXT = {
    "code": "a code of the second step, which is only compared",
    "cpr": "the citizen's CPR number, kept encrypted",
    "cvr": "a CVR number, which has a validator of its own",
    "successor_cvr": "a CVR number, which has a validator of its own",
    "duplicate": "a CVR number that is looked up",
    "remaining": "a CVR number that is looked up",
    "drawing": "the path of a drawn signature",
    "seen": "what the page showed, or its hash; hidden, and only compared",
    "seal": "a seal that is looked up, and never stored",
}


def is_free_text(form, name, field):
    """Whether people write words into the field, rather than a code or number of a known pattern."""
    model = getattr(getattr(form, "_meta", None), "model", None)
    columns = {column.name: column for column in model._meta.fields} if model else {}
    validators = [*field.validators, *getattr(columns.get(name), "validators", [])]
    has_pattern = any(isinstance(validator, RegexValidator) for validator in validators)
    is_password = isinstance(field.widget, forms.PasswordInput)
    return isinstance(field, forms.CharField) and not (isinstance(field, CODES) or has_pattern or is_password)


def refuses_cpr(field):
    try:
        field.clean(TEXT_WITH_CPR)
    except forms.ValidationError as refusal:
        return "cpr" in {error.code for error in refusal.error_list}
    return False


def test_every_free_text_of_every_form_refuses_a_cpr_number():
    free_texts = {
        where: field
        for where, form, name, field in fields(all_form_classes())
        if is_free_text(form, name, field) and name not in NO_FREE_TEXT
    }
    assert len(free_texts) > 130
    others = [where for where, field in free_texts.items() if not isinstance(field, FreeTextField)]
    assert [where for where, field in free_texts.items() if where in others or not refuses_cpr(field)] == []


def test_no_code_makes_a_text_field_of_another_kind():
    """Fields that a form makes in its constructor stand in no class."""
    others = []
    for place, _call in calls_of_forms("CharField"):
        path, _colon, number = place.partition(":")
        line = (settings.BASE_DIR / path).read_text("utf-8").splitlines()[int(number) - 1]
        if line.partition(" = ")[0].strip() not in NO_FREE_TEXT:
            others.append(place)
    assert others == []


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_a_line_break_is_one_character_however_it_is_sent(line_break):
    lines = ["a"] * 50
    field = FreeTextField(max_length=99)
    assert field.clean(line_break.join(lines)) == "\n".join(lines)
    assert not field.has_changed("\n".join(lines), line_break.join(lines))
    with pytest.raises(forms.ValidationError):
        field.clean(line_break.join([*lines, "b"]))


@pytest.mark.parametrize("text", ["30 12 34 56", "CVR 10150817", "Kl. 8.30-12", "Sag 2016-114477", ""])
def test_other_numbers_are_taken(text):
    assert FreeTextField(required=False).clean(text) == text
