"""Company and citizen answer by link; companies that have not are asked once a week (D16, D33, D44)."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import SignedLink
from audit.models import AccessRecord
from cases.models import CitizenContact
from companies.annex.asking import ask_companies
from companies.annex.links import send_to
from companies.models import AnnexParty, AnnexReply, CompanyContact
from reminders.models import Deadline
from tests.companies.annex.factories import annex_reply, annex_values, secret_in
from tests.concurrency import run_at_once

TODAY = datetime.date(2016, 5, 18)
ASKED_FROM = datetime.date(2016, 5, 27)


@pytest.fixture
def reachable(engaged):
    """The internship, whose contact person has an e-mail address."""
    CompanyContact.objects.filter(company=engaged.company).update(email="karla@example.invalid")
    return engaged


@pytest.fixture
def secret_for(mailoutbox):
    """Send a party a link and return its secret as the mail has it."""

    def send(placement, party="company"):
        send_to(placement, AnnexParty(party), by=None, now=timezone.now())
        send_link(SignedLink.objects.latest("pk").pk)
        return secret_in(mailoutbox[-1].body) if mailoutbox else None

    return send


def page_of(secret) -> str:
    return f"/svar/bilag/{secret}/"


def form_data(value="4", **fields):
    return {**{f"q_{code}": value for code in annex_values()}, "comment": "", **fields}


def at(day, hour=9):
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=datetime.UTC)


@pytest.mark.django_db
class TestSending:
    """Nobody is told that a link is on its way to somebody who cannot be reached."""

    def refused(self, placement, party) -> str:
        with pytest.raises(ValidationError) as refusal:
            send_to(placement, AnnexParty(party), by=None, now=at(TODAY))
        assert not SignedLink.objects.exists()
        return refusal.value.code

    def test_without_a_work_agreement(self, internship) -> None:
        assert self.refused(internship, "company") == "no_agreement"

    def test_a_contact_person_without_an_address(self, engaged) -> None:
        CompanyContact.objects.update(email="", phone="11 22 33 44")
        assert self.refused(engaged, "company") == "no_address"

    def test_a_citizen_without_an_address(self, engaged) -> None:
        assert self.refused(engaged, "citizen") == "no_address"

    def test_a_citizen_who_wants_no_messages(self, engaged) -> None:
        CitizenContact.objects.create(
            course=engaged.course, email="b@example.invalid", declines_messages=True
        )
        assert self.refused(engaged, "citizen") == "no_address"

    def test_the_page_says_so(self, engaged, holder, as_user, wednesday) -> None:
        url = reverse("companies:send_annex_link", args=[engaged.public_id, "citizen"])
        page = as_user(holder).post(url, follow=True).content.decode()
        assert "som borgeren kan nås på" in page
        assert "Linket er på vej" not in page


@pytest.mark.usefixtures("wednesday")
class TestAnswering:
    def test_the_company_answers_without_signing_in(self, reachable, secret_for) -> None:
        secret = secret_for(reachable)
        page = Client().get(page_of(secret)).content.decode()
        assert "Kommer medarbejderen til tiden og som aftalt?" in page
        answer = Client().post(page_of(secret), form_data(comment="Fin uge"))
        assert answer.status_code == 302
        reply = AnnexReply.objects.get()
        assert (reply.party, reply.channel, reply.entered_by) == ("company", "link", None)
        assert (reply.answered_by_name, reply.answered_on) == ("Karla Kontakt", TODAY)
        assert "Tak for dine svar" in Client().get(page_of(secret)).content.decode()

    def test_opening_the_link_stores_nothing_but_the_access(self, reachable, secret_for) -> None:
        Client().get(page_of(secret_for(reachable)))
        assert not AnnexReply.objects.exists()
        record = AccessRecord.objects.get(action="link.annex.answer")
        assert record.citizens == [reachable.course.citizen.public_id]

    def test_the_mail_holds_no_personal_data_of_the_citizen(self, reachable, secret_for, mailoutbox) -> None:
        secret_for(reachable)
        text = mailoutbox[-1].body + mailoutbox[-1].subject
        assert "Testborger" not in text
        assert "Ågesen" not in text

    def test_the_citizen_answers_by_own_link_in_own_words(self, reachable, secret_for) -> None:
        CitizenContact.objects.update_or_create(
            course=reachable.course, defaults={"email": "borger@example.invalid"}
        )
        secret = secret_for(reachable, "citizen")
        assert "Kommer du til tiden og som aftalt?" in Client().get(page_of(secret)).content.decode()
        Client().post(page_of(secret), form_data("2"))
        assert AnnexReply.objects.get().party == "citizen"

    def test_each_sees_the_other_s_answers_once_both_are_in(self, reachable, secret_for) -> None:
        secret = secret_for(reachable)
        Client().post(page_of(secret), form_data("4"))
        assert "2: Kun lidt" not in Client().get(page_of(secret)).content.decode()
        annex_reply(reachable, "citizen", TODAY, 2, comment="Godt")
        page = Client().get(page_of(secret)).content.decode()
        assert page.count("2: Kun lidt") == 8
        assert "Godt" in page
        assert "Kommer medarbejderen til tiden" in page

    def test_the_citizen_reads_the_questions_as_they_were_put_to_the_citizen(
        self, reachable, secret_for
    ) -> None:
        CitizenContact.objects.create(course=reachable.course, email="borger@example.invalid")
        secret = secret_for(reachable, "citizen")
        Client().post(page_of(secret), form_data("4"))
        annex_reply(reachable, "company", TODAY, 2)
        page = Client().get(page_of(secret)).content.decode()
        assert page.count("Dig:") == 8
        assert "medarbejderen" not in page

    def test_of_two_answers_by_link_one_is_kept(self, reachable, secret_for) -> None:
        secret = secret_for(reachable)
        for value in ("2", "5"):
            Client().post(page_of(secret), form_data(value))
        assert set(AnnexReply.objects.get().answers.values_list("value", flat=True)) == {2}

    def test_the_link_of_somebody_who_is_no_longer_the_contact_is_gone(self, reachable, secret_for) -> None:
        secret = secret_for(reachable)
        successor = CompanyContact.objects.create(company=reachable.company, name="Ny Kontakt")
        from tests.factories import WorkAgreementFactory

        reachable.agreements.update(state="replaced")
        WorkAgreementFactory(placement=reachable, number=2, company_contact=successor)
        assert Client().get(page_of(secret)).status_code == 404

    def test_the_link_of_a_placement_that_is_over_is_gone(self, reachable, secret_for) -> None:
        secret = secret_for(reachable)
        type(reachable).objects.filter(pk=reachable.pk).update(ended_on=TODAY - datetime.timedelta(days=1))
        assert Client().get(page_of(secret)).status_code == 404

    def test_who_has_answered_gets_no_new_link(self, reachable, secret_for, mailoutbox) -> None:
        annex_reply(reachable, "company", TODAY)
        assert secret_for(reachable) is None
        assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_at_the_same_time_one_answers(reachable, mailoutbox) -> None:
    with time_machine.travel(at(TODAY), tick=True):
        send_to(reachable, AnnexParty.COMPANY, by=None, now=timezone.now())
        link = SignedLink.objects.get()
        if not mailoutbox:
            send_link(link.pk)
        secret = secret_in(mailoutbox[-1].body)
        outcomes = run_at_once(
            [lambda value=value: Client().post(page_of(secret), form_data(value)) for value in ("2", "5")]
        )
    assert sorted(outcome.status_code for outcome in outcomes) in ([200, 302], [302, 302])
    assert AnnexReply.objects.count() == 1


@pytest.mark.django_db
class TestAsking:
    def test_the_company_is_asked_from_ten_days_before_the_meeting(self, reachable) -> None:
        day_before = ASKED_FROM - datetime.timedelta(days=1)
        assert ask_companies(day_before, at(day_before)) == 0
        assert ask_companies(ASKED_FROM, at(ASKED_FROM)) == 1

    def test_it_is_asked_once_a_week_until_it_has_answered(self, reachable) -> None:
        with time_machine.travel(at(ASKED_FROM), tick=False):
            ask_companies(ASKED_FROM, at(ASKED_FROM))
            assert ask_companies(ASKED_FROM, at(ASKED_FROM, 12)) == 0
        later = ASKED_FROM + datetime.timedelta(days=6)
        assert ask_companies(later, at(later)) == 0
        week = ASKED_FROM + datetime.timedelta(days=7)
        assert ask_companies(week, at(week)) == 1
        annex_reply(reachable, "company", week)
        assert ask_companies(week + datetime.timedelta(days=10), at(week, 23)) == 0

    def test_nobody_is_asked_on_a_public_holiday(self, reachable) -> None:
        constitution_day = datetime.date(2016, 6, 5)  # also a Sunday
        assert ask_companies(constitution_day, at(constitution_day)) == 0

    def test_a_contact_without_address_is_not_asked(self, engaged) -> None:
        CompanyContact.objects.update(email="")
        assert ask_companies(ASKED_FROM, at(ASKED_FROM)) == 0

    def test_one_failing_course_does_not_stop_the_rest(self, reachable, monkeypatch) -> None:
        from companies.annex import asking
        from tests.factories import PlacementFactory, WorkAgreementFactory

        other = PlacementFactory(starts_on=reachable.starts_on)
        WorkAgreementFactory(placement=other, company_contact__email="anden@example.invalid")
        first = min(reachable.course_id, other.course_id)
        original = asking.owed_by_companies

        def fail_for_the_first(course, *args):
            if course.pk == first:
                raise RuntimeError
            return original(course, *args)

        monkeypatch.setattr(asking, "owed_by_companies", fail_for_the_first)
        day = datetime.date(2016, 6, 2)
        assert ask_companies(day, at(day)) == 1


@pytest.mark.django_db
class TestDeadline:
    def deadlines(self):
        return list(
            Deadline.objects.filter(kind="annex_missing", due_on__gte=datetime.date(2016, 6, 1))
            .order_by("due_on")
            .values_list("due_on", "shown_from", "shown_to")
        )

    def test_the_mentor_is_told_a_week_after_the_company_was_asked(self, reachable) -> None:
        from reminders import deadlines

        deadlines.recompute()
        due_on, shown_from, _shown_to = self.deadlines()[0]
        assert (due_on, shown_from) == (datetime.date(2016, 6, 6), datetime.date(2016, 6, 3))

    def test_the_mentor_is_told_at_once_when_the_company_cannot_be_written_to(self, engaged) -> None:
        CompanyContact.objects.update(email="")
        from reminders import deadlines

        deadlines.recompute()
        assert self.deadlines()[0][1] == ASKED_FROM

    def test_it_is_gone_once_both_have_answered(self, engaged) -> None:
        annex_reply(engaged, "company", ASKED_FROM)
        annex_reply(engaged, "citizen", ASKED_FROM)
        assert self.deadlines() == []
