"""The validator that keeps CPR numbers out of free text."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jobfirst import cpr

#: Stands beside every such field.
NO_PERSON = _("Write no citizen's name and no CPR number.")
#: The same in plain words, for fields that citizens and companies fill in.
NO_NAMES = _("Write no names and no CPR numbers.")


def without_cpr(text: str) -> None:
    """Validator: ValidationError when the text contains what can be a CPR number; it repeats none of it."""
    if cpr.stands_in(text):
        raise ValidationError(
            _("The text holds what looks like a CPR number. Take it out: others read this."), code="cpr"
        )
