"""Claim and reveal on real, committed transactions: crashes, rollbacks and races."""

import datetime
import random
import threading
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from cases.models import Course, FunctionHolding
from randomization.draw import actions, blocks
from randomization.draw.actions import draw_project
from randomization.draw.refusal import DrawRefused
from randomization.ledger import chain
from randomization.models import Allocation, Arm, Claim, Stratum
from tests.concurrency import run_at_once
from tests.factories import DRAWN_ON, ProjectFactory, ReferralFactory, UserFactory
from tests.loops import some

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 32


class Crash(Exception):
    """Stands for a killed process."""


def crash(*args, **kwargs):
    raise Crash


def assert_ledger_holds(shares):
    """Check the ledger and return its rows: sequence and slots without a gap, nobody twice, the chain whole,
    every arm from its list, a course for exactly the participants."""
    rows = list(Allocation.objects.select_related("stratum").order_by("sequence"))
    previous, slots = chain.START, Counter()
    for number, row in some(enumerate(rows, 1)):
        slots[row.stratum_id] += 1
        assert (row.sequence, row.slot) == (number, slots[row.stratum_id])
        assert bytes(row.previous_hash) == previous
        previous = bytes(row.row_hash)
        assert chain.row_hash(bytes(row.previous_hash), row.sealed_values) == previous
    assert len({row.citizen_id for row in rows}) == len(rows)
    for stratum in some(Stratum.objects.all()):
        arms = [row.arm for row in rows if row.stratum_id == stratum.pk]
        key = blocks.stratum_key(shares.agency, shares.operator, stratum.label)
        assert arms == blocks.arms(key, len(arms))
    participants = {row.citizen_id for row in rows if row.arm == Arm.PARTICIPANT}
    assert set(Course.objects.values_list("citizen_id", flat=True)) == participants
    return rows


def test_a_draw_with_the_systems_own_shares(aalborg, refer_citizens, system_shares):
    refer_citizens(10)

    assert len(draw_project(aalborg, DRAWN_ON).allocations) == 10
    assert len(assert_ledger_holds(system_shares)) == 10


def test_within_another_transaction_nothing_is_drawn(aalborg, refer_citizens, system_shares):
    """A caller who could roll back could look at the arm and take it back."""
    refer_citizens(2)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        draw_project(aalborg, DRAWN_ON)
    assert not Claim.objects.exists()


def test_a_crash_after_the_claim_shows_no_arm_and_the_next_draw_finishes_it(
    aalborg, refer_citizens, system_shares, monkeypatch
):
    refer_citizens(6)
    with monkeypatch.context() as patch:
        patch.setattr(actions.OpenLists, "open_slot", crash)
        with pytest.raises(Crash):
            draw_project(aalborg, DRAWN_ON)
    assert Claim.objects.count() == 6
    assert not Allocation.objects.exists()

    late = ReferralFactory(project=aalborg, referred_on=DRAWN_ON)
    next_day = DRAWN_ON + datetime.timedelta(days=1)
    allocations = draw_project(aalborg, next_day).allocations

    assert [row.allocated_on for row in allocations] == [DRAWN_ON] * 6 + [next_day]
    assert allocations[-1].referral == late
    assert_ledger_holds(system_shares)


def test_a_crash_in_the_reveal_takes_the_whole_reveal_back(
    aalborg, refer_citizens, system_shares, monkeypatch
):
    refer_citizens(12)
    open_course, calls = actions.open_course, []

    def crash_the_third_time(*args, **kwargs):
        calls.append(args)
        if len(calls) == 3:
            raise Crash
        return open_course(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(actions, "open_course", crash_the_third_time)
        with pytest.raises(Crash):
            draw_project(aalborg, DRAWN_ON)
    assert (Claim.objects.count(), Allocation.objects.count(), Course.objects.count()) == (12, 0, 0)

    assert len(draw_project(aalborg, DRAWN_ON).allocations) == 12
    assert_ledger_holds(system_shares)


def test_a_claim_that_is_not_committed_is_never_opened(aalborg, refer_citizens, system_shares):
    """Somebody who calls the second step by itself, inside the claim's own transaction."""
    refer_citizens(1)

    @transaction.atomic
    def both_steps():
        with transaction.atomic():
            claimed = actions._claim(aalborg, DRAWN_ON, None, system_shares)
        actions._reveal(aalborg, claimed.head, system_shares)

    with pytest.raises(DrawRefused) as refusal:
        both_steps()
    assert refusal.value.code == "not_committed"
    assert not Claim.objects.exists()


def test_a_crash_leaves_no_lock_behind(aalborg, refer_citizens, system_shares, monkeypatch):
    refer_citizens(1)
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_claim", crash)
        with pytest.raises(Crash):
            draw_project(aalborg, DRAWN_ON)

    run_at_once([lambda: draw_project(aalborg, DRAWN_ON)])
    assert Allocation.objects.count() == 1


def test_two_sessions_draw_the_same_project_at_once(aalborg, refer_citizens, system_shares):
    refer_citizens(20)

    outcomes = run_at_once([lambda: draw_project(aalborg, DRAWN_ON)] * 2)

    assert sorted(len(outcome.allocations) for outcome in outcomes) == [0, 20]
    assert len(assert_ledger_holds(system_shares)) == 20


def test_eight_clicks_draw_one_citizen_once(aalborg, refer_citizens, system_shares):
    refer_citizens(1)

    outcomes = run_at_once([lambda: draw_project(aalborg, DRAWN_ON)] * 8)

    assert sorted(len(outcome.allocations) for outcome in outcomes) == [0] * 7 + [1]
    assert_ledger_holds(system_shares)


class Aborts:
    """Makes the steps of a draw crash by chance, before or after their work."""

    def __init__(self, patch, chance):
        self.chance = chance
        self.aborted_steps = []
        for name in ("_claim", "_reveal"):
            patch.setattr(actions, name, self._fragile(name, getattr(actions, name)))

    def _fragile(self, name, step):
        def fragile_step(*args):
            self._crash_by_chance(name)
            result = step(*args)
            self._crash_by_chance(name)
            return result

        return fragile_step

    def _crash_by_chance(self, name):
        if self.chance.random() < 0.05:
            self.aborted_steps.append(name)
            raise Crash


@pytest.mark.long
def test_thirty_two_threads_with_every_tenth_aborted(aalborg, system_shares, monkeypatch):
    """Aborts before the claim, between the steps and in the reveal; afterwards one draw finishes all."""
    projects = [aalborg, ProjectFactory(codes=["0340", "0329"])]
    referrals_a_thread = 6
    referring = threading.Lock()  # the factories' counters are not made for threads

    def refer_and_draw(thread):
        for number in range(referrals_a_thread):
            project = projects[number % 2]
            with referring:
                place = project.municipalities.order_by("code")[thread % project.municipalities.count()]
                ReferralFactory(project=project, municipality=place, referred_on=DRAWN_ON)
            with suppress(Crash):
                draw_project(project, DRAWN_ON)

    with monkeypatch.context() as patch:
        aborts = Aborts(patch, random.Random(1))
        outcomes = run_at_once([partial(refer_and_draw, thread) for thread in range(THREADS)])
    assert outcomes == [None] * THREADS
    assert len(aborts.aborted_steps) > 10
    assert assert_ledger_holds(system_shares)

    for project in projects:
        draw_project(project, DRAWN_ON)
    assert len(assert_ledger_holds(system_shares)) == THREADS * referrals_a_thread


def test_in_a_real_trial_days_never_go_back_in_any_project(
    aalborg, refer_citizens, agency_share_file, monkeypatch
):
    other = ProjectFactory(codes=["0751"])
    refer_citizens(1)
    ReferralFactory(project=other)
    draw_project(aalborg, DRAWN_ON)
    before = DRAWN_ON - datetime.timedelta(days=1)

    with monkeypatch.context() as patch:
        patch.setattr("jobfirst.mode.is_rehearsal", lambda: False)
        with pytest.raises(DrawRefused) as refusal:
            draw_project(other, before)
    assert refusal.value.code == "clock_set_back"
    assert len(draw_project(other, before).allocations) == 1


# Most queries of a participant's draw bring the deadlines and core elements of the new course up to date.
@pytest.mark.parametrize(("arm", "most"), [(Arm.PARTICIPANT, 50), (Arm.CONTROL, 19)])
def test_a_draw_takes_few_queries(aalborg, refer_citizens, system_shares, arm, most):
    refer_citizens(1)
    draw_project(aalborg, DRAWN_ON)
    arms = blocks.arms(system_shares.key("0851/resource_programme"), 12)
    caseworker = UserFactory(project=aalborg, roles=[Role.COORDINATING_CASEWORKER])
    for slot in range(2, 12):
        referral = ReferralFactory(project=aalborg, referred_by=caseworker)
        with CaptureQueriesContext(connection) as captured:
            draw_project(aalborg, DRAWN_ON)
        if arms[slot - 1] == arm:
            break
    assert Allocation.objects.get(referral=referral).arm == arm
    assert FunctionHolding.objects.filter(user=caseworker).exists() or arm == Arm.CONTROL

    queries = [query["sql"] for query in captured if query["sql"] not in {"BEGIN", "COMMIT"}]
    assert len(queries) <= most, queries


def test_a_session_that_dies_frees_the_ledger(aalborg, refer_citizens, system_shares, monkeypatch):
    refer_citizens(1)

    def close_connection(*args):
        connection.connection.close()
        raise Crash

    def draw_and_die():
        with monkeypatch.context() as patch:
            patch.setattr(actions, "_claim", close_connection)
            draw_project(aalborg, DRAWN_ON)

    assert [type(outcome) for outcome in run_at_once([draw_and_die])] == [Crash]
    assert len(draw_project(aalborg, DRAWN_ON).allocations) == 1
