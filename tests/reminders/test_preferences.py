"""When and how a person gets the digest, within the limits of what the programme demands."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobfirst.values.dates import DAY
from reminders import actions, deadlines, extension_points, own_reminders
from reminders.models import Digest, DigestPreference
from tests.reminders.rounds import run_day

pytestmark = pytest.mark.django_db

THURSDAY = datetime.date(2016, 4, 7)  # the week's contact is missing from then on
MONDAY = datetime.date(2016, 4, 11)  # it is overdue


def kinds(user, on):
    """Make the digests of the day; return the kinds in the user's."""
    actions.make_digests(on)
    rows = Digest.objects.filter(recipient=user, on=on).exclude(state="dropped")
    return set(rows.values_list("reminders__kind", flat=True))


@pytest.fixture(autouse=True)
def _course(course):
    deadlines.recompute()


def test_without_a_choice_everything_comes_on_every_working_day(holder):
    assert "weekly_contact_missing" in kinds(holder, THURSDAY)


@pytest.mark.parametrize("choice", [{"by_mail": False}, {"weekdays": [1, 2]}], ids=["no mail", "other days"])
def test_no_mail_on_days_not_chosen_but_for_what_is_demanded(holder, choice):
    own_reminders.save_preference(
        holder, **{"by_mail": True, "hour": 7, "weekdays": [1, 2, 3, 4, 5], **choice}
    )
    assert kinds(holder, THURSDAY) == set()
    assert "weekly_contact_overdue" in kinds(holder, MONDAY)


def test_what_was_not_mailed_comes_on_the_next_day_chosen(holder):
    own_reminders.save_preference(holder, by_mail=True, hour=7, weekdays=[5])
    assert kinds(holder, THURSDAY) == set()
    assert "weekly_contact_missing" in kinds(holder, THURSDAY + DAY)


@pytest.mark.parametrize(("demanded", "days"), [(False, [7, 13]), (True, [7, 11])])
def test_what_is_still_open_is_repeated_on_the_first_chosen_day_of_a_week(
    holder, due_reminders, monkeypatch, demanded, days
):
    (kind,) = extension_points.registered_kinds()
    monkeypatch.setitem(extension_points._kinds, kind.code, replace(kind, demanded=demanded))
    due_reminders.add(holder, THURSDAY, THURSDAY + 30 * DAY)
    own_reminders.save_preference(holder, by_mail=True, hour=7, weekdays=[3, 4])
    for later in range(8):
        run_day(THURSDAY + later * DAY)
    assert [digest.on.day for digest in Digest.objects.filter(state="sent").order_by("on")] == days


def test_it_is_sent_at_the_hour_chosen(holder):
    own_reminders.save_preference(holder, by_mail=True, hour=10, weekdays=[1, 2, 3, 4, 5])
    actions.make_digests(THURSDAY)
    at = lambda hour: timezone.make_aware(datetime.datetime(2016, 4, 7, hour, 5))  # noqa: E731
    assert actions.waiting_digests(THURSDAY, at(9)) == []
    assert len(actions.waiting_digests(THURSDAY, at(10))) == 1
    assert len(actions.waiting_digests(THURSDAY)) == 1  # by the command, at once


@pytest.mark.parametrize("fields", [{"hour": 6}, {"hour": 13}, {"weekdays": []}, {"weekdays": [6]}])
def test_the_database_keeps_the_limits(holder, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        DigestPreference.objects.create(user=holder, **fields)


def test_the_kinds_the_programme_demands():
    assert {kind.code for kind in extension_points.registered_kinds() if kind.demanded} == {
        "function_unfilled",
        "meeting_overdue",
        "plan_for_job_due",
        "weekly_contact_overdue",
    }


def test_the_page(holder, as_user):
    client = as_user(holder)
    assert "Sådan får du påmindelser" in client.get("/paamindelser/indstillinger/").content.decode()
    answer = client.post(
        "/paamindelser/indstillinger/", {"by_mail": "False", "weekdays": ["2", "4"], "hour": "9"}, follow=True
    )
    assert "Dit valg er gemt" in answer.content.decode()
    chosen = DigestPreference.objects.get(user=holder)
    assert (chosen.by_mail, chosen.weekdays, chosen.hour) == (False, [2, 4], 9)
    none = client.post("/paamindelser/indstillinger/", {"by_mail": "True", "hour": "9"})
    assert none.status_code == 200
    assert DigestPreference.objects.get(user=holder).weekdays == [2, 4]


def test_the_choice_is_ones_own(holder, colleague, as_user):
    as_user(colleague).post(
        "/paamindelser/indstillinger/", {"by_mail": "False", "weekdays": ["2"], "hour": "9"}
    )
    assert [preference.user for preference in DigestPreference.objects.all()] == [colleague]
