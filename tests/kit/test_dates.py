"""Days and times as Danes write them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import translation

from jobfirst.kit.days import week_number
from jobfirst.kit.fields import ClockField

DAY = datetime.date(2016, 3, 5)
MOMENT = datetime.datetime(2016, 3, 5, 9, 0, tzinfo=datetime.UTC)  # 10 o'clock in Copenhagen


def rendered(source: str) -> str:
    with translation.override("da"):
        return Template("{% load kit %}" + source).render(Context({"day": DAY, "moment": MOMENT}))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ day|weekday_date }}", "lørdag den 5. marts 2016"),
        ('{{ day|weekday_date:"j. F" }}', "lørdag den 5. marts"),
        ("{{ moment|weekday_date }} {{ moment|time }}", "lørdag den 5. marts 2016 kl. 10.00"),
        ("{{ moment }}", "5. marts 2016 kl. 10.00"),
        ('{{ moment|date:"SHORT_DATETIME_FORMAT" }}', "05.03.2016 kl. 10.00"),
        ('{{ day|date:"SHORT_DATE_FORMAT" }}', "05.03.2016"),
    ],
)
def test_days_and_times_are_written_in_danish(source, expected):
    assert rendered(source) == expected


def test_the_weekday_is_that_of_the_local_day():
    late = datetime.datetime(2016, 3, 5, 23, 30, tzinfo=datetime.UTC)
    with translation.override("da"):
        page = Template("{% load kit %}{{ late|weekday_date }}").render(Context({"late": late}))
    assert page == "søndag den 6. marts 2016"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nordfyns", "Nordfyns Kommune"),
        ("Vesthimmerlands", "Vesthimmerlands Kommune"),
        ("København", "Københavns Kommune"),
        ("Bornholm", "Bornholms Regionskommune"),
    ],
)
def test_a_municipality_is_named_in_full(name, expected):
    page = Template("{% load kit %}{{ name|municipality_in_full }}").render(Context({"name": name}))
    assert page == expected


@pytest.mark.parametrize(
    ("monday", "on", "written"),
    [
        ((2016, 11, 21), (2016, 12, 30), "47"),
        ((2015, 12, 28), (2015, 12, 31), "53"),
        ((2015, 12, 28), (2016, 1, 2), "53"),  # a Saturday of week 53
        ((2015, 12, 28), (2016, 1, 4), "53 i 2015"),
        ((2016, 1, 4), (2016, 12, 30), "1"),
        ((2015, 11, 16), (2016, 3, 1), "47 i 2015"),
    ],
)
def test_a_week_of_another_year_says_its_year(monday, on, written):
    assert week_number(datetime.date(*monday), datetime.date(*on)) == written


def test_only_an_end_can_be_at_24():
    assert ClockField(is_end=True).clean("24.00") == datetime.time(0)
    for field in (ClockField(), ClockField(is_end=True)):
        with pytest.raises(ValidationError):
            field.clean("24.01")
    with pytest.raises(ValidationError):
        ClockField().clean("24.00")
