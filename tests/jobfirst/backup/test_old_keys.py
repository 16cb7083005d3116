"""An old backup is readable after every key was exchanged, as long as the key archive has them."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts.sign_in.adapter import SealedMFAAdapter
from cases.models import Citizen, MentorContact
from jobfirst.backup import manifest, restoring
from tests import databases
from tests.factories import MentorContactFactory, UserFactory
from tests.jobfirst.backup.systems import rewrite_manifest

OLD, NEW = "D" * 43, "E" * 43
NOTE, SECRET = "Vil hellere mødes ude", "second factor"


@pytest.fixture
def exchange_keys(settings):
    """Set the keys by number, the current one first."""

    def exchange(*keys):
        text = ",".join(f"{number}:{key}" for number, key in keys)
        settings.JOBFIRST_CPR_KEYS = text.split(",")
        settings.JOBFIRST_LOOKUP_KEY = settings.JOBFIRST_PSEUDONYM_KEY = text

    return exchange


@pytest.fixture
def old_backup(exchange_keys, tmp_path):
    """A backup under the first keys; since then all were exchanged, and more was written."""
    exchange_keys((1, OLD))
    MentorContactFactory(note=NOTE)
    sealed = SealedMFAAdapter().encrypt(SECRET)
    Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": sealed})
    call_command("backup", output=tmp_path / "backup")
    exchange_keys((2, NEW), (1, OLD))
    call_command("rotate_keys")
    MentorContactFactory(note="Nyt notat")
    return tmp_path / "backup"


@pytest.mark.django_db(transaction=True)
def test_an_old_backup_is_read_with_the_keys_of_the_archive(old_backup, exchange_keys, settings, tmp_path):
    databases.renew(databases.template())
    settings.DATA_DIR = tmp_path / "new-data"
    exchange_keys((2, NEW), (1, OLD))

    # Without the checks of `restore`: the course was made without a draw.
    restored = restoring.restore_backup(old_backup)

    assert restored.keys_fit
    citizen = Citizen.objects.get()
    assert Citizen.objects.with_cpr(citizen.cpr).get() == citizen
    contact = MentorContact.objects.get()
    assert (contact.note, [event.note for event in contact.events.all()]) == (NOTE, [NOTE])
    assert SealedMFAAdapter().decrypt(Authenticator.objects.get().data["secret"]) == SECRET
    call_command("rotate_keys")
    assert Citizen.objects.with_cpr(citizen.cpr).get() == citizen


@pytest.mark.django_db(transaction=True)
def test_a_missing_key_is_refused_with_its_number_before_anything_is_changed(
    old_backup, exchange_keys, settings, monkeypatch
):
    monkeypatch.setattr(restoring, "as_owner", lambda: pytest.fail("it went on to the database"))
    written = manifest.read(old_backup)
    assert [name for name in written.keys if name.startswith("JOBFIRST_CPR")] == ["JOBFIRST_CPR_KEYS 1"]
    settings.JOBFIRST_MODE = "real"
    exchange_keys((2, NEW))
    rewrite_manifest(old_backup, mode="real")

    with pytest.raises(CommandError, match="JOBFIRST_CPR_KEYS 1, JOBFIRST_LOOKUP_KEY 1"):
        call_command("restore", old_backup)


def test_a_manifest_of_an_earlier_version_names_the_keys_without_a_number():
    present = {"JOBFIRST_LOOKUP_KEY 2": "new", "JOBFIRST_LOOKUP_KEY 1": "old", "JOBFIRST_CPR_KEYS 1": "x"}

    assert manifest.missing_keys({"JOBFIRST_LOOKUP_KEY": "old", "JOBFIRST_CPR_KEYS 1": "x"}, present) == []
    assert manifest.missing_keys({"JOBFIRST_LOOKUP_KEY": "other"}, present) == ["JOBFIRST_LOOKUP_KEY"]
    assert manifest.missing_keys({"JOBFIRST_PSEUDONYM_KEY 9": "gone"}, present) == []
