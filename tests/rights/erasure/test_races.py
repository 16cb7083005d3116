"""An erasure while people work: nothing of the citizen is written past it."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from audit.chain.erasures import ErasureReason
from cases.actions.checks import locked, locked_courses
from cases.actions.referral_corrections import lock_citizens_referrals, locked_referral
from cases.models import MentorContact, Referral
from jobfirst.database.owner import as_owner
from rights.erasure.engine import erase_citizen
from tests.concurrency import BackgroundAction
from tests.factories import DRAWN_ON, CourseFactory, MentorContactFactory, UserFactory
from tests.rights.erasure.conftest import LONG_AFTER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(project):
    course = CourseFactory(project_for=project, holders=UserFactory())
    course.ended_on, course.end_reason = DRAWN_ON + datetime.timedelta(days=200), "other"
    course.save()
    return course


def begin_erasure(citizen):
    """Erase the citizen on a connection of its own."""
    persons = UserFactory(), UserFactory()
    reason = ErasureReason(uuid.uuid4(), "participant", persons[0].pk, persons[1].pk)

    def erase():
        with as_owner():
            return erase_citizen(citizen, reason, LONG_AFTER)

    return BackgroundAction(erase)


def test_what_is_saved_on_a_course_while_it_is_erased_is_erased_too(course):
    with transaction.atomic():
        locked(course)
        erasure = begin_erasure(course.citizen)
        assert erasure.is_blocked()
        MentorContactFactory(course=course)
    assert [line.number for line in erasure.join()] == [1]
    assert not MentorContact.objects.filter(course=course).exists()


def test_a_correction_of_a_referral_ends_before_the_erasure(course):
    with transaction.atomic():
        lock_citizens_referrals(course.citizen.cpr)
        erasure = begin_erasure(course.citizen)
        assert erasure.is_blocked()
        Referral.objects.filter(pk=course.referral.pk).update(name="Rikke Rettet")
    assert [line.number for line in erasure.join()] == [1]
    assert Referral.objects.get(pk=course.referral.pk).name == "–"


def test_whoever_waited_for_the_erasure_writes_nothing_more(course):
    begin_erasure(course.citizen).join()
    with transaction.atomic():
        for lock_row in (
            lambda: locked(course),
            lambda: locked_courses([course.pk]),
            lambda: locked_referral(course.referral),
        ):
            with pytest.raises(ValidationError, match="slettet"):
                lock_row()
