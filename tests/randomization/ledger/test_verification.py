"""verify_allocations finds what somebody with the database in their hands has changed."""

from contextlib import contextmanager

import environ
import psycopg
import pytest
from django.conf import settings

from cases.models import Course
from randomization.draw.actions import draw_project
from randomization.draw.refusal import DrawRefused
from randomization.ledger import verification, verify_draw
from randomization.models import Allocation
from tests.factories import CourseFactory, ReferralFactory
from tests.randomization.conftest import ON


@pytest.fixture
def drawn(project, refer, one_transaction):
    refer(12)
    return draw_project(project, ON).allocations


def codes(shares):
    return [(one.sequence, one.code) for one in verification.verify_ledger(shares)]


def test_an_untouched_ledger_agrees(drawn, shares):
    assert codes(shares) == []


def test_a_participant_without_a_course_is_seen(drawn, shares, monkeypatch):
    participants = Allocation.objects.participants()
    kept = Course.objects.exclude(citizen=participants[0].citizen)
    monkeypatch.setattr(verification, "Course", type("Course", (), {"objects": kept}))

    assert codes(shares) == [(participants[0].sequence, "no_course")]


def test_a_control_citizen_with_a_course_is_seen(drawn, shares):
    control = Allocation.objects.controls()[0]
    CourseFactory(referral=control.referral)

    assert codes(shares) == [(control.sequence, "course")]


def test_a_course_without_a_draw_is_seen(drawn, shares, project):
    CourseFactory(referral=ReferralFactory(project=project))

    assert codes(shares) == [(None, "course")]


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
def test_every_change_by_somebody_who_owns_the_database_is_named(project, refer, shares):
    """With the triggers switched off: one value of row 7 at a time, a root, a removed row, the head."""
    refer(12)
    draw_project(project, ON)
    with owner() as tamper:
        for table in ("randomization_allocation", "randomization_stratum"):
            tamper(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            tamper(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}")
        for change, expected in CHANGES.items():
            tamper(f"UPDATE randomization_allocation SET {change} WHERE sequence = 7")
            found = codes(shares)
            assert found[0][0] == 7, change
            assert {code for number, code in found if number == 7} == expected, change
            tamper("DELETE FROM randomization_allocation WHERE sequence = 7")
            assert codes(shares)[0] == (8, "sequence")
            tamper(
                "INSERT INTO randomization_allocation "
                "SELECT * FROM kept_randomization_allocation WHERE sequence = 7"
            )
        assert codes(shares) == []

        tamper("UPDATE randomization_stratum SET root = decode(repeat('ab', 32), 'hex')")
        assert {code for _, code in codes(shares)} == {"opening", "root"}
        tamper("UPDATE randomization_stratum AS s SET root = k.root FROM kept_randomization_stratum AS k")

        tamper(f"UPDATE randomization_allocation SET {OTHER_ARM} WHERE sequence = 12")
    refer(1)
    with pytest.raises(DrawRefused) as refusal:
        draw_project(project, ON)
    assert refusal.value.code == "broken_chain"
    assert "12" in str(refusal.value)
    assert Allocation.objects.count() == 12


@contextmanager
def owner():
    """A way to execute what only the owner of the database may."""
    config = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    with psycopg.connect(
        host=config["HOST"],
        port=config["PORT"],
        user=config["USER"],
        password=config["PASSWORD"],
        dbname=settings.DATABASES["default"]["NAME"],
        autocommit=True,
    ) as connection:
        yield connection.execute


def test_every_difference_has_its_words():
    assert set(verification.MESSAGES) >= set(verify_draw.TEXTS)
    for code in verification.MESSAGES:
        assert verification.message(verification.Difference(code, 1, "x"))
