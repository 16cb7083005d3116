"""The demo's rules of retention, lists, holds and people who are shut out."""

from cases.models import CitizenContact, ShutOut
from rights.models import ErasureRun, LegalHold, RetentionRule


def test_the_demo_shows_a_list_holds_and_people_who_are_shut_out(demo):
    assert RetentionRule.objects.exclude(entered_by=None).exists()
    assert ErasureRun.objects.filter(state="proposed").count() == 1
    assert ErasureRun.objects.get().items.exists()
    assert LegalHold.objects.exists()
    assert ShutOut.objects.exists()
    assert CitizenContact.objects.filter(has_protected_address=True).exists()


def test_nobody_on_the_list_is_held_back(demo):
    held = {hold.citizen.public_id for hold in LegalHold.objects.select_related("citizen")}
    listed = set(ErasureRun.objects.get().items.values_list("subject", flat=True))
    assert listed
    assert listed & held == set()
