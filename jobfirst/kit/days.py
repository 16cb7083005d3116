"""How a day is written for the reader."""

import datetime
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

#: The format of a day in a sentence, with the month in words.
LONG_DATE = "j. F Y"


def written_day(day: datetime.date, form: str = "SHORT_DATE_FORMAT") -> SafeString:
    """Return the day in the reader's language; `form` is a format of Django's, or the name of one."""
    return _written(day, form, get_language())


def short_month(day: datetime.date) -> str:
    """Return the month and the year in short, as along the foot of a chart: "okt 16", in English "Oct 16"."""
    words = str(written_day(day, "M y"))
    return words.lower() if get_language() == "da" else words


# The same few hundred days stand on every page, and writing one takes as long as the rest of a cell.
@lru_cache(maxsize=10_000)
def _written(day: datetime.date, form: str, language: str | None) -> SafeString:
    return SafeString(date_format(day, form))  # nosec B703 - of escaped parts


def written_weekday(day: datetime.date, form: str = "DATE_FORMAT") -> str:
    """Return the day with its weekday: "mandag den 5. marts 2016"."""
    return _("%(weekday)s %(date)s") % {"weekday": written_day(day, "l"), "date": written_day(day, form)}


def short_date(day: datetime.date) -> SafeString:
    """Return the day as tables show it, such as 30.09.2026."""
    return written_day(day)


def week_number(day: datetime.date, on: datetime.date) -> str:
    """Return the ISO number of the day's week; with its year when that is another one than that of `on`."""
    week, year = day.isocalendar().week, day.isocalendar().year
    if year == on.isocalendar().year:
        return str(week)
    return _("%(week)s of %(year)s") % {"week": week, "year": year}
