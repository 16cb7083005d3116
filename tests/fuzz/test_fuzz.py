"""No malformed request makes an error of the server: 1,000 among the tests, 20,000 by `make fuzz`."""

import datetime
import os
from contextlib import nullcontext

import pytest
import time_machine

from tests.fuzz.run import Run

REQUESTS = int(os.environ.get("JOBFIRST_FUZZ_REQUESTS", "1000"))
SEED = os.environ.get("JOBFIRST_FUZZ_SEED", "2016")
PART = 250
WHILE_COURSES_RUN = datetime.datetime(2016, 5, 18, 8, 0, tzinfo=datetime.UTC)
PARTS = range(-(-REQUESTS // PART))

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("error")]


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """Replace the slow drawing of PDFs."""
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda *args, **kwargs: b"%PDF-1.7")


@pytest.mark.parametrize("part", PARTS)
def test_no_malformed_request_makes_an_error_of_the_server(two_projects, record_property, part):
    """Half of the parts run when the courses do, the others years later."""
    with time_machine.travel(WHILE_COURSES_RUN) if part % 2 else nullcontext():
        check_part(two_projects, record_property, part)


def check_part(two_projects, record_property, part):
    """Send the requests of a part, and note the answers."""
    findings = Run(two_projects, f"{SEED}-{part}").send(min(PART, REQUESTS - part * PART))
    # xdist sends plain values only, and a status may be an `HTTPStatus`.
    record_property("statuses", {int(status): number for status, number in findings.statuses.items()})
    record_property("errors", {place: len(requests) for place, requests in findings.errors.items()})
    assert not findings.errors, f"\n{findings}"
