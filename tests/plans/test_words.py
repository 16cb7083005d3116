"""The citizen's word on the activity plan and on the plan for job (D55)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY
from plans.actions import record_word
from plans.models import CitizenWord
from plans.presentation.words import words_to_take_up
from tests.factories import DRAWN_ON
from tests.scenarios.course_plans import save_plan
from tests.validation import error_codes

pytestmark = pytest.mark.django_db


def say(course, answer, day=DRAWN_ON, *, why="", subject="aktivitetsplan", **options) -> CitizenWord:
    return record_word(course, subject=subject, answer=answer, why=why, said_on=day, **options)


def test_who_disagrees_says_why(course) -> None:
    with pytest.raises(ValidationError) as caught:
        say(course, "disagrees")
    assert error_codes(caught) == {"why": "no_reason"}
    assert say(course, "disagrees", why="For mange besøg").why == "For mange besøg"


@pytest.mark.parametrize(
    ("answer", "taken_up"), [("agrees", False), ("disagrees", True), ("could_not_answer", True)]
)
def test_what_was_not_agreed_is_taken_up_at_the_next_meeting(course, answer, taken_up) -> None:
    word = say(course, answer, why="Det er for tidligt")
    assert words_to_take_up(course, None) == ([word] if taken_up else [])


def test_the_newest_word_on_each_plan_counts(course, internship) -> None:
    save_plan(course)
    say(course, "disagrees", why="Nej")
    say(course, "agrees", DRAWN_ON + DAY)
    later = say(course, "could_not_answer", DRAWN_ON + 2 * DAY, subject="plan-for-job")
    assert words_to_take_up(course, None) == [later]


@pytest.mark.parametrize(("offset", "taken_up"), [(-1, True), (0, True), (1, False)])
def test_what_the_last_meeting_took_up_is_over(course, offset, taken_up) -> None:
    say(course, "disagrees", DRAWN_ON + 10 * DAY, why="Nej")
    assert bool(words_to_take_up(course, DRAWN_ON + (10 + offset) * DAY)) is taken_up


def test_a_word_is_on_the_version_that_was_shown(course, internship) -> None:
    plan = save_plan(course)
    assert say(course, "agrees", subject="plan-for-job", version=1).plan == plan
    save_plan(course, job_goal="Andet")
    with pytest.raises(StaleError):
        say(course, "agrees", subject="plan-for-job", version=1)


def test_there_is_no_word_on_a_plan_that_is_not_made(course) -> None:
    with pytest.raises(ValidationError):
        say(course, "agrees", subject="plan-for-job")


def test_the_database_keeps_every_word_as_it_was_said(course) -> None:
    word = CitizenWord.objects.filter(pk=say(course, "disagrees", why="Nej").pk)
    for act in (lambda: word.update(answer="agrees"), lambda: word._raw_delete(word.db)):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()
    for wrong in ({"answer": "disagrees"}, {"answer": "agrees", "subject": "plan-for-job"}):
        values = {"subject": "aktivitetsplan", "said_on": DRAWN_ON, **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            CitizenWord.objects.create(course=course, **values)


@pytest.mark.usefixtures("wednesday")
def test_the_word_stands_on_the_plan_page_with_who_recorded_it(as_user, holder, course) -> None:
    client = as_user(holder)
    url = reverse("plans:record_word", args=[course.public_id, "aktivitetsplan"])
    data = {"answer": "disagrees", "why": "", "said_on": "2016-05-17", "version": "0"}
    page = client.post(url, data).content.decode()
    assert "Skriv, hvorfor borgeren er uenig." in page
    assert client.post(url, {**data, "why": "Jeg vil hellere i et køkken"}).status_code == 302
    page = client.get(reverse("cases:course_plan", args=[course.public_id])).content.decode()
    for words in ("Uenig", "Jeg vil hellere i et køkken", "Mette Mentor", "Tages op på næste møde."):
        assert words in page, words


@pytest.mark.usefixtures("wednesday")
def test_a_word_is_not_said_tomorrow_nor_on_something_else(as_user, holder, course) -> None:
    client = as_user(holder)
    url = reverse("plans:record_word", args=[course.public_id, "aktivitetsplan"])
    tomorrow = (datetime.date(2016, 5, 18) + DAY).isoformat()
    client.post(url, {"answer": "agrees", "said_on": tomorrow, "version": "0"})
    assert client.get(url.replace("aktivitetsplan", "andet")).status_code == 404
