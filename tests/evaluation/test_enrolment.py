"""Enrolment against an even pace, and the leader's reminder of it (D3, D33)."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Project, TrialTerms
from accounts.roles import Role
from evaluation.deadlines import enrolment_behind
from evaluation.rules.enrolment import expected_enrolment, is_behind
from jobfirst.values.dates import DAY, DateSpan
from tests.factories import AllocationFactory, ProjectFactory, ReferralFactory, UserFactory
from tests.reminders.tellings import told_on

FIRST = datetime.date(2016, 3, 1)
LAST = datetime.date(2017, 3, 1)
SPAN = DateSpan(FIRST, LAST)
NUMBERS = st.integers(1, 1000)


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (FIRST - DAY, 0),
        (FIRST, 0),
        (FIRST + 3 * DAY, 0),
        (FIRST + 4 * DAY, 1),
        (datetime.date(2016, 8, 30), 49),
        (datetime.date(2016, 8, 31), 50),
        (LAST - DAY, 99),
        (LAST, 100),
        (LAST + 100 * DAY, 100),
    ],
)
def test_an_even_pace(on, count):
    assert expected_enrolment(100, span=SPAN, on=on) == count


@given(target=NUMBERS, day=st.integers(0, 365))
def test_the_pace_grows_to_the_target_and_never_beyond(target, day):
    on = FIRST + day * DAY
    today = expected_enrolment(target, span=SPAN, on=on)
    assert 0 <= today <= expected_enrolment(target, span=SPAN, on=on + DAY) <= target
    assert not is_behind(today, target, span=SPAN, on=on, slack_percent=0)


@pytest.mark.parametrize(("enrolled", "behind"), [(50, False), (40, False), (39, True), (0, True)])
def test_a_tenth_of_the_target_is_the_slack(enrolled, behind):
    on = datetime.date(2016, 8, 31)
    assert is_behind(enrolled, 100, span=SPAN, on=on, slack_percent=10) is behind


@pytest.mark.django_db
class TestReminder:
    @pytest.fixture
    def project(self):
        return ProjectFactory(slug="odense", starts_on=FIRST, target_count=10)

    @pytest.fixture
    def leaders(self, project):
        UserFactory(project=project, roles=[Role.MENTOR])
        UserFactory(project=ProjectFactory(starts_on=LAST), roles=[Role.PROJECT_LEADER])
        UserFactory(project=project, roles=[Role.PROJECT_LEADER], is_active=False)
        return [UserFactory(project=project, roles=[Role.PROJECT_LEADER]) for _ in range(2)]

    def reminder_facts(self, on, subjects=None):
        return told_on("enrolment_behind", on, subjects)

    def test_every_leader_while_it_is_behind(self, leaders):
        facts_of_both = {("odense", leader.pk, LAST) for leader in leaders}
        assert self.reminder_facts(FIRST + 72 * DAY) == set()
        assert self.reminder_facts(FIRST + 74 * DAY) == facts_of_both
        assert self.reminder_facts(LAST) == facts_of_both
        assert self.reminder_facts(LAST + DAY) == set()

    def test_participants_drawn_by_then_count_and_controls_do_not(self, project, leaders):
        on = FIRST + 74 * DAY  # two of ten are expected, one is slack
        AllocationFactory(referral=ReferralFactory(project=project), arm="control", allocated_on=on)
        assert len(self.reminder_facts(on)) == 2
        AllocationFactory(referral=ReferralFactory(project=project), arm="participant", allocated_on=on)
        assert self.reminder_facts(on) == set()

    def test_the_slack_is_a_term(self, leaders):
        TrialTerms.objects.create(valid_from=FIRST, enrolment_slack_percent=0)
        assert len(self.reminder_facts(FIRST + 40 * DAY)) == 2

    def test_only_the_projects_asked_for(self, leaders):
        assert self.reminder_facts(LAST, ["other"]) == set()
        assert len(self.reminder_facts(LAST, ["odense"])) == 2

    def test_few_queries(self, leaders, django_assert_max_num_queries):
        ProjectFactory(starts_on=FIRST)
        slugs = list(Project.objects.values_list("slug", flat=True))
        with django_assert_max_num_queries(5):
            list(enrolment_behind.KIND.find(slugs))
