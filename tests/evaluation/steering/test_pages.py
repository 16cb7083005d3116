"""The pages of the steering group: what the leader reads and does, and nobody else."""

import datetime
import re

import pytest
from django.urls import reverse

from cases.actions.minutes import MinuteDraft
from evaluation.steering.actions import members as member_actions
from evaluation.steering.actions import minutes
from evaluation.steering.models import (
    SteeringArea,
    SteeringDecision,
    SteeringMeeting,
    SteeringMember,
    SteeringMinute,
    SteeringState,
)
from jobfirst.values.dates import DAY
from reminders import deadlines
from tests.evaluation.steering_factories import SteeringDecisionFactory, SteeringMemberFactory
from tests.factories import ProjectFactory, UserFactory
from tests.pdf_text import pdf_text

pytestmark = pytest.mark.django_db
GROUP = "evaluation:steering"


@pytest.fixture
def as_leader(client, leader):
    client.force_login(leader)
    return client


def meeting_url(meeting):
    return reverse("evaluation:steering_meeting", args=[meeting.public_id])


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


class TestGroup:
    def test_a_missing_area_is_named(self, as_leader, members):
        page = text_of(as_leader.get(reverse(GROUP)))
        assert "Der mangler en leder fra sundhedsområdet" in page
        assert "Der mangler en leder fra socialområdet" not in page

    def test_what_is_due_is_said(self, as_leader, members):
        deadlines.recompute()
        assert "Den skal mødes senest den 30. juni 2016" in text_of(as_leader.get(reverse(GROUP)))

    def test_few_queries(self, as_leader, held, project, django_assert_max_num_queries):
        for number in range(5):
            SteeringMemberFactory(project=project)
            SteeringDecisionFactory(
                meeting__project=project, meeting__planned_at=held.planned_at + number * DAY
            )
        as_leader.get(reverse(GROUP))
        with django_assert_max_num_queries(12):
            as_leader.get(reverse(GROUP))

    def test_another_project_is_none(self, as_leader, planned):
        ProjectFactory(slug="aarhus")
        assert as_leader.get(reverse(GROUP), {"project": "aarhus"}).status_code == 404


class TestMembers:
    CONTENT = {
        "name": "Karen Prøvelund",
        "area": "health_management",
        "title": "Sundhedschef",
        "organisation": "Region",
        "email": "karen@region.invalid",
        "user": "",
        "joined_on": "2016-06-01",
        "left_on": "",
    }

    def test_a_member_is_added_once(self, as_leader, project):
        form = {**self.CONTENT, "submission": "3f2b5d1e-7c0a-4f61-9b59-0d8f6e0f3a11"}
        url = reverse("evaluation:new_member", args=[project.slug])
        for _ in range(2):
            assert as_leader.post(url, form).status_code == 302
        assert SteeringMember.objects.get().area == SteeringArea.HEALTH_MANAGEMENT

    def test_an_account_is_one_of_the_project(self, as_leader, project):
        stranger = UserFactory(project=ProjectFactory(), roles=["mentor"])
        url = reverse("evaluation:new_member", args=[project.slug])
        as_leader.post(url, {**self.CONTENT, "user": stranger.pk})
        assert not SteeringMember.objects.exists()

    def test_an_account_is_a_member_once(self, as_leader, leader, project):
        SteeringMemberFactory(project=project, user=leader)
        url = reverse("evaluation:new_member", args=[project.slug])
        page = as_leader.post(url, {**self.CONTENT, "user": leader.pk})
        assert "Kontoen er allerede medlem" in text_of(page)

    def test_no_cpr_number(self, as_leader, project):
        url = reverse("evaluation:new_member", args=[project.slug])
        as_leader.post(url, {**self.CONTENT, "title": "Om 010190-1234"})
        assert not SteeringMember.objects.exists()

    def test_a_stale_change_shows_both(self, as_leader, members):
        member = members[SteeringArea.SOCIAL_MANAGEMENT]
        url = reverse("evaluation:change_member", args=[member.public_id])
        form = {**self.CONTENT, "area": member.area, "version": member.version}
        assert as_leader.post(url, form).status_code == 302
        assert as_leader.post(url, {**form, "title": "Chef"}).status_code == 409

    def test_a_slip_is_withdrawn_without_a_reason(self, as_leader, project, leader):
        member = SteeringMemberFactory(project=project, registered_by=leader)
        as_leader.post(reverse("evaluation:withdraw_member", args=[member.public_id]))
        assert not SteeringMember.objects.exists()
        assert SteeringMember.everybody.get().withdrawn_by == leader

    def test_one_withdrawn_by_mistake_stands_again(self, as_leader, members, leader, today):
        member = members[SteeringArea.SOCIAL_MANAGEMENT]
        member_actions.withdraw_member(member, by=UserFactory(), reason="Ikke med")
        assert "Fejlregistrerede medlemmer" in text_of(as_leader.get(reverse(GROUP)))
        url = reverse("evaluation:restore_member", args=[member.public_id])
        assert as_leader.post(url, {"correction_reason": ""}).status_code == 200
        as_leader.post(url, {"correction_reason": "Er med"})
        assert member in member_actions.members_on(member.project, today)

    def test_an_account_that_is_a_member_anew_is_not_let_in_twice(self, as_leader, project, leader):
        member = SteeringMemberFactory(project=project, user=leader)
        member_actions.withdraw_member(member, by=leader, reason="Ikke med")
        SteeringMemberFactory(project=project, user=leader)
        url = reverse("evaluation:restore_member", args=[member.public_id])
        page = as_leader.post(url, {"correction_reason": "Er med"})
        assert "Kontoen er allerede medlem" in text_of(page)


class TestMeeting:
    def test_planning_invites(self, as_leader, project, members):
        url = reverse("evaluation:plan_steering_meeting", args=[project.slug])
        form = {"planned_at": "2016-06-20T13:00", "place": "Rådhuset"}
        assert as_leader.post(url, form).status_code == 302
        assert SteeringMeeting.objects.get().invitations.count() == len(members)

    def test_minutes_are_saved_while_one_types(self, as_leader, planned):
        form = {"minute-enrolment": "Optaget går fint", "version-enrolment": "0"}
        answer = as_leader.post(meeting_url(planned), form, headers={"HX-Request": "true"})
        assert answer["JobFirst-Saved"] == "enrolment"
        assert SteeringMinute.objects.get().text == "Optaget går fint"

    def test_minutes_hold_no_cpr_number(self, as_leader, planned):
        form = {"minute-enrolment": "Om 010190-1234", "version-enrolment": "0"}
        answer = as_leader.post(meeting_url(planned), form, headers={"HX-Request": "true"})
        assert "JobFirst-Saved" not in answer
        assert not SteeringMinute.objects.exists()

    def test_one_form_writes_decides_adds_and_holds(self, as_leader, planned, members, today):
        owner = members[SteeringArea.SOCIAL_MANAGEMENT]
        form = {
            "act": "hold",
            "minute-enrolment": "Optaget går fint",
            "version-enrolment": "0",
            "point-title": "Budget",
            "decision-text": "Aftal fast kontakt",
            "decision-owner": owner.pk,
            "decision-due_on": "2016-09-01",
            "hold-held_on": today.isoformat(),
            "hold-attendees": [member.pk for member in members.values()],
        }
        answer = as_leader.post(meeting_url(planned), form)
        assert answer.status_code == 302
        planned.refresh_from_db()
        assert planned.state == SteeringState.HELD
        assert planned.agenda[-1]["title"] == "Budget"
        assert SteeringDecision.objects.still_open().get().owner_name == owner.name

    def test_what_is_incomplete_is_not_held_and_not_lost(self, as_leader, planned):
        form = {"act": "hold", "minute-enrolment": "Vigtigt", "version-enrolment": "0"}
        page = as_leader.post(meeting_url(planned), form)
        planned.refresh_from_db()
        assert planned.state == SteeringState.PLANNED
        assert "Vigtigt" in text_of(page)

    def test_a_text_that_comes_too_late_is_shown(self, as_leader, held):
        form = {"act": "save", "minute-enrolment": "For sent", "version-enrolment": "0"}
        answer = as_leader.post(meeting_url(held), form)
        assert answer.status_code == 409
        assert "For sent" in text_of(answer)

    def test_two_texts_of_one_point_are_both_shown(self, as_leader, planned, leader):
        minutes.save_minutes(planned, {"enrolment": MinuteDraft("Først", 0)}, by=leader)
        form = {"act": "save", "minute-enrolment": "Anden", "version-enrolment": "0"}
        answer = as_leader.post(meeting_url(planned), form)
        assert answer.status_code == 409
        assert "Først" in text_of(answer)
        assert "Anden" in text_of(answer)

    def test_decisions_and_points_are_taken_out_of_the_draft(
        self, as_leader, planned, members, leader, today
    ):
        owner = members[SteeringArea.SOCIAL_MANAGEMENT]
        decision = minutes.add_decision(planned, text="Aftal", owner=owner, due_on=today, by=leader)
        point = minutes.add_point(planned, "Budget", by=leader)
        as_leader.post(meeting_url(planned), {"act": f"remove:{decision.public_id}"})
        as_leader.post(meeting_url(planned), {"act": f"remove_point:{point.public_id.hex}"})
        assert not planned.decisions.exists()
        assert not planned.added_points.exists()

    def test_closed_minutes_are_corrected_beside(self, as_leader, held):
        url = reverse("evaluation:correct_steering_minute", args=[held.public_id, "enrolment"])
        as_leader.post(url, {"text": "Det rigtige", "reason": "Glemt", "version": "0"})
        page = text_of(as_leader.get(meeting_url(held)))
        assert "Det rigtige" in page
        assert "Glemt" in page

    def test_the_day_is_corrected(self, as_leader, held, members, today):
        url = reverse("evaluation:correct_steering_meeting", args=[held.public_id])
        came = [member.pk for member in members.values()]
        day = today - DAY
        form = {"took_place": "on", "held_on": day.isoformat(), "attendees": came}
        as_leader.post(url, {**form, "reason": "Tastefejl", "version": "0"})
        held.refresh_from_db()
        assert held.corrected_on == day

    def test_few_queries(self, as_leader, planned, django_assert_max_num_queries):
        as_leader.get(meeting_url(planned))
        with django_assert_max_num_queries(12):
            as_leader.get(meeting_url(planned))

    def test_few_queries_of_a_closed_one(self, as_leader, held, django_assert_max_num_queries):
        as_leader.get(meeting_url(held))
        with django_assert_max_num_queries(12):
            as_leader.get(meeting_url(held))


class TestDecisions:
    @pytest.fixture
    def decision(self, planned, members, hold, leader, today):
        owner = members[SteeringArea.SOCIAL_MANAGEMENT]
        decision = minutes.add_decision(planned, text="Aftal", owner=owner, due_on=today, by=leader)
        hold(planned, members.values())
        return decision

    def test_it_is_carried_out_and_not_after_all(self, as_leader, decision):
        as_leader.post(reverse("evaluation:decision_done", args=[decision.public_id]))
        decision.refresh_from_db()
        assert decision.done_on == datetime.date(2016, 6, 8)
        as_leader.post(reverse("evaluation:reopen_decision", args=[decision.public_id]))
        decision.refresh_from_db()
        assert decision.done_on is None

    def test_one_written_in_error_comes_back_no_more(self, as_leader, decision):
        url = reverse("evaluation:withdraw_decision", args=[decision.public_id])
        as_leader.post(url, {"withdrawn_reason": "Skrevet to gange"})
        assert "Aftal" not in text_of(as_leader.get(reverse(GROUP)))

    def test_one_withdrawn_by_mistake_stands_again(self, as_leader, decision):
        withdraw = reverse("evaluation:withdraw_decision", args=[decision.public_id])
        as_leader.post(withdraw, {"withdrawn_reason": "Skrevet to gange"})
        restore = reverse("evaluation:restore_decision", args=[decision.public_id])
        assert restore in text_of(as_leader.get(meeting_url(decision.meeting)))
        as_leader.post(restore)
        assert "Aftal" in text_of(as_leader.get(reverse(GROUP)))


class TestPaper:
    def test_the_agenda_of_a_planned_meeting(self, as_leader, planned):
        answer = as_leader.get(reverse("evaluation:steering_paper", args=[planned.public_id]))
        words = pdf_text(answer.content)
        assert "Dagsorden for indsatsgruppen" in words
        assert "Der mangler en leder fra sundhedsområdet" in words
        assert "08.06.2016" in words

    def test_the_minutes_of_a_held_one(self, as_leader, held, leader):
        minutes.correct_minute(held, "enrolment", text="Det rigtige", reason="Glemt", by=leader)
        answer = as_leader.get(reverse("evaluation:steering_paper", args=[held.public_id]))
        words = pdf_text(answer.content)
        assert "Referat fra indsatsgruppen" in words
        assert "Det rigtige" in words


class TestMonthStatus:
    def test_the_last_month_that_is_over(self, as_leader, project, members):
        answer = as_leader.get(reverse("evaluation:month_status", args=[project.slug]))
        words = pdf_text(answer.content)
        assert "Projektstatus" in words
        assert "maj 2016" in words
        assert "31.05.2016" in words
        assert "Der mangler en leder fra sundhedsområdet" in words

    def test_few_queries(self, as_leader, project, members, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):  # two count the person's files of the hour
            as_leader.get(reverse("evaluation:month_status", args=[project.slug]))

    def test_a_month_that_runs_says_so(self, as_leader, project):
        url = reverse("evaluation:month_status", args=[project.slug])
        words = pdf_text(as_leader.get(url, {"month": "2016-06"}).content)
        assert "Måneden er ikke slut" in words
        assert "08.06.2016" in words

    @pytest.mark.parametrize("month", ["2016-07", "2016-02", "2016-13", "x"])
    def test_no_other_month(self, as_leader, project, month):
        url = reverse("evaluation:month_status", args=[project.slug])
        assert as_leader.get(url, {"month": month}).status_code == 404
