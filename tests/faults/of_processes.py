"""Faults of our own processes: web, worker, beat, and the clock of the machine."""

import os
import signal
import sys
import time
from pathlib import Path

from tests.chaos.servers import wait_for
from tests.faults.of_mail import expect_mails, invite, now
from tests.faults.run import Run

CLOCK_AT = str(Path(__file__).with_name("gunicorn_at.py"))


def web_worker_killed(run: Run) -> None:
    """Kill -9 each of gunicorn's workers in the middle of requests, three times."""
    for _ in range(3):
        for pid in run.system.web_workers():
            _kill(pid)
        run.write_for(1.5)


def web_killed(run: Run) -> None:
    """Kill -9 the whole web server in the middle of requests."""
    run.system.kill("web")
    run.system.start_again("web")
    run.write_for(2)


def web_stopped_in_order(run: Run) -> None:
    """Restart the web server with SIGTERM, as a deployment does."""
    run.manager.is_paused = True
    process = run.system.processes.pop("web")
    process.terminate()
    process.wait(40)
    run.system.start_again("web")
    run.manager.is_paused = False
    run.write_for(2)


def web_workers_frozen(run: Run) -> None:
    """Stop gunicorn's workers for five seconds, as a machine without memory does."""
    pids = run.system.web_workers()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    run.write_for(5)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def clients_hang_up(run: Run) -> None:
    """Let every browser lose its connection in the middle of requests, for three seconds."""
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        for writer in run.writers.writers:
            writer.browser.break_off()
        time.sleep(0.05)


def worker_killed(run: Run) -> None:
    """Kill -9 the worker with its pool."""
    run.system.kill("worker")
    run.system.start_again("worker")
    run.write_for(2)


def beat_killed(run: Run) -> None:
    """Kill -9 beat."""
    run.system.kill("beat")
    run.system.start_again("beat")
    run.write_for(2)


def pool_killed_in_a_task(run: Run) -> None:
    """Kill -9 the processes of the pool while they send mail; the tasks are done again by others."""
    run.system.order_sink("hang", now())
    addresses = invite(run, 2)
    from accounts.tasks import send_due_invitations

    send_due_invitations.delay()
    run.write_for(1.5)
    for pid in run.system.pool_processes():
        _kill(pid)
    run.system.order_sink("accept", now())
    expect_mails(run, addresses)


def clock_forward(run: Run) -> None:
    """Let the web server's clock jump two hours ahead."""
    _restart_web_at(run, 2 * 60 * 60)


def clock_back(run: Run) -> None:
    """Let the web server's clock jump two hours back, and then be right again."""
    _restart_web_at(run, -2 * 60 * 60)
    _restart_web_at(run, 0)


def _restart_web_at(run: Run, seconds: int) -> None:
    run.manager.is_paused = True
    run.system.kill("web")
    command, environment = run.system.commands["web"]
    arguments = command[command.index("gunicorn") + 1 :] if "gunicorn" in command else command[3:]
    run.system.start_process("web", [sys.executable, CLOCK_AT, str(seconds), *arguments], environment)
    wait_for(run.system.is_answering, 60)
    run.manager.is_paused = False
    run.write_for(2)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
