"""A backup that is made once; tests work on copies of it."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from tests import databases


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    """Keep stored files in a folder of the test's own."""
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture(scope="session")
def made_backup(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """Return a backup of a system with a citizen and a voucher."""
    from reminders import deadlines
    from tests.factories import CitizenFactory
    from tests.grants.factories import VoucherFactory

    folder = tmp_path_factory.mktemp("backups")
    data, django_settings.DATA_DIR = django_settings.DATA_DIR, folder / "data"
    try:
        with django_db_blocker.unblock():
            VoucherFactory()
            CitizenFactory()
            deadlines.recompute()
            call_command("backup", output=folder / "backup")
            databases.renew(databases.template())
    finally:
        django_settings.DATA_DIR = data
    return folder / "backup"


@pytest.fixture
def backup(made_backup, tmp_path) -> Path:
    shutil.copytree(made_backup, tmp_path / "backup")
    return tmp_path / "backup"
