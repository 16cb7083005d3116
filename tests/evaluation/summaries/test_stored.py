"""The stored figures are those of the measures, and the nightly check finds what is wrong with them."""

import datetime
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from cases.models import MentorContact
from evaluation.measures.figures import figures
from evaluation.measures.registry import MEASURES, WEEKLY_CONTACT
from evaluation.measures.values import Figure, Window
from evaluation.models import Reckoning, StoredFigure
from evaluation.summaries import facts, stored
from evaluation.summaries.history import figures_age, history
from evaluation.summaries.periods import month_windows
from evaluation.tasks import refresh_figures
from jobfirst import clock
from jobfirst.stored import checks as stored_checks
from tests.concurrency import BackgroundAction
from tests.factories import CourseFactory, MentorContactFactory
from tests.loops import some

pytestmark = pytest.mark.django_db

#: The course of the factory is drawn on Monday 4 April 2016, in a project that begins in March.
NIGHT = datetime.date(2016, 7, 15)
MAY = Window(datetime.date(2016, 5, 1), datetime.date(2016, 6, 1))


@pytest.fixture
def course():
    course = CourseFactory()
    for day in (datetime.date(2016, 5, 4), datetime.date(2016, 5, 11)):
        MentorContactFactory(course=course, held_on=day)
    return course


def differences():
    """How many differ, as the night's check finds them."""
    return stored_checks.check(stored.STORED_ROWS, repair=False).count


def test_the_months_are_those_that_are_over():
    months = list(month_windows(datetime.date(2016, 3, 15), datetime.date(2016, 6, 1)))
    assert [window.first.month for window in months] == [3, 4, 5]
    assert months[-1] == MAY
    assert list(month_windows(datetime.date(2016, 3, 15), datetime.date(2016, 3, 31))) == []


def test_every_measure_of_a_month_is_stored_as_it_is_reckoned(course):
    stored.refresh(NIGHT)
    reckoned = figures(MEASURES, [course.project], MAY)
    for measure in some(MEASURES):
        (figure,) = [month.figure for month in history(course.project, measure) if month.month == MAY.first]
        expected = reckoned[measure.code][course.project.pk]
        assert (figure.counted, figure.rows) == (expected.counted, expected.rows), measure.code
        assert figure.amount == round(expected.amount, 2)
        assert figure.by_note == dict(expected.by_note)


def test_the_history_of_a_project_has_its_months_in_order(course, django_assert_num_queries):
    stored.refresh(NIGHT)
    with django_assert_num_queries(1):
        months = history(course.project, WEEKLY_CONTACT)
    assert [month.month.month for month in months] == [3, 4, 5, 6]
    assert months[2].figure == Figure(2, 5, months[2].figure.amount, {"": 5})


def test_reckoning_again_changes_nothing(course):
    assert stored.refresh(NIGHT) == StoredFigure.objects.count() > 0
    assert stored.refresh(NIGHT) == 0
    assert Reckoning.objects.count() == 1


def test_a_page_can_say_when_the_figures_were_reckoned(course):
    assert figures_age() is None
    before = timezone.now()
    stored.refresh(NIGHT)
    assert before <= figures_age().made_at <= timezone.now()


def test_the_check_finds_no_difference_after_the_night_and_none_before_the_first(course):
    assert differences() == 0
    stored.refresh(NIGHT)
    assert differences() == 0


def test_the_check_finds_a_figure_that_is_wrong_missing_or_too_many_and_mends_it(course):
    stored.refresh(NIGHT)
    rows = StoredFigure.objects.filter(measure="weekly_contact", first=MAY.first)
    rows.update(counted=9)
    assert stored.differences() == [
        f"{course.project.slug} weekly_contact 2016-05-01 to 2016-06-01: differs",
    ]
    rows.delete()
    StoredFigure.objects.create(
        project=course.project,
        measure="weekly_contact",
        first=datetime.date(2015, 1, 1),
        until=datetime.date(2015, 2, 1),
        counted=1,
        rows=1,
        amount=0,
    )
    with pytest.raises(CommandError, match="Differences"):
        call_command("verify_stored")
    call_command("verify_stored", "--repair")
    assert differences() == 0


def test_what_is_registered_after_the_night_is_no_difference_and_is_there_after_the_next(course):
    stored.refresh(NIGHT)
    MentorContactFactory(course=course, held_on=datetime.date(2016, 5, 18))
    assert differences() == 0
    assert history(course.project, WEEKLY_CONTACT)[2].figure.counted == 2
    assert stored.refresh(NIGHT) > 0
    assert history(course.project, WEEKLY_CONTACT)[2].figure.counted == 3


@pytest.mark.parametrize("change", ["a new row", "a corrected row"])
def test_the_position_of_the_facts_follows_every_change(course, change):
    before = facts.position()
    assert facts.position() == before
    if change == "a new row":
        MentorContactFactory(course=course)
    else:
        MentorContact.objects.update(citizen_present=False)
    assert facts.position() != before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commits", [True, False], ids=["committed", "given up"])
def test_there_is_no_position_while_somebody_is_writing(commits):
    """Else what is read then, without the row, would be taken for what is read afterwards."""
    course, wrote, may_end = CourseFactory(), threading.Event(), threading.Event()
    before = facts.position()

    def write():
        with transaction.atomic():
            MentorContactFactory(course=course)
            wrote.set()
            may_end.wait(30)
            transaction.set_rollback(not commits)

    writer = BackgroundAction(write)
    assert wrote.wait(30)
    during = facts.position()
    may_end.set()
    assert writer.join() is None
    assert before is not None
    assert during is None
    assert facts.position() not in {None, before}


def test_figures_reckoned_while_somebody_was_writing_are_not_compared(course, monkeypatch):
    monkeypatch.setattr(facts, "position", lambda: None)
    stored.refresh(NIGHT)
    monkeypatch.undo()
    MentorContactFactory(course=course, held_on=datetime.date(2016, 5, 18))
    assert stored.differences() == []


def test_the_task_and_the_command_reckon_up_to_today(course):
    refresh_figures()
    assert Reckoning.objects.get().day == clock.today()
    StoredFigure.objects.all().delete()
    call_command("refresh_figures")
    assert StoredFigure.objects.exists()
