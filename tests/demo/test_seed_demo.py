"""Creating the demo: reproducible from the seed, refused in a real system, all or nothing."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from cases.models import (
    Citizen,
    CitizenContact,
    Course,
    FunctionHolding,
    MentorContact,
    Referral,
)
from companies.models import Placement
from demo.trial import seed_demo
from grants.models import Award, Statement, Voucher
from jobfirst.models import Installation
from progression.models import AnswerSheet
from randomization.models import Allocation
from tests.loops import some

ON = datetime.date(2026, 11, 20)
COURSE_COLUMNS = (
    *("referral__public_id", "started_on", "internship_from", "ended_on", "retention_until"),
    *("referral__name", "end_reason", "outcome"),
)
HOLDING_COLUMNS = ("course__referral__public_id", "function", "user__email", "from_on", "until_on")


def picture() -> list[object]:
    """Return the content of the demo, without row ids and keys of the machine."""
    return [
        list(Course.objects.order_by("referral__public_id").values_list(*COURSE_COLUMNS)),
        sorted(Referral.objects.values_list("public_id", "name", "state")),
        sorted(FunctionHolding.objects.values_list(*HOLDING_COLUMNS), key=str),
        list(
            Allocation.objects.order_by("sequence").values_list("referral__public_id", "arm", "allocated_on")
        ),
        sorted(Placement.objects.values_list("public_id", "starts_on", "ended_on", "company__cvr")),
        sorted(MentorContact.objects.values_list("public_id", "held_on")),
        sorted(CitizenContact.objects.values_list("public_id", "phone", "address")),
        sorted(AnswerSheet.objects.values_list("public_id", "answered_on")),
        sorted(c.cpr for c in Citizen.objects.all()),
        sorted(Voucher.objects.values_list("public_id", "on", "amount", "file_sha256")),
        sorted(Statement.objects.values_list("project__slug", "state", "earned_to_date", "payable")),
    ]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_trial_and_another_seed_another():
    from tests.databases import renew, template

    pictures = []
    for seed in (7, 7, 8):
        seed_demo(30, seed, ON)
        pictures.append(picture())
        renew(template())
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]


def test_a_real_system_refuses(db, settings):
    assert Installation.objects.get().mode == "rehearsal"
    settings.JOBFIRST_MODE = "real"
    with pytest.raises(Exception, match=r"set up as 'rehearsal'"):
        seed_demo(10, 1, ON)
    assert not Citizen.objects.exists()


def test_a_failure_on_the_way_leaves_nothing(db, monkeypatch):
    monkeypatch.setattr("demo.trial.build_histories", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        seed_demo(10, 1, ON)
    assert not Citizen.objects.exists()
    assert not Allocation.objects.exists()


def test_the_command_prints_a_sign_in_for_every_role_and_keeps_them_private(db, settings, tmp_path, client):
    settings.DATA_DIR = tmp_path
    out = io.StringIO()
    call_command("seed_demo", citizens=20, on=ON.isoformat(), stdout=out)
    file = tmp_path / "demo-signins.json"
    rows = json.loads(file.read_text())
    assert file.stat().st_mode & 0o077 == 0
    assert len({row["email"] for row in rows}) == len(rows) == 9
    assert len({row["role"] for row in rows[:7]}) == 7
    for row in some(rows):
        assert row["email"] in out.getvalue()
        assert User.objects.get(email=row["email"]).check_password(row["password"])
        assert User.objects.get(email=row["email"]).has_role(row["role"])


@pytest.mark.parametrize("count", [0, -5, 10_000_000])
def test_impossible_sizes_are_refused(db, count):
    with pytest.raises(CommandError, match="--citizens"):
        call_command("seed_demo", citizens=count)


def test_a_trial_before_there_were_terms_has_no_money(db):
    seed_demo(10, 1, datetime.date(2014, 6, 1))
    assert not Award.objects.exists()
    assert not Statement.objects.exists()
