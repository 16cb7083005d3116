"""A contact person with several citizens gets one mail a week, which leads to all of them (D16, D33)."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.links.delivery import note_returned, send_link
from accounts.links.models import SignedLink
from cases.course_pages import CoursePage, page_url
from companies.annex.asking import ask_companies
from companies.models import AnnexReply, CompanyContact
from reminders.models import Reminder
from tests.companies.annex.factories import annex_reply, annex_values, secret_in
from tests.factories import CourseFactory, FollowUpMeetingFactory, PlacementFactory, WorkAgreementFactory
from tests.loops import some

pytestmark = pytest.mark.django_db

ASKED_FROM = datetime.date(2016, 5, 27)
MORNING = datetime.datetime(2016, 5, 27, 9, tzinfo=datetime.UTC)
WEEK = datetime.timedelta(days=7)


@pytest.fixture
def asked_day():
    with time_machine.travel(MORNING, tick=True):
        yield ASKED_FROM


@pytest.fixture
def contact(engaged):
    CompanyContact.objects.filter(company=engaged.company).update(email="karla@example.invalid", phone="")
    return engaged.company.contacts.get()


@pytest.fixture
def three(engaged, contact, project, holder):
    """Three placements of three citizens with the same contact person."""
    placements = [engaged]
    for name in ("Anden Borger", "Tredje Borger"):
        course = CourseFactory(project_for=project, holders=holder, referral__name=name)
        placement = PlacementFactory(course=course, company=engaged.company, starts_on=engaged.starts_on)
        WorkAgreementFactory(placement=placement, company_contact=contact)
        FollowUpMeetingFactory(course=course, held=True, held_on=datetime.date(2016, 5, 6), planned_at=None)
        placements.append(placement)
    return placements


def mailed_secret(mailoutbox) -> str:
    """Run the round, send what it issued, and return the secret in the only mail."""
    ask_companies(ASKED_FROM, timezone.now())
    for link in SignedLink.objects.filter(state="pending"):
        send_link(link.pk)
    assert len(mailoutbox) == 1
    return secret_in(mailoutbox[0].body)


def page_of(secret) -> str:
    return f"/svar/bilag/{secret}/"


def answer(url) -> None:
    assert (
        Client().post(url, {**{f"q_{code}": "4" for code in annex_values()}, "comment": ""}).status_code
        == 302
    )


def test_three_citizens_are_one_mail_a_week(three) -> None:
    with time_machine.travel(MORNING, tick=False):
        assert ask_companies(ASKED_FROM, MORNING) == 1
        assert ask_companies(ASKED_FROM, MORNING) == 0
    day_before = MORNING + WEEK - datetime.timedelta(days=1)
    assert ask_companies(day_before.date(), day_before) == 0
    with time_machine.travel(MORNING + WEEK, tick=False):
        assert ask_companies(ASKED_FROM + WEEK, MORNING + WEEK) == 1


def test_the_next_week_s_mail_is_about_who_is_not_answered_yet(three) -> None:
    annex_reply(three[0], "company", ASKED_FROM)
    later = MORNING + WEEK
    assert ask_companies(later.date(), later) == 1
    assert SignedLink.objects.get().subject == three[1].public_id


def test_a_mail_that_was_dropped_does_not_count(three, asked_day) -> None:
    ask_companies(ASKED_FROM, timezone.now())
    annex_reply(three[0], "company", ASKED_FROM)
    send_link(SignedLink.objects.get().pk)
    assert ask_companies(ASKED_FROM, timezone.now()) == 1


def test_the_mail_leads_to_all_three(three, asked_day, mailoutbox) -> None:
    url = page_of(mailed_secret(mailoutbox))
    assert "Vi spørger også til 2 andre medarbejdere." in Client().get(url).content.decode()
    for remaining in (2, 1, 0):
        answer(url)
        page = Client().get(url).content.decode()
        assert ("Videre til den næste" in page) is (remaining > 0)
        if remaining:
            url = Client().post(url, {"next": "1"})["Location"]
    assert AnnexReply.objects.filter(party="company").count() == 3
    assert set(AnnexReply.objects.values_list("placement", flat=True)) == {row.pk for row in three}


def test_the_page_names_only_its_own_citizen(three, asked_day, mailoutbox) -> None:
    url = page_of(mailed_secret(mailoutbox))
    first = Client().get(url).content.decode()
    second = Client().get(Client().post(url, {"next": "1"})["Location"]).content.decode()
    assert "Testborger" in first
    assert "Anden Borger" not in first
    assert "Anden Borger" in second
    assert "Testborger" not in second


def test_another_contact_person_s_citizens_are_not_led_to(three, asked_day, mailoutbox) -> None:
    colleague = CompanyContact.objects.create(
        company=three[0].company, project=three[0].course.project, name="Kurt"
    )
    for placement in three[1:]:
        placement.agreements.update(state="replaced")
        WorkAgreementFactory(placement=placement, number=2, company_contact=colleague)
    url = page_of(mailed_secret(mailoutbox))
    assert "Videre til den næste" not in Client().get(url).content.decode()
    assert Client().post(url, {"next": "1"})["Location"] == url
    assert SignedLink.objects.count() == 1


def test_staff_see_on_every_course_when_the_company_was_asked(
    three, asked_day, mailoutbox, holder, as_user
) -> None:
    mailed_secret(mailoutbox)
    for placement in some(three):
        page = as_user(holder).get(page_url(placement.course, CoursePage.COMPANY)).content.decode()
        section = page.split('id="h-annex"')[1].split("</section>")[0]
        assert section.count("Link sendt") == 1


def test_a_mail_that_comes_back_is_told_on_every_course(three, asked_day, mailoutbox) -> None:
    mailed_secret(mailoutbox)
    note_returned(SignedLink.objects.get().public_id, "5.1.1", timezone.now())
    subjects = Reminder.objects.filter(kind="annex_link_lost").values_list("subject", flat=True)
    assert set(subjects) == {str(placement.course.public_id) for placement in three}
