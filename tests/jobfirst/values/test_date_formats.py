"""Days in English: one way to write them on all pages, and never the month first."""

import datetime
import re
from pathlib import Path

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format, localize

from jobfirst.kit.days import LONG_DATE, short_month, written_day, written_weekday

PROJECT = Path(__file__).resolve().parents[3]
DAY = datetime.date(2026, 11, 24)
AT = datetime.datetime(2026, 11, 24, 9, 5)
#: What a day, or a part of it, may look like in English.
ENGLISH = re.compile(
    r"(24 November 2026|24/11/2026)(, 09:05)?|24 November|November 2026|24 Nov 26|Nov 26"
    r"|2026-11-24|48|Tuesday( 24 November)?"
)
USED = re.compile(
    r"""\|(?:date|day|weekday_date):["']([^"']+)["']|(?:date_format|written_day)\([^()]+, "([^"]+)"\)"""
)


def used_formats() -> set[str]:
    """Return the formats that templates and code name."""
    files = [*PROJECT.glob("templates/**/*.html"), *PROJECT.glob("templates/**/*.txt")]
    files += [path for path in PROJECT.glob("*/**/*.py") if path.parts[len(PROJECT.parts)] in APPS]
    return {LONG_DATE} | {
        next(filter(None, m.groups())) for path in files for m in USED.finditer(path.read_text())
    }


APPS = {
    "accounts",
    "cases",
    "companies",
    "evaluation",
    "grants",
    "jobfirst",
    "plans",
    "progression",
    "reminders",
}


def test_formats_are_looked_for_where_they_are() -> None:
    assert {"j. F Y", "j. F", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT", "M y"} <= used_formats()


@pytest.mark.parametrize("form", sorted(used_formats()))
def test_every_format_in_use_is_british_in_english(form: str) -> None:
    with translation.override("en"):
        assert ENGLISH.fullmatch(date_format(AT, form)), date_format(AT, form)


def test_a_day_without_a_format_is_british_in_english() -> None:
    with translation.override("en"):
        assert (localize(DAY), written_day(DAY)) == ("24 November 2026", "24/11/2026")
        assert written_weekday(DAY) == "Tuesday 24 November 2026"


def test_a_day_is_typed_as_it_is_written() -> None:
    with translation.override("en"):
        assert forms.DateField().clean("03/11/2026") == datetime.date(2026, 11, 3)


def test_danish_days_stay() -> None:
    assert (localize(DAY), written_day(DAY), written_day(DAY, LONG_DATE)) == (
        "24. november 2026",
        "24.11.2026",
        "24. november 2026",
    )


@pytest.mark.parametrize(("language", "words"), [("da", "nov 26"), ("en", "Nov 26")])
def test_the_months_of_a_chart_are_written_as_each_language_writes_them(language: str, words: str) -> None:
    with translation.override(language):
        assert short_month(DAY) == words
