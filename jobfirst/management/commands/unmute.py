"""`unmute`: a muted system, such as a restored one, sends again (docs/operations.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jobfirst.backup.extension_points import unmute_guards
from jobfirst.messaging.mute import set_muted
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    """`unmute [--reason TEXT] [--format json]`; exit code 1 when JOBFIRST_MUTED mutes the system whatever is
    stored, or when something of a restored system is still to be done (erasures)."""

    help = "Let this system send again. Only where it is the one that people use, not a copy of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", default="", help="why, without names")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("what waits in every project is counted")
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.JOBFIRST_MUTED:
            raise CommandError("JOBFIRST_MUTED is set: unset it, restart the system, and run `unmute` again.")
        for guard in unmute_guards():
            if objection := guard():
                raise CommandError(objection)
        set_muted(False, options["reason"])
        text = "This system sends. What waited goes out with the next rounds."
        self.stdout.write(json.dumps({"muted": False}) if options["format"] == "json" else text)
