"""Every column with text is encrypted at rest, or says why not (docs/privacy.md)."""

from django.apps import apps

from jobfirst.encryption.encrypted_text import EncryptedTextField
from tests.access import text_columns
from tests.loops import some

PAGE = "docs/privacy.md"


def test_every_column_with_text_is_encrypted_or_says_why_not():
    undeclared = [
        column
        for column, field in text_columns.text_columns()
        if not text_columns.is_encrypted(field) and text_columns.reason(column) is None
    ]
    assert undeclared == []


def test_the_page_has_the_columns_as_they_are(settings):
    """Print them with `python -m tests.access.text_columns`."""
    assert text_columns.table() in (settings.BASE_DIR / PAGE).read_text("utf-8")


def test_what_is_declared_exists():
    models = {model._meta.label for model in apps.get_models()}
    columns = dict(text_columns.text_columns())
    for key in some(text_columns.REASONS):
        name = key.removesuffix(".*")
        assert key in columns or name in models or name in {label.partition(".")[0] for label in models}, key


def test_the_history_copies_encrypted_columns_with_the_id_they_are_bound_to():
    for model in some([model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None)]):
        of_row = model.pgh_tracked_model._meta
        for field in some(of_row.local_concrete_fields):
            if isinstance(field, EncryptedTextField):
                names = {copied.name: copied for copied in model._meta.local_concrete_fields}
                assert isinstance(names[field.name], EncryptedTextField)
                assert "public_id" in names
