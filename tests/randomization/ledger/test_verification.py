"""verify_allocations finds what somebody with the database in their hands has changed."""

import pytest

from cases.models import Course
from randomization.draw.actions import draw_project
from randomization.draw.refusal import DrawRefused
from randomization.ledger import verification, verify_draw
from randomization.models import Allocation
from tests.databases import owner_connection
from tests.factories import DRAWN_ON, CourseFactory, ReferralFactory


@pytest.fixture
def draw_twelve(aalborg, refer_citizens, draw_within_transaction):
    refer_citizens(12)
    draw_project(aalborg, DRAWN_ON)


def differing_rows(shares):
    """The sequence number and the code of every difference."""
    return [(item.sequence, item.code) for item in verification.verify_ledger(shares)]


def test_an_untouched_ledger_agrees(draw_twelve, system_shares):
    assert differing_rows(system_shares) == []


def test_a_participant_without_a_course_is_seen(draw_twelve, system_shares, monkeypatch):
    participants = Allocation.objects.participants()
    other_courses = Course.objects.exclude(citizen=participants[0].citizen)
    monkeypatch.setattr(verification, "Course", type("Course", (), {"objects": other_courses}))

    assert differing_rows(system_shares) == [(participants[0].sequence, "no_course")]


def test_a_control_citizen_with_a_course_is_seen(draw_twelve, system_shares):
    control = Allocation.objects.controls()[0]
    CourseFactory(referral=control.referral)

    assert differing_rows(system_shares) == [(control.sequence, "course")]


def test_a_course_without_a_draw_is_seen(draw_twelve, system_shares, aalborg):
    CourseFactory(referral=ReferralFactory(project=aalborg))

    assert differing_rows(system_shares) == [(None, "course")]


OTHER_ARM = "arm = CASE arm WHEN 'control' THEN 'participant' ELSE 'control' END"
FLIPPED = "{0} = set_byte({0}, 7, get_byte({0}, 7) # 1)"
CHANGES = {
    OTHER_ARM: {"row", "opening", "arm", "no_course"},
    "pseudonym = 'JF-SOMEBODYELSE'": {"row"},
    "project_slug = 'aarhus'": {"row"},
    "allocated_on = allocated_on - 1": {"row", "claim"},
    "drawn_at = drawn_at - interval '1 microsecond'": {"row"},
    FLIPPED.format("nonce"): {"row", "opening"},
    FLIPPED.format("row_hash"): {"row"},
    FLIPPED.format("previous_hash"): {"row", "chain"},
    "path[3] = set_byte(path[3], 9, get_byte(path[3], 9) # 1)": {"opening"},
    "slot = 900": {"row", "slot", "opening", "claim"},
}


@pytest.mark.django_db(transaction=True)
def test_every_change_by_somebody_who_owns_the_database_is_named(aalborg, refer_citizens, system_shares):
    """With the triggers switched off: one value of row 7 at a time, a root, a removed row, the head."""
    refer_citizens(12)
    draw_project(aalborg, DRAWN_ON)
    with owner_connection() as connection:
        tamper = connection.execute
        for table in ("randomization_allocation", "randomization_stratum"):
            tamper(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            tamper(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}")
        for change, expected in CHANGES.items():
            tamper(f"UPDATE randomization_allocation SET {change} WHERE sequence = 7")
            differences = differing_rows(system_shares)
            assert differences[0][0] == 7, change
            assert {code for number, code in differences if number == 7} == expected, change
            tamper("DELETE FROM randomization_allocation WHERE sequence = 7")
            assert differing_rows(system_shares)[0] == (8, "sequence")
            tamper(
                "INSERT INTO randomization_allocation "
                "SELECT * FROM kept_randomization_allocation WHERE sequence = 7"
            )
        assert differing_rows(system_shares) == []

        tamper("UPDATE randomization_stratum SET root = decode(repeat('ab', 32), 'hex')")
        assert {code for _, code in differing_rows(system_shares)} == {"opening", "root"}
        tamper("UPDATE randomization_stratum AS s SET root = k.root FROM kept_randomization_stratum AS k")

        tamper(f"UPDATE randomization_allocation SET {OTHER_ARM} WHERE sequence = 12")
    refer_citizens(1)
    with pytest.raises(DrawRefused) as refusal:
        draw_project(aalborg, DRAWN_ON)
    assert refusal.value.code == "broken_chain"
    assert "12" in str(refusal.value)
    assert Allocation.objects.count() == 12


def test_every_difference_has_its_words():
    assert set(verification.MESSAGES) >= set(verify_draw.TEXTS)
    for code in verification.MESSAGES:
        assert verification.message(verification.LedgerDifference(code, 1, "x"))
