"""Faults of the mail server, while an administrator invites people: each invitation arrives in the end.

A mail that the server took without saying so comes again (docs/reminders.md: at least once); all others once.
"""

import time
import uuid
from collections import Counter
from datetime import UTC, datetime

from tests.chaos.servers import wait_for
from tests.faults.run import Run

ARRIVAL_SECONDS = 60.0


def mail_server_is_slow(run: Run) -> None:
    """The server takes a connection and does not answer after DATA."""
    _invite_while(run, "hang")


def mail_server_drops(run: Run) -> None:
    """The server takes the mail and closes the connection instead of saying so."""
    _invite_while(run, "drop", may_come_twice=True)


def mail_server_refuses_for_now(run: Run) -> None:
    """The server answers 451."""
    _invite_while(run, "refuse")


def mail_server_refuses_for_good(run: Run) -> None:
    """The server answers 550 until it is mended."""
    _invite_while(run, "refuse for good")


def mail_server_is_gone(run: Run) -> None:
    """Nobody listens at the server's address."""
    system = run.system
    assert system.sink is not None
    system.stop_sink()
    addresses = invite(run, 2)
    run.write_for(2)
    system.start_sink()
    system.order_sink("accept", now())
    expect_mails(run, addresses)


def _invite_while(run: Run, mode: str, *, may_come_twice: bool = False) -> None:
    run.system.order_sink(mode, now())
    addresses = invite(run, 2)
    run.write_for(3)
    run.system.order_sink("accept", now())
    expect_mails(run, addresses, may_come_twice=may_come_twice)


def invite(run: Run, count: int) -> list[str]:
    """Invite so many people through the administrator's form; return the addresses that were acknowledged."""
    addresses = [f"{uuid.uuid4().hex}@example.invalid" for _ in range(count)]
    assert run.inviter is not None
    return [address for address in addresses if run.inviter(address)]


def expect_mails(run: Run, addresses: list[str], *, may_come_twice: bool = False) -> None:
    """Let the timetable's task send what is due until each address has its mail, and count them."""
    from accounts.tasks import send_due_invitations

    run.expect(addresses, "nobody could be invited")
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        send_due_invitations.delay()
        if wait_for(lambda: set(addresses) <= _arrived(run).keys(), 5):
            break
    run.write_for(1)
    arrived = _arrived(run)
    for address in addresses:
        run.expect(arrived[address], f"no mail for {address}")
        run.expect(
            arrived[address] <= (2 if may_come_twice else 1), f"{arrived[address]} mails for {address}"
        )


def _arrived(run: Run) -> Counter[str]:
    return Counter(mail["to"] for mail in run.system.mails())


def now() -> datetime:
    """Return the moment that the sink writes beside a mail."""
    return datetime.now(UTC)
