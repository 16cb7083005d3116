"""Pauses of a course (D50): what they suspend and explain, and what they do not touch."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Project, TrialTerms
from cases import actions, extension_points
from cases.actions.pauses import suspendable_kinds, suspended_by_default
from cases.models import CoursePause
from cases.presentation.timeline import TimelineBar
from cases.views.common import course_url
from grants.reckoning.compute import compute
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY, DateSpan
from reminders import deadlines, recipients
from reminders.models import Deadline
from reminders.rules.due_dates import DueDate, shown_outside
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    MentorContactFactory,
    PlacementFactory,
    WorkAgreementFactory,
)
from tests.grants.factories import AwardFactory
from tests.loops import some
from tests.reminders.tellings import told_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

REASON = "Indlagt på Kanariehospitalet"


def april(day):
    return datetime.date(2016, 4, day)


def may(day):
    return datetime.date(2016, 5, day)


def pause_data(first, last, kind="treatment", reason="", suspended=None):
    return actions.PauseData(
        kind, first, last, reason, suspended_by_default() if suspended is None else suspended
    )


def kinds_told(on):
    return {telling.kind for telling in recipients.tellings(on)}


class TestWhatAPauseSuspends:
    """The course of `course_team` is drawn on Monday 4 April 2016."""

    def test_by_default_the_contacts_the_meetings_and_the_empty_weeks(self):
        assert suspended_by_default() == [
            "annex_missing",
            "empty_week_ahead",
            "meeting_not_booked",
            "meeting_overdue",
            "progression_missing",
            "weekly_contact_missing",
            "weekly_contact_overdue",
        ]

    def test_a_vacant_function_is_never_suspended(self, course):
        assert "function_unfilled" not in {kind.code for kind in suspendable_kinds()}
        with pytest.raises(ValidationError):
            actions.record_pause(course, pause_data(april(4), None, suspended=["function_unfilled"]))

    def test_nothing_that_is_suspended_is_shown_during_the_pause(self, course):
        deadlines.recompute()
        assert kinds_told(may(18)) >= {"weekly_contact_overdue", "meeting_overdue"}
        codes = sorted(kind.code for kind in suspendable_kinds())
        actions.record_pause(course, pause_data(may(16), may(20), suspended=codes))
        assert kinds_told(may(18)) == set()
        assert kinds_told(may(15)) >= {"weekly_contact_overdue", "meeting_overdue"}
        assert kinds_told(may(21)) >= {"weekly_contact_overdue", "meeting_overdue"}

    @pytest.mark.parametrize("kind", suspendable_kinds(), ids=lambda kind: kind.code)
    def test_every_kind_that_the_form_offers_is_suspended(self, kind, course, monkeypatch):
        """A kind that forgets the pauses would still be shown."""
        for number in range(8):
            channel = "message" if number == 7 else "phone"
            MentorContactFactory(
                course=course, held_on=DRAWN_ON + number * DAY, citizen_present=False, channel=channel
            )
        WorkAgreementFactory(
            placement__course=course,
            placement__starts_on=DRAWN_ON + 30 * DAY,
            placement__planned_end_on=DRAWN_ON + 60 * DAY,
        )
        course.internship_from, course.continued_from = DRAWN_ON + 30 * DAY, DRAWN_ON + 40 * DAY
        course.retention_until = DRAWN_ON + 120 * DAY
        course.save()
        subject = [str(course.public_id)]
        assert list(kind.find(subject))
        CoursePause.objects.create(
            course=course, kind="illness", starts_on=DRAWN_ON - 400 * DAY, suspended=[kind.code]
        )
        assert list(kind.find(subject)) == []

    def test_what_is_not_named_goes_on(self, course):
        actions.record_pause(course, pause_data(may(16), None, suspended=["meeting_overdue"]))
        assert "weekly_contact_overdue" in kinds_told(may(18))
        assert "meeting_overdue" not in kinds_told(may(18))

    def test_a_paused_week_is_not_missed_later(self, course, holder):
        """Contact in week 14; a pause over the Thursday to Sunday of week 15; back in week 16."""
        MentorContactFactory(course=course, held_on=april(6))
        actions.record_pause(course, pause_data(april(14), april(17)))
        assert told_on("weekly_contact_overdue", april(18)) == set()
        assert told_on("weekly_contact_missing", april(21)) == {(str(course.public_id), holder.pk, april(24))}
        assert told_on("weekly_contact_overdue", april(25)) == {(str(course.public_id), holder.pk, april(24))}

    def test_a_week_whose_sunday_is_not_paused_is_owed(self, course, holder):
        MentorContactFactory(course=course, held_on=april(6))
        actions.record_pause(course, pause_data(april(11), april(16)))
        assert told_on("weekly_contact_missing", april(17)) == {(str(course.public_id), holder.pk, april(17))}
        assert told_on("weekly_contact_overdue", april(18)) == {(str(course.public_id), holder.pk, april(17))}

    @pytest.mark.parametrize(("weekday", "first"), [(3, april(13)), (4, april(14)), (5, april(15))])
    def test_a_week_is_paused_from_the_weekday_of_the_terms(self, course, holder, weekday, first):
        """The days on which its contact is asked for; one day less of pause, and the week is owed."""
        TrialTerms.objects.create(valid_from=april(4), contact_weekday=weekday)
        MentorContactFactory(course=course, held_on=april(6))
        owed = {(str(course.public_id), holder.pk, april(17))}
        pause = actions.record_pause(course, pause_data(first, april(17)))
        assert told_on("weekly_contact_missing", first) == set()
        assert told_on("weekly_contact_overdue", april(18)) == set()
        actions.correct_pause(pause, pause_data(first + DAY, april(17)), version=1)
        assert told_on("weekly_contact_missing", first) == owed
        assert told_on("weekly_contact_overdue", april(18)) == owed

    def test_what_a_pause_suspends_follows_the_terms_of_the_day(self, course, holder):
        MentorContactFactory(course=course, held_on=april(6))
        actions.record_pause(course, pause_data(april(14), april(17)))
        TrialTerms.objects.create(valid_from=april(20), contact_weekday=3)
        assert told_on("weekly_contact_overdue", april(19)) == set()
        assert told_on("weekly_contact_overdue", april(20)) == {(str(course.public_id), holder.pk, april(17))}

    def test_an_open_pause_stops_the_weeks_until_it_is_ended(self, course):
        MentorContactFactory(course=course, held_on=april(6))
        pause = actions.record_pause(course, pause_data(april(11), None))
        assert kinds_told(may(18)) == set()
        actions.end_pause(pause, ends_on=april(24))
        assert told_on("weekly_contact_overdue", may(18)).pop()[2] == may(1)

    def test_the_stored_rows_follow(self, course):
        deadlines.recompute()
        pause = actions.record_pause(course, pause_data(may(16), may(20)))
        actions.correct_pause(pause, pause_data(may(2), None), version=1)
        assert list(deadlines.described_differences()) == []
        actions.delete_pause(pause)
        assert list(deadlines.described_differences()) == []


def test_a_series_is_shown_outside_the_spans():
    series = DueDate(april(10), april(7), None, every_days=7, shown_days=4)
    spans = [DateSpan(april(9), april(14)), DateSpan(april(20), None)]
    parts = list(shown_outside([series], spans))
    for day in range(1, 30):
        paused = any(april(day) in span for span in spans)
        due_days = {due for part in parts if (due := part.on(april(day))) is not None}
        assert due_days == (set() if paused or series.on(april(day)) is None else {series.on(april(day))})


class TestRecordingPauses:
    def test_two_pauses_do_not_overlap(self, course):
        actions.record_pause(course, pause_data(may(2), may(10)))
        with pytest.raises(ValidationError) as caught:
            actions.record_pause(course, pause_data(may(10), None))
        assert "starts_on" in caught.value.error_dict
        with pytest.raises(IntegrityError, match="cases_pause_one_at_a_time"), transaction.atomic():
            CoursePause.objects.create(course=course, kind="leave", starts_on=may(10))
        actions.record_pause(course, pause_data(may(11), None))

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            (pause_data(DRAWN_ON - DAY, None), "starts_on"),
            (pause_data(may(2), may(1)), "ends_on"),
            (pause_data(may(2), None, kind="other"), "reason"),
        ],
    )
    def test_what_is_refused_stands_beside_its_field(self, course, data, field):
        with pytest.raises(ValidationError) as caught:
            actions.record_pause(course, data)
        assert list(caught.value.error_dict) == [field]
        assert not CoursePause.objects.exists()

    def test_a_stale_correction_is_refused(self, course):
        pause = actions.record_pause(course, pause_data(may(2), may(10)))
        actions.correct_pause(pause, pause_data(may(2), may(12)), version=1)
        with pytest.raises(StaleError):
            actions.correct_pause(pause, pause_data(may(3), None), version=1)

    def test_an_end_entered_meanwhile_is_not_overwritten(self, as_user, holder, course):
        pause = actions.record_pause(course, pause_data(may(2), None))
        client = as_user(holder)
        url = reverse("cases:end_pause", args=[pause.public_id])
        assert 'name="version" value="1"' in client.get(url).content.decode()
        assert client.post(url, {"ends_on": "2016-05-10", "version": "1"}).status_code == 302
        assert client.post(url, {"ends_on": "2016-05-10", "version": "1"}).status_code == 302, (
            "the same again"
        )
        assert client.post(url, {"ends_on": "2016-05-20", "version": "1"}).status_code == 409
        assert CoursePause.objects.get().ends_on == may(10)

    def test_a_pause_changed_meanwhile_is_not_deleted(self, as_user, holder, course):
        pause = actions.record_pause(course, pause_data(may(2), None))
        client = as_user(holder)
        page = client.get(course_url(course, "pauses")).content.decode()
        assert page.count('name="version" value="1"') == 1
        actions.end_pause(pause, ends_on=may(10))
        url = reverse("cases:delete_pause", args=[pause.public_id])
        answer = client.post(url, {"version": "1"}, follow=True).content.decode()
        assert "En anden har ændret pausen i mellemtiden" in answer
        assert client.post(url).status_code == 302
        assert CoursePause.objects.get().ends_on == may(10)
        client.post(url, {"version": "2"})
        assert not CoursePause.objects.exists()
        actions.delete_pause(pause, version=2)  # the same again

    def test_the_same_form_twice_is_one_pause(self, as_user, holder, course):
        data = {
            "kind": "illness",
            "starts_on": "2016-05-16",
            "suspended": suspended_by_default(),
            "submission": uuid.uuid4(),
        }
        client = as_user(holder)
        for _ in range(2):
            response = client.post(reverse("cases:new_pause", args=[course.public_id]), data)
            assert response.url == f"/forloeb/{course.public_id}/stoette/#pauses"
        pause = CoursePause.objects.get()
        assert (pause.kind, pause.ends_on, pause.registered_by) == ("illness", None, holder)
        assert sorted(pause.suspended) == suspended_by_default()

    def test_the_form_lists_the_kinds_with_the_default_ticked(self, as_user, holder, course):
        page = as_user(holder).get(reverse("cases:new_pause", args=[course.public_id])).content.decode()
        for kind in some(suspendable_kinds()):
            box = page[page.rindex("<input", 0, page.index(f'value="{kind.code}"')) :].split(">")[0]
            assert ("checked" in box) == (kind.code in suspended_by_default()), kind.code

    def test_ended_corrected_and_deleted_on_its_pages(self, as_user, holder, course):
        pause = actions.record_pause(course, pause_data(may(2), None, suspended=[]))
        client = as_user(holder)
        client.post(
            reverse("cases:end_pause", args=[pause.public_id]), {"ends_on": "2016-05-17", "version": "1"}
        )
        pause.refresh_from_db()
        assert (pause.ends_on, pause.version) == (may(17), 2)
        corrected = {"kind": "leave", "starts_on": "2016-05-03", "ends_on": "2016-05-18", "version": "2"}
        client.post(reverse("cases:correct_pause", args=[pause.public_id]), corrected)
        pause.refresh_from_db()
        assert (pause.kind, pause.starts_on, pause.ends_on) == ("leave", may(3), may(18))
        client.post(reverse("cases:delete_pause", args=[pause.public_id]), {"version": "3"})
        assert not CoursePause.objects.exists()


class TestWhereItIsSeen:
    def test_heading_section_and_gaps_of_the_course_page(self, as_user, holder, course, monkeypatch):
        """Planned until Sunday 8 May; the pause explains the days from the 9th, except those after today."""
        bar = TimelineBar("activity", "Besøg", DateSpan(DRAWN_ON, may(8)))
        monkeypatch.setattr(extension_points, "bars_of", lambda course: [bar])
        client, address = as_user(holder), reverse("cases:course", args=[course.public_id])
        # 9-13, 17 and 18 May: the 16th is Whit Monday. The rest of that gap lies ahead.
        assert "Der er ikke planlagt noget fra 18. maj" in client.get(address).content.decode()
        actions.record_pause(course, pause_data(may(9), may(20), reason=REASON))
        page = client.get(address).content.decode()
        heading = page[page.index('class="jf-intro"') :].split("</p>")[0]
        assert "På pause til og med 20. maj 2016: behandling" in heading
        support = client.get(reverse("cases:course_support", args=[course.public_id])).content.decode()
        assert REASON in support
        assert "Pause: behandling" in page
        assert "Der er ikke planlagt noget fra 23. maj til 1. juni" in page
        # Tuesday 17 May beside the five days of the week before: gaps so far stop before today, the 18th.
        assert "(6 arbejdsdage i en pause tælles ikke med)" in page

    def test_the_mentors_week_says_until_when_and_not_why(self, as_user, holder, course):
        MentorContactFactory(course=course, held_on=may(4))
        actions.record_pause(course, pause_data(may(9), may(29), reason=REASON))
        page = as_user(holder).get("/min-uge/").content.decode()
        assert "På pause til og med 29. maj 2016" in page
        assert 'class="is-paused"' in page
        assert "behandling" not in page
        assert REASON not in page

    def test_the_reason_reaches_no_deadline_and_no_history_of_theirs(self, course):
        actions.record_pause(course, pause_data(may(9), may(20), reason=REASON))
        assert not any("Kanarie" in str(vars(row)) for row in some(Deadline.objects.all()))

    def test_the_pages_keep_to_their_queries(self, as_user, holder, course, django_assert_max_num_queries):
        for number in range(10):
            first = DRAWN_ON + number * 5 * DAY
            actions.record_pause(course, pause_data(first, first + 3 * DAY))
        client = as_user(holder)
        with django_assert_max_num_queries(12):
            client.get(reverse("cases:course", args=[course.public_id]))
        with django_assert_max_num_queries(20):
            client.get(reverse("cases:course_support", args=[course.public_id]))
        with django_assert_max_num_queries(8):
            client.get("/min-uge/")


def test_the_grant_is_the_same_with_and_without_a_pause():
    course = CourseFactory()
    AwardFactory(project=course.project)
    PlacementFactory(course=course, starts_on=DRAWN_ON + 10 * DAY)
    cut_off = datetime.date(2016, 12, 31)

    def statement():
        (project,) = compute(2016, cut_off, Project.objects.all()).projects
        return project

    before = statement()
    assert before.completions == 1
    actions.record_pause(course, pause_data(DRAWN_ON + 20 * DAY, DRAWN_ON + 60 * DAY))
    assert statement() == before
