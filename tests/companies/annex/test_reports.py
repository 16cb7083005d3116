"""Absence and early stops that the company reports by its link (D48)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import RecipientKind, SignedLink
from companies.actions.renewals import renew_placement
from companies.links.placements import send_link_about
from companies.models import AttendanceWeek, CompanyContact, Placement, PlacementReport
from companies.reports.actions import accept_absence, accept_stop, refuse_report
from companies.rules.reported_absence import absent_days
from jobfirst.values.dates import DateSpan
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


def early_stop(placement) -> PlacementReport:
    """Return a report that the placement stops on a Friday, with planned renewals or none."""
    return PlacementReportFactory(
        placement=placement,
        kind="early_stop",
        absence="",
        first_on=None,
        last_on=FRIDAY,
        reason="Ny leder i bageriet",
    )


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

    def test_leave_is_reported_up_to_eight_weeks_ahead(self, engaged, secret) -> None:
        leave = {**ILLNESS, "absence": "agreed_absence", "first_on": "2016-07-11"}
        page = Client().post(page_of(secret), {**leave, "last_on": "2016-07-14"}).content.decode()
        assert "Meld højst 8 uger frem." in page
        assert not PlacementReport.objects.exists()
        Client().post(page_of(secret), {**leave, "last_on": "2016-07-13"})
        assert PlacementReport.objects.get().last_on == datetime.date(2016, 7, 13)

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
            accept_absence(report, by=holder, today=TODAY)
        week = AttendanceWeek.objects.get()
        assert (week.monday, week.ill, week.present) == (datetime.date(2016, 5, 9), 2, 3)
        engaged.refresh_from_db()
        assert engaged.ended_on is None

    def test_an_accepted_stop_records_the_last_day_once(self, engaged, holder) -> None:
        stop = early_stop(engaged)
        for _click in range(2):
            accept_stop(stop, ended_on=FRIDAY, end_reason="other_work", by=holder, today=TODAY)
        engaged.refresh_from_db()
        assert (engaged.ended_on, engaged.end_reason) == (FRIDAY, "other_work")
        stop.refresh_from_db()
        assert (stop.state, stop.decided_by) == ("accepted", holder)

    def test_a_stop_is_not_accepted_like_an_absence(self, engaged, holder) -> None:
        with pytest.raises(ValidationError) as refusal:
            accept_absence(early_stop(engaged), by=holder, today=TODAY)
        assert error_codes(refusal) == {"": "stop"}

    def test_a_refused_stop_ends_nothing(self, engaged, holder) -> None:
        stop = early_stop(engaged)
        refuse_report(stop, reason="En misforståelse", by=holder)
        with pytest.raises(ValidationError):
            accept_stop(stop, ended_on=FRIDAY, by=holder, today=TODAY)
        engaged.refresh_from_db()
        assert engaged.ended_on is None

    def test_leave_in_weeks_to_come_is_entered_when_accepted(self, engaged, holder) -> None:
        monday = datetime.date(2016, 5, 30)
        report = PlacementReportFactory(
            placement=engaged,
            absence="agreed_absence",
            first_on=monday,
            last_on=datetime.date(2016, 6, 10),
        )
        accept_absence(report, by=holder, today=TODAY)
        weeks = AttendanceWeek.objects.order_by("monday")
        assert [(week.monday, week.agreed_absence, week.present) for week in weeks] == [
            (monday, 5, 0),
            (datetime.date(2016, 6, 6), 5, 0),
        ]

    def test_a_refusal_needs_a_reason_and_changes_nothing(self, engaged, holder) -> None:
        report = PlacementReportFactory(placement=engaged)
        with pytest.raises(ValidationError) as refusal:
            refuse_report(report, reason=" ", by=holder)
        assert error_codes(refusal) == {"decision_reason": "no_reason"}
        refuse_report(report, reason="Var på kursus", by=holder)
        with pytest.raises(ValidationError):
            accept_absence(report, by=holder, today=TODAY)
        assert not AttendanceWeek.objects.exists()

    def test_staff_accept_on_the_page(self, engaged, holder, as_user, wednesday) -> None:
        report = PlacementReportFactory(placement=engaged)
        url = reverse("companies:accept_report", args=[report.public_id])
        as_user(holder).post(url, {"version": "1"})
        report.refresh_from_db()
        assert (report.state, report.decided_by) == ("accepted", holder)


@pytest.mark.usefixtures("wednesday")
class TestPages:
    def test_what_waits_stands_on_the_placement_and_the_job_consultants_page(
        self, engaged, holder, as_user
    ) -> None:
        placement = reverse("companies:placement", args=[engaged.public_id])
        for url in (placement, reverse("companies:my_placements")):
            assert "Virksomheden har meldt noget" not in as_user(holder).get(url).content.decode()
        stop = early_stop(engaged)
        page = as_user(holder).get(placement).content.decode()
        assert "Ny leder i bageriet" in page
        assert reverse("companies:accept_stop", args=[stop.public_id]) in page
        landing = as_user(holder).get(reverse("companies:my_placements")).content.decode()
        assert "Virksomheden har meldt noget" in landing
        refuse_report(stop, reason="En misforståelse", by=holder)
        landing = as_user(holder).get(reverse("companies:my_placements")).content.decode()
        assert "Virksomheden har meldt noget" not in landing
        assert "Ny leder i bageriet" not in as_user(holder).get(placement).content.decode()

    def test_a_stop_is_accepted_in_the_form_of_the_last_day(self, engaged, holder, as_user) -> None:
        renewal = renew_placement(
            engaged,
            starts_on=datetime.date(2016, 8, 1),
            planned_end_on=datetime.date(2016, 9, 1),
            internship_hours=10,
            ordinary_hours=0,
            today=TODAY,
        )
        stop = early_stop(engaged)
        url = reverse("companies:accept_stop", args=[stop.public_id])
        form = as_user(holder).get(url).context["form"]
        assert form["ended_on"].value() == FRIDAY
        assert form["end_note"].value() == "Ny leder i bageriet"
        assert form["end_reported_by"].value() == "Karla Kontakt"
        engaged.refresh_from_db()
        data = {
            "ended_on": "2016-05-13",
            "end_reason": "other_work",
            "end_note": "Ny leder i bageriet",
            "end_reported_by": "Karla Kontakt",
            "removes_renewals": "on",
            "version": str(engaged.version),
        }
        assert as_user(holder).post(url, {**data, "end_reason": ""}).status_code == 200
        assert as_user(holder).post(url, data).status_code == 302
        engaged.refresh_from_db()
        assert (engaged.ended_on, engaged.end_note) == (FRIDAY, "Ny leder i bageriet")
        assert not Placement.objects.filter(pk=renewal.pk).exists()
        assert as_user(holder).get(url).status_code == 302

    def test_somebody_elses_report_is_not_there(self, engaged, stranger, as_user) -> None:
        stop = early_stop(engaged)
        for name in ("accept_stop", "accept_report", "refuse_report"):
            unknown = reverse(f"companies:{name}", args=["6d55c71e-c29f-469c-b77b-cb76f5fc7dcf"])
            foreign = reverse(f"companies:{name}", args=[stop.public_id])
            answers = [as_user(stranger).post(url, {"version": "1"}) for url in (foreign, unknown)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content
        stop.refresh_from_db()
        assert stop.state == "waiting"
