"""Days and times as Danes write them."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import translation

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
