"""Values of the access report in words."""

import pytest
from django.utils import translation

from rights.report import words
from rights.report.words import in_words


@pytest.mark.parametrize("number", ["20121231", "2012123", "20121231T10", "2012-W05-1", "2012W051"])
def test_a_number_that_python_would_read_as_a_day_is_printed_as_it_is(number):
    assert in_words(number) == number


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("2012-12-31", "31.12.2012"),
        ("2012-12-31T10:15:00+01:00", "31.12.2012 kl. 10.15"),
        ("2012-13-31", "2012-13-31"),
        ("2012-12-31Then", "2012-12-31Then"),
    ],
)
def test_a_day_or_moment_is_printed_in_danish(stored, printed):
    assert in_words(stored) == printed


def test_the_name_of_a_table_is_in_the_language_in_force_although_codes_are_collected_once():
    words._codes.cache_clear()
    with translation.override("en"):
        assert in_words("cases.cventry") == "CV entry"
    assert in_words("cases.cventry") != "CV entry"
