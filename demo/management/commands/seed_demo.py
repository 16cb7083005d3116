"""`seed_demo [--citizens N] [--seed S] [--on DATE]`: a synthetic trial in all phases (docs/formats.md)."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress, TaskID

from audit.chain.sealing import seal
from demo.trial import DemoRefused, seed_demo
from jobfirst import clock
from jobfirst.exchange.rows import iso_day
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    help = "Fill an empty rehearsal with a synthetic trial; the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--citizens", type=int, default=600)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--on", metavar="DATE", help="the day, as 2016-03-01 (default: today)")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("the synthetic trial has several projects")
    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["citizens"] <= 200_000:
            raise CommandError("--citizens must be from 1 to 200000")
        on = clock.today() if options["on"] is None else iso_day(options["on"])
        if on is None:
            raise CommandError(f"--on: '{options['on']}' is not a date such as 2016-03-01")
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal) as bar:
            tasks: dict[str, TaskID] = {}

            def progress(name: str, completed: int, total: int) -> None:
                if name not in tasks:
                    tasks[name] = bar.add_task(name, total=total)
                bar.update(tasks[name], completed=completed)

            try:
                sign_ins = seed_demo(options["citizens"], options["seed"], on, progress)
            except DemoRefused as refused:
                raise CommandError(str(refused)) from refused
            seal()
        file = Path(settings.DATA_DIR) / "demo-signins.json"
        rows = [asdict(sign_in) for sign_in in sign_ins]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        if options["format"] == "json":
            self.stdout.write(json.dumps({"citizens": options["citizens"], "on": on.isoformat()}))
        else:
            for sign_in in sign_ins:
                line = f"{sign_in.role:25} {sign_in.email:45} {sign_in.password} {sign_in.setup_key}"
                self.stdout.write(line.rstrip())
