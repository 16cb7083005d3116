"""Texts that are ciphertext in the database: bound to row and column, the same in Python as before."""

import uuid

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction

from cases.models import MentorContact
from jobfirst.database.bulk_copy import copy_rows
from jobfirst.encryption import crypto
from jobfirst.encryption.encrypted_text import PREFIX, decrypt_text, encrypt_text
from tests.factories import MentorContactFactory
from tests.loops import some

pytestmark = pytest.mark.django_db
NOTE = "Har sovet dårligt, vil gerne møde senere"
ROW = uuid.UUID(int=7)


def stored(table="cases_mentorcontact", column="note"):
    """Return what the table has in the column, as the database sees it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY 1")
        return [value for (value,) in cursor.fetchall()]


@pytest.fixture
def contact():
    return MentorContactFactory(note=NOTE)


def test_the_database_has_no_word_of_it_and_neither_has_the_history(contact):
    for table in ("cases_mentorcontact", "cases_mentorcontactevent"):
        texts = stored(table)
        assert texts
        assert all(text.startswith(PREFIX) and "dårligt" not in text for text in texts)


def test_a_row_is_read_as_it_was_written(contact):
    assert MentorContact.objects.get().note == NOTE
    assert list(MentorContact.objects.values_list("note", flat=True)) == [NOTE]


def test_the_history_is_read_as_well(contact):
    contact.note = "Rettet"
    contact.save()

    events = contact.events.order_by("pgh_id")
    assert [event.note for event in events] == [NOTE, "Rettet"]


def test_an_empty_text_stays_empty():
    MentorContactFactory(note="")

    assert stored() == [""]
    assert MentorContact.objects.filter(note="").count() == 1


def test_saving_the_same_text_again_changes_nothing(contact):
    (before,) = stored()
    contact = MentorContact.objects.get()
    contact.note = str(contact.note)
    contact.save()

    assert stored() == [before]


def test_a_text_that_was_moved_to_another_row_is_refused(contact):
    other = MentorContactFactory(note="Andet")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_mentorcontact SET note = (SELECT note FROM cases_mentorcontact WHERE id = %s)"
            " WHERE id = %s",
            [contact.pk, other.pk],
        )

    with pytest.raises(crypto.Undecryptable, match="another row"):
        _ = MentorContact.objects.get(pk=other.pk).note


def test_a_changed_byte_and_another_column_are_refused():
    text = encrypt_text(NOTE, ROW, "note")

    assert decrypt_text(text, "note") == NOTE
    with pytest.raises(crypto.Undecryptable):
        decrypt_text(text, "reason")
    changed = text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:]
    with pytest.raises(crypto.Undecryptable):
        decrypt_text(changed, "note")


def test_the_same_text_differs_by_row():
    assert encrypt_text(NOTE, ROW, "note") != encrypt_text(NOTE, uuid.UUID(int=8), "note")


def test_what_was_written_before_is_read_as_it_is(contact):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_mentorcontact SET note = 'klar tekst'")

    assert MentorContact.objects.get().note == "klar tekst"


def test_a_text_under_an_older_key_is_read_while_the_key_is_there(contact, settings):
    old = settings.JOBFIRST_CPR_KEYS[0]
    settings.JOBFIRST_CPR_KEYS = ["9:" + "A" * 43, old]
    assert MentorContact.objects.get().note == NOTE

    settings.JOBFIRST_CPR_KEYS = ["9:" + "A" * 43]
    with pytest.raises(crypto.Undecryptable, match="JOBFIRST_CPR_KEYS"):
        MentorContact.objects.get()


def test_an_unchanged_text_is_saved_as_it_is_also_under_a_newer_key(contact, settings):
    (before,) = stored()
    settings.JOBFIRST_CPR_KEYS = ["9:" + "A" * 43, *settings.JOBFIRST_CPR_KEYS]
    contact = MentorContact.objects.get()
    contact.note = NOTE
    contact.save()

    assert stored() == [before]


def test_a_copy_of_a_row_has_the_text_encrypted_for_itself(contact):
    text = MentorContact.objects.get().note
    MentorContact(course=contact.course, held_on=contact.held_on, note=text).save()
    other = MentorContactFactory(note="Andet")
    other.refresh_from_db()
    other.note = text
    other.save()

    assert [row.note for row in MentorContact.objects.all()] == [NOTE, NOTE, NOTE]


def test_rows_written_at_once_are_encrypted(contact):
    row = MentorContact(course=contact.course, held_on=contact.held_on, note="samlet")
    with connection.cursor() as cursor:
        copy_rows(connection, cursor, [row])

    assert MentorContact.objects.get(pk=row.pk).note == "samlet"
    assert all(text.startswith(PREFIX) for text in some(stored()))


def test_an_update_without_the_row_is_refused(contact):
    with pytest.raises(TypeError, match="encrypted"), transaction.atomic():
        MentorContact.objects.update(note="x")
    with pytest.raises(TypeError, match="encrypted"), transaction.atomic():
        MentorContact.objects.bulk_update([contact], ["note"])
    MentorContact.objects.update(note="")


@pytest.mark.parametrize("lookup", ["icontains", "startswith", "in", "gt"])
def test_nobody_searches_it(lookup):
    with pytest.raises(FieldError):
        MentorContact.objects.filter(**{f"note__{lookup}": "x"})


def test_nobody_compares_it():
    with pytest.raises(TypeError, match="encrypted"):
        list(MentorContact.objects.filter(note="x"))
