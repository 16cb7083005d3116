"""Keys are exchanged while people work: old and new are both found meanwhile."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from cases.management.commands import rotate_cpr_keys, rotate_keys
from cases.models import Citizen, EarlierNumber
from jobfirst.encryption import crypto
from tests.factories import CitizenFactory, MentorContactFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "A" * 43, "C" * 43


@pytest.fixture
def citizens(settings, monkeypatch):
    """Five citizens under the first keys; one of them has an earlier number."""
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    monkeypatch.setattr(rotate_cpr_keys, "BATCH", 2)
    settings.JOBFIRST_LOOKUP_KEY = OLD
    settings.JOBFIRST_PSEUDONYM_KEY = OLD
    settings.JOBFIRST_CPR_KEYS = [f"1:{OLD}"]
    citizens = [CitizenFactory() for _ in range(5)]
    EarlierNumber.new(citizens[0], "0101800001").save()
    return citizens


@pytest.fixture
def new_keys(citizens, settings):
    """New keys stand first, the old ones behind them."""
    settings.JOBFIRST_LOOKUP_KEY = f"2:{NEW},1:{OLD}"
    settings.JOBFIRST_PSEUDONYM_KEY = f"2:{NEW},1:{OLD}"
    settings.JOBFIRST_CPR_KEYS = [f"2:{NEW}", f"1:{OLD}"]


def found_by_number(citizens):
    return [Citizen.objects.with_cpr(citizen.cpr).get() == citizen for citizen in citizens]


def test_everybody_is_found_before_during_and_after(citizens, new_keys):
    assert all(found_by_number(citizens))
    rotate_keys._rehash_batch(Citizen, 0)
    assert all(found_by_number(citizens))
    call_command("rotate_keys")
    assert all(found_by_number(citizens))


def test_an_earlier_number_is_found_too(citizens, new_keys):
    assert Citizen.objects.with_cpr("0101800001").get() == citizens[0]
    call_command("rotate_keys")
    assert Citizen.objects.with_cpr("0101800001").get() == citizens[0]


def test_afterwards_the_new_keys_alone_suffice(citizens, new_keys, settings, capsys):
    call_command("rotate_keys")

    assert "hashes for lookup: 6 made anew, left: 0" in capsys.readouterr().out
    settings.JOBFIRST_LOOKUP_KEY, settings.JOBFIRST_CPR_KEYS = f"2:{NEW}", [f"2:{NEW}"]
    assert all(found_by_number(Citizen.objects.all()))
    assert Citizen.objects.with_cpr("0101800001").get() == citizens[0]


def test_ended_in_the_middle_it_goes_on_when_run_again(citizens, new_keys, monkeypatch, capsys):
    rehash = rotate_keys._rehash_batch

    def ended(model, after):
        if after:
            raise KeyboardInterrupt
        return rehash(model, after)

    with monkeypatch.context() as patch:
        patch.setattr(rotate_keys, "_rehash_batch", ended)
        with pytest.raises(KeyboardInterrupt):
            call_command("rotate_keys")
    assert all(found_by_number(citizens))
    call_command("rotate_keys")

    assert "hashes for lookup: 4 made anew, left: 0" in capsys.readouterr().out


def test_again_it_changes_nothing(citizens, new_keys, capsys):
    call_command("rotate_keys")
    call_command("rotate_keys")

    assert "hashes for lookup: 0 made anew, left: 0" in capsys.readouterr().out


def test_pseudonyms_stay(citizens, new_keys):
    """The ledger and grant statements have them."""
    before = {citizen.pk: citizen.pseudonym for citizen in citizens}
    call_command("rotate_keys")

    assert {citizen.pk: citizen.pseudonym for citizen in Citizen.objects.all()} == before
    assert Citizen.new("0101800003").pseudonym.startswith("JF-")


def test_what_is_new_meanwhile_gets_the_new_keys(citizens, new_keys, settings):
    citizen = CitizenFactory()
    settings.JOBFIRST_LOOKUP_KEY, settings.JOBFIRST_CPR_KEYS = f"2:{NEW}", [f"2:{NEW}"]

    assert Citizen.objects.with_cpr(citizen.cpr).get() == citizen


def test_texts_under_an_older_key_are_counted_with_their_history(citizens, settings, capsys):
    MentorContactFactory(note="Et notat")
    settings.JOBFIRST_CPR_KEYS = [f"2:{NEW}", f"1:{OLD}"]

    call_command("rotate_keys")

    assert "texts under key 1: 2. It must stay" in capsys.readouterr().out


def test_two_processes_with_another_first_key_lock_the_same(settings):
    settings.JOBFIRST_LOOKUP_KEY = f"2:{NEW},1:{OLD}"
    new_first = crypto.lookup_hash("0101800001").all
    settings.JOBFIRST_LOOKUP_KEY = f"1:{OLD},2:{NEW}"

    assert crypto.lookup_hash("0101800001").all == new_first


@pytest.mark.parametrize(
    "text", [f"1:{OLD},1:{NEW}", f"1:{OLD},x:{NEW}", f"300:{OLD}", f"{OLD},{NEW}", "1:short"]
)
def test_a_malformed_list_names_its_variable(settings, text):
    settings.JOBFIRST_LOOKUP_KEY = text
    with pytest.raises(ImproperlyConfigured, match="JOBFIRST_LOOKUP_KEY"):
        crypto.check_keys()
