"""Faults while a project leader enters vouchers: what was acknowledged has its file, no more is stored."""

import io
import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from pypdf import PdfWriter

from accounts.models import Project
from accounts.roles import Role
from bench.browser import Browser, filled, form_of
from grants.models import Voucher
from jobfirst import clock
from tests.factories import UserFactory
from tests.faults.people import session_of
from tests.faults.run import Run


def paper(title: str) -> bytes:
    """Return a PDF of one empty page with this title."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": title})
    writer.write(out)
    return out.getvalue()


class Leader:
    """A project leader who enters vouchers, each with a file that nobody else has."""

    def __init__(self, run: Run) -> None:
        connections.close_all()  # an earlier fault may have broken it
        self.project = Project.objects.filter(memberships__role=Role.MENTOR).earliest("pk")
        user = UserFactory(project=self.project, roles=[Role.PROJECT_LEADER])
        self.browser = Browser(run.system.port, session_of(user), timeout=60)

    def enter(self) -> tuple[int, str, bytes]:
        """Enter a voucher; return the status of the answer, the voucher's title, and its file."""
        address = reverse("grants:new_voucher", args=[self.project.slug])
        title = f"Kursus {uuid.uuid4().hex}"
        values = {
            "category": "teaching",
            "municipality": str(self.project.municipalities.earliest("pk").pk),
            "on": clock.today().isoformat(),
            "amount": "100",
            "what": title,
        }
        content = paper(title)
        form = dict(filled(form_of(self.browser.get(address), "what"), **values))
        form["file"] = SimpleUploadedFile("bilag.pdf", content)
        answer = self.browser.send(address, encode_multipart(BOUNDARY, form), MULTIPART_CONTENT)
        return answer.status, title, content

    def file_of(self, title: str) -> tuple[int, bytes]:
        """Return the answer's status and the file of the voucher."""
        voucher = Voucher.objects.get(what=title)
        answer = self.browser.get(reverse("grants:voucher_file", args=[voucher.public_id]))
        return answer.status, answer.body


def voucher_folder_is_missing(run: Run) -> None:
    """The folder of the vouchers is a link to a disk that is not there."""
    leader = Leader(run)
    before = enter(run, leader)
    folder = run.system.layout.root / "vouchers"
    away = folder.with_name("vouchers-away")
    folder.rename(away)
    folder.symlink_to(run.system.folder / "no-such-disk" / "vouchers")
    try:
        status, title, _content = leader.enter()
        run.expect(status >= 500, f"a voucher without a folder was answered with {status}")
        run.expect(not Voucher.objects.filter(what=title).exists(), "a voucher was stored without its file")
        run.expect(leader.file_of(before[0])[0] in {404, 500}, "a file came from nowhere")
        run.write_for(2)
    finally:
        folder.unlink()
        away.rename(folder)
    for title, content in (before, enter(run, leader)):
        run.expect(leader.file_of(title) == (200, content), f"the file of {title} is lost")


def inspector_killed(run: Run) -> None:
    """Kill -9 the process that reads a PDF, each time."""
    leader = Leader(run)
    with inspectors_die() as killed:
        status, title, _content = leader.enter()
    run.expect(killed, "nothing was killed")
    run.expect(status == 200, f"a file that nobody could read was answered with {status}")
    run.expect(not Voucher.objects.filter(what=title).exists(), "a file that nobody could read was stored")
    title, content = enter(run, leader)
    run.expect(leader.file_of(title) == (200, content), f"the file of {title} is lost")


def enter(run: Run, leader: Leader) -> tuple[str, bytes]:
    """Enter a voucher, which must be acknowledged; return its title and its file."""
    status, title, content = leader.enter()
    run.expect(status == 302, f"a voucher was answered with {status}")
    return title, content


@contextmanager
def inspectors_die() -> Iterator[list[int]]:
    """Kill every process that reads a file of a voucher inside the block (Linux); collect their ids."""
    killed: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            for pid in _inspectors():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            time.sleep(0.01)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        ended.set()
        thread.join()


def _inspectors() -> list[int]:
    """Return the ids of this project's processes that read a file of a voucher."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"grants/expenses/file_inspector.py" in (folder / "cmdline").read_bytes():
                pids.append(int(folder.name))
    return pids
