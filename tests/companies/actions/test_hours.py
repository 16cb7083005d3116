"""Hours of a placement over time (D38): they hold from a day, nothing is overwritten, agreements set them."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from companies.actions import placements
from companies.models import HoursChange, Placement
from jobfirst.values.dates import DateSpan
from tests.scenarios.work_agreements import SIGNED_ON, save_agreement, work_period

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = datetime.date(2016, 5, 2), datetime.date(2016, 6, 1), datetime.date(2016, 7, 1)


def change(placement, from_on, internship, ordinary):
    return placements.change_hours(
        placement,
        from_on=from_on,
        internship_hours=Decimal(internship),
        ordinary_hours=Decimal(ordinary),
    )


def hours_of(placement):
    """The first day and the hours of each part, fetched anew and in one query."""
    stored = Placement.objects.with_hours().get(pk=placement.pk)
    parts = [(part.span.first, part.hours.internship, part.hours.ordinary) for part in stored.hours_spans()]
    assert stored.hours_spans() == Placement.objects.get(pk=placement.pk).hours_spans()
    return parts


def test_a_change_holds_from_its_day_and_the_hours_before_stay(internship):
    change(internship, JULY, 10, "5.5")
    change(internship, JUNE, 12, 3)
    assert hours_of(internship) == [(MAY, 15, 0), (JUNE, 12, 3), (JULY, 10, Decimal("5.5"))]
    internship.refresh_from_db()
    assert internship.version == 3
    assert internship.hours_on(JUNE - datetime.timedelta(days=1)).ordinary == 0
    assert internship.last_hours.ordinary == Decimal("5.5")


def test_the_same_change_again_changes_nothing(internship):
    change(internship, JUNE, 12, 3)
    change(internship, JUNE, 12, 3)
    change(internship, JULY, 12, 3)  # the hours that hold already
    assert hours_of(internship) == [(MAY, 15, 0), (JUNE, 12, 3)]
    internship.refresh_from_db()
    assert internship.version == 2


def test_a_change_of_the_same_day_is_a_correction_and_the_history_keeps_it(internship):
    change(internship, JUNE, 12, 3)
    change(internship, JUNE, 12, 4)
    change(internship, MAY, 14, 0)
    assert hours_of(internship) == [(MAY, 14, 0), (JUNE, 12, 4)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT ordinary_hours FROM companies_hourschangeevent ORDER BY pgh_id")
        assert [row[0] for row in cursor.fetchall()] == [3, 4]


@pytest.mark.parametrize("day", [datetime.date(2016, 5, 1), datetime.date(2016, 8, 1)])
def test_hours_change_within_the_placement_only(internship, day):
    with pytest.raises(ValidationError) as caught:
        change(internship, day, 1, 1)
    assert caught.value.error_dict["from_on"][0].code == "outside"


def test_hours_after_an_earlier_end_do_not_count(internship):
    change(internship, JULY, 10, 5)
    placements.end_placement(internship, ended_on=JUNE, today=JULY)
    internship.refresh_from_db()
    assert [part.span for part in internship.hours_spans()] == [DateSpan(MAY, JUNE)]


@pytest.mark.parametrize("hours", [(-1, 0), (0, -1)])
def test_the_database_refuses_negative_hours(internship, hours):
    with pytest.raises(IntegrityError), transaction.atomic():
        HoursChange.objects.create(
            placement=internship, from_on=JUNE, internship_hours=hours[0], ordinary_hours=hours[1]
        )


def test_what_is_taken_back_takes_its_hours_with_it(internship):
    change(internship, JUNE, 12, 3)
    placements.withdraw_placement(internship, today=datetime.date(2016, 4, 29))
    assert not HoursChange.objects.exists()


def test_hours_follow_the_agreement_from_the_day_it_is_made(internship):
    week = [work_period(1, "08:30", "12:30"), work_period(2, "09:00", "11:00", "ordinary")]
    save_agreement(internship, schedule=week, made_on=SIGNED_ON)
    assert hours_of(internship) == [(MAY, 15, 0), (SIGNED_ON, 4, 2)]


def test_an_agreement_made_before_the_first_day_holds_from_it(internship):
    week = [work_period(1, "08:30", "12:30")]
    save_agreement(internship, schedule=week, made_on=datetime.date(2016, 4, 29))
    assert hours_of(internship) == [(MAY, 4, 0)]


def test_an_agreement_without_a_week_has_the_hours_that_hold_last(internship):
    change(internship, JULY, 10, 5)
    agreement = save_agreement(internship, schedule=[], made_on=SIGNED_ON)
    assert (agreement.internship_hours, agreement.ordinary_hours) == (10, 5)


def test_a_renewal_starts_with_the_last_hours_and_asks_for_the_ordinary_ones(client, holder, internship):
    change(internship, JULY, 10, "5.5")
    client.force_login(holder)
    page = client.get(reverse("companies:renew", args=[internship.public_id])).content.decode()
    inputs = {
        name: field
        for field in re.findall(r"<input[^>]*>", page)
        for name in re.findall(r'name="(\w+)"', field)
    }
    assert 'value="10' in inputs["internship_hours"]
    assert "value=" not in inputs["ordinary_hours"]
    assert "Indtil nu 5,50 timer" in page
