"""Each task and each command says which projects it works on."""

from importlib import import_module

import pytest
from celery import shared_task
from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand

from jobfirst.celery import app
from jobfirst.row_security.context import Working, all_projects, declaration_of
from tests.loops import some

APPS = {name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()}


def undeclared_tasks() -> list[str]:
    """Return our tasks that do not say what they work on."""
    app.loader.import_default_modules()
    tasks = {name: task for name, task in app.tasks.items() if name.split(".")[0] in APPS}
    return sorted(name for name, task in some(tasks.items()) if declaration_of(task.run) is None)


def is_declared(command: type[BaseCommand]) -> bool:
    return isinstance(declaration_of(command.handle), Working)


def test_each_task_says_what_it_works_on():
    assert undeclared_tasks() == []


def test_a_task_that_says_nothing_is_found():
    @shared_task(name="cases.tasks.forgotten")
    def forgotten() -> None: ...

    try:
        assert undeclared_tasks() == ["cases.tasks.forgotten"]
    finally:
        app.tasks.pop("cases.tasks.forgotten")


def test_each_command_says_what_it_works_on():
    commands = [(name, package) for name, package in get_commands().items() if package in APPS]
    for name, package in some(commands):
        module = import_module(f"{package}.management.commands.{name}")
        assert is_declared(module.Command), name


def test_a_command_that_says_nothing_is_found():
    class Forgotten(BaseCommand):
        def handle(self, *args, **options): ...

    class Declared(BaseCommand):
        @all_projects("a test")
        def handle(self, *args, **options): ...

    assert not is_declared(Forgotten)
    assert is_declared(Declared)


@pytest.mark.django_db
def test_a_task_that_says_nothing_reads_nothing(monkeypatch):
    """As in a worker, where nobody has said anything."""
    from cases.models import Course
    from jobfirst.row_security import context
    from tests.factories import CourseFactory

    CourseFactory()
    monkeypatch.setattr(context, "undeclared", context.NO_PROJECT)

    def forgotten() -> int:
        return Course.objects.count()

    assert forgotten() == 0
    assert all_projects("a test")(forgotten)() == 1
