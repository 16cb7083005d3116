"""What has been overdue for 14 days goes to the leader's digest, once (D33)."""

import datetime

import pytest

from accounts.models import TrialTerms
from jobfirst.values.dates import DAY
from reminders import actions, deadlines, recipients
from reminders.models import Digest, DigestItem, Reminder
from tests.factories import DRAWN_ON, MentorContactFactory

pytestmark = pytest.mark.django_db

# The week after the draw's has no contact: due on its Sunday, escalated 14 days later.
DUE = datetime.date(2016, 4, 10)
ESCALATED = DUE + 14 * DAY


def told_the_leader(leader, on):
    """Return the kinds the leader is told of as escalated on the day."""
    return {
        telling.kind
        for telling in recipients.tellings(on, recipient_id=leader.pk)
        if telling.reason == "escalated"
    }


def work_through(first, last):
    """Make and send the digests of every day."""
    day = first
    while day <= last:
        actions.make_digests(day)
        for pk in actions.waiting_digests(day):
            actions.send_digest(pk)
        day += DAY


@pytest.fixture(autouse=True)
def _course(course):
    deadlines.recompute()


def test_the_leader_is_told_from_the_fourteenth_day_on(leader):
    assert "weekly_contact_overdue" not in told_the_leader(leader, ESCALATED - DAY)
    assert "weekly_contact_overdue" in told_the_leader(leader, ESCALATED)


def test_the_number_of_days_is_a_term(leader):
    TrialTerms.objects.create(valid_from=DRAWN_ON, escalation_days=3)
    assert "weekly_contact_overdue" in told_the_leader(leader, DUE + 3 * DAY)


def test_once_the_leader_is_to_act_it_is_repeated_as_open(leader, course, mailoutbox):
    work_through(ESCALATED, ESCALATED + DAY)
    course.holdings.filter(function="mentor").update(user=leader)
    mailoutbox.clear()
    next_monday = ESCALATED + 8 * DAY
    work_through(next_monday, next_monday)
    (body,) = (mail.body for mail in mailoutbox if mail.to == [leader.email])
    assert body.count("Den ugentlige kontakt mangler") == 1
    assert "Længe overskredet" not in body


def test_what_was_seen_to_is_not_escalated(leader, course):
    MentorContactFactory(course=course, held_on=ESCALATED - DAY)
    deadlines.recompute()
    assert "weekly_contact_overdue" not in told_the_leader(leader, ESCALATED)


def test_the_leaders_digest_has_it_once(leader, holder, mailoutbox):
    work_through(DUE, ESCALATED + 21 * DAY)
    items = DigestItem.objects.filter(
        reminder__recipient=leader, reminder__kind="weekly_contact_overdue", digest__state="sent"
    )
    assert [(item.digest.on, item.is_new) for item in items] == [(ESCALATED + DAY, True)]  # a Monday
    # The mentor is reminded every Monday.
    mentors = DigestItem.objects.filter(reminder__recipient=holder, reminder__kind="weekly_contact_overdue")
    assert mentors.count() > 4
    (mail,) = (mail for mail in mailoutbox if mail.to == [leader.email] and "Længe overskredet" in mail.body)
    assert "/forloeb/" in mail.body


def test_whoever_is_to_act_and_leads_is_told_as_the_one_to_act(holder, project):
    holder.memberships.create(role="project_leader", project=project)
    tellings = recipients.tellings(ESCALATED, recipient_id=holder.pk)
    assert [telling.reason for telling in tellings if telling.kind == "weekly_contact_overdue"] == ["due"]


def test_the_leader_of_another_project_is_not_told(course):
    from tests.factories import ProjectFactory, UserFactory

    other = UserFactory(project=ProjectFactory(), roles=["project_leader"])
    assert told_the_leader(other, ESCALATED) == set()
    actions.make_digests(ESCALATED + DAY)
    assert not Reminder.objects.filter(recipient=other).exists()
    assert not Digest.objects.filter(recipient=other).exists()
