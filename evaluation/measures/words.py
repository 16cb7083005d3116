"""The figure of a measure as people read it: on the Monday page, and in the papers of the steering group."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.measures.values import Figure, Measure, Unit
from jobfirst.values import money

NOTHING = "–"
#: Stands for the name of a citizen who was erased by the rules of retention.
DATA_ERASED = gettext_lazy("Data erased")


def value_in_words(measure: Measure, figure: Figure) -> str:
    """Return the value with its unit: a number, per cent, hours or kroner; a dash where there is nothing."""
    value = figure.value(measure.unit)
    if value is None:
        return NOTHING
    if measure.unit is Unit.SHARE:
        return f"{number_format(round(value))} %"
    if measure.unit is Unit.MEAN:
        return number_format(round(value, 1), 1)
    if measure.unit is Unit.SUM:
        return f"{money.written(value)}\N{NO-BREAK SPACE}kr."
    return number_format(Decimal(value), 0)


def counted_of(measure: Measure, figure: Figure) -> str:
    """Return what a share is counted of, in numbers."""
    if measure.unit is not Unit.SHARE or not figure.rows:
        return ""
    return _("%(number)d of %(total)d") % {"number": figure.counted, "total": figure.rows}
