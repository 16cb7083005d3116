"""Kinds of deadlines and notices, and subjects, that apps add."""

from dataclasses import replace

import pytest

from reminders import deadlines, extension_points
from reminders.extension_points import DeadlineKind, NoticeKind
from reminders.models import SubjectType
from tests.factories import CourseFactory

pytestmark = pytest.mark.django_db


def test_two_kinds_of_one_name_are_refused(due_reminders):
    with pytest.raises(ValueError, match="test_due"):
        extension_points.add_kinds(
            DeadlineKind("test_due", "Another", SubjectType.COURSE, (), lambda subjects: (), str)
        )


@pytest.mark.parametrize("code", ["test_deu", "enrolment_behind"])
def test_a_kind_that_courses_do_not_have_is_refused(code):
    """A mistyped code would otherwise leave the deadlines as they are, until the night."""
    course = CourseFactory()
    with pytest.raises(ValueError, match=code):
        deadlines.bring_up_to_date(SubjectType.COURSE, [course.public_id], ["weekly_contact_missing", code])


def test_a_deadline_and_a_notice_of_one_name_are_refused(due_reminders, monkeypatch):
    """`find_kind_or_notice_kind` would name the deadline when the notice is told."""
    monkeypatch.setattr(extension_points, "_notice_kinds", {})
    with pytest.raises(ValueError, match="test_due"):
        extension_points.add_notice_kinds(NoticeKind("test_due", "News", SubjectType.COURSE, str))
    extension_points.add_notice_kinds(NoticeKind("news", "News", SubjectType.COURSE, str))
    with pytest.raises(ValueError, match="news"):
        extension_points.add_kinds(DeadlineKind("news", "Due", SubjectType.COURSE, (), lambda keys: (), str))


def test_a_kind_may_be_added_again(due_reminders, monkeypatch):
    monkeypatch.setattr(extension_points, "_notice_kinds", {})
    notice = NoticeKind("news", "News", SubjectType.COURSE, str)
    for _number in range(2):
        extension_points.add_kinds(extension_points.find_kind("test_due"))
        extension_points.add_notice_kinds(notice)
    assert extension_points.find_kind_or_notice_kind("news") is notice


def test_two_apps_cannot_say_what_the_subjects_are():
    courses = extension_points._subjects[SubjectType.COURSE]
    extension_points.add_subjects(SubjectType.COURSE, courses)
    with pytest.raises(ValueError, match="course"):
        extension_points.add_subjects(SubjectType.COURSE, replace(courses, holders=None))
    assert extension_points._subjects[SubjectType.COURSE] is courses
