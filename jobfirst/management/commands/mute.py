"""`mute`: the system sends nothing until `unmute` (docs/operations.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobfirst.messaging.mute import set_muted
from jobfirst.row_security.context import no_project


class Command(BaseCommand):
    """`mute [--reason TEXT] [--format json]`."""

    help = "Send nothing from this system (mail, SMS, links, invitations) until `unmute`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", default="", help="why, without names")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @no_project("the switch is that of the system")
    def handle(self, *args: Any, **options: Any) -> None:
        set_muted(True, options["reason"])
        text = "This system is muted: it sends nothing until `unmute`. What is due waits."
        self.stdout.write(json.dumps({"muted": True}) if options["format"] == "json" else text)
