"""The pages of the annex for staff, and the annex on the monthly review (D16, D35)."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import SignedLink
from audit.models import AccessRecord
from cases.course_pages import CoursePage, page_url
from companies.annex.links import send_to
from companies.models import AnnexParty, AnnexReply, CompanyContact
from tests.companies.annex.factories import annex_reply, annex_values
from tests.factories import FollowUpMeetingFactory

TODAY = datetime.date(2016, 5, 18)


def form_data(value="4", **fields):
    answers = {f"q_{code}": value for code in annex_values()}
    return {**answers, "submission": str(uuid.uuid4()), "comment": "", **fields}


def phone_data(**fields):
    return form_data(answered_by_name="Karla Kontakt", answered_on="2016-05-17", **fields)


def annex_url(placement, name="phone"):
    return reverse(f"companies:annex_{name}", args=[placement.public_id])


def review(client, placement, **query) -> str:
    url = reverse("progression:review", args=[placement.course.public_id])
    return client.get(url, query).content.decode()


@pytest.mark.usefixtures("wednesday")
class TestByPhone:
    def test_what_the_contact_said_is_stored_with_name_and_day(self, engaged, holder, as_user) -> None:
        answer = as_user(holder).post(annex_url(engaged), phone_data(comment="Er glad"))
        assert answer.status_code == 302
        reply = AnnexReply.objects.get()
        assert (reply.party, reply.channel, reply.entered_by) == ("company", "phone", holder)
        assert (reply.answered_by_name, reply.answered_on) == ("Karla Kontakt", datetime.date(2016, 5, 17))

    def test_the_form_names_the_contact_and_asks_in_the_company_s_words(
        self, engaged, holder, as_user
    ) -> None:
        page = as_user(holder).get(annex_url(engaged)).content.decode()
        assert "Kommer medarbejderen til tiden og som aftalt?" in page
        assert 'value="Karla Kontakt"' in page

    def test_the_same_form_twice_makes_one_reply(self, engaged, holder, as_user) -> None:
        data = phone_data()
        client = as_user(holder)
        for _click in range(2):
            assert client.post(annex_url(engaged), data).status_code == 302
        assert AnnexReply.objects.count() == 1

    def test_every_question_needs_an_answer(self, engaged, holder, as_user) -> None:
        data = phone_data()
        del data["q_on_time"]
        page = as_user(holder).post(annex_url(engaged), data).content.decode()
        assert "Vælg et af trinnene eller »Ved ikke«." in page
        assert not AnnexReply.objects.exists()

    def test_a_cpr_number_in_the_comment_is_refused(self, engaged, holder, as_user) -> None:
        as_user(holder).post(annex_url(engaged), phone_data(comment="Ring om 010190-1234"))
        assert not AnnexReply.objects.exists()

    def test_a_placement_without_agreement_has_no_form(self, internship, holder, as_user) -> None:
        answer = as_user(holder).get(annex_url(internship), follow=True)
        assert "Der er ingen arbejdsaftale for virksomhedspladsen." in answer.content.decode()


@pytest.mark.usefixtures("wednesday")
class TestTogether:
    def test_the_citizen_answers_with_the_mentor(self, engaged, holder, as_user) -> None:
        as_user(holder).post(annex_url(engaged, "citizen"), form_data("not_now", q_on_time="5"))
        reply = AnnexReply.objects.get()
        assert (reply.party, reply.channel, reply.answered_on) == ("citizen", "together", TODAY)
        assert reply.answers.filter(value__isnull=True).count() == 7

    def test_answers_already_given_are_said_so(self, engaged, holder, as_user) -> None:
        annex_reply(engaged, "citizen", TODAY)
        page = as_user(holder).post(annex_url(engaged, "citizen"), form_data()).content.decode()
        assert "Spørgsmålene før dette møde er allerede besvaret." in page

    @pytest.mark.parametrize("name", ["citizen", "phone"])
    def test_who_does_not_work_on_the_course_gets_nothing(
        self, engaged, colleague, stranger, as_user, name
    ) -> None:
        for person in (colleague, stranger):
            assert as_user(person).post(annex_url(engaged, name), phone_data()).status_code == 404
        assert not AnnexReply.objects.exists()

    def test_the_page_is_recorded(self, engaged, holder, as_user) -> None:
        as_user(holder).get(annex_url(engaged))
        assert AccessRecord.objects.filter(action="course.annex", user=holder).exists()


@pytest.mark.usefixtures("wednesday")
class TestReview:
    def test_the_company_s_answers_are_hidden_until_the_citizen_has_answered(
        self, engaged, holder, as_user
    ) -> None:
        annex_reply(engaged, "company", TODAY, 2, comment="Det halter")
        page = review(as_user(holder), engaged)
        assert "Svarene vises, når begge har svaret" in page
        assert "Det halter" not in page
        assert "2: Kun lidt" not in page
        annex_reply(engaged, "citizen", TODAY, 5)
        page = review(as_user(holder), engaged)
        assert "Det halter" in page
        assert page.count("2: Kun lidt") == 8
        assert page.count("5: Ja, helt") == 8

    @pytest.mark.parametrize("page", ["review", "course"])
    def test_staff_see_when_the_last_link_went(self, engaged, holder, as_user, mailoutbox, page) -> None:
        CompanyContact.objects.filter(company=engaged.company).update(email="karla@example.invalid")
        send_to(engaged, AnnexParty.COMPANY, by=holder, now=timezone.now())
        send_link(SignedLink.objects.get().pk)
        if page == "review":
            text = review(as_user(holder), engaged)
        else:
            text = (
                as_user(holder).get(page_url(engaged.course.public_id, CoursePage.COMPANY)).content.decode()
            )
        assert "Link sendt 18" in text
        assert "Intet link sendt endnu" in text

    def test_hidden_answers_are_not_shown_by_their_correction(self, engaged, holder, as_user) -> None:
        reply = annex_reply(engaged, "company", TODAY, 2, comment="Det halter")
        url = reverse("companies:correct_annex", args=[reply.public_id])
        page = as_user(holder).get(url).content.decode()
        assert "checked" not in page
        assert "Det halter" not in page

    def test_the_reason_of_a_correction_is_not_shown_while_answers_are_hidden(
        self, engaged, holder, as_user
    ) -> None:
        reply = annex_reply(engaged, "company", TODAY, 2)
        url = reverse("companies:correct_annex", args=[reply.public_id])
        client = as_user(holder)
        client.post(url, form_data("4", version="1", correction="Sagde 4, ikke 2"))
        assert "Sagde 4" not in review(client, engaged)
        annex_reply(engaged, "citizen", TODAY)
        assert "Rettet: Sagde 4, ikke 2" in review(client, engaged)

    def test_months_stand_beside_each_other(self, engaged, holder, as_user) -> None:
        for month, (day, value) in enumerate([(8, 1), (12, 2), (17, 3)]):
            on = datetime.date(2016, 5, day)
            for party in ("company", "citizen"):
                annex_reply(engaged, party, on, value)
            if month < 2:
                FollowUpMeetingFactory(course=engaged.course, held=True, held_on=on, planned_at=None)
        page = review(as_user(holder), engaged)
        assert [page.count(f"{value}: ") for value in (1, 2, 3)] == [16, 16, 16]
        assert "Denne gang" in page

    def test_a_month_without_answers_is_named(self, engaged, holder, as_user) -> None:
        FollowUpMeetingFactory(
            course=engaged.course, held=True, held_on=datetime.date(2016, 5, 16), planned_at=None
        )
        page = review(as_user(holder), engaged)
        assert "Møde 16. maj 2016" in page
        assert "Mangler" in page.split("Møde 16. maj 2016", 1)[1][:300]

    def test_answers_of_a_placement_that_ended_before_the_meeting_are_shown(
        self, engaged, holder, as_user
    ) -> None:
        from companies.actions.placements import end_placement

        annex_reply(engaged, "company", datetime.date(2016, 5, 12), 2)
        end_placement(engaged, ended_on=datetime.date(2016, 5, 13), today=TODAY)
        assert review(as_user(holder), engaged).count("2: Kun lidt") == 8

    def test_a_course_without_agreement_has_no_annex(self, internship, holder, as_user) -> None:
        assert "Bilag:" not in review(as_user(holder), internship)

    def test_the_company_page_leads_to_the_forms(self, engaged, holder, as_user) -> None:
        url = page_url(engaged.course.public_id, CoursePage.COMPANY)
        page = as_user(holder).get(url).content.decode()
        assert annex_url(engaged, "citizen") in page
        assert annex_url(engaged) in page

    def test_queries_do_not_grow_with_the_months(
        self, engaged, holder, as_user, django_assert_max_num_queries
    ) -> None:
        for day in (8, 10, 12, 14, 16):
            on = datetime.date(2016, 5, day)
            annex_reply(engaged, "company", on)
            FollowUpMeetingFactory(course=engaged.course, held=True, held_on=on, planned_at=None)
        client = as_user(holder)
        review(client, engaged)
        with django_assert_max_num_queries(32):
            review(client, engaged)
