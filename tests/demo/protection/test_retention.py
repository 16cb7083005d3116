"""The demo's rules of retention, lists, holds and people who are shut out."""

from cases.models import CitizenContact, ShutOut
from rights.models import ErasureItem, ErasureRun, LegalHold, RetentionRule
from tests.loops import some


def test_the_demo_shows_a_list_holds_and_people_who_are_shut_out(demo):
    assert RetentionRule.objects.exclude(entered_by=None).exists()
    runs = ErasureRun.objects.all()
    assert sorted(run.state for run in runs) == ["approved", "done", "proposed", "withdrawn"]
    assert all(run.items.exists() for run in some(runs))
    assert {item.state for item in runs.get(state="done").items.all()} == {"erased", "left"}
    assert LegalHold.objects.filter(lifted_at=None).values("kind").distinct().count() >= 3
    assert LegalHold.objects.exclude(lifted_at=None).exists()
    assert ShutOut.objects.exists()
    assert CitizenContact.objects.filter(has_protected_address=True).exists()


def test_nobody_on_the_list_is_held_back(demo):
    holds = LegalHold.objects.filter(lifted_at=None).select_related("citizen")
    held = {hold.citizen.public_id for hold in holds}
    runs = ErasureRun.objects.exclude(state="done")
    listed = set(ErasureItem.objects.filter(run__in=runs).values_list("subject", flat=True))
    assert listed
    assert listed & held == set()
