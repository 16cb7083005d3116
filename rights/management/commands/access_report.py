"""`access_report --citizen PSEUDONYM --output DIR`: all that is stored of one citizen (docs/formats.md)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.access import record_shown
from cases.models import Citizen
from jobfirst import clock
from jobfirst.database.one_moment import one_moment
from jobfirst.files.private_folder import FolderError, new_folder
from jobfirst.row_security.context import all_projects
from rights.report.document import make_document
from rights.report.gathering import GatheredRows
from rights.report.summary import make_pdf
from rights.report.values import Attachments


class Command(BaseCommand):
    """Writes `access_report.json`, `access_report.pdf` and `attachments/` to a new folder; exit code 1 when
    the citizen is unknown or the folder is there already."""

    help = (
        "Everything that is stored about one citizen and who has seen it, for the citizen (GDPR article 15)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--citizen", metavar="PSEUDONYM", required=True, help="such as JF-4S7ZYAP6V4HQ")
        parser.add_argument("--output", metavar="DIR", type=Path, required=True, help="a folder to be made")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="of what is printed")

    @all_projects("a citizen may ask for what every project has")
    def handle(self, *args: Any, **options: Any) -> None:
        pseudonym, output = options["citizen"].strip().upper(), options["output"]
        citizen = Citizen.objects.filter(pseudonym=pseudonym).first()
        if citizen is None:
            raise CommandError("There is no citizen with this pseudonym (JF- and 12 characters).")
        record_shown(None, "access_report.command", [citizen.public_id])
        attachments = Attachments()
        with one_moment():
            document = make_document(GatheredRows(citizen), clock.now(), attachments)
        try:
            with new_folder(output) as folder:
                text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
                folder.write("access_report.json", [text.encode()])
                folder.write("access_report.pdf", [make_pdf(document)])
                for name, content in attachments.contents.items():
                    folder.write(name, [content])
        except FolderError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        number = len(attachments.contents)
        if options["format"] == "json":
            report = {"citizen": pseudonym, "output": str(output), "attachments": number}
            self.stdout.write(json.dumps({**report, "protected_address": document["protected_address"]}))
        else:
            self.stdout.write(f"{output}: access_report.json, access_report.pdf, {number} files")
        if document["protected_address"]:
            self.stderr.write(
                "The citizen's address is protected: hand the report to the citizen in person only.",
                self.style.WARNING,
            )
