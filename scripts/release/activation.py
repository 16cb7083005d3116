"""A listening socket that outlives the server behind it, as a socket unit of systemd has it.

Whoever holds the socket passes it on to one server after the other. Between two of them the kernel keeps
what arrives, up to the backlog.
"""

import socket
import sys

#: As `Backlog=` in deploy/systemd/jobfirst-web.socket.
BACKLOG = 4096
#: What systemd does before it runs the program: the socket is descriptor 3, and said to be for this process.
LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execvp(sys.argv[2], sys.argv[2:])
"""


def held_socket(port: int = 0) -> socket.socket:
    """Listen on this port of the loopback; nobody accepts yet."""
    return socket.create_server(("127.0.0.1", port), backlog=BACKLOG)


def activated(listener: socket.socket, command: list[str]) -> list[str]:
    """Return the command that runs `command` on the socket; start it with the socket among `pass_fds`."""
    return [sys.executable, "-S", "-E", "-c", LAUNCH, str(listener.fileno()), *command]
