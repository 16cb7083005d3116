"""Keys are replaced row by row, and the old one can be removed afterwards."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from accounts.sign_in.adapter import SealedMFAAdapter
from cases.management.commands import rotate_cpr_keys
from cases.models import Citizen
from jobfirst.encryption import crypto
from tests.factories import CitizenFactory, UserFactory

OLD, NEW = (f"{n}:{base64.urlsafe_b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))


@pytest.mark.django_db
def test_everything_moves_to_the_new_key_once(settings, monkeypatch, capsys):
    monkeypatch.setattr(rotate_cpr_keys, "BATCH", 2)
    settings.JOBFIRST_CPR_KEYS = [OLD]
    numbers = {CitizenFactory().pk: None for _n in range(5)}
    numbers = {pk: Citizen.objects.get(pk=pk).cpr for pk in numbers}
    sealed = {"secret": SealedMFAAdapter().encrypt("SECRET")}
    Authenticator.objects.create(user=UserFactory(), type="totp", data=sealed)

    settings.JOBFIRST_CPR_KEYS = [NEW, OLD]
    added_meanwhile = CitizenFactory()
    call_command("rotate_cpr_keys")
    assert capsys.readouterr().out == "citizens: 5, second steps: 1, left: 0\n"
    call_command("rotate_cpr_keys")
    assert capsys.readouterr().out == "citizens: 0, second steps: 0, left: 0\n"

    settings.JOBFIRST_CPR_KEYS = [NEW]
    assert {pk: Citizen.objects.get(pk=pk).cpr for pk in numbers} == numbers
    assert Citizen.objects.get(pk=added_meanwhile.pk).cpr
    assert SealedMFAAdapter().decrypt(Authenticator.objects.get().data["secret"]) == "SECRET"


@pytest.mark.django_db
def test_without_the_old_key_nothing_can_be_read(settings):
    settings.JOBFIRST_CPR_KEYS = [OLD]
    citizen = CitizenFactory()
    settings.JOBFIRST_CPR_KEYS = [NEW]
    with pytest.raises(crypto.Undecryptable):
        citizen.cpr  # noqa: B018
    with pytest.raises(crypto.Undecryptable):
        call_command("rotate_cpr_keys")
