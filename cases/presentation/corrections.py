"""The corrections of rows in words, shown below what they corrected (D41)."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.corrections import Correction, CorrectionAct, before_in_words, corrections_of


def with_corrections(rows: Sequence[Any]) -> None:
    """Add `correction_lines` to each row (a `Record`) that has none yet, the oldest first; one query."""
    without = [row for row in rows if not hasattr(row, "correction_lines")]
    by_subject = corrections_of(without)
    for row in without:
        row.correction_lines = [correction_line(made, type(row)) for made in by_subject[row.public_id]]


def correction_line(correction: Correction, model: type[Any]) -> str:
    """Return who corrected something, when and why, and what stood there before."""
    words = {
        CorrectionAct.CORRECTED: _("Corrected on %(day)s by %(person)s"),
        CorrectionAct.WITHDRAWN: _("Marked as entered in error on %(day)s by %(person)s"),
        CorrectionAct.RESTORED: _("Stands again since %(day)s, by %(person)s"),
    }[CorrectionAct(correction.act)]
    day = date_format(localtime(correction.made_at))
    line = words % {"day": day, "person": correction.made_by or _("a command")}
    if correction.reason:
        line += f": {correction.reason}"
    if correction.before:
        line += " " + _("(before: %(values)s)") % {"values": before_in_words(correction, model)}
    return line
