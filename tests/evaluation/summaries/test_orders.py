"""After an import the stored figures are reckoned anew, and the page says how old they are until then."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from evaluation.measures.registry import WEEKLY_CONTACT
from evaluation.models import Reckoning, RefreshOrder, StoredFigure
from evaluation.summaries import orders, stored
from evaluation.summaries.history import figures_age, history
from evaluation.tasks import refresh_figures, refresh_ordered
from tests.factories import CourseFactory, UserFactory

pytestmark = pytest.mark.django_db

MAY_CONTACT = "mentor_contact;2016-05-04;ja"
HEADER = "cpr;kind;held_on;citizen_present"


@pytest.fixture
def course():
    """A course drawn on 4 April 2016 without a contact, whose figures are stored."""
    course = CourseFactory()
    stored.refresh(datetime.date(2016, 7, 15))
    return course


@pytest.fixture
def contacts(course):
    """A file with one contact of the course, as CSV."""
    return f"{HEADER}\n{course.citizen.cpr};{MAY_CONTACT}\n"


@pytest.fixture
def queued(monkeypatch):
    """The messages to the worker."""
    messages = []
    monkeypatch.setattr(refresh_ordered, "delay", lambda: messages.append("refresh"))
    return messages


def contacts_kept(course):
    return sum(month.figure.counted for month in history(course.project, WEEKLY_CONTACT))


@pytest.fixture
def run_import(tmp_path, django_capture_on_commit_callbacks):
    """Import the text by the command, with what follows the commit."""

    def run_import(text, *options):
        path = tmp_path / "contacts.csv"
        path.write_text(text, encoding="utf-8")
        with django_capture_on_commit_callbacks(execute=True):
            call_command("import_contacts", str(path), *options, stdout=io.StringIO(), stderr=io.StringIO())

    return run_import


def test_an_import_by_command_orders_the_figures_and_the_worker_reckons_them(
    course, contacts, queued, run_import
):
    run_import(contacts)
    assert queued == ["refresh"]
    assert contacts_kept(course) == 0
    refresh_ordered()
    assert contacts_kept(course) == 1
    assert not orders.is_waiting()


def test_an_upload_orders_them_too(course, contacts, queued, client, django_capture_on_commit_callbacks):
    client.force_login(UserFactory(roles=[Role.PROJECT_LEADER], project=course.project))
    file = io.BytesIO(contacts.encode())
    file.name = "contacts.csv"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("cases:upload_contacts"), {"file": file})
    assert answer.status_code == 200
    assert queued == ["refresh"]
    assert RefreshOrder.objects.count() == 1


def test_nothing_is_ordered_by_a_dry_run_or_a_refused_file(contacts, queued, run_import):
    run_import(contacts, "--dry-run")
    with pytest.raises(SystemExit):
        run_import(contacts.replace(";ja", ";perhaps"))
    assert queued == []
    assert not orders.is_waiting()


def test_without_a_broker_the_import_succeeds_and_the_order_waits_for_beat(
    course, contacts, monkeypatch, run_import
):
    def no_broker():
        raise ConnectionError("the broker is away")

    monkeypatch.setattr(refresh_ordered, "delay", no_broker)
    run_import(contacts)
    assert orders.is_waiting()
    refresh_ordered()
    assert contacts_kept(course) == 1


def test_without_an_order_the_task_reckons_nothing(course):
    StoredFigure.objects.all().delete()
    refresh_ordered()
    assert not StoredFigure.objects.exists()


def test_an_import_while_the_figures_are_reckoned_is_reckoned_next(course, monkeypatch):
    orders.order_refresh()
    refresh, days = stored.refresh, []

    def refresh_with_an_import(day):
        if not days:
            orders.order_refresh()
        days.append(day)
        return refresh(day)

    monkeypatch.setattr(stored, "refresh", refresh_with_an_import)
    refresh_ordered()
    assert len(days) == 2
    assert not orders.is_waiting()


def test_the_night_fulfils_what_waits(course):
    orders.order_refresh()
    refresh_figures()
    assert not orders.is_waiting()


def test_the_page_says_how_old_its_figures_are_until_then(course, client):
    made_at = timezone.make_aware(datetime.datetime(2016, 7, 15, 3, 10))
    Reckoning.objects.update(made_at=made_at)
    assert figures_age() == (made_at, False)
    orders.order_refresh()
    client.force_login(UserFactory(roles=[Role.PROJECT_LEADER], project=course.project))
    page = client.get(reverse("evaluation:measure", args=["drawn"]), {"months": "yes"}).content.decode()
    assert "Opgjort 15.07.2016 kl. 03.10. Der er læst en fil ind siden." in page
    orders.fulfil(datetime.date(2016, 7, 15))
    page = client.get(reverse("evaluation:measure", args=["drawn"]), {"months": "yes"}).content.decode()
    assert "Der er læst en fil ind siden" not in page
