"""The pages of the progression tool: answering, the monthly review, progress over time (D23, D35, D56)."""

import datetime
import re

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases import actions as case_actions
from cases.course_pages import CoursePage
from progression.actions import corrections, sheets
from progression.models import Answer, AnswerSheet, CategorySelection
from progression.steps import steps_of
from reminders import deadlines
from tests.factories import FollowUpMeetingFactory
from tests.progression.conftest import APRIL, MAY
from tests.scenarios.progression_answers import begun_sheet, finished_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name, *args):
    return reverse(f"progression:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


class TestAnswering:
    def test_a_sheet_begins_with_the_first_question(self, as_user, holder, course):
        client = as_user(holder)
        assert "Svar sammen" in content_of(client.get(url("start", course.public_id)))
        response = client.post(url("start", course.public_id))
        sheet = AnswerSheet.objects.get()
        assert response.url == url("step", sheet.public_id, 1)
        page = content_of(client.get(response.url))
        for words in (
            "Hvor meget tror du på, at du kan klare et arbejde?",
            "1 af 12",
            "0: Slet ikke",
            "Ikke nu",
        ):
            assert words in page

    def test_each_answer_is_saved_and_the_next_question_follows(self, as_user, holder, course):
        sheet = sheets.start_sheet(course, today=MAY)
        client = as_user(holder)
        response = client.post(url("step", sheet.public_id, 1), {"value": "6", "version": "0"})
        assert response.url == url("step", sheet.public_id, 2)
        client.post(response.url, {"value": "not_now", "version": "0"})
        assert list(sheet.answers.values_list("value", flat=True)) == [6, None]
        page = content_of(client.get(url("step", sheet.public_id, 1)))
        assert 'value="6" checked' in page

    def test_starting_again_goes_on_where_one_stopped(self, as_user, holder, course):
        sheet = sheets.start_sheet(course, today=MAY)
        sheets.save_answer(sheet, steps_of(sheet.questionnaire_version)[0].question, "citizen", value=4)
        client = as_user(holder)
        assert "Fortsæt" in content_of(client.get(url("start", course.public_id)))
        assert client.post(url("start", course.public_id)).url == url("step", sheet.public_id, 2)

    def test_when_today_is_answered_the_page_leads_to_the_answers(self, as_user, holder, course, wednesday):
        finished_sheet(course, wednesday, 5)
        response = as_user(holder).get(url("start", course.public_id), follow=True)
        assert response.redirect_chain == [(url("review", course.public_id), 302)]
        assert "I har svaret i dag." in content_of(response)

    def test_without_a_choice_the_question_stays(self, as_user, holder, course):
        sheet = sheets.start_sheet(course, today=MAY)
        response = as_user(holder).post(url("step", sheet.public_id, 1), {"version": "0"})
        assert response.status_code == 200
        assert "Vælg et af trinnene" in content_of(response)
        assert not Answer.objects.exists()

    def test_the_same_step_sent_twice_is_one_answer(self, as_user, holder, course):
        sheet = sheets.start_sheet(course, today=MAY)
        client = as_user(holder)
        for _time in range(2):
            response = client.post(url("step", sheet.public_id, 1), {"value": "6", "version": "0"})
            assert response.status_code == 302
        assert Answer.objects.count() == 1

    def test_an_answer_given_elsewhere_meanwhile_is_shown_beside_this_one(self, as_user, holder, course):
        sheet = sheets.start_sheet(course, today=MAY)
        sheets.save_answer(sheet, steps_of(sheet.questionnaire_version)[0].question, "citizen", value=4)
        client = as_user(holder)
        response = client.post(url("step", sheet.public_id, 1), {"value": "6", "version": "0"})
        assert response.status_code == 409
        assert "4: Lidt under midten" in content_of(response)
        client.post(url("step", sheet.public_id, 1), {"value": "6", "version": "1"})
        assert Answer.objects.get().value == 6

    def test_last_months_answer_is_not_shown_before_answering(self, as_user, holder, course):
        finished_sheet(course, APRIL, 9)
        sheet = sheets.start_sheet(course, today=MAY)
        page = content_of(as_user(holder).get(url("step", sheet.public_id, 1)))
        assert "checked" not in page

    def test_the_mentors_own_part_is_said_to_begin(self, as_user, holder, course):
        sheet = sheets.start_sheet(course, today=MAY)
        page = content_of(as_user(holder).get(url("step", sheet.public_id, 13)))
        for words in ("Mentors eget skøn", "1 af 7", "uden borgeren"):
            assert words in page

    def test_there_is_no_step_beyond_the_last(self, as_user, holder, course):
        sheet = sheets.start_sheet(course, today=MAY)
        client = as_user(holder)
        assert client.get(url("step", sheet.public_id, 20)).status_code == 404
        assert client.get(url("step", sheet.public_id, 0)).status_code == 404

    def test_a_step_takes_few_queries(self, as_user, holder, course, django_assert_max_num_queries):
        sheet = sheets.start_sheet(course, today=MAY)
        client = as_user(holder)
        with django_assert_max_num_queries(14):
            client.get(url("step", sheet.public_id, 5))


class TestFinishing:
    def test_now_last_month_is_shown_and_the_reasons_are_asked_for(self, as_user, holder, course):
        finished_sheet(course, APRIL, 4)
        sheet = begun_sheet(course, MAY, 4, health_felt=6)
        client = as_user(holder)
        page = content_of(client.get(url("finish", sheet.public_id)))
        for words in ("Helbred: hvad har gjort forskellen?", "6: Lidt over midten", "(+2)"):
            assert words in page
        assert "Hverdagen: hvad har gjort forskellen?" not in page
        response = client.post(url("finish", sheet.public_id), {"reason_health": ""})
        assert "id_reason_health_error" in content_of(response)
        response = client.post(url("finish", sheet.public_id), {"reason_health": "Ny medicin"})
        assert response.url == url("review", course.public_id)
        sheet.refresh_from_db()
        assert (sheet.is_finished, sheet.finished_by) == (True, holder)

    def test_what_is_missing_is_named(self, as_user, holder, course):
        sheet = begun_sheet(course, MAY, 5)
        sheet.answers.get(question__code="health_felt", rater="citizen").delete()
        client = as_user(holder)
        page = content_of(client.get(url("finish", sheet.public_id)))
        assert "1 spørgsmål mangler" in page
        assert url("step", sheet.public_id, 3) in page
        client.post(url("finish", sheet.public_id))
        sheet.refresh_from_db()
        assert not sheet.is_finished

    def test_finishing_twice_leads_to_the_review(self, as_user, holder, course):
        sheet = finished_sheet(course, MAY, 5)
        client = as_user(holder)
        for name in ("finish", "step"):
            args = (1,) if name == "step" else ()
            assert client.post(url(name, sheet.public_id, *args)).url == url("review", course.public_id)

    def test_begun_answers_can_be_thrown_away(self, as_user, holder, course):
        sheet = begun_sheet(course, MAY, 5)
        as_user(holder).post(url("discard", sheet.public_id))
        assert not AnswerSheet.objects.exists()


class TestReview:
    def test_this_month_stands_beside_the_last_and_the_first(self, as_user, holder, course):
        finished_sheet(course, datetime.date(2016, 4, 5), 2)
        finished_sheet(course, APRIL, 4)
        finished_sheet(course, MAY, 7, reason="Snusepraktik hos bageren")
        page = content_of(as_user(holder).get(url("review", course.public_id)))
        for words in (
            "7: En del",
            "4: Lidt under midten",
            "2: Meget lidt",
            "(+3)",
            "Snusepraktik hos bageren",
        ):
            assert words in page

    def test_a_month_without_answers_is_named(self, as_user, holder, course):
        FollowUpMeetingFactory(course=course, held=True, held_on=datetime.date(2016, 5, 4))
        page = content_of(as_user(holder).get(url("review", course.public_id)))
        assert "Mangler" in page
        assert "Møde 4. maj 2016" in page

    def test_what_the_next_meeting_needs_is_said(self, as_user, holder, course):
        finished_sheet(course, datetime.date(2016, 5, 4), 5)
        FollowUpMeetingFactory(course=course, held=True, held_on=datetime.date(2016, 5, 4))
        page = content_of(as_user(holder).get(url("review", course.public_id)))
        assert "4. juni 2016" in page

    def test_an_earlier_month_can_be_looked_at(self, as_user, holder, course, answered):
        april, _may = answered
        page = content_of(as_user(holder).get(url("review", course.public_id), {"svar": april.public_id}))
        assert "4: Lidt under midten" in page
        assert "6: Lidt over midten" not in page

    def test_without_answers_the_page_says_what_to_do(self, as_user, holder, course):
        page = content_of(as_user(holder).get(url("review", course.public_id)))
        assert "Svar sammen" in page

    def test_answers_of_a_file_that_no_page_asks_for_are_shown(self, as_user, holder, course, answered):
        _april, may = answered
        question = may.questionnaire_version.questions.get(code="health_managed")
        Answer.objects.create(sheet=may, question=question, rater="company_contact", value=9)
        page = content_of(as_user(holder).get(url("review", course.public_id)))
        assert "9: Rigtig meget" in page

    def test_an_answer_is_corrected_with_a_reason(self, as_user, holder, course, answered):
        answer = answered[1].answers.get(question__code="health_felt", rater="citizen")
        client = as_user(holder)
        assert "Ret svaret" in content_of(client.get(url("correct", answer.public_id)))
        data = {"value": "8", "correction": "", "version": answer.version}
        assert "id_correction_error" in content_of(client.post(url("correct", answer.public_id), data))
        client.post(url("correct", answer.public_id), {**data, "correction": "Trykket forkert"})
        page = content_of(client.get(url("review", course.public_id)))
        assert "8: Meget" in page
        assert "Rettet: Trykket forkert" in page

    def test_the_page_takes_few_queries_at_any_number_of_answers(
        self, as_user, holder, course, django_assert_max_num_queries
    ):
        for number in range(12):
            finished_sheet(course, datetime.date(2016, 4, 5 + number), number % 10)
        client = as_user(holder)
        with django_assert_max_num_queries(20):
            client.get(url("review", course.public_id))
        with django_assert_max_num_queries(20):
            client.get(url("over_time", course.public_id))


class TestChange:
    def test_each_category_says_how_the_citizens_answers_have_moved(self, as_user, holder, course):
        finished_sheet(course, APRIL, 4)
        finished_sheet(course, MAY, 4, health_felt=2)
        page = content_of(as_user(holder).get(url("review", course.public_id)))
        summaries = re.findall(r"<summary><h2[^>]*>(.*?)</h2>", page)
        assert [words for words in summaries if "(" in words] == [
            'Helbred <span class="jf-nowrap">(−1)</span>'
        ]


class TestOverTime:
    def test_each_category_has_a_chart_and_a_place_in_the_table(self, as_user, holder, course, answered):
        page = content_of(as_user(holder).get(url("over_time", course.public_id)))
        assert page.count('class="jf-small-chart"') == 7
        for words in ("Fremgang", "Første gang 4,0, senest 6,0", "6,0 (6,0)", "Ingen er valgt"):
            assert words in page

    def test_progress_is_counted_in_the_selected_categories(self, as_user, holder, course):
        finished_sheet(course, APRIL, 4)
        finished_sheet(course, MAY, 4, health_felt=6)
        client = as_user(holder)
        response = client.post(url("categories", course.public_id), {"codes": ["goal"], "version": "0"})
        assert response.status_code == 302
        assert CategorySelection.objects.get().selected_by == holder
        assert "Ingen fremgang" in content_of(client.get(url("over_time", course.public_id)))
        corrections.select_categories(course, ["health"])
        assert "Ingen fremgang" not in content_of(client.get(url("over_time", course.public_id)))

    def test_the_staffs_belief_is_not_offered_as_the_citizens_category(self, as_user, holder, course):
        page = content_of(as_user(holder).get(url("categories", course.public_id)))
        assert "Helbred" in page
        assert "Mentors tro" not in page

    def test_a_selection_made_meanwhile_is_shown_beside_this_one(self, as_user, holder, course):
        corrections.select_categories(course, ["health"])
        response = as_user(holder).post(
            url("categories", course.public_id), {"codes": ["goal"], "version": "0"}
        )
        assert response.status_code == 409
        assert "Helbred" in content_of(response)


class TestAccess:
    def test_every_page_of_a_citizen_is_recorded(self, as_user, holder, course, answered):
        client = as_user(holder)
        client.get(url("review", course.public_id))
        client.get(url("over_time", course.public_id))
        records = AccessRecord.objects.filter(action="course.progression", outcome="shown")
        assert records.count() == 2

    def test_the_agency_sees_no_answers(self, as_user, agency, course, answered):
        client = as_user(agency)
        for name in ("review", "over_time", "start"):
            assert client.get(url(name, course.public_id)).status_code == 404

    def test_a_colleague_who_opened_the_course_only_reads(self, as_user, colleague, course, answered):
        case_actions.open_colleagues_course(course, colleague, "Afløser")
        client = as_user(colleague)
        page = content_of(client.get(url("review", course.public_id)))
        assert "Svar sammen" not in page
        assert client.get(url("start", course.public_id)).status_code == 403


def test_the_page_of_the_course_says_when_it_was_answered(as_user, holder, course, answered) -> None:
    page = content_of(as_user(holder).get(reverse("cases:course_progression", args=[course.public_id])))
    assert "Besvaret 2 gange, senest 16. maj 2016." in page
    assert url("start", course.public_id) in page


@pytest.mark.parametrize(
    ("planned_on", "words"),
    [
        (datetime.date(2016, 5, 16), "Svarene skulle være givet senest mandag den 16. maj 2016."),
        (datetime.date(2016, 5, 20), "Svarene skal gives senest fredag den 20. maj 2016, før mødet."),
        (datetime.date(2016, 6, 17), None),
    ],
)
def test_the_course_page_says_when_answers_are_due(as_user, holder, course, planned_on, words):
    """Today is Wednesday the 18th of May."""
    held_on = datetime.date(2016, 5, 9)
    FollowUpMeetingFactory(
        course=course, planned_at=None, state="held", held_on=held_on, citizen_present=True
    )
    planned_at = datetime.datetime.combine(planned_on, datetime.time(10), datetime.UTC)
    FollowUpMeetingFactory(course=course, planned_at=planned_at)
    deadlines.recompute()
    page = content_of(
        as_user(holder).get(reverse(f"cases:{CoursePage.PROGRESSION.url_name}", args=[course.public_id]))
    )
    assert words in page if words else "senest" not in page
