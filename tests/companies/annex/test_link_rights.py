"""Who ends a placement by accepting a report, and that nobody is asked about who died (D48, D54)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import RecipientKind, SignedLink
from cases.models import Course
from companies.actions.withdrawals import withdraw_as_no_show
from companies.links.placements import send_link_about
from companies.models import CompanyContact, PlacementReport
from companies.reports.actions import accept_stop, refuse_report
from tests.companies.annex.factories import PlacementReportFactory, secret_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

TUESDAY = datetime.date(2016, 5, 17)


@pytest.fixture
def mentor(course, project):
    """Holds the function of mentor alone."""
    from tests.factories import UserFactory

    mentor = UserFactory(name="Kun Mentor", project=project, roles=["mentor"])
    course.holdings.filter(function="mentor").update(user=mentor)
    return mentor


@pytest.fixture
def stop(engaged):
    """The company has reported an early stop."""
    return PlacementReportFactory(
        placement=engaged, kind="early_stop", absence="", first_on=None, last_on=TUESDAY, reason="Lukker"
    )


def accept(client, row):
    return client.post(reverse("companies:accept_report", args=[row.public_id]), {"version": row.version})


def end_by_report(client, row):
    data = {"ended_on": "2016-05-17", "end_reason": "other_work", "version": row.placement.version}
    return client.post(reverse("companies:accept_stop", args=[row.public_id]), data)


def test_who_may_not_end_a_placement_does_not_end_it_by_accepting_a_report(
    as_user, mentor, stop, engaged
) -> None:
    assert as_user(mentor).post(reverse("companies:end", args=[engaged.public_id])).status_code == 403
    assert end_by_report(as_user(mentor), stop).status_code == 403
    accept(as_user(mentor), stop)
    engaged.refresh_from_db()
    assert engaged.ended_on is None


def test_the_mentor_accepts_an_absence_and_has_no_button_for_a_stop(as_user, mentor, stop, engaged) -> None:
    absence = PlacementReportFactory(placement=engaged)
    url = f"/forloeb/{engaged.course.public_id}/virksomhed/"
    page = as_user(mentor).get(url).content.decode()
    assert reverse("companies:accept_report", args=[absence.public_id]) in page
    assert reverse("companies:accept_stop", args=[stop.public_id]) not in page
    assert reverse("companies:refuse_report", args=[stop.public_id]) in page
    assert accept(as_user(mentor), absence).status_code == 302
    assert PlacementReport.objects.get(pk=absence.pk).state == "accepted"


def test_who_manages_placements_accepts_the_stop(as_user, holder, stop, engaged) -> None:
    assert end_by_report(as_user(holder), stop).status_code == 302
    engaged.refresh_from_db()
    assert engaged.ended_on == TUESDAY


def test_a_report_of_a_withdrawn_placement_is_refused_and_never_accepted(holder, stop, engaged) -> None:
    withdraw_as_no_show(engaged, reason="Mødte aldrig", by=holder, today=TUESDAY)
    with pytest.raises(ValidationError) as refusal:
        accept_stop(stop, ended_on=TUESDAY, by=holder, today=TUESDAY)
    assert refusal.value.code == "withdrawn"
    assert refuse_report(stop, reason="Mødte aldrig op", by=holder).state == "refused"


def test_nobody_is_asked_how_it_went_with_a_citizen_who_died(engaged, mailoutbox) -> None:
    CompanyContact.objects.filter(company=engaged.company).update(email="karla@example.invalid")
    type(engaged).objects.filter(pk=engaged.pk).update(ended_on=TUESDAY)
    kind = RecipientKind.COMPANY_CONTACT
    send_link_about("placement.closing", engaged, kind, by=None, now=timezone.now())
    send_link(SignedLink.objects.get().pk)
    url = reverse("companies:closing_by_link", args=[secret_in(mailoutbox[-1].body)])
    assert Client().get(url).status_code == 200
    Course.objects.update(ended_on=TUESDAY, end_reason="died")
    assert Client().get(url).status_code == 404
