"""An import of projects beside the draw and beside actions: locks in the house's order, no stale deadline."""

import io
from contextlib import closing

import pytest
from django.db import transaction

from accounts.exchange import PROJECT_COLUMNS, import_projects
from accounts.models import Project
from cases.models import Course
from jobfirst.exchange import read_table
from randomization.draw.actions import draw_project
from reminders import deadlines
from tests.concurrency import BackgroundAction, is_lock_of_deadlines_free
from tests.factories import DRAWN_ON, CourseFactory

pytestmark = pytest.mark.django_db(transaction=True)


def import_target(project, target_count):
    """Import the project with another target count."""
    places = "+".join(place.municipality_id for place in project.places.all())
    row = [project.slug, project.name, places, project.starts_on, project.ends_on, target_count]
    text = "\n".join(";".join(map(str, line)) for line in (PROJECT_COLUMNS, row))
    with transaction.atomic(), closing(read_table(io.BytesIO(text.encode()), PROJECT_COLUMNS)) as table:
        import_projects(table)


def draw(project, shares):
    return len(draw_project(project, DRAWN_ON, shares=shares).allocations)


@pytest.fixture
def waiting(aalborg, refer_citizens):
    """Aalborg, behind its enrolment, with citizens to be drawn."""
    refer_citizens(8)
    deadlines.recompute()
    return aalborg


def test_a_draw_after_an_import_sees_its_target(waiting, demonstration):
    with transaction.atomic():
        import_target(waiting, 10)
        drawing = BackgroundAction(lambda: draw(waiting, demonstration))
        assert drawing.is_blocked()
    assert drawing.join() == 8
    with transaction.atomic():
        assert list(deadlines.described_differences()) == []


def test_an_import_after_a_draw_sees_who_was_drawn(waiting, demonstration):
    with transaction.atomic():
        assert draw(waiting, demonstration) == 8
        importing = BackgroundAction(lambda: import_target(waiting, 10))
        assert importing.is_blocked()
    assert importing.join() is None
    with transaction.atomic():
        assert list(deadlines.described_differences()) == []


def test_the_draw_takes_the_lock_of_the_deadlines_after_that_on_the_project(waiting, demonstration):
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=waiting.pk)
        drawing = BackgroundAction(lambda: draw(waiting, demonstration))
        assert drawing.is_blocked()
        assert is_lock_of_deadlines_free()
    assert drawing.join() == 8


def test_an_import_takes_the_lock_of_the_deadlines_after_those_on_the_courses(waiting):
    course = CourseFactory(project_for=waiting)
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=course.pk)
        importing = BackgroundAction(lambda: import_target(waiting, 10))
        assert importing.is_blocked()
        assert is_lock_of_deadlines_free()
    assert importing.join() is None
