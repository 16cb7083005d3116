"""What is stored is compared with the facts every night, and by `verify_stored`."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from django.db.transaction import TransactionManagementError

from cases import actions
from cases.elements import stored as stored_elements
from cases.models import CourseElement
from jobfirst import tasks
from jobfirst.models import StoredCheck
from jobfirst.stored import checks as stored_checks
from jobfirst.stored.checks import ChecksFailed, StoredRows
from reminders import deadlines
from reminders.models import Deadline
from tests.factories import CourseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    course = CourseFactory()
    deadlines.recompute()
    stored_elements.recompute()
    return course


def verify(*arguments):
    """Run `verify_stored`; return standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("verify_stored", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def counts(name="deadlines"):
    """Return the counts of the checks of the name, the oldest first, with whether they were repaired."""
    return list(StoredCheck.objects.filter(name=name).order_by("pk").values_list("differences", "repaired"))


def test_no_difference_is_said_and_counted(course):
    out, err = verify()
    assert "deadlines: 0 difference(s)" in out
    assert err == ""
    assert counts() == [(0, False)]


def test_differences_are_named_and_end_in_an_error(course):
    missing = Deadline.objects.filter(kind="weekly_contact_missing").get()
    missing.delete()
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_stored", stdout=io.StringIO(), stderr=err)
    assert f"weekly_contact_missing {course.public_id} {missing.due_on}" in err.getvalue()
    assert "missing" in err.getvalue()
    assert course.citizen_name not in err.getvalue()


def test_the_numbers_are_written_as_json_and_differences_still_end_in_an_error(course):
    Deadline.objects.filter(kind="weekly_contact_missing").get().delete()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_stored", format="json", stdout=out, stderr=io.StringIO())
    document = json.loads(out.getvalue())
    deadlines = next(check for check in document["checks"] if check["name"] == "deadlines")
    assert (document["repair"], deadlines["found"], deadlines["repaired"]) == (False, 1, 0)
    assert str(course.public_id) in deadlines["first"][0]


def test_repair_stores_what_is_owed(course):
    before = set(Deadline.objects.values_list("kind", "due_on", "shown_from", "shown_to"))
    Deadline.objects.filter(kind="weekly_contact_missing").delete()
    out, _err = verify("--repair")
    assert "deadlines: 1 difference(s) repaired" in out
    assert set(Deadline.objects.values_list("kind", "due_on", "shown_from", "shown_to")) == before
    assert counts() == [(1, False), (1, True)]


def test_the_nightly_task_repairs_and_counts(course, caplog):
    Deadline.objects.update(subject="gone")
    tasks.check_stored()
    assert list(deadlines.differences()) == []
    (count, repaired), result = counts()
    assert count > 1
    assert not repaired
    assert result == (count, True)
    assert "deadlines" in caplog.text
    assert course.citizen_name not in caplog.text


def rows_named(name, *, lines=("a line",), repaired=1):
    """Return stored rows with these differences, of which `recompute` repairs so many; it may raise."""

    def recompute():
        if isinstance(repaired, Exception):
            raise repaired
        return repaired

    return StoredRows(name, lambda: iter(lines), recompute, name)


@pytest.fixture
def registered(monkeypatch):
    """A function that registers these rows and no others."""

    def register(*all_rows):
        monkeypatch.setattr(stored_checks, "_stored", {rows.name: rows for rows in all_rows})

    return register


def broken_rule():
    raise ZeroDivisionError("a rule")


def test_a_check_that_fails_hides_no_other(registered, caplog):
    broken = StoredRows("broken", broken_rule, lambda: 0, "broken")
    registered(broken, rows_named("sound", repaired=1))
    with pytest.raises(ChecksFailed, match="broken"):
        tasks.check_stored()
    assert counts("sound") == [(1, False), (1, True)]
    assert counts("broken") == []
    assert "ZeroDivisionError" in caplog.text


def test_a_finding_whose_repair_fails_is_stored_and_logged(registered, caplog):
    registered(rows_named("unmendable", repaired=ZeroDivisionError("a repair")), rows_named("sound"))
    with pytest.raises(ChecksFailed, match="unmendable"):
        tasks.check_stored()
    assert counts("unmendable") == [(1, False)]
    assert "unmendable: 1 difference(s) found. a line" in caplog.text
    assert counts("sound") == [(1, False), (1, True)]


def test_what_was_repaired_is_the_number_that_the_repair_tells(registered, caplog):
    """Between check and repair an action may have repaired some of the rows."""
    registered(rows_named("rows", lines=("one", "two", "three"), repaired=2))
    out, _err = verify("--repair")
    assert "rows: 2 difference(s) repaired" in out
    assert "rows: 3 difference(s) found. one; two; three" in caplog.text
    assert "rows: 2 difference(s) repaired." in caplog.text
    assert counts("rows") == [(3, False), (2, True)]


def test_the_command_tells_the_others_when_a_check_fails(registered):
    registered(StoredRows("broken", broken_rule, lambda: 0, "broken"), rows_named("sound"))
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_stored", stdout=out, stderr=err)
    assert "sound: 1 difference(s) found" in out.getvalue()
    assert "a line" in err.getvalue()


def test_the_counts_stay(course):
    verify()
    with pytest.raises(ProgrammingError), transaction.atomic():
        StoredCheck.objects.update(differences=0)


def test_two_kinds_of_stored_rows_have_two_names():
    (registered,) = (rows for rows in stored_checks.registered_rows() if rows.name == "deadlines")
    stored_checks.add_stored_rows(registered)
    with pytest.raises(ValueError, match="deadlines"):
        stored_checks.add_stored_rows(StoredRows("deadlines", lambda: iter(()), lambda: 0, "Others"))


def test_stored_rows_have_a_label():
    with pytest.raises(TypeError, match="label"):
        StoredRows("rows", lambda: iter(()), lambda: 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("differences", [deadlines.differences, deadlines.described_differences])
def test_differences_are_told_in_a_transaction_only(differences):
    """Outside one the lock would end before the first row is read."""
    with pytest.raises(TransactionManagementError):
        next(differences())


def test_actions_leave_the_rows_of_a_block_that_recomputes_them_at_its_end():
    course = CourseFactory()
    names = (deadlines.NAME, stored_elements.NAME)
    with stored_checks.recompute_afterwards(*names):
        actions.register_contact(course, held_on=course.started_on)
        assert not Deadline.objects.exists()
        assert not CourseElement.objects.exists()
    assert Deadline.objects.exists()
    assert CourseElement.objects.exists()
    assert [rows.name for rows in stored_checks.registered_rows() if list(rows.differences())] == []
    assert not any(map(stored_checks.is_recomputed_afterwards, names))


def test_rows_are_kept_again_after_a_block_that_fails():
    with pytest.raises(ZeroDivisionError), stored_checks.recompute_afterwards(deadlines.NAME):
        broken_rule()
    assert not stored_checks.is_recomputed_afterwards(deadlines.NAME)


@pytest.mark.django_db(transaction=True)
def test_rows_are_recomputed_afterwards_within_a_transaction_only():
    with pytest.raises(TransactionManagementError), stored_checks.recompute_afterwards(deadlines.NAME):
        pass
