"""The migrations of the cases lose nothing."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection

from cases.models import Cv, ProfileText
from tests.factories import CourseFactory

BEFORE, AFTER = ("cases", "0007_cv_and_profile"), ("cases", "0008_move_profiles")


def migrate(target):
    """Migrate with the command, which also grants the application its rights on the new tables."""
    call_command("migrate", *target, verbosity=0)


def set_old_profile(course, text):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_course SET profile = %s WHERE id = %s", [text, course.pk])


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_joint_profile_and_its_earlier_versions_become_those_of_the_wishes():
    course, other = CourseFactory(), CourseFactory()
    migrate(BEFORE)
    try:
        set_old_profile(course, "Vil gerne arbejde med planter")
        set_old_profile(course, "Vil gerne arbejde med dyr")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_course SET cv_updated_on = '2016-05-02' WHERE id = %s", [other.pk])
    finally:
        migrate(AFTER)
    texts = ProfileText.objects.values_list("course", "subject", "number", "version", "text")
    assert list(texts) == [
        (course.pk, "wishes", 2, 2, "Vil gerne arbejde med dyr"),
        (course.pk, "wishes", 1, 1, "Vil gerne arbejde med planter"),
    ]
    assert Cv.objects.values_list("course", "changed_on").get() == (other.pk, datetime.date(2016, 5, 2))
