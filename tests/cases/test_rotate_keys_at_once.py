"""Keys are exchanged while threads write: nothing is lost, everything can be read, and no row keeps half."""

import itertools
import threading

import pytest
from django.core.management import call_command

from cases.management.commands import rotate_cpr_keys, rotate_keys
from cases.models import Citizen, MentorContact
from jobfirst.encryption import crypto
from tests.concurrency import BackgroundAction
from tests.factories import CitizenFactory, CourseFactory, MentorContactFactory

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "A" * 43, "C" * 43


@pytest.fixture
def old_rows(settings, monkeypatch):
    """Citizens and a note under the old keys; the new ones stand first from now on."""
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    monkeypatch.setattr(rotate_cpr_keys, "BATCH", 2)
    settings.JOBFIRST_LOOKUP_KEY, settings.JOBFIRST_CPR_KEYS = OLD, [f"1:{OLD}"]
    citizens = [CitizenFactory() for _number in range(20)]
    course = CourseFactory()
    MentorContactFactory(course=course, note="Fra før")
    settings.JOBFIRST_LOOKUP_KEY = f"2:{NEW},1:{OLD}"
    settings.JOBFIRST_CPR_KEYS = [f"2:{NEW}", f"1:{OLD}"]
    return citizens, course


def test_nothing_is_lost_and_everything_can_be_read(old_rows, settings):
    citizens, course = old_rows
    numbers = {citizen.pk: citizen.cpr for citizen in citizens}
    is_over = threading.Event()
    mistakes = []

    def make_new_ones():
        for count in itertools.count():
            if is_over.is_set() and count >= 5:
                return
            citizen = CitizenFactory()
            numbers[citizen.pk] = citizen.cpr
            MentorContactFactory(course=course, note=f"Skrevet imens {count}")

    def touch_old_ones():
        for citizen in itertools.cycle(citizens):
            if is_over.is_set():
                return
            row = Citizen.objects.get(pk=citizen.pk)
            pk = Citizen.objects.with_cpr(numbers[citizen.pk]).get().pk
            if (row.cpr, pk) != (numbers[citizen.pk], citizen.pk):
                mistakes.append(citizen.pk)
            row.save()

    writers = [BackgroundAction(make_new_ones), BackgroundAction(touch_old_ones)]
    call_command("rotate_keys")
    is_over.set()
    outcomes = [writer.join() for writer in writers]
    assert (outcomes, mistakes) == ([None, None], [])
    call_command("rotate_keys")

    settings.JOBFIRST_LOOKUP_KEY, settings.JOBFIRST_CPR_KEYS = f"2:{NEW}", [f"2:{NEW}", f"1:{OLD}"]
    assert {citizen.pk: citizen.cpr for citizen in Citizen.objects.filter(pk__in=numbers)} == numbers
    pks = {number: Citizen.objects.with_cpr(number).get().pk for number in numbers.values()}
    assert pks == {number: pk for pk, number in numbers.items()}
    are_current = {crypto.is_current(bytes(row.cpr_cipher)) for row in Citizen.objects.all()}
    assert are_current == {True}
    notes = {contact.note for contact in MentorContact.objects.filter(course=course)}
    assert "Fra før" in notes
    assert {f"Skrevet imens {count}" for count in range(5)} < notes
