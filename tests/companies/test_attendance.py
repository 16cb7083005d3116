"""Attendance at a placement, week by week (D48)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.course_pages import CoursePage, page_url
from cases.rules.weekly_contact import Week, week_of
from companies.actions.attendance import record_attendance
from companies.models import AttendanceWeek, Placement
from companies.rules.attendance import WEEKS_SHOWN, AttendanceDays, days_possible, last_weeks
from grants.models import EarnedEvent
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY, WEEK, DateSpan
from tests.concurrency import run_at_once
from tests.factories import UserFactory
from tests.validation import error_codes

MONDAY = datetime.date(2016, 5, 16)
TODAY = datetime.date(2016, 5, 18)
DAYS = st.dates(datetime.date(2016, 1, 1), datetime.date(2016, 12, 31))


def record(placement, days, monday=MONDAY, **options) -> AttendanceWeek:
    return record_attendance(placement, monday, days, today=TODAY, **options)


@given(DAYS, st.integers(0, 120), DAYS)
def test_the_last_weeks_begun_lie_in_the_placement(first, length, on) -> None:
    span = DateSpan(first, first + length * DAY)
    weeks = last_weeks(span, on)
    assert len(weeks) <= WEEKS_SHOWN
    assert weeks == sorted(weeks, reverse=True)
    assert all(week.span.overlaps(span) and week.monday <= on for week in weeks)
    assert bool(weeks) is (first <= on)


@pytest.mark.parametrize(("first", "last", "days"), [(0, 90, 7), (2, 90, 5), (0, 2, 3), (-7, None, 7)])
def test_a_week_has_its_days_in_the_placement(first, last, days) -> None:
    span = DateSpan(MONDAY + first * DAY, None if last is None else MONDAY + last * DAY)
    assert days_possible(span, Week(MONDAY)) == days


@pytest.mark.django_db
class TestRecording:
    def test_a_week_is_recorded_and_corrected_with_history(self, internship, holder) -> None:
        first = record(internship, AttendanceDays(present=3, ill=2), by=holder, version=0)
        assert record(internship, AttendanceDays(present=3, ill=2), version=0) == first
        corrected = record(internship, AttendanceDays(present=4, no_show=1), by=holder, version=1)
        assert (corrected.pk, corrected.days.total, corrected.version) == (first.pk, 5, 2)
        history = AttendanceWeek._meta.get_field("events").related_model.objects.filter(pgh_obj=first)
        assert sorted(history.values_list("present", flat=True)) == [3, 4]

    def test_a_stale_correction_is_noticed(self, internship) -> None:
        record(internship, AttendanceDays(present=3), version=0)
        with pytest.raises(StaleError):
            record(internship, AttendanceDays(present=4), version=0)

    @pytest.mark.parametrize(
        ("monday", "days", "code"),
        [
            (MONDAY + DAY, AttendanceDays(present=1), "outside"),
            (datetime.date(2016, 4, 18), AttendanceDays(present=1), "outside"),
            (MONDAY + WEEK, AttendanceDays(present=1), "future"),
            (MONDAY + 9 * WEEK, AttendanceDays(ill=1), "future"),
            (MONDAY, AttendanceDays(present=5, ill=3), "too_many"),
            (MONDAY, AttendanceDays(), "none"),
        ],
    )
    def test_a_week_that_cannot_be_is_refused(self, internship, monday, days, code) -> None:
        with pytest.raises(ValidationError) as caught:
            record(internship, days, monday)
        assert error_codes(caught) == {"": code}

    @pytest.mark.parametrize("wrong", [{"monday": TODAY}, {"present": 5, "no_show": 3}])
    def test_the_database_refuses_it_too(self, internship, wrong) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AttendanceWeek.objects.create(placement=internship, **{"monday": MONDAY, **wrong})

    def test_the_grant_and_the_placement_stay_as_they_are(self, internship) -> None:
        before = list(EarnedEvent.objects.values())
        row = Placement.objects.filter(pk=internship.pk).values().get()
        record(internship, AttendanceDays(no_show=5))
        assert list(EarnedEvent.objects.values()) == before
        assert Placement.objects.filter(pk=internship.pk).values().get() == row

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_make_one_row(self, internship) -> None:
        outcomes = run_at_once(
            [lambda days=days: record(internship, AttendanceDays(present=days), version=0) for days in (3, 4)]
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AttendanceWeek", "StaleError"]
        assert AttendanceWeek.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("wednesday")
class TestPages:
    def url(self, name, placement, day=MONDAY) -> str:
        return reverse(f"companies:{name}", args=[placement.public_id, day])

    def test_a_week_without_absence_takes_one_tap(self, as_user, holder, course, internship) -> None:
        client = as_user(holder)
        page = client.post(self.url("present_all_week", internship), follow=True).content.decode()
        week = AttendanceWeek.objects.get()
        assert (week.present, week.monday, week.entered_by) == (5, MONDAY, holder)
        assert "Fremmødet er registreret." in page
        AttendanceWeek.objects.update(present=2)
        client.post(self.url("present_all_week", internship))
        assert AttendanceWeek.objects.get().present == 2

    def test_absence_is_recorded_by_kind_in_the_week_of_a_day(
        self, as_user, holder, course, internship
    ) -> None:
        data = {"present": "2", "ill": "1", "agreed_absence": "1", "other_absence": "0", "no_show": "1"}
        address = self.url("attendance", internship, TODAY)
        assert as_user(holder).post(address, {**data, "version": "0"}).status_code == 302
        assert AttendanceWeek.objects.get().days == AttendanceDays(2, 1, 1, 0, 1)

    def test_the_last_weeks_stand_with_the_companies(
        self, as_user, holder, course, internship, django_assert_max_num_queries
    ) -> None:
        record(internship, AttendanceDays(present=4, ill=1))
        client = as_user(holder)
        with django_assert_max_num_queries(20):
            page = client.get(page_url(course.public_id, CoursePage.COMPANY)).content.decode()
        assert page.count("Ikke registreret") == 2  # two weeks of May before this one
        assert "Syg: 1" in page
        assert "Udeblevet" not in page
        assert week_of(internship.starts_on).monday == datetime.date(2016, 5, 2)

    def test_another_week_or_text_is_not_found(self, as_user, holder, course, internship) -> None:
        for day in ("2016-01-04", "hest", "2016-13-01", "9999-12-31"):
            assert as_user(holder).get(self.url("attendance", internship, day)).status_code == 404

    def test_a_stranger_finds_nothing(self, as_user, stranger, course, internship) -> None:
        client = as_user(stranger)
        assert client.get(self.url("attendance", internship)).status_code == 404
        assert client.post(self.url("present_all_week", internship)).status_code == 404
        agency = UserFactory(roles=["agency"])
        client.force_login(agency)
        assert client.get(self.url("attendance", internship)).status_code == 404
