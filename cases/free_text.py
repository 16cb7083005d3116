"""What people write in their own words where nobody reads it who may know a citizen."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import cpr

#: Stands beside every such field.
NO_PERSON = _("Write no citizen's name and no CPR number.")


def without_cpr(text: str) -> None:
    """A validator: ValidationError, which never repeats the text, when it holds what can be a CPR number."""
    if cpr.stands_in(text):
        raise ValidationError(
            _("The text holds what looks like a CPR number. Take it out: others read this."), code="cpr"
        )
