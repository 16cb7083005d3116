import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import AccountRequest
from accounts.people import confirmations
from jobfirst.row_security.context import no_project


class Command(BaseCommand):
    help = (
        "Confirm on the server what would need a second administrator (a role, a reset), where there "
        "is none. Without an id the changes that wait are listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", nargs="?", type=uuid.UUID, help="as listed")

    @no_project("accounts are managed by who sees no project")
    def handle(self, *args: Any, **options: Any) -> None:
        if options["id"] is None:
            waiting = AccountRequest.objects.waiting(timezone.now())
            for request in waiting.select_related("person", "project", "asked_by"):
                change = confirmations.request_in_words(request)
                self.stdout.write(
                    f"{request.public_id} {change}: {request.person} (asked by {request.asked_by})"
                )
            return
        try:
            confirmations.confirm(options["id"], by=None)
        except AccountRequest.DoesNotExist as error:
            raise CommandError("no such change") from error
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write("confirmed")
