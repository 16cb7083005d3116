"""Every command of ours is described where its users look."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

FORMATS = Path(settings.BASE_DIR) / "docs" / "formats.md"
#: Django's own, with our locks and groups (docs/operations.md).
OF_DJANGO = {"migrate"}


def ours() -> list[str]:
    base = Path(settings.BASE_DIR)
    own_apps = {
        config.name
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(base) and ".venv" not in config.path
    }
    return sorted(name for name, app in get_commands().items() if app in own_apps and name not in OF_DJANGO)


@pytest.mark.parametrize("name", ours())
def test_the_page_of_files_and_commands_has_every_command(name):
    starts = [
        part.split()[0].rstrip("`") for part in FORMATS.read_text(encoding="utf-8").split("`")[1::2] if part
    ]
    assert name in starts
