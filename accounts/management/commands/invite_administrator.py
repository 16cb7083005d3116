from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.people.actions import invite_user
from accounts.policy import ACCOUNT_MANAGER
from jobfirst.row_security.context import no_project


class Command(BaseCommand):
    help = "Invite an administrator (the first one cannot be invited from the pages)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    @no_project("administrators belong to no project")
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invite_user(options["email"], options["name"], None, [ACCOUNT_MANAGER])
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write("invited")
