"""Continuous archiving: what docs/operations.md says brings a killed server back to any moment.

`pg_basebackup` is what an operator runs; the embedded server comes without it, so the base is copied by the
interface that it uses, too.
"""

import shutil
import tempfile
import time
from pathlib import Path

import pytest

from devservices import keys
from devservices.archive import archive_settings, make_archive_folder, restore_settings
from devservices.binaries import postgres_home
from devservices.layout import Layout
from devservices.postgres import Postgres
from tests.chaos.servers import wait_for
from tests.faults.standby import copy_base, give

pytestmark = [pytest.mark.services, pytest.mark.long]


@pytest.fixture
def archive():
    """A folder that PostgreSQL reaches, also as another user: pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(prefix="jobfirst-archive-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "archive"


@pytest.fixture
def server(tmp_path, archive):
    """A server that archives."""
    layout = Layout(tmp_path / "system")
    layout.create()
    keys.load_or_create(layout.keys)
    server = Postgres(layout, durable=False, more_settings=archive_settings(archive))
    make_archive_folder(archive, server.user)
    server.start(lambda: True)
    yield server
    server.stop()


def recovered(server, layout, archive, until):
    """Return a new server with the base, recovered from the archive until the moment."""
    new = Postgres(layout, durable=False, more_settings=restore_settings(archive, until))
    (layout.postgres / "recovery.signal").touch()
    give(layout.postgres, server)
    new._configure()
    new._launch(postgres_home(new.user))
    assert new._wait_until_answering(lambda: True), new.log.read_text()[-2000:]
    return new


def test_a_killed_server_comes_back_as_it_was_at_a_moment(server, archive, tmp_path):
    layout = Layout(tmp_path / "machine")
    with server.connect() as connection:
        connection.execute("CREATE TABLE writes (number int)")
        connection.execute("INSERT INTO writes VALUES (1)")
        copy_base(server, layout)
        connection.execute("INSERT INTO writes VALUES (2)")
        (until,) = connection.execute("SELECT clock_timestamp()::text").fetchone()
        time.sleep(0.05)
        connection.execute("INSERT INTO writes VALUES (3)")
        (segment,) = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert wait_for((archive / segment).exists, 120)
    server.process.kill()
    server.process.wait()
    shutil.rmtree(server.folder)
    new = recovered(server, layout, archive, until)
    try:
        with new.connect() as connection:
            is_open = wait_for(
                lambda: not connection.execute("SELECT pg_is_in_recovery()").fetchone()[0], 120
            )
            numbers = connection.execute("SELECT number FROM writes ORDER BY number").fetchall()
    finally:
        new.stop()
    assert is_open
    assert numbers == [(1,), (2,)]


def test_a_folder_whose_name_would_end_the_command_is_refused(tmp_path):
    with pytest.raises(ValueError, match="without"):
        archive_settings(tmp_path / "it's")
