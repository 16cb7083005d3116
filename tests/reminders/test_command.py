"""The command `send_reminders`: its JSON and text, and what it refuses."""

import datetime
import io
import json
from dataclasses import replace

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.roles import Role
from jobfirst.models import Installation
from reminders import deadlines, extension_points
from reminders.extension_points import DeadlineKind, Description, Owed
from reminders.models import Digest, Reminder, Round, SubjectType
from reminders.rules.due_dates import DueDate
from tests.factories import CourseFactory, ProjectFactory, UserFactory
from tests.loops import some

pytestmark = pytest.mark.django_db

THURSDAY, FRIDAY, SATURDAY, MONDAY = (datetime.date(2016, 4, day) for day in (7, 8, 9, 11))
FAR = datetime.date(2016, 12, 31)
DRAWN_ON = datetime.date(2016, 4, 4)


def run(*arguments):
    """Run the command and return its standard output."""
    out, err = io.StringIO(), io.StringIO()
    call_command("send_reminders", *arguments, stdout=out, stderr=err)
    return out.getvalue()


def run_json(*arguments):
    """Run the command and return its JSON document."""
    return json.loads(run(*arguments, "--format", "json"))


@pytest.fixture
def course(monkeypatch):
    """A course with one person in all functions; the only kind of reminder is that of the weekly contact."""
    weekly_contact = extension_points.find_kind("weekly_contact_missing")
    monkeypatch.setattr(extension_points, "_kinds", {weekly_contact.code: weekly_contact})
    course = CourseFactory(started_on=DRAWN_ON, holders=UserFactory())
    deadlines.recompute()
    return course


def test_the_keys_of_the_contract(course, mailoutbox):
    report = run_json("--on", "2016-04-07")
    assert report == {
        "on": "2016-04-07",
        "digests": [
            {
                "recipient": course.holdings.first().user.email,
                "items": [
                    {
                        "kind": "weekly_contact_missing",
                        "course": str(course.public_id),
                        "citizen": course.citizen.pseudonym,
                        "due_on": "2016-04-10",
                        "new": True,
                    }
                ],
            }
        ],
    }
    assert len(mailoutbox) == 1
    assert f"/{course.public_id}/" in mailoutbox[0].body
    assert course.initials in mailoutbox[0].body


def test_the_same_day_again_sends_nothing_more(course, mailoutbox):
    run_json("--on", "2016-04-07")
    assert run_json("--on", "2016-04-07") == {"on": "2016-04-07", "digests": []}
    assert run_json("--on", "2016-04-08") == {"on": "2016-04-08", "digests": []}
    assert len(mailoutbox) == 1


def test_a_dry_run_lists_the_same_and_leaves_nothing(course, mailoutbox):
    preview = run_json("--on", "2016-04-07", "--dry-run")
    assert not mailoutbox
    assert not Reminder.objects.exists()
    assert not Digest.objects.exists()
    assert not Round.objects.exists()
    assert run_json("--on", "2016-04-07") == preview
    assert run_json("--on", "2016-04-07", "--dry-run")["digests"] == []


def test_a_day_off_is_no_error(course, mailoutbox):
    assert run_json("--on", "2016-04-09") == {"on": "2016-04-09", "digests": []}
    assert not mailoutbox


def test_a_project_is_named_by_its_slug(due_reminders):
    project = ProjectFactory(slug="odense", name="Odense")
    UserFactory(project=project, roles=[Role.PROJECT_LEADER])
    UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
    extension_points.add_kinds(
        DeadlineKind(
            code="about_project",
            label="About the project",
            subject_type=SubjectType.PROJECT,
            functions=(Role.PROJECT_LEADER,),
            find=lambda subjects: [Owed("odense", project.pk, DueDate(THURSDAY, THURSDAY))],
            link=lambda slug: f"/{slug}/",
        )
    )
    deadlines.bring_up_to_date(SubjectType.PROJECT, ["odense"])
    (digest,) = run_json("--on", "2016-04-07")["digests"]
    assert digest["items"] == [
        {"kind": "about_project", "project": "odense", "due_on": "2016-04-07", "new": True}
    ]


def test_the_order_is_stable(due_reminders):
    users = [UserFactory(email=f"{letter}@example.invalid") for letter in "cab"]
    for user in users:
        due_reminders.add(user, THURSDAY, FAR, "s2", due_on=FRIDAY)
        due_reminders.add(user, THURSDAY, FAR, "s1", due_on=FRIDAY)
        due_reminders.add(user, THURSDAY, FAR, "s3", due_on=THURSDAY)
    digests = run_json("--on", "2016-04-07")["digests"]
    assert [digest["recipient"][0] for digest in digests] == ["a", "b", "c"]
    for digest in some(digests):
        assert [item["course"] for item in digest["items"]] == ["s3", "s1", "s2"]


def test_text_for_people(course):
    text = run("--on", "2016-04-07")
    assert "2016-04-07: 1 digest(s) sent" in text
    assert f"2016-04-10 weekly_contact_missing {course.public_id}" in text
    assert course.citizen_name not in text
    assert "would be sent" in run("--on", "2016-04-08", "--dry-run")


def test_without_a_day_it_is_today_in_copenhagen(course):
    with time_machine.travel(datetime.datetime(2016, 4, 6, 22, 30, tzinfo=datetime.UTC), tick=False):
        assert run_json()["on"] == "2016-04-07"


def test_no_personal_data_in_what_it_prints(course, mailoutbox):
    course.referral.name = "Canaryfornavn Canaryefternavn"
    course.referral.save()
    output = run("--on", "2016-04-07", "--format", "json") + mailoutbox[0].message().as_string()
    assert "Canary" not in output
    assert course.citizen.cpr not in output


@pytest.mark.parametrize("text", ["2016-13-01", "7/4-2016", "tomorrow", ""])
def test_a_text_that_is_no_day_is_refused(text):
    with pytest.raises(CommandError, match="is not a date"):
        run(f"--on={text}")


class TestRealSystem:
    @pytest.fixture(autouse=True)
    def real_system(self, settings, monkeypatch):
        settings.JOBFIRST_MODE = "real"
        monkeypatch.setattr("jobfirst.mode.confirm", lambda: None)

    def test_a_real_system_takes_no_day(self, course, mailoutbox):
        with pytest.raises(CommandError, match="real system"):
            run("--on", "2016-04-07")
        assert not mailoutbox
        assert not Reminder.objects.exists()

    def test_a_real_system_lists_any_day(self, course, mailoutbox):
        assert len(run_json("--on", "2016-04-07", "--dry-run")["digests"]) == 1
        assert not mailoutbox

    def test_a_real_system_sends_by_its_own_clock(self, course, mailoutbox):
        with time_machine.travel(datetime.datetime(2016, 4, 7, 9, 0, tzinfo=datetime.UTC), tick=False):
            assert len(run_json()["digests"]) == 1
        assert "ØVELSE" not in mailoutbox[0].body


def test_the_mode_is_confirmed_before_anything_is_sent(course, settings, mailoutbox):
    assert Installation.objects.get().mode == "rehearsal"
    settings.JOBFIRST_MODE = "real"
    with pytest.raises(CommandError, match="was set up as 'rehearsal'"):
        run()
    assert not mailoutbox


def test_what_could_not_be_delivered_is_an_error_and_goes_out_next_time(course, mailoutbox, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match="1 digest"):
        run("--on", "2016-04-07")
    assert Digest.objects.get().last_error == "ConnectionRefusedError"
    settings.EMAIL_BACKEND = backend
    assert len(run_json("--on", "2016-04-07")["digests"]) == 1
    assert len(mailoutbox) == 1


def test_a_subject_that_is_gone_is_not_an_error(due_reminders, monkeypatch, mailoutbox):
    """Somebody else's mail must not fail because a course was removed in between."""
    user = UserFactory()
    due_reminders.add(user, THURSDAY, FAR, "here")
    due_reminders.add(user, THURSDAY, FAR, "gone")
    courses = replace(
        extension_points._subjects[SubjectType.COURSE],
        describe=lambda keys: {key: Description("A.B.", "Anna Berg") for key in keys if key == "here"},
    )
    monkeypatch.setitem(extension_points._subjects, SubjectType.COURSE, courses)
    run_json("--on", "2016-04-07")
    assert "/x/here/" in mailoutbox[0].body
    assert "/x/gone/" not in mailoutbox[0].body


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "20160301", "2016-W09-2", "soon"])
def test_a_day_that_nobody_can_mean_is_refused_with_a_message(db, day):
    with pytest.raises(CommandError, match="--on"):
        call_command("send_reminders", on=day, dry_run=True)
