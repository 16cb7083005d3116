"""Links that did not arrive, by no way: who is to call is told (D44, D52)."""

import datetime

import pytest
from django.utils import timezone

from accounts.links.delivery import note_returned, send_link
from accounts.links.models import RecipientKind, SignedLink
from cases.models import CourseFunction
from companies.actions.placements import end_placement
from companies.links.placements import send_link_about
from companies.models import CompanyContact
from reminders.models import Reminder
from tests.companies.annex.factories import annex_reply
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday", "mailoutbox")]

TODAY = datetime.date(2016, 5, 18)


@pytest.fixture
def team(engaged):
    """Another user in each function of the course; the contact person has an e-mail address only."""
    CompanyContact.objects.filter(company=engaged.company).update(email="karla@example.invalid", phone="")
    users = {function: UserFactory() for function in CourseFunction}
    for function, user in users.items():
        engaged.course.holdings.filter(function=function).update(user=user)
    return users


def come_back(purpose, placement) -> None:
    """Send the company a link whose mail comes back."""
    send_link_about(purpose, placement, RecipientKind.COMPANY_CONTACT, by=None, now=timezone.now())
    link = SignedLink.objects.get()
    send_link(link.pk)
    note_returned(link.public_id, "5.1.1", timezone.now())


def recipients_of(kind) -> set:
    return {reminder.recipient for reminder in Reminder.objects.filter(kind=kind)}


def test_the_mentor_is_told_of_the_annex(engaged, team) -> None:
    come_back("annex.answer", engaged)
    assert recipients_of("annex_link_lost") == {team[CourseFunction.MENTOR]}


def test_nobody_is_told_of_an_annex_that_is_answered_meanwhile(engaged, team) -> None:
    send_link_about("annex.answer", engaged, RecipientKind.COMPANY_CONTACT, by=None, now=timezone.now())
    link = SignedLink.objects.get()
    send_link(link.pk)
    annex_reply(engaged, "company", TODAY)
    note_returned(link.public_id, "5.1.1", timezone.now())
    assert recipients_of("annex_link_lost") == set()


def test_mentor_and_job_consultant_are_told_of_the_reporting_link(engaged, team) -> None:
    come_back("placement.report", engaged)
    expected = {team[CourseFunction.MENTOR], team[CourseFunction.JOB_CONSULTANT]}
    assert recipients_of("report_link_lost") == expected


def test_mentor_and_job_consultant_are_told_of_the_closing_assessment(engaged, team) -> None:
    end_placement(engaged, ended_on=TODAY - datetime.timedelta(days=1), today=TODAY)
    come_back("placement.closing", engaged)
    expected = {team[CourseFunction.MENTOR], team[CourseFunction.JOB_CONSULTANT]}
    assert recipients_of("closing_link_lost") == expected
