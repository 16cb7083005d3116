"""A mail server on this machine."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from aiosmtpd.controller import Controller


class AcceptedMails:
    """The mails that the server took; `refusal` is what it answers instead, as "550 no such user"."""

    def __init__(self):
        self.mails = []
        self.refusal = ""

    async def handle_DATA(self, _server, _session, envelope):  # aiosmtpd's name
        if self.refusal:
            return self.refusal
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


HandlerT = TypeVar("HandlerT")


@contextmanager
def running_mail_server(settings, handler: HandlerT) -> Iterator[HandlerT]:
    """Run a mail server with the handler, and name it in the settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.JOBFIRST_BASE_URL = "https://jobfirst.example"
    yield handler
    controller.stop()
