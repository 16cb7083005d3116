"""What is in every backup beside the tables, and who is told of one."""

from jobfirst.backup import extension_points


def test_the_files_of_vouchers_and_the_head_of_the_ledger_are_in_every_backup():
    assert [folder.name for folder in extension_points.file_folders()] == ["vouchers"]
    assert sorted(extension_points._facts) == ["ledger"]


def test_the_access_log_is_told_of_every_backup():
    names = [f"{listener.__module__}.{listener.__name__}" for listener in extension_points.backup_listeners()]
    assert names == ["audit.access.record_backup"]
