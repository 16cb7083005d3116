"""A small run of `make chaos`: nothing is lost or told twice while everything is killed (D34)."""

import json
import os
import signal
import subprocess
import sys

import pytest

from devservices.layout import PROJECT

#: Only a run that hangs is ended by this; its own waits have limits, and a slow machine is waited for.
HANG_SECONDS = 600


@pytest.mark.services
@pytest.mark.long
def test_nothing_is_lost_or_told_twice_while_everything_is_killed():
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos", "--deadlines", "500", "--kills", "5", "--few-days"],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, err = run.communicate(timeout=HANG_SECONDS)
    finally:
        if run.poll() is None:  # its children end with it
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
    assert out, err
    report = json.loads(out)
    assert report["faults"] == [], err
    assert run.returncode == 0
    assert report["deadlines"] >= 500
    assert report["reminders"] > 200
    assert set(report["kills"]) == {"worker", "beat", "redis", "postgres"}
    assert sum(report["kills"].values()) >= 5
    assert report["redis emptied"] >= 1
