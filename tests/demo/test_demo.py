"""The synthetic trial: in all phases, nothing in the future, no real person."""

import datetime
import hashlib
import random
from collections import Counter
from itertools import islice

import pytest
from django.db.models import Count
from django.utils import timezone

from accounts.models import Absence, Project, User
from cases.elements import stored as stored_elements
from cases.models import (
    Citizen,
    Course,
    CourseElement,
    CoursePause,
    Cv,
    CvEntry,
    CvPart,
    CvReview,
    FollowUpMeeting,
    HandoverNote,
    MeetingDecision,
    MentorContact,
    ProfileText,
    Referral,
)
from cases.rules.phases import Phase, Transitions, phase_on
from companies.models import (
    AnnexReply,
    AttendanceWeek,
    ClosingAssessment,
    Company,
    CompanyContact,
    CompanyMerge,
    Dialogue,
    DialogueEntry,
    HoursChange,
    Match,
    Placement,
    PlacementReport,
    Succession,
    WorkAgreement,
    WorkplaceMerge,
)
from companies.presentation.agreements import document
from demo.companies.jobs import job_at
from demo.invented import CPR_WEIGHTS, impossible_cprs
from demo.names import BEGINNINGS
from demo.trial import DemoRefused, seed_demo
from evaluation.models import PaidHours
from grants.expenses import actions, files
from grants.models import Application, Award, Document, EarnedEvent, Statement, StatementState, Voucher
from grants.reckoning.compute import compute
from grants.storage.stored_events import differences
from jobfirst.pdf.documents import render_pdf
from plans.models import ActivityLine, CitizenWord, PlanEffort, PlanForJob, WordAnswer
from plans.presentation.signatures import signatures_of
from progression.models import Answer, AnswerSheet
from progression.presentation.series import of_citizen, series_of
from progression.rules.progress import has_progressed
from randomization.models import Allocation
from reminders import deadlines
from reminders.models import Deadline
from tests.documents import as_printed
from tests.loops import some
from tests.pdf_text import pdf_text

ON = datetime.date(2026, 11, 20)
CUT_OFF = datetime.date(2026, 9, 30)


def test_every_phase_project_and_answer_is_there(demo):
    rows = Course.objects.values_list("started_on", "internship_from", "continued_from", "ended_on")
    assert {phase_on(Transitions(*row), ON) for row in rows} == set(Phase) - {Phase.NOT_STARTED}
    assert Project.objects.filter(courses__isnull=False).distinct().count() == 13
    assert Citizen.objects.count() == Referral.objects.count() == 300
    assert Referral.objects.filter(state="refused").exists()
    assert Referral.objects.filter(state="accepted", claim=None).exists()  # some still wait for the draw
    arms = set(Allocation.objects.values_list("arm", flat=True))
    assert arms == {"participant", "control"}


def test_nothing_has_happened_that_lies_ahead(demo):
    assert not MentorContact.objects.filter(held_on__gt=ON).exists()
    assert not FollowUpMeeting.objects.filter(held_on__gt=ON).exists()
    assert not Placement.objects.filter(ended_on__gt=ON).exists()
    assert not Allocation.objects.filter(allocated_on__gt=ON).exists()


def test_both_arms_have_paid_hours_until_the_last_whole_month_and_agreed_hours_grow(demo):
    paid = PaidHours.objects.filter(hours__gt=0)
    for arm in ("participant", "control"):
        assert paid.filter(citizen__allocation__arm=arm).exists()
    assert PaidHours.objects.latest("month").month == datetime.date(2026, 10, 1)
    change = HoursChange.objects.select_related("placement").first()
    assert change.ordinary_hours > change.placement.ordinary_hours


def test_dialogues_stand_on_every_step_and_each_match_ended_its_own(demo):
    assert set(Dialogue.objects.values_list("step", flat=True)) == {
        "contacted",
        "visit",
        "offer",
        "match",
        "ended",
    }
    assert Dialogue.objects.filter(match__isnull=False).count() == Match.objects.count()
    assert not DialogueEntry.objects.filter(happened_on__gt=ON).exists()
    assert Dialogue.objects.going_on().filter(next_on__lt=ON).exists()


def test_somebody_cannot_be_reached_one_pauses_and_an_address_bounces(demo):
    attempts = MentorContact.objects.failed_in_row(ON)
    assert len(set(attempts.values_list("course_id", flat=True))) >= 5
    assert Deadline.objects.shown_on(ON).filter(kind="contact_lost").exists()
    assert CoursePause.objects.filter(starts_on__lte=ON, ends_on__gt=ON).count() >= 5
    assert User.objects.filter(mail_returned_at__isnull=False).count() == 13


def test_most_meetings_have_answers_that_rise_slowly_and_some_are_missing(demo):
    sheets = AnswerSheet.objects.of_review()
    meetings = FollowUpMeeting.objects.filter(state="held").count()
    assert 0.7 * meetings < sheets.count() < meetings
    assert not sheets.filter(answered_on__gt=ON).exists()
    assert Answer.objects.filter(value=None).exists()
    all_series = [of_citizen(series) for series in series_of(Course.objects.values("pk")).values()]
    verdicts = [has_progressed(series, (), at_least=1) for series in all_series]
    assert 0.6 < verdicts.count(True) / len([verdict for verdict in verdicts if verdict is not None]) < 1


def test_profiles_and_cvs_are_varied_and_some_new_courses_still_lack_theirs(demo):
    courses = Course.objects.count()
    written = ProfileText.objects.values("course").distinct().count()
    assert courses * 0.6 < written < courses
    assert Cv.objects.count() == written
    assert set(CvEntry.objects.values_list("part", flat=True)) == set(CvPart.values)
    assert CvEntry.objects.filter(part="experience").values("title").distinct().count() >= 8
    assert not CvReview.objects.filter(seen_on__gt=ON).exists()
    assert not Cv.objects.filter(changed_on__gt=ON).exists()


def test_what_is_owed_is_stored(demo):
    assert list(deadlines.described_differences()) == []


def test_each_core_element_is_met_and_missed_and_some_courses_meet_all_nine(demo):
    assert list(stored_elements.described_differences()) == []
    states = CourseElement.objects.on(ON)
    elements_and_states = set(states.values_list("element", "state").distinct())
    assert elements_and_states >= {(number, state) for number in range(1, 10) for state in ("met", "missed")}
    complete = states.filter(state="met").values("course").annotate(met=Count("pk")).filter(met=9)
    assert 0 < complete.count() < Course.objects.count() / 2


def test_nobody_can_be_real(demo):
    surnames = rf"^\S+ ({'|'.join(BEGINNINGS)})[a-zæøå]+$"
    people_models = (Referral, User, CompanyContact)
    for people in people_models:
        assert not people.objects.exclude(name__regex=surnames).exists()
    names = [
        name
        for people in (Referral, User, CompanyContact)
        for name in people.objects.values_list("name", flat=True)
    ]
    assert len(set(names)) == len(names)
    assert not User.objects.exclude(email__endswith="@demo.invalid").exists()
    assert not Company.objects.exclude(name__startswith="Øvelses").exists()
    assert not Company.objects.exclude(cvr__startswith="9").exists()


def test_the_cpr_numbers_were_never_given_to_anybody():
    numbers = list(islice(impossible_cprs(random.Random(1), ON), 3000))
    assert len({digits for digits, _ in numbers}) == 3000
    for digits, born in some(numbers):
        assert sum(int(d) * w for d, w in zip(digits, CPR_WEIGHTS, strict=True)) % 11
        assert (born.day, born.month) != (1, 1)
        assert 1950 <= born.year <= ON.year - 31


def test_it_wants_an_empty_system(demo):
    with pytest.raises(DemoRefused, match="citizens already"):
        seed_demo(10, 1, ON)


def test_agreements_are_signed_or_not_yet_and_agreements_and_plans_print_complete(demo):
    for model in (WorkAgreement, PlanForJob):
        documents = list(model.objects.all())
        assert documents
        for field in some(model.content_fields()):
            if not field.blank:
                assert all(getattr(file_count, field.name) not in ("", None) for file_count in documents), (
                    field.name
                )
    assert set(WorkAgreement.objects.values_list("state", flat=True)) >= {"signed", "awaiting", "declined"}
    assert not WorkAgreement.objects.filter(schedule=None).exists()
    agreement = WorkAgreement.objects.filter(mentor_name__gt="").first()
    text = pdf_text(render_pdf("companies/agreement_pdf.html", document(agreement)))
    for name, value in some(agreement.printed().items()):
        assert as_printed(value) in text, name


def test_most_weeks_have_attendance_and_some_absence(demo):
    weeks = AttendanceWeek.objects.all()
    assert not weeks.filter(monday__gt=ON - datetime.timedelta(days=5)).exists()
    for name in AttendanceWeek.DAYS:
        assert weeks.filter(**{f"{name}__gt": 0}).exists(), name


def test_companies_and_citizens_answer_the_annex_and_companies_report_and_assess(demo):
    months = Counter(AnnexReply.objects.values_list("placement", "party"))
    assert max(months.values()) >= 3
    assert {party for _placement, party in months} == {"company", "citizen"}
    waiting = PlacementReport.objects.filter(state="waiting")
    assert set(waiting.values_list("kind", flat=True)) == {"absence", "early_stop"}
    assert {"completed", "partly", "hired"} <= set(
        ClosingAssessment.objects.values_list("outcome", flat=True)
    )
    assert not AnnexReply.objects.filter(answered_on__gt=ON).exists()


def test_a_company_is_taken_over_and_one_was_registered_twice(demo):
    assert Succession.objects.standing().count() == 1
    merge = CompanyMerge.objects.standing().get()
    assert any("besøg" in note.text for note in merge.remaining.notes.all())


def test_a_merge_was_undone_and_a_workplace_was_registered_twice(demo):
    undone = CompanyMerge.objects.filter(undone_at__isnull=False).get()
    assert undone.duplicate.name == undone.remaining.name
    merge = WorkplaceMerge.objects.standing().get()
    assert merge.duplicate.is_closed
    assert not Placement.objects.filter(workplace=merge.duplicate).exists()
    assert Placement.objects.filter(workplace=merge.remaining).exists()


def test_activities_are_ticked_and_plans_signed_in_part_with_the_citizens_words(demo):
    lines = ActivityLine.objects.all()
    assert not lines.filter(done__isnull=False, starts_on__gt=ON).exists()
    assert lines.filter(done=False).exclude(outcome="").exists()
    assert lines.filter(starts_at__isnull=False).exists()
    assert lines.filter(day_is_open=True).exists()
    assert set(PlanForJob.objects.values_list("effort", flat=True)) == set(PlanEffort.values)
    signed = [signatures_of(plan) for plan in PlanForJob.objects.all()]
    assert {sum(signature.is_signed for signature in parties) for parties in signed} >= {0, 3}
    assert all(signature.is_intact for parties in some(signed) for signature in parties)
    words = set(CitizenWord.objects.values_list("subject", "answer"))
    assert len(words) >= 5
    assert not CitizenWord.objects.filter(said_on__gt=ON).exists()


def test_every_project_has_a_default_team_a_stand_in_and_courses_handed_over(demo):
    for project in some(Project.objects.all()):
        assert project.default_team.count() == 4 * project.municipalities.count()
        assert Absence.objects.covering(ON).filter(project=project).count() == 1
    notes = HandoverNote.objects.filter(holding__course__ended_on=None)
    assert notes.values("holding__course__project").distinct().count() > 6
    assert all(note.next_step for note in some(notes))
    absence = Absence.objects.covering(ON).filter(project__courses__isnull=False).first()
    stand_in = User.objects.get(pk=absence.stand_in_id)
    assert stand_in.stood_in_for(ON)


# The money: entered as people would enter it, in every state, with a correction to look at.


def test_every_project_has_its_application_and_award(demo):
    for project in some(Project.objects.all()):
        award = Award.objects.get(project=project)
        assert award.target_count == project.target_count
        assert award.fixed_grants.count() == project.municipalities.count()
        assert award.budget.count() == 9
        application = Application.objects.get(project=project)
        assert not application.is_late
        assert not application.is_too_long
        assert not application.missing


def test_statements_stand_in_every_state_and_are_named_by_different_people(demo):
    states = {state: statement for statement in Statement.objects.all() for state in [statement.state]}
    assert set(states) == {
        StatementState.PAID,
        StatementState.SUBMITTED,
        StatementState.CHECKED,
        StatementState.RETURNED,
        StatementState.APPROVED,
    }
    for state in (StatementState.PAID, StatementState.APPROVED):
        statement = states[state]
        assert statement.cut_off == CUT_OFF
        people = {statement.submitted_by_id, statement.checked_by_id, statement.approved_by_id}
        assert len(people) == 3
        document = Document.objects.get(statement=statement)
        assert hashlib.sha256(bytes(document.content)).hexdigest() == statement.pdf_sha256
    assert states[StatementState.PAID].paid > 0


def test_the_paid_project_shows_an_adjustment_that_balances(demo):
    statement = Statement.objects.get(state=StatementState.PAID)
    (draft_project,) = compute(ON.year, ON, [statement.project]).projects
    (adjustment,) = draft_project.adjustments
    assert (adjustment.on, adjustment.now, adjustment.amount) == (None, 0, -8000)
    assert (
        draft_project.earned_before + draft_project.new + draft_project.adjusted
        == draft_project.earned_to_date
    )
    assert draft_project.paid_before == statement.paid


def test_the_stored_events_are_those_that_the_histories_give(demo):
    assert EarnedEvent.objects.exists()
    assert differences() == []


def test_vouchers_are_documented_and_never_ahead(demo):
    assert not Voucher.objects.filter(on__gt=ON).exists()
    for sha256 in some(Voucher.objects.values_list("file_sha256", flat=True).distinct()):
        assert files.read(sha256)
    for project in some(Project.objects.all()):
        differences = actions.project_expenses(project, ON)
        assert 0 < differences.spent < differences.budget
        assert differences.statutory > 0
        assert differences.share > 50


def test_job_goal_match_company_agreement_and_plan_are_about_the_same_job(demo):
    for match in some(Match.objects.select_related("company", "course")):
        goal = match.course.job_goals.filter(set_on__lte=match.matched_on).order_by("-number").first()
        assert goal.functions == match.job_function == job_at(match.company)
        assert match.course.job_goals.order_by("-number").first() == goal
    for agreement in some(WorkAgreement.objects.select_related("placement__match")):
        assert agreement.placement.match.job_function in agreement.tasks
    plans = PlanForJob.objects.all()
    assert plans.exists()
    for plan in some(plans):
        assert plan.course.job_goals.order_by("-number").first().functions in plan.job_goal


def test_the_plan_for_job_and_what_follows_agree(demo):
    kinds = {
        PlanEffort.EXTENDED_INTERNSHIP: {"internship"},
        PlanEffort.NEW_WORKPLACE: set(),
        PlanEffort.WAGE_SUBSIDY: {"wage_subsidy"},
        PlanEffort.ORDINARY_EMPLOYMENT: {"flex_job", "ordinary_employment"},
    }
    for plan in some(PlanForJob.objects.all()):
        following = plan.course.placements.filter(starts_on__gte=plan.starts_on)
        assert set(following.values_list("kind", flat=True)) <= kinds[PlanEffort(plan.effort)]
        is_flex_job = following.filter(kind="flex_job").exists()
        assert plan.employment_is_flex_job == is_flex_job or not following.exists()
        signed = {signature.party for signature in signatures_of(plan) if signature.is_signed}
        words = plan.words.exclude(answer=WordAnswer.AGREES)
        assert "citizen" not in signed or not words.exists()


def test_meetings_and_promises_fall_on_weekdays(demo):
    days = [*FollowUpMeeting.objects.exclude(held_on=None).values_list("held_on", flat=True)]
    days += MeetingDecision.objects.values_list("due_on", flat=True)
    days += [timezone.localdate(at) for at in FollowUpMeeting.objects.values_list("planned_at", flat=True)]
    assert days
    assert all(day.weekday() < 5 for day in days)
