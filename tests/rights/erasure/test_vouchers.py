"""Vouchers of settled grants lose their file and their words; their amounts stay."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from audit.chain.sealing import seal
from grants.expenses import files
from grants.expenses.actions import project_expenses, withdraw
from rights.erasure.due import rules_on
from rights.erasure.others.kinds import due_others
from rights.models import RetentionKind
from tests.grants.factories import VoucherFactory
from tests.rights.erasure.conftest import LONG_AFTER
from tests.rights.erasure.test_erase import rows_with
from tests.scenarios.grant_statements import approved_statement

pytestmark = pytest.mark.django_db(transaction=True)


def due(on=LONG_AFTER):
    return due_others(on, rules_on(on), [RetentionKind.VOUCHER])


def erase(capsys):
    capsys.readouterr()
    call_command("erase", on=LONG_AFTER.isoformat())
    return json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def _own_data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def settled(project):
    """The project, with an approved statement up to its end."""
    approved_statement(project, project.ends_on)
    return project


@pytest.fixture
def voucher(settled):
    return VoucherFactory(project=settled, what="Kørsel for Birthe")


def test_file_and_words_go_and_the_amount_stays(voucher, settled, approve, capsys):
    sha256, before = voucher.file_sha256, project_expenses(settled, LONG_AFTER)
    approve()
    assert erase(capsys)["erased"] == 1
    assert not files.path_of(sha256).exists()
    assert rows_with("Birthe", sha256) == []
    assert project_expenses(settled, LONG_AFTER) == before


def test_a_file_that_another_voucher_has_stays(voucher, settled, approve, capsys):
    approve()
    VoucherFactory(project=settled, what="Kørsel for Anna", on=datetime.date(2025, 1, 1))
    erase(capsys)
    assert files.path_of(voucher.file_sha256).exists()


def test_a_voucher_of_a_grant_that_is_not_settled_waits(project):
    VoucherFactory(project=project)
    assert [list(subject.blockers) for subject in due()] == [["grant_unsettled"]]


def test_the_period_begins_with_the_end_of_the_project_or_of_the_year(settled):
    VoucherFactory(project=settled, on=datetime.date(2016, 5, 2))
    VoucherFactory(project=settled, on=datetime.date(2020, 5, 2))
    assert [subject.begins_on for subject in due()] == [
        max(settled.ends_on, datetime.date(2016, 12, 31)),
        datetime.date(2020, 12, 31),
    ]


def test_the_page_says_that_the_voucher_was_erased(voucher, settled, approve, leader, client, capsys):
    approve()
    erase(capsys)
    client.force_login(leader)
    page = client.get(reverse("grants:expenses", args=[settled.slug]))
    assert "Slettet efter opbevaringsreglerne" in page.content.decode()
    assert client.get(reverse("grants:voucher_file", args=[voucher.public_id])).status_code == 404


def test_the_audit_log_and_a_backup_expect_what_is_gone(voucher, approve, tmp_path, capsys):
    seal()
    approve()
    erase(capsys)
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0


def test_a_restored_backup_erases_the_voucher_again(voucher, approve, tmp_path, capsys):
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    approve()
    erase(capsys)
    call_command("restore", tmp_path / "backup", replace=True)
    assert rows_with("Birthe") == []
    assert not files.path_of(voucher.file_sha256).exists()


def test_an_erased_voucher_is_not_withdrawn_any_more(voucher, leader, approve, capsys):
    approve()
    erase(capsys)
    with pytest.raises(ValidationError, match="slettet"):
        withdraw(voucher, leader, "Kørsel for Birthe")
    voucher.refresh_from_db()
    assert (voucher.erased_on, voucher.withdrawn_reason) == (LONG_AFTER, "")
