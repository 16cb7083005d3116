"""Nothing is shown of a draft without being kept: every page, file and command, once each, and at once."""

import io
import threading
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.urls import reverse

from grants.models import Document, Showing, ShowingChannel, Snapshot, SnapshotKind
from grants.presentation import export
from grants.reckoning import compute as statement
from grants.reckoning import national
from grants.reckoning.compute import compute
from grants.statements import documents
from grants.storage import snapshots
from tests.access.table import TABLE
from tests.factories import UserFactory
from tests.grants.kept import IN_2016, NOON, PROJECT
from tests.grants.reckoning.test_statement import END_2016

pytestmark = pytest.mark.django_db

# Reckoned there, and no draft shown: why.
NOT_A_DRAFT = {
    "grants:forecast": "what can be expected, not what would be submitted",
    "grants:stored": "only whether the stored statement still holds; it is shown from its own rows",
}


def test_every_page_and_file_that_reckons_a_draft_keeps_it(trial, client, bridged, monkeypatch):
    """All addresses, whatever they are: a new one that reckons and keeps nothing fails here."""
    from tests.access import world as worlds

    reckoned = []
    frame = statement.frame

    def noted(*args):
        reckoned.append(args)
        return frame(*args)

    monkeypatch.setattr(statement, "frame", noted)
    monkeypatch.setattr(national, "frame", noted)
    world = worlds.build()
    checked = set()
    for address in TABLE:
        if not address.name.startswith("grants:") or "GET" not in address.who:
            continue
        formats = ("json", "csv", "xlsx") if address.args == ("json",) else (None,)
        for file_format in formats:
            args = [file_format] if file_format else list(address.args)
            parts = [*(world.ids[kind]["own"] for kind in address.kinds), *args]
            role = "project_leader" if "project_leader" in address.who["GET"] else "agency"
            reckoned.clear()
            before = Showing.objects.count()
            answer = world.clients[role].get(reverse(address.name, args=parts), IN_2016)
            if not reckoned or answer.status_code != 200:
                continue
            checked.add(address.name)
            more = Showing.objects.count() - before
            if address.name not in NOT_A_DRAFT:
                assert more == 1, f"{address.name} {file_format} as {role} kept nothing"
    assert checked >= {
        "grants:statement",
        "grants:download",
        "grants:project",
        "grants:project_download",
        "grants:submit",
        "grants:explain",
        "grants:unused",
        "grants:kept_difference",
    }


@pytest.mark.parametrize("file_format", export.FORMATS)
def test_the_command_keeps_what_it_says_in_every_format(trial, file_format, tmp_path):
    path = str(tmp_path / "file")
    for scope, kind in (["--project", "aalborg"], "project"), ([], "events"):
        args = ["--year", "2016", "--format", file_format, "--output", path, *scope]
        call_command("grant_statement", *args, stderr=io.StringIO())
        showing = Showing.objects.latest("pk")
        assert (showing.user, showing.way, showing.snapshot.kind) == (None, "command", kind)


@pytest.mark.parametrize("address", ["grants:order_pdf", "grants:order_project_pdf"])
def test_a_pdf_is_kept_before_it_is_drawn_and_shown_when_it_is_fetched(trial, client, address):
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


def test_what_cannot_be_kept_is_not_shown(trial, client, monkeypatch):
    monkeypatch.setattr(snapshots, "KEEP", "SELECT 1 / 0")
    client.raise_request_exception = False
    client.force_login(trial.agency)
    with transaction.atomic():
        assert client.get(PROJECT, IN_2016).status_code == 500
        transaction.set_rollback(True)


# The same content once, the same showing once a day.


def test_the_same_draft_is_kept_once_and_a_showing_once_a_day(trial, see, time_machine):
    time_machine.move_to(NOON)
    for query in ({}, {"page": "2"}, {"sort": "amount"}):
        see("agency", PROJECT, IN_2016 | query)
    see("leader", PROJECT, IN_2016)
    see("leader", reverse("grants:explain", args=["aalborg", trial.done.public_id]), IN_2016)
    assert Snapshot.objects.count() == 1
    assert Showing.objects.count() == 3
    time_machine.move_to(NOON + timedelta(days=1))
    see("agency", PROJECT, IN_2016)
    assert (Snapshot.objects.count(), Showing.objects.count()) == (1, 4)
    trial.done.placements.update(ended_on=date(2016, 4, 20))
    see("agency", PROJECT, IN_2016)
    assert (Snapshot.objects.count(), Showing.objects.count()) == (2, 5)


def test_the_command_of_nobody_is_one_showing_a_day(trial):
    for _ in range(2):
        call_command("grant_statement", "--year", "2016", stdout=io.StringIO(), stderr=io.StringIO())
    assert Showing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_keep_one(trial):
    draft = compute(2016, END_2016, [trial.first], with_accounts=True)
    users = [UserFactory() for _ in range(6)]
    barrier, found = threading.Barrier(len(users)), []

    def look(user):
        try:
            barrier.wait()
            found.append(
                snapshots.keep(draft, SnapshotKind.PROJECT, ShowingChannel.PAGE, user, NOON).public_id
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Snapshot.objects.get().public_id] * len(users)
    assert Showing.objects.count() == len(users)
