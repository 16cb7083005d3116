"""How a party signs a document of a course: the checks that every document shares (D21, D37)."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.actions.checks import refuse
from cases.models.signature import DRAWING, SigningMethod

#: The longest drawing that is kept.
MOST_SIGNS = 20_000


@dataclass(frozen=True)
class Signing:
    """How a party signs: by a drawing, by the name, or (staff) by being signed in."""

    party: str
    method: str
    name: str = ""
    drawing: str = ""


def check_staff_signing(signing: Signing) -> None:
    """Refuse a member of staff who does not sign with an account."""
    if signing.method != SigningMethod.SIGNED_IN:
        raise ValidationError(_("Staff sign with their own account."), code="method")


def check_outside_signing(signing: Signing, name: str) -> None:
    """Refuse a drawing without a line, and a name that is not `name`, the one in the document."""
    if signing.method == SigningMethod.DRAWN:
        if not signing.drawing:
            raise refuse("drawing", _("Draw the signature in the box, or confirm by name."), "empty")
        if len(signing.drawing) > MOST_SIGNS or not re.fullmatch(DRAWING, signing.drawing):
            raise refuse("drawing", _("The drawing could not be read. Draw it again."), "drawing")
    elif signing.method == SigningMethod.NAME:
        if _plain(signing.name) != _plain(name):
            message = _("Write the name as it stands in the document: %(name)s.")
            raise refuse("name", message % {"name": name}, "name")
    else:
        raise ValidationError(_("Choose how to sign."), code="method")


def _plain(name: str) -> str:
    """Return a name for comparison: without case and further spaces."""
    return " ".join(name.casefold().split())
