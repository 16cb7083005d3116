"""What can be done to a course and its people, for playing in any order (test_sequences.py)."""

import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import extension_points as account_extension_points
from accounts.absences import actions as absences
from accounts.absences.actions import AbsenceFacts
from accounts.models import Membership, User
from accounts.people import actions as account_actions
from accounts.roles import Role
from cases import actions
from cases.actions import contact_import
from cases.actions.courses import open_course
from cases.actions.deadlines import update_deadlines
from cases.actions.default_team import DefaultTeams, TeamPlace, set_default_team
from cases.actions.functions import Assignment, assign_all
from cases.actions.pauses import suspended_by_default
from cases.models import CourseFunction, CoursePause, CvPart, FollowUpMeeting, MentorContact, PauseKind
from companies.actions import agreements, matches, placements, renewals
from companies.models import Placement, PlacementKind, WorkAgreement
from companies.rules.placement_kinds import has_field
from jobfirst.values.dates import DAY, DateSpan
from plans import actions as plan_actions
from plans.models import ActivityLine
from progression.actions import answer_import, sheets
from progression.actions.answer_import import ImportedAnswer
from progression.models import Question, Rater
from tests.factories import (
    CompanyContactFactory,
    CompanyFactory,
    CourseFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)
from tests.scenarios.course_plans import ACTIVITY, PLAN
from tests.scenarios.progression_answers import answer_all
from tests.scenarios.signing import sign_all
from tests.scenarios.work_agreements import CONTENT

START = datetime.date(2016, 4, 4)
LATER = datetime.date(2017, 12, 31)
# As the number of `start_placement`: it chooses the kind and the length.
INTERNSHIP_OF_87_DAYS = 86
PLACEMENT_TERMS = {"internship_hours": Decimal(10), "ordinary_hours": Decimal(0)}


class World:
    """A course, two companies and three members of staff, on whom the actions are played."""

    def __init__(self) -> None:
        project = ProjectFactory()
        roles = [*CourseFunction.values, Role.PROJECT_LEADER]
        self.staff = [UserFactory(project=project, roles=roles) for _number in range(3)]
        self.course = CourseFactory(project_for=project, holders=self.staff[0], started_on=START)
        self.companies = [CompanyFactory() for _number in range(2)]

    def one_of(self, rows, number):
        """Return one of the rows by number; ValidationError (as an action's refusal) when there is none."""
        rows = list(rows.order_by("pk"))
        if not rows:
            raise ValidationError("none")
        return rows[number % len(rows)]


def register_contact(world, day, number):
    actions.register_contact(world.course, held_on=day, citizen_present=number % 3 > 0, by=world.staff[0])


def correct_contact(world, day, number):
    contact = world.one_of(MentorContact.objects, number)
    actions.correct_contact(contact, held_on=day, citizen_present=number % 2 > 0, channel="phone", note="")


def register_attempt(world, day, number):
    channel = ("phone", "message", "unknown")[number % 3]
    actions.register_contact(
        world.course, held_on=day, citizen_present=False, channel=channel, outcome="declined"
    )


def withdraw_contact(world, day, number):
    contact = world.one_of(MentorContact.objects, number)
    actions.withdraw_contact(contact, by=world.staff[0], reason="x")


def import_contacts(world, day, number):
    contact = contact_import.ImportedContact(world.course, day, number % 2 > 0, True)
    contact_import.check_contact(contact)
    contact_import.record_contacts([contact])


def at_ten(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


def pause_data(day, number):
    return actions.PauseData(
        kind=PauseKind.values[number % 3],
        starts_on=day,
        ends_on=None if number % 4 == 0 else day + number * DAY,
        reason="",
        suspended=suspended_by_default()[number % 3 :],
    )


def record_pause(world, day, number):
    actions.record_pause(world.course, pause_data(day, number), by=world.staff[0])


def correct_pause(world, day, number):
    actions.correct_pause(world.one_of(CoursePause.objects, number), pause_data(day, number))


def end_pause(world, day, number):
    actions.end_pause(world.one_of(CoursePause.objects, number), ends_on=day)


def delete_pause(world, day, number):
    actions.delete_pause(world.one_of(CoursePause.objects, number))


def book_meeting(world, day, number):
    actions.book_meeting(world.course, planned_at=at_ten(day))


def move_meeting(world, day, number):
    actions.move_meeting(world.one_of(FollowUpMeeting.objects, number), planned_at=at_ten(day))


def hold_meeting(world, day, number):
    meeting = world.one_of(FollowUpMeeting.objects, number)
    actions.hold_meeting(meeting, held_on=day, citizen_present=True)


def correct_meeting(world, day, number):
    actions.correct_meeting(
        world.one_of(FollowUpMeeting.objects.filter(state="held"), number),
        held_on=day,
        citizen_present=number % 3 > 0,
        attendees=[],
        reason="x",
        by=world.staff[0],
    )


def cancel_meeting(world, day, number):
    actions.cancel_meeting(world.one_of(FollowUpMeeting.objects, number))


def miss_meeting(world, day, number):
    actions.mark_missed(world.one_of(FollowUpMeeting.objects, number))


def answer_progression(world, day, number):
    """Begin and answer a sheet; finish it on the day, or later."""
    sheet = sheets.start_sheet(world.course, today=day)
    answer_all(sheet, number % 11, {})
    if number % 3:
        reasons = dict.fromkeys(("belief", "health", "everyday", "together", "goal", "support"), "x")
        sheets.finish_sheet(sheet, today=day, reasons={**reasons, "staff_belief": "x"})


def import_progression(world, day, number):
    question = Question.objects.get(code="health_felt")
    answer_import.lock_courses([world.course])
    answer_import.record_answers(
        [ImportedAnswer(world.course, day, question, Rater.values[number % 3], number % 11)]
    )


def assign_function(world, day, number):
    function = CourseFunction.values[number % 4]
    actions.assign_function(world.course, function=function, user=world.staff[number % 3], from_on=day)


def import_functions(world, day, number):
    assign_all([Assignment(world.course, CourseFunction.values[number % 4], world.staff[number % 3], day)])


def take_role(world, day, number):
    membership = world.one_of(Membership.objects.exclude(role=Role.PROJECT_LEADER), number)
    account_actions.take_role(membership, day)


def close_account(world, day, number):
    account_actions.deactivate_user(world.staff[number % 3], day)


def close_account_with_successor(world, day, number):
    user, successor = world.staff[number % 3], world.staff[(number + 1) % 3]
    duties = account_extension_points.count_duties(user, day)
    successors = {(duty.project_id, duty.role): successor for duty in duties}
    account_actions.deactivate_user(user, day, successors=successors)


def reopen_and_give_back(world, day, number):
    user = world.one_of(User.objects.filter(is_active=False), number)
    account_actions.reactivate_user(user)
    account_extension_points.give_duties_back(user, day)


def enter_absence(world, day, number):
    span = DateSpan(day, day + (number % 20) * DAY)
    user, stand_in = world.staff[number % 3], world.staff[(number + 1) % 3]
    absences.enter_absence(AbsenceFacts(user, world.course.project, stand_in, span), by=user, today=day)


def hand_over(world, day, number):
    user, successor = world.staff[number % 3], world.staff[(number + 1) % 3]
    holdings = world.course.holdings.in_force(day).filter(user=user)
    lines = [
        actions.HandoverLine(
            holding.function, world.course, holding.function, successor, actions.NoteText("x")
        )
        for holding in holdings[:2]
    ]
    if not lines:
        raise ValidationError("none")
    actions.hand_over(user, lines, from_on=day, by=user)


def draw_with_default_team(world, day, number):
    """As the draw does it (`randomization.draw.actions`): a course that opens with the default team."""
    project = world.course.project
    municipality = world.course.municipality_id
    functions = CourseFunction.values[number % 4 :]
    team = {TeamPlace(municipality, function): world.staff[number % 3] for function in functions}
    set_default_team(project, team, seen={})
    referral = ReferralFactory(project=project)
    course = open_course(referral, day, team=DefaultTeams(project).on(day, municipality))
    update_deadlines([course])


def change_job_goals(world, day, number):
    actions.add_job_goal_version(world.course, functions=f"Opgave {number}", reason="x", set_on=day)


def update_cv(world, day, number):
    entry = world.course.cv_entries.first()
    if entry is None or number % 4:
        actions.add_cv_entry(world.course, CvPart.EXPERIENCE, actions.CvEntryData("Lager"), today=day)
    else:
        actions.remove_cv_entry(entry, today=day)


def record_match(world, day, number):
    matches.record_match(world.course, world.companies[number % 2], matched_on=day)


def start_placement(world, day, number):
    company = world.companies[number % 2]
    kind = PlacementKind.values[number % len(PlacementKind.values)]
    if kind == PlacementKind.INTERNSHIP:
        matches.record_match(world.course, company, matched_on=day)
    last = day + (number % 91) * DAY
    terms = {name: hours for name, hours in PLACEMENT_TERMS.items() if has_field(kind, name)}
    placements.start_placement(world.course, company, kind=kind, starts_on=day, planned_end_on=last, **terms)


def renew_placement(world, day, number):
    placement = world.one_of(Placement.objects, number)
    if placement.last_day is None:
        raise ValidationError("no end")
    first = placement.last_day + DAY
    renewals.renew_placement(
        placement, starts_on=first, planned_end_on=first + (number % 91) * DAY, today=day, **PLACEMENT_TERMS
    )


def change_hours(world, day, number):
    placements.change_hours(
        world.one_of(Placement.objects, number),
        from_on=day,
        internship_hours=Decimal(10),
        ordinary_hours=Decimal(number % 3),
    )


def end_placement(world, day, number):
    placements.end_placement(world.one_of(Placement.objects, number), ended_on=day, today=LATER)


def withdraw_placement(world, day, number):
    placements.withdraw_placement(world.one_of(Placement.objects, number), today=day)


def withdraw_as_error(world, day, number):
    placement = world.one_of(Placement.objects, number)
    placements.withdraw_as_error(placement, reason="Tastefejl", by=world.staff[0])


def withdraw_as_no_show(world, day, number):
    placement = world.one_of(Placement.objects, number)
    placements.withdraw_as_no_show(placement, reason="Kom ikke", by=world.staff[0], today=day)


def save_agreement(world, day, number):
    placement = world.one_of(Placement.objects, number)
    contact = CompanyContactFactory(company=placement.company)
    agreements.save_agreement(placement, content=CONTENT, contact=contact, schedule=[], made_on=day)


def sign_agreement(world, day, number):
    agreement = world.one_of(WorkAgreement.objects.filter(state="awaiting"), number)
    sign_all(agreement, world.staff[0], at=datetime.datetime.combine(day, datetime.time(9), datetime.UTC))


def add_activity(world, day, number):
    last = day + (number % 10) * DAY
    plan_actions.add_activity(world.course, {**ACTIVITY, "starts_on": day, "ends_on": last})


def change_activity(world, day, number):
    line = world.one_of(ActivityLine.objects, number)
    plan_actions.change_activity(line, {**ACTIVITY, "starts_on": day, "ends_on": day})


def mark_activity(world, day, number):
    state = ("planned", "done", "cancelled", "not_done")[number % 4]
    plan_actions.mark_activity(world.one_of(ActivityLine.objects, number), state=state, today=LATER)


def move_activity(world, day, number):
    plan_actions.move_activity(world.one_of(ActivityLine.objects, number), starts_on=day)


def repeat_activity(world, day, number):
    plan_actions.repeat_activity(world.one_of(ActivityLine.objects, number), until=day)


def copy_activities(world, day, number):
    plan_actions.copy_activities(world.course, ActivityLine.objects.all(), by_days=(number % 40) * DAY)


def save_plan(world, day, number):
    fields = {**PLAN, "starts_on": day, "mentor_until": day + number * DAY}
    plan_actions.save_plan(world.course, fields, made_on=day)


def end_course(world, day, number):
    actions.end_course(world.course, ended_on=day, reason="moved", placements_end=True, by=world.staff[0])


ACTIONS = (
    register_contact,
    register_attempt,
    correct_contact,
    withdraw_contact,
    import_contacts,
    record_pause,
    correct_pause,
    end_pause,
    delete_pause,
    book_meeting,
    move_meeting,
    hold_meeting,
    correct_meeting,
    cancel_meeting,
    miss_meeting,
    answer_progression,
    import_progression,
    assign_function,
    import_functions,
    take_role,
    close_account,
    close_account_with_successor,
    reopen_and_give_back,
    enter_absence,
    hand_over,
    draw_with_default_team,
    change_job_goals,
    update_cv,
    record_match,
    start_placement,
    renew_placement,
    change_hours,
    end_placement,
    withdraw_placement,
    withdraw_as_error,
    withdraw_as_no_show,
    save_agreement,
    sign_agreement,
    add_activity,
    change_activity,
    mark_activity,
    move_activity,
    repeat_activity,
    copy_activities,
    save_plan,
    end_course,
)
