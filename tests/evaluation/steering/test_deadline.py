"""The steering group meets once in every whole quarter of the project (D33)."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import TrialTerms
from accounts.roles import Role
from evaluation.deadlines import steering_group_due
from evaluation.deadlines.steering_group_due import due_dates
from evaluation.rules.steering_quarters import quarter_of, whole_quarters
from evaluation.steering.actions import meetings
from jobfirst.values.dates import DAY, DateSpan
from reminders import deadlines
from reminders.models import Deadline
from tests.evaluation.steering_factories import SteeringMeetingFactory
from tests.factories import ProjectFactory, UserFactory
from tests.reminders.tellings import told_on


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2016-{text}")


MARCH_TO_MAY = DateSpan(day("03-01"), datetime.date(2017, 5, 31))
JUNE_30, SEPTEMBER_30 = day("06-30"), day("09-30")
LEAD = 30


def shown_on(on: datetime.date, held: list[datetime.date]) -> list[datetime.date]:
    """The days on which a meeting was due, as shown on a day."""
    owed = due_dates(MARCH_TO_MAY, held, lead_days=LEAD)
    return [due for due_date in owed if (due := due_date.on(on)) is not None]


def test_only_whole_quarters_of_the_project_owe_a_meeting():
    assert [quarter.last for quarter in whole_quarters(MARCH_TO_MAY)] == [
        JUNE_30,
        SEPTEMBER_30,
        day("12-31"),
        datetime.date(2017, 3, 31),
    ]
    from_new_year = DateSpan(day("01-01"), day("03-31"))
    assert list(whole_quarters(from_new_year)) == [from_new_year]
    assert list(whole_quarters(DateSpan(day("01-02"), day("03-31")))) == []


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)))
def test_a_quarter_has_three_months_and_its_days(any_day):
    quarter = quarter_of(any_day)
    assert any_day in quarter
    assert quarter.first.day == 1
    assert (quarter.last_day + DAY).day == 1
    assert quarter.first.month in (1, 4, 7, 10)
    assert 90 <= quarter.days <= 92


@pytest.mark.parametrize(
    ("on", "held", "due"),
    [
        (day("05-30"), [], []),
        (day("05-31"), [], [JUNE_30]),
        (day("06-30"), [], [JUNE_30]),
        (day("07-01"), [], [JUNE_30]),
        (day("08-31"), [], [JUNE_30, SEPTEMBER_30]),
        (day("06-14"), [day("06-15")], [JUNE_30]),
        (day("06-15"), [day("06-15")], []),
        (day("07-01"), [day("04-01")], []),
        (day("07-01"), [day("03-31")], [JUNE_30]),
        (day("07-11"), [day("07-12")], [JUNE_30]),
        (day("07-12"), [day("07-12")], []),
        (day("09-30"), [day("07-12")], []),
        (datetime.date(2017, 5, 31), [day("12-01")], [datetime.date(2017, 3, 31)]),
        (datetime.date(2017, 6, 1), [], []),
    ],
)
def test_what_is_shown_on_a_day(on, held, due):
    assert shown_on(on, held) == due


@given(
    held=st.lists(st.integers(0, 456).map(lambda number: MARCH_TO_MAY.first + number * DAY), max_size=6),
    number=st.integers(0, 500),
)
def test_a_quarter_is_owed_until_the_first_meeting_since_it_began(held, number):
    on = MARCH_TO_MAY.first + number * DAY
    expected = [
        quarter.last_day
        for quarter in whole_quarters(MARCH_TO_MAY)
        if on >= quarter.last_day - LEAD * DAY
        and on in MARCH_TO_MAY
        and not any(quarter.first <= meeting <= on for meeting in held)
    ]
    assert shown_on(on, [meeting for meeting in held if meeting <= on]) == expected
    assert shown_on(on, held) == expected


@pytest.mark.django_db
class TestStored:
    def test_the_projects_leaders_are_told(self, project, leader):
        other = UserFactory(project=project, roles=[Role.PROJECT_LEADER])
        UserFactory(project=project, roles=[Role.MENTOR])
        facts = {("odense", leader.pk, JUNE_30), ("odense", other.pk, JUNE_30)}
        assert told_on("steering_group_due", day("05-30"), ["odense"]) == set()
        assert told_on("steering_group_due", day("05-31"), ["odense"]) == facts

    def test_the_lead_is_a_term_with_its_days(self, project, leader):
        TrialTerms.objects.create(valid_from=day("06-20"), steering_lead_days=5)
        assert len(told_on("steering_group_due", day("06-19"))) == 1
        assert told_on("steering_group_due", day("06-20")) == set()
        assert len(told_on("steering_group_due", day("06-25"))) == 1

    def test_holding_a_meeting_ends_it_in_the_same_transaction(self, planned, hold, members):
        deadlines.recompute()
        assert Deadline.objects.filter(kind="steering_group_due", due_on=JUNE_30).exists()
        hold(planned, members.values())
        row = Deadline.objects.get(kind="steering_group_due", due_on=JUNE_30)
        assert row.shown_to == day("06-07")
        assert list(deadlines.differences()) == []

    def test_a_meeting_that_was_not_held_after_all_is_owed_again(self, held, leader, today):
        meetings.correct_held_meeting(
            held, held_on=today, took_place=False, attendees=[], reason="Forkert", by=leader, today=today
        )
        row = Deadline.objects.get(kind="steering_group_due", due_on=JUNE_30)
        assert row.shown_to == datetime.date(2017, 12, 31)

    def test_few_queries(self, project, django_assert_max_num_queries):
        for number in range(3):
            other = ProjectFactory(slug=f"other-{number}")
            SteeringMeetingFactory(project=other, held=True)
        with django_assert_max_num_queries(3):
            list(steering_group_due.find(["odense", "other-0", "other-1", "other-2"]))


def test_a_meeting_that_is_planned_or_cancelled_fulfils_nothing(project, leader, planned):
    assert len(told_on("steering_group_due", JUNE_30)) == 1
    meetings.cancel_meeting(planned, reason="Sygdom", by=leader)
    assert len(told_on("steering_group_due", JUNE_30)) == 1
