"""`make run` a second time: what is stored is left as it is."""

import io

from rich.console import Console

from cases.models import Citizen
from jobfirst.management.commands import run
from jobfirst.row_security.context import no_project
from tests.factories import ReferralFactory


def test_the_trial_is_not_loaded_a_second_time(db, monkeypatch):
    ReferralFactory()
    commands = []
    monkeypatch.setattr(run, "call_command", lambda *arguments, **options: commands.append(arguments[0]))

    with no_project("as the command is declared"):
        assert not Citizen.objects.exists()  # behind the wall
        run.load_demo(Console(file=io.StringIO()))

    assert "seed_demo" not in commands
