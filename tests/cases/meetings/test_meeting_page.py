"""The page of a meeting: agenda, drafts that survive, who came, decisions, the next meeting, and the PDF."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases import actions
from cases.actions.minutes import MinuteDraft
from cases.models import CourseFunction, FunctionHolding, MeetingDecision, MeetingMinute, MeetingState
from tests.factories import FollowUpMeetingFactory, MeetingDecisionFactory, UserFactory, mark_held
from tests.pdf_text import pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def url(name, row, *args):
    return reverse(f"cases:{name}", args=[row.public_id, *args])


def closing(**fields):
    return {
        "act": "hold",
        "held_on": "2016-05-18",
        "citizen_present": "on",
        "submission": str(uuid.uuid4()),
        **fields,
    }


def decision(**fields):
    content = {"text": "Ring til bageriet", "function": "mentor", "due_on": "2016-05-25"}
    return {
        "decision-submission": str(uuid.uuid4()),
        **{f"decision-{name}": value for name, value in {**content, **fields}.items()},
    }


def minute(text, topic="cv", version=0):
    return {f"minute-{topic}": text, f"version-{topic}": str(version)}


def topics_on(page):
    return re.findall(r'id="topic-(\w+)"', page)


def test_the_agenda_always_has_its_topics_and_progression_first(as_user, holder, meeting):
    page = as_user(holder).get(url("meeting", meeting)).content.decode()
    assert topics_on(page) == [
        "progression",
        "promises",
        "cv",
        "job_goal",
        "work_agreement",
        "plan",
        "follow_up",
        "other",
    ]
    assert "Intet nyt siden sidste møde." in page
    assert AccessRecord.objects.filter(action="course.meeting").count() == 1


def test_the_page_keeps_to_its_queries(as_user, holder, meeting, django_assert_max_num_queries):
    client = as_user(holder)
    client.get(url("meeting", meeting))
    with django_assert_max_num_queries(36):
        client.get(url("meeting", meeting))


def test_every_button_saves_the_typed_minutes(as_user, holder, meeting):
    client = as_user(holder)
    response = client.post(url("meeting", meeting), {"act": "decide", **minute("Nyt CV"), **decision()})
    assert response.status_code == 200
    assert MeetingMinute.objects.get().text == "Nyt CV"
    assert MeetingDecision.objects.get().text == "Ring til bageriet"
    page = client.get(url("meeting", meeting)).content.decode()
    assert "Nyt CV</textarea>" in page
    assert "Ring til bageriet" in page


def test_an_incomplete_decision_is_named_and_nothing_typed_is_lost(as_user, holder, meeting):
    data = {**closing(), **minute("Nyt CV"), **decision(due_on="")}
    page = as_user(holder).post(url("meeting", meeting), data).content.decode()
    assert "id_decision-due_on_error" in page
    assert 'value="Ring til bageriet"' in page
    assert MeetingMinute.objects.get().text == "Nyt CV"
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.BOOKED, "not held with a half decision"


def test_who_came_is_still_ticked_after_a_save(as_user, holder, meeting):
    page = as_user(holder).post(url("meeting", meeting), {**closing(), "act": "save"}).content.decode()
    box = page[page.index('name="citizen_present"') - 200 :][:400]
    assert "checked" in box
    assert "Kladden er gemt." in page


def test_a_meeting_is_not_held_without_the_citizen(as_user, holder, meeting):
    data = closing(**minute("Kort snak"))
    del data["citizen_present"]
    page = as_user(holder).post(url("meeting", meeting), data).content.decode()
    assert "id_citizen_present_error" in page
    assert "Kort snak" in page
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.BOOKED


def test_a_meeting_is_held_with_minutes_promises_and_the_next_one(as_user, holder, course, meeting):
    data = closing(
        **minute("Nyt CV"),
        **decision(),
        attendees=[holder.pk],
        planned_at="2016-06-15T09:30",
        place="Biblioteket",
    )
    response = as_user(holder).post(url("meeting", meeting), data, follow=True)
    page = response.content.decode()
    assert "Mødet er registreret som holdt." in page
    assert "Nyt CV" in page
    assert "<textarea" not in page
    following = course.meetings.get(state="booked")
    assert following.place == "Biblioteket"
    assert list(following.invited.all()) == [holder]


def test_the_closed_page_says_when_the_next_meeting_is_or_offers_to_book_it(as_user, holder, meeting):
    client = as_user(holder)
    client.post(url("meeting", meeting), closing())
    page = client.get(url("meeting", meeting)).content.decode()
    assert "Det næste møde er ikke booket." in page
    assert url("book_meeting", meeting.course) in page
    assert url("course_plan", meeting.course) in page
    planned_at = datetime.datetime(2016, 6, 15, 8, tzinfo=datetime.UTC)
    actions.book_meeting(meeting.course, planned_at=planned_at, by=holder)
    page = client.get(url("meeting", meeting)).content.decode()
    assert "onsdag den 15. juni 2016" in page
    assert url("book_meeting", meeting.course) not in page


def test_a_promise_comes_back_until_it_is_done(as_user, holder, course, meeting, wednesday, at):
    client = as_user(holder)
    client.post(url("meeting", meeting), closing(**decision(), planned_at="2016-06-15T09:30"))
    following = course.meetings.get(state="booked")
    promise = MeetingDecision.objects.get()
    page = client.get(url("meeting", following)).content.decode()
    assert f'value="done:{promise.public_id}"' in page
    page = client.post(
        url("meeting", following), {"act": f"done:{promise.public_id}", **minute("Går godt")}
    ).content.decode()
    assert "Aftalen er holdt." in page
    assert "Alle aftaler er holdt." in page
    assert MeetingMinute.objects.get(meeting=following).text == "Går godt"
    promise.refresh_from_db()
    assert (promise.done_on, promise.done_by) == (wednesday, holder)


def test_htmx_saves_one_topic_and_gets_the_next_version(as_user, holder, meeting):
    client = as_user(holder)
    response = client.post(url("meeting", meeting), minute("Nyt CV"), headers={"HX-Request": "true"})
    assert response["JobFirst-Saved"] == "cv"
    assert 'name="version-cv" value="1"' in response.content.decode()
    assert MeetingMinute.objects.get().text == "Nyt CV"


def test_the_line_ends_of_a_form_without_htmx_change_nothing(as_user, holder, leader, meeting):
    as_user(holder).post(url("meeting", meeting), minute("Et\nTo"), headers={"HX-Request": "true"})
    as_user(leader).post(url("meeting", meeting), {**minute("Et\r\nTo", version=1), "act": "save"})
    stored = MeetingMinute.objects.get()
    assert (stored.text, stored.version, stored.written_by) == ("Et\nTo", 1, holder)


def test_htmx_shows_both_texts_of_a_stale_save(as_user, holder, leader, meeting):
    actions.save_minutes(meeting, {"cv": MinuteDraft("Lederens tekst", 0)}, by=leader)
    response = as_user(holder).post(
        url("meeting", meeting), minute("Min tekst"), headers={"HX-Request": "true"}
    )
    page = response.content.decode()
    assert "Lederens tekst" in page
    assert "JobFirst-Saved" not in response
    assert MeetingMinute.objects.get().text == "Lederens tekst"


def test_a_stale_save_without_javascript_shows_both_texts_and_saves_at_the_next_press(
    as_user, holder, leader, meeting
):
    actions.save_minutes(meeting, {"cv": MinuteDraft("Lederens tekst", 0)}, by=leader)
    client = as_user(holder)
    response = client.post(url("meeting", meeting), {**closing(), **minute("Min tekst")})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Lederens tekst" in page
    assert "Min tekst</textarea>" in page
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.BOOKED
    client.post(url("meeting", meeting), {"act": "save", **minute("Lederens tekst. Min tekst", version=1)})
    assert MeetingMinute.objects.get().text == "Lederens tekst. Min tekst"


def test_a_text_typed_while_somebody_else_closes_the_meeting_is_shown_again(
    as_user, holder, meeting, wednesday
):
    actions.hold_meeting(meeting, held_on=wednesday, citizen_present=True)
    data = {"act": "save", **minute("For sent"), **decision(text="Købe sko")}
    response = as_user(holder).post(url("meeting", meeting), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "For sent" in page
    assert "Købe sko" in page
    assert "Teksten er ikke gemt" in page
    assert not MeetingMinute.objects.exists()


def test_a_text_with_a_forbidden_character_is_refused_beside_its_topic(as_user, holder, meeting):
    page = as_user(holder).post(url("meeting", meeting), {"act": "save", **minute("a\x00b")}).content.decode()
    assert "form-error-message" in page
    assert not MeetingMinute.objects.exists()


def test_closed_minutes_are_corrected_beside_the_text(as_user, holder, meeting):
    client = as_user(holder)
    client.post(url("meeting", meeting), closing(**minute("Nyt CV")))
    data = {"text": "Gammelt CV", "reason": "Tastefejl", "version": "0"}
    page = client.post(url("correct_minute", meeting, "cv"), data, follow=True).content.decode()
    assert "Nyt CV" in page
    assert "Gammelt CV" in page
    assert "Tastefejl" in page
    stale = client.post(url("correct_minute", meeting, "cv"), {**data, "text": "Tredje"})
    assert stale.status_code == 409
    assert client.get(url("correct_minute", meeting, "nowhere")).status_code == 404


def test_the_citizens_pdf_says_who_does_what_in_plain_words(as_user, holder, meeting):
    client = as_user(holder)
    assert client.get(url("meeting_pdf", meeting)).status_code == 404
    data = closing(
        **minute("Nyt CV"), **decision(), attendees=[holder.pk], planned_at="2016-06-15T09:30", place="Café"
    )
    client.post(url("meeting", meeting), data)
    client.post(
        url("correct_minute", meeting, "cv"), {"text": "Gammelt CV", "reason": "Tastefejl", "version": "0"}
    )
    text = pdf_text(client.get(url("meeting_pdf", meeting)).content)
    for words in (
        "Vores møde",
        "onsdag den 18. maj 2016 kl. 10.00",
        "Jobcentret",
        "Mette Mentor",
        "Gammelt CV",
    ):
        assert words in text
    for words in ("Ring til bageriet", "25.05.2016", "onsdag den 15. juni 2016", "kl. 09.30", "Café"):
        assert words in text
    assert "Nyt CV" not in text, "the corrected text counts"
    assert AccessRecord.objects.filter(action="course.meeting.pdf").exists()


def test_the_team_reads_the_meeting_but_only_its_owner_and_leader_write(
    as_user, course, meeting, colleague, project
):
    from cases.models import FunctionHolding

    FunctionHolding.objects.filter(course=course, function="mentor").update(user=colleague)
    client = as_user(colleague)
    page = client.get(url("meeting", meeting)).content.decode()
    assert "<textarea" not in page
    assert client.post(url("meeting", meeting), {"act": "save", **minute("X")}).status_code == 403


@pytest.mark.parametrize("who", ["stranger", "colleague", "agency"])
def test_a_foreign_meeting_is_not_found(as_user, request, meeting, who):
    client = as_user(request.getfixturevalue(who))
    for name in ("meeting", "meeting_pdf"):
        assert client.get(url(name, meeting)).status_code == 404
    assert client.post(url("meeting", meeting), {"act": "save", **minute("X")}).status_code == 404
    assert not MeetingMinute.objects.exists()


def test_a_promise_is_done_and_opened_again_on_the_course_page(as_user, holder, course, meeting):
    client = as_user(holder)
    client.post(url("meeting", meeting), closing(**decision()))
    promise = MeetingDecision.objects.get()
    page = client.get(f"/forloeb/{course.public_id}/moeder-og-kontakter/").content.decode()
    assert "Ring til bageriet" in page
    client.post(url("promise_done", promise))
    promise.refresh_from_db()
    assert promise.is_done
    client.post(url("reopen_promise", promise))
    promise.refresh_from_db()
    assert not promise.is_done


def test_the_course_page_lists_the_latest_meeting_first(as_user, holder, course, wednesday, at):
    for number in (7, 21, 14):
        actions.book_meeting(course, planned_at=at(wednesday + number * DAY))
    page = as_user(holder).get(f"/forloeb/{course.public_id}/moeder-og-kontakter/").content.decode()
    days = ["8. juni 2016", "1. juni 2016", "25. maj 2016"]
    assert sorted(days, key=page.index) == days


def test_the_people_to_tick_stand_with_their_functions(as_user, course, project, meeting):
    owner = UserFactory(name="Ole Owner", project=project, roles=["course_owner"])
    FunctionHolding.objects.filter(course=course, function=CourseFunction.COURSE_OWNER).update(user=owner)
    client = as_user(owner)

    for page in ("meeting", "move_meeting"):
        text = client.get(url(page, meeting)).content.decode()
        assert "Ole Owner (forløbsansvarlig)" in text
        assert "Mette Mentor (jobkonsulent, koordinerende sagsbehandler, mentor)" in text


def test_a_decision_before_the_meeting_names_the_meetings_day(as_user, holder, meeting):
    data = {"act": "decide", **decision(due_on="2016-05-01")}
    page = as_user(holder).post(url("meeting", meeting), data).content.decode()

    assert "Dagen ligger før mødet den 18. maj 2016." in page


def test_an_overdue_promise_is_badged_like_every_other_deadline(as_user, holder, course, meeting, wednesday):
    held = FollowUpMeetingFactory(course=course)
    MeetingDecisionFactory(
        course=course, meeting=held, function="mentor", due_on=wednesday - 3 * DAY, promised=False
    )
    mark_held(held)

    page = as_user(holder).get(url("meeting", meeting)).content.decode()
    assert "Frist overskredet" in page
    assert "Fristen er overskredet" not in page
