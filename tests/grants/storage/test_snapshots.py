"""Every page, file and command that shows a draft saves a snapshot: once each, also concurrently."""

import io
import threading
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.urls import reverse

from grants.models import Document, Showing, ShowingChannel, Snapshot, SnapshotKind
from grants.presentation import export
from grants.reckoning import compute as compute_module
from grants.reckoning import overview
from grants.reckoning.compute import compute
from grants.statements import documents
from grants.storage import snapshots
from tests.access.table import TABLE
from tests.factories import UserFactory
from tests.grants.snapshot_pages import IN_2016, NOON, PROJECT_URL
from tests.loops import some
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import END_2016

pytestmark = pytest.mark.django_db

# Pages that reckon without showing a draft, and why.
NOT_A_DRAFT = {
    "grants:forecast": "what can be expected, not what would be submitted",
    "grants:stored": "only whether the stored statement still holds; it is shown from its own rows",
}


DRAFT_PAGES = {
    "grants:statement",
    "grants:download",
    "grants:project",
    "grants:project_download",
    "grants:submit",
    "grants:explain",
    "grants:unused",
    "grants:kept_difference",
}


def test_every_page_and_file_that_reckons_a_draft_saves_a_snapshot(
    trial, client, bridged_course, monkeypatch
):
    """Walks all addresses: a new one that reckons a draft without saving a snapshot fails here."""
    from tests.scenarios import two_projects

    reckonings = []
    fetch_frame = compute_module.fetch_frame

    def record_reckoning(*args):
        reckonings.append(args)
        return fetch_frame(*args)

    monkeypatch.setattr(compute_module, "fetch_frame", record_reckoning)
    monkeypatch.setattr(overview, "fetch_frame", record_reckoning)
    world = two_projects.build()
    checked = set()
    for address in TABLE:
        if not address.name.startswith("grants:") or "GET" not in address.roles_by_method:
            continue
        formats = ("json", "csv", "xlsx") if address.args == ("json",) else (None,)
        for file_format in some(formats):
            args = [file_format] if file_format else list(address.args)
            parts = [*(world.ids[kind]["own"] for kind in address.kinds), *args]
            role = "project_leader" if "project_leader" in address.roles_by_method["GET"] else "agency"
            reckonings.clear()
            before = Showing.objects.count()
            response = world.clients[role].get(reverse(address.name, args=parts), IN_2016)
            if not reckonings or response.status_code != 200:
                continue
            checked.add(address.name)
            new_showings = Showing.objects.count() - before
            if address.name not in NOT_A_DRAFT:
                assert new_showings == 1, f"{address.name} {file_format} as {role} saved nothing"
    assert checked >= DRAFT_PAGES


@pytest.mark.parametrize("file_format", export.FORMATS)
def test_the_command_saves_a_snapshot_in_every_format(trial, file_format, tmp_path):
    path = str(tmp_path / "file")
    for scope, kind in (["--project", "aalborg"], "project"), ([], "events"):
        args = ["--year", "2016", "--format", file_format, "--output", path, *scope]
        call_command("grant_statement", *args, stderr=io.StringIO())
        showing = Showing.objects.latest("pk")
        assert (showing.user, showing.way, showing.snapshot.kind) == (None, "command", kind)


@pytest.mark.parametrize("address", ["grants:order_pdf", "grants:order_project_pdf"])
def test_a_pdf_saves_a_snapshot_when_made_and_a_showing_when_downloaded(trial, client, address):
    client.force_login(trial.leader)
    client.post(reverse(address, args=["aalborg"] if "project" in address else []), IN_2016)
    document = Document.objects.get()
    documents.make(document.pk)
    document.refresh_from_db()
    assert document.snapshot
    assert not Showing.objects.exists()
    assert client.get(reverse("grants:document_file", args=[document.public_id])).status_code == 200
    showing = Showing.objects.get()
    assert (showing.snapshot, showing.way, showing.user) == (document.snapshot, "pdf", trial.leader)


def test_a_draft_that_cannot_be_saved_is_not_shown(trial, client, monkeypatch):
    monkeypatch.setattr(snapshots, "SAVE", "SELECT 1 / 0")
    client.raise_request_exception = False
    client.force_login(trial.agency)
    with transaction.atomic():
        assert client.get(PROJECT_URL, IN_2016).status_code == 500
        transaction.set_rollback(True)


# The same content once, the same showing once a day.


def test_the_same_draft_is_saved_once_and_a_showing_once_a_day(trial, get_as, time_machine):
    time_machine.move_to(NOON)
    for query in ({}, {"page": "2"}, {"sort": "amount"}):
        get_as("agency", PROJECT_URL, IN_2016 | query)
    get_as("leader", PROJECT_URL, IN_2016)
    get_as("leader", reverse("grants:explain", args=["aalborg", trial.completed.public_id]), IN_2016)
    assert Snapshot.objects.count() == 1
    assert Showing.objects.count() == 3
    time_machine.move_to(NOON + timedelta(days=1))
    get_as("agency", PROJECT_URL, IN_2016)
    assert (Snapshot.objects.count(), Showing.objects.count()) == (1, 4)
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    recompute_events()
    get_as("agency", PROJECT_URL, IN_2016)
    assert (Snapshot.objects.count(), Showing.objects.count()) == (2, 5)


def test_the_command_records_one_showing_a_day(trial):
    for _ in range(2):
        call_command("grant_statement", "--year", "2016", stdout=io.StringIO(), stderr=io.StringIO())
    assert Showing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_save_one_snapshot(trial):
    draft = compute(2016, END_2016, [trial.aalborg], with_spells=True)
    users = [UserFactory() for _ in range(6)]
    barrier, public_ids = threading.Barrier(len(users)), []

    def open_draft(user):
        try:
            barrier.wait()
            public_ids.append(
                snapshots.save(draft, SnapshotKind.PROJECT, ShowingChannel.PAGE, user, NOON).public_id
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=open_draft, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert public_ids == [Snapshot.objects.get().public_id] * len(users)
    assert Showing.objects.count() == len(users)
