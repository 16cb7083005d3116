"""The demo's steering groups: members by area, two meetings that were held, and one that is planned, with its
invitations.

Figures are kept as of the day of the meeting, as the action keeps them. One project in three lacks a leader
from health; in each of these an invitation has come back.
"""

import datetime
import random
from collections.abc import Sequence

from django.utils import timezone

from accounts.roles import Role
from demo.invented import random_uuid
from demo.names import person_name
from demo.people.teams import Team
from evaluation.deadlines import steering_group_due
from evaluation.rules.steering_quarters import quarter_of
from evaluation.steering.areas import missing_areas
from evaluation.steering.frozen import attendee_copies, frozen_agenda
from evaluation.steering.models import (
    SteeringArea,
    SteeringDecision,
    SteeringInvitation,
    SteeringMeeting,
    SteeringMember,
    SteeringMinute,
    SteeringState,
)
from jobfirst.messaging.calendar_mail import InvitationMethod
from jobfirst.messaging.outgoing import SendingState
from jobfirst.values.dates import DAY
from jobfirst.values.working_days import next_working_day
from reminders.deadlines import bring_up_to_date
from reminders.models import SubjectType

#: The numbers of the names of members from outside: after the staff's, and before those of citizens.
NAMES_FROM = 1_900
OUTSIDE = (
    (SteeringArea.JOBCENTRE_MANAGEMENT, "Jobcenterchef", "Jobcenteret"),
    (SteeringArea.SOCIAL_MANAGEMENT, "Leder af socialområdet", "Social og velfærd"),
    (SteeringArea.HEALTH_MANAGEMENT, "Sundhedschef", "Sundhed og omsorg"),
)
MINUTES = {
    "enrolment": "Optaget følger planen. Jobcenteret holder øje med henvisningerne fra de to teams.",
    "gaps": "Hullerne ligger mest i ferien. Jobkonsulenterne planlægger snusepraktik tidligere.",
    "hours": "Gruppen vil se flere ordinære timer og tager det op med virksomhederne.",
}
DECISIONS = (
    ("Fast kontaktperson i psykiatrien til projektet", SteeringArea.SOCIAL_MANAGEMENT, 40, True),
    ("Oversigt over tilbud ved siden af praktikken", SteeringArea.JOBCENTRE_MANAGEMENT, 75, False),
)


def add_steering_groups(teams: Sequence[Team], on: datetime.date) -> None:
    """Give each project its group, with its meetings of the last two quarters and the one to come."""
    for number, team in enumerate(teams):
        rng = random.Random(f"jobfirst demo steering {team.project.slug}")  # noqa: S311 - made-up data
        members = _members(team, number, rng)
        first_of_this = quarter_of(on).first
        first_of_last = quarter_of(first_of_this - DAY).first
        held_on = [quarter_of(first_of_last - DAY).first + (40 + number) * DAY, first_of_last + 45 * DAY]
        for position, day in enumerate(map(next_working_day, held_on)):
            if day >= team.project.starts_on:
                _hold(team, members, day, rng, is_first=position == 0)
        planned_on = next_working_day(max(first_of_this + 80 * DAY, on + 7 * DAY))
        if planned_on <= team.project.ends_on:
            meeting = SteeringMeeting.objects.create(
                public_id=random_uuid(rng),
                project=team.project,
                planned_at=_at(planned_on),
                place="Rådhuset, mødelokale 2",
                planned_by=team.staff[Role.PROJECT_LEADER][0],
            )
            _invite(meeting, members, on, rng)
    slugs = [team.project.slug for team in teams]
    bring_up_to_date(SubjectType.PROJECT, slugs, [steering_group_due.KIND.code])


def _members(team: Team, number: int, rng: random.Random) -> list[SteeringMember]:
    leader, owner = team.staff[Role.PROJECT_LEADER][0], team.staff[Role.COURSE_OWNER][0]
    common = {"project": team.project, "joined_on": team.project.starts_on, "registered_by": leader}
    members = [
        SteeringMember(name=person.name, area=area, title=title, email=person.email, user=person, **common)
        for person, area, title in (
            (leader, SteeringArea.PROJECT_LEADER, "Projektleder"),
            (owner, SteeringArea.PROJECT_STAFF, "Forløbsansvarlig"),
        )
    ]
    for position, (area, title, organisation) in enumerate(OUTSIDE):
        if area == SteeringArea.HEALTH_MANAGEMENT and number % 3 == 0:
            continue
        members.append(
            SteeringMember(
                public_id=random_uuid(rng),
                name=person_name(NAMES_FROM + number * len(OUTSIDE) + position),
                area=area,
                title=title,
                organisation=organisation,
                email=f"{area.value.split('_')[0]}.{team.project.slug}@demo.invalid",
                **common,
            )
        )
    return SteeringMember.objects.bulk_create(members)


def _hold(
    team: Team, members: list[SteeringMember], day: datetime.date, rng: random.Random, *, is_first: bool
) -> None:
    """Write a meeting with its minutes and decisions, and then record it as held."""
    leader = team.staff[Role.PROJECT_LEADER][0]
    meeting = SteeringMeeting.objects.create(
        public_id=random_uuid(rng),
        project=team.project,
        planned_at=_at(day),
        place="Rådhuset, mødelokale 2",
        planned_by=leader,
    )
    SteeringMinute.objects.bulk_create(
        SteeringMinute(public_id=random_uuid(rng), meeting=meeting, topic=topic, text=text, written_by=leader)
        for topic, text in MINUTES.items()
    )
    owners = {member.area: member for member in members}
    for text, area, days, is_done in DECISIONS[:1] if is_first else DECISIONS[1:]:
        due_on = day + days * DAY
        done_on = due_on - 3 * DAY if is_done else None
        SteeringDecision.objects.create(
            public_id=random_uuid(rng),
            meeting=meeting,
            text=text,
            owner=owners[area],
            owner_name=owners[area].name,
            due_on=due_on,
            registered_by=leader,
            done_on=done_on,
            done_by=leader if done_on else None,
        )
    meeting.agenda = frozen_agenda(meeting, day)
    meeting.attendees = attendee_copies(members)
    meeting.missing_areas = missing_areas(members)
    meeting.state, meeting.held_on = SteeringState.HELD, day
    meeting.closed_at, meeting.closed_by = _at(day, 15), leader
    meeting.save()


def _invite(
    meeting: SteeringMeeting, members: list[SteeringMember], on: datetime.date, rng: random.Random
) -> None:
    """Invite the members, three days ago; where health is missing, the mail to social affairs came back."""
    sent_at = _at(on - 3 * DAY, 9)
    is_missing = SteeringArea.HEALTH_MANAGEMENT not in {member.area for member in members}
    for member in members:
        came_back = is_missing and member.area == SteeringArea.SOCIAL_MANAGEMENT
        SteeringInvitation.objects.create(
            public_id=random_uuid(rng),
            meeting=meeting,
            member=member,
            method=InvitationMethod.REQUEST,
            sequence=0,
            planned_at=meeting.planned_at,
            place=meeting.place,
            state=SendingState.SENT,
            attempts=1,
            sent_at=sent_at,
            sent_to=member.email,
            returned_at=sent_at if came_back else None,
            return_status="5.1.1" if came_back else "",
        )


def _at(day: datetime.date, hour: int = 13) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
