"""Absence and early stops that the company reports by its link (D48)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import RecipientKind, SignedLink
from companies.linked_placements import send_link_about
from companies.models import AttendanceWeek, CompanyContact, PlacementReport
from companies.reports.actions import accept_report, refuse_report
from companies.rules.reported_absence import absent_days
from jobfirst.dates import DateSpan
from reminders.models import Reminder
from tests.companies.annex.factories import PlacementReportFactory, secret_in
from tests.validation import error_codes

TODAY = datetime.date(2016, 5, 18)
FRIDAY, TUESDAY = datetime.date(2016, 5, 13), datetime.date(2016, 5, 17)
SPAN = DateSpan(datetime.date(2016, 5, 2), datetime.date(2016, 7, 31))


def test_weekends_and_public_holidays_are_no_days_of_absence() -> None:
    whit_monday = datetime.date(2016, 5, 16)
    assert absent_days(DateSpan(FRIDAY, TUESDAY), SPAN, ()) == {
        datetime.date(2016, 5, 9): 1,
        whit_monday: 1,
    }


def test_the_days_of_a_schedule_count_whatever_weekday_they_are() -> None:
    assert absent_days(DateSpan(FRIDAY, TUESDAY), SPAN, {6}) == {datetime.date(2016, 5, 9): 1}


@pytest.fixture
def secret(engaged, mailoutbox, wednesday):
    """The secret of the reporting link."""
    CompanyContact.objects.filter(company=engaged.company).update(email="karla@example.invalid")
    send_link_about("placement.report", engaged, RecipientKind.COMPANY_CONTACT, by=None, now=timezone.now())
    send_link(SignedLink.objects.get().pk)
    return secret_in(mailoutbox[-1].body)


def page_of(secret) -> str:
    return f"/besked/virksomhed/{secret}/"


ILLNESS = {
    "kind": "absence",
    "absence": "ill",
    "first_on": "2016-05-12",
    "last_on": "2016-05-13",
    "reason": "",
}


class TestByLink:
    def test_a_report_waits_and_is_told(self, engaged, holder, secret) -> None:
        assert Client().post(page_of(secret), ILLNESS).status_code == 302
        report = PlacementReport.objects.get()
        assert (report.state, report.reported_by_name) == ("waiting", "Karla Kontakt")
        assert not AttendanceWeek.objects.exists()
        assert Reminder.objects.filter(kind="company_reported", recipient=holder).count() == 1

    def test_the_link_works_again(self, engaged, secret) -> None:
        Client().post(page_of(secret), ILLNESS)
        Client().post(page_of(secret), {**ILLNESS, "first_on": "2016-05-17", "last_on": "2016-05-17"})
        assert PlacementReport.objects.count() == 2

    def test_an_early_stop_needs_a_reason_and_ends_nothing(self, engaged, secret) -> None:
        stop = {"kind": "early_stop", "last_on": "2016-05-20", "reason": ""}
        assert Client().post(page_of(secret), stop).status_code == 200
        Client().post(page_of(secret), {**stop, "reason": "Ny leder"})
        assert PlacementReport.objects.get().last_on == datetime.date(2016, 5, 20)
        engaged.refresh_from_db()
        assert engaged.ended_on is None

    def test_days_outside_the_placement_are_refused(self, engaged, secret) -> None:
        Client().post(page_of(secret), {**ILLNESS, "first_on": "2016-04-01"})
        assert not PlacementReport.objects.exists()

    def test_opening_it_reports_nothing(self, secret) -> None:
        assert Client().get(page_of(secret)).status_code == 200
        assert not PlacementReport.objects.exists()

    def test_it_is_gone_when_the_placement_is_over(self, engaged, secret) -> None:
        type(engaged).objects.filter(pk=engaged.pk).update(ended_on=FRIDAY)
        assert Client().get(page_of(secret)).status_code == 404


@pytest.mark.django_db
class TestDeciding:
    def test_an_accepted_absence_fills_the_attendance(self, engaged, holder) -> None:
        report = PlacementReportFactory(
            placement=engaged, first_on=datetime.date(2016, 5, 9), last_on=datetime.date(2016, 5, 10)
        )
        for _click in range(2):
            accept_report(report, by=holder, today=TODAY)
        week = AttendanceWeek.objects.get()
        assert (week.monday, week.ill, week.present) == (datetime.date(2016, 5, 9), 2, 3)
        engaged.refresh_from_db()
        assert engaged.ended_on is None

    def test_an_accepted_stop_records_the_last_day(self, engaged, holder) -> None:
        report = PlacementReportFactory(
            placement=engaged, kind="early_stop", absence="", first_on=None, last_on=FRIDAY
        )
        accept_report(report, by=holder, today=TODAY)
        engaged.refresh_from_db()
        assert engaged.ended_on == FRIDAY

    def test_a_refusal_needs_a_reason_and_changes_nothing(self, engaged, holder) -> None:
        report = PlacementReportFactory(placement=engaged)
        with pytest.raises(ValidationError) as refusal:
            refuse_report(report, reason=" ", by=holder)
        assert error_codes(refusal) == {"decision_reason": "no_reason"}
        refuse_report(report, reason="Var på kursus", by=holder)
        with pytest.raises(ValidationError):
            accept_report(report, by=holder, today=TODAY)
        assert not AttendanceWeek.objects.exists()

    def test_staff_accept_on_the_page(self, engaged, holder, as_user, wednesday) -> None:
        report = PlacementReportFactory(placement=engaged)
        url = reverse("companies:accept_report", args=[report.public_id])
        as_user(holder).post(url, {"version": "1"})
        report.refresh_from_db()
        assert (report.state, report.decided_by) == ("accepted", holder)
