"""CPR numbers: the century of birth, what is refused, and that the number is never shown."""

import traceback
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfirst.values import cpr


@pytest.mark.parametrize(
    ("digits", "born_on"),
    [
        ("0101000000", date(1900, 1, 1)),
        ("0101993999", date(1999, 1, 1)),
        ("0101363000", date(1936, 1, 1)),
        ("0101374000", date(1937, 1, 1)),
        ("0101364000", date(2036, 1, 1)),
        ("0101004000", date(2000, 1, 1)),
        ("0101579000", date(1957, 1, 1)),
        ("0101379000", date(1937, 1, 1)),
        ("0101369000", date(2036, 1, 1)),
        ("0101575000", date(2057, 1, 1)),
        ("0101585000", date(1858, 1, 1)),
        ("0101578999", date(2057, 1, 1)),
        ("0101998999", date(1899, 1, 1)),
        ("2902004000", date(2000, 2, 29)),
        ("2902840000", date(1984, 2, 29)),
    ],
)
def test_the_seventh_digit_and_the_year_tell_the_century(digits: str, born_on: date) -> None:
    assert cpr.parse(digits).born_on == born_on


@pytest.mark.parametrize("text", ["0101801234", "010180-1234", "010180 1234", " 010180-1234\n"])
def test_hyphen_and_spaces_do_not_matter(text: str) -> None:
    assert cpr.parse(text).digits == "0101801234"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "101801234",
        "01018012345",
        "010180--1234",
        "0101-801234",
        "010180A234",
        "010180_1234",
        "٠١٠١٨٠١٢٣٤",
    ],
)
def test_what_is_not_ten_digits_is_refused(text: str) -> None:
    with pytest.raises(cpr.InvalidCpr) as caught:
        cpr.parse(text)
    assert caught.value.code == "format"


@pytest.mark.parametrize(
    "text",
    [
        "3002801234",
        "0013801234",
        "0001801234",
        "0113001234",
        "2902000000",
        "6101801234",
    ],
)
def test_an_impossible_birth_date_is_refused(text: str) -> None:
    # 29 February 1900 did not exist: the century decides, not the two-digit year.
    with pytest.raises(cpr.InvalidCpr) as caught:
        cpr.parse(text)
    assert caught.value.code == "birth_date"


def _fails_modulus_11(digits: str) -> bool:
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 != 0


def test_a_number_that_fails_modulus_11_is_accepted() -> None:
    # The running numbers 0001-0010 of one birthday: at most one of them can pass.
    numbers = [f"010180{running:04d}" for running in range(1, 11)]
    assert sum(_fails_modulus_11(number) for number in numbers) >= 9
    assert [cpr.parse(number).digits for number in numbers] == numbers


@given(st.dates(date(1858, 1, 1), date(2057, 12, 31)), st.integers(0, 9999))
def test_any_birth_date_comes_back_when_its_century_fits(born_on: date, running: int) -> None:
    digits = f"{born_on:%d%m%y}{running:04d}"
    try:
        parsed = cpr.parse(digits)
    except cpr.InvalidCpr:
        assert (born_on.month, born_on.day) == (2, 29)
        return
    assert (parsed.born_on.day, parsed.born_on.month) == (born_on.day, born_on.month)
    assert parsed.born_on.year % 100 == born_on.year % 100
    assert date(1858, 1, 1) <= parsed.born_on <= date(2057, 12, 31)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    try:
        outcome = cpr.parse(text).digits
    except cpr.InvalidCpr as error:
        outcome = error.code
    assert outcome in cpr.InvalidCpr.MESSAGES or len(outcome) == 10


@pytest.mark.parametrize("text", ["3102801234", "010180123X"])
def test_no_message_or_traceback_repeats_the_number(text: str) -> None:
    try:
        cpr.parse(text)
    except cpr.InvalidCpr as error:
        message = "".join(traceback.format_exception(error)) + repr(error) + str(error.args)
    assert text not in message
    assert text[:6] not in message


def test_a_number_does_not_show_in_its_representation() -> None:
    number = cpr.parse("0101801234")
    assert "010180" not in f"{number} {number!r} {[number]}"


@pytest.mark.parametrize(
    "text",
    [
        "0101801234",
        "Løn til 010180-1234 i april",
        "010180 1234",
        "010180\u00a01234",
        "010180 – 1234",
        "(290200-4123)",
        "010180(1234)",
        "født 01.01.1980-1234",
        "01-01-80-1234",
        "01011980-1234",
        "Faktura 9912345678, cpr.010180-1234.",
    ],
)
def test_a_number_is_found_in_running_text(text: str) -> None:
    assert cpr.stands_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Faktura 9912345678",
        "Konto 4512 1234567890",
        "3113801234",
        "EAN 5790000123456",
        "01018012345",
        "20160101801234",
        "CVR 10150817, tlf. 12 34 56 78",
        "02-05-2016 til 03-06-2016",
        "01.02.2016 1400",
        "31.13.1980-1234",
        "12.000,00 kr. den 010516",
        "",
    ],
)
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert not cpr.stands_in(text)
