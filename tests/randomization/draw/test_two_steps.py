"""Claim and reveal on real, committed transactions: crashes, rollbacks and races."""

import datetime
import random
import threading
from collections import Counter

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from cases.models import Course, FunctionHolding
from randomization.draw import actions, blocks
from randomization.draw.actions import draw_project, draw_referral
from randomization.draw.refusal import DrawRefused
from randomization.ledger import chain
from randomization.models import Allocation, Arm, Claim, Stratum
from tests.factories import ProjectFactory, ReferralFactory, UserFactory
from tests.randomization.conftest import ON

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 32


class Crash(Exception):
    """What stands for a killed process."""


def crash(*args, **kwargs):
    raise Crash


def assert_ledger_holds(shares):
    """Sequence and slots contiguous, nobody twice, the chain whole, every arm from its list."""
    rows = list(Allocation.objects.select_related("stratum").order_by("sequence"))
    previous, slots = chain.START, Counter()
    for number, row in enumerate(rows, 1):
        slots[row.stratum_id] += 1
        assert (row.sequence, row.slot) == (number, slots[row.stratum_id])
        assert bytes(row.previous_hash) == previous
        previous = bytes(row.row_hash)
        assert chain.row_hash(bytes(row.previous_hash), row.row) == previous
    assert len({row.citizen_id for row in rows}) == len(rows)
    for stratum in Stratum.objects.all():
        arms = [row.arm for row in rows if row.stratum_id == stratum.pk]
        key = blocks.stratum_key(shares.agency, shares.operator, stratum.label)
        assert arms == blocks.arms(key, len(arms))
    participants = {row.citizen_id for row in rows if row.arm == Arm.PARTICIPANT}
    assert set(Course.objects.values_list("citizen_id", flat=True)) == participants
    return rows


def test_a_draw_with_the_systems_own_shares(project, refer, shares):
    refer(10)

    assert len(draw_project(project, ON).allocations) == 10
    assert len(assert_ledger_holds(shares)) == 10


def test_within_another_transaction_nothing_is_drawn(project, refer, shares):
    """A caller who could roll back could look at the arm and take it back."""
    refer(2)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        draw_project(project, ON)
    assert not Claim.objects.exists()


def test_a_crash_after_the_claim_shows_no_arm_and_the_next_draw_finishes_it(
    project, refer, shares, monkeypatch
):
    refer(6)
    with monkeypatch.context() as patch:
        patch.setattr(actions.OpenLists, "arm", crash)
        with pytest.raises(Crash):
            draw_project(project, ON)
    assert Claim.objects.count() == 6
    assert not Allocation.objects.exists()

    late = ReferralFactory(project=project, referred_on=ON)
    next_day = ON + datetime.timedelta(days=1)
    drawn = draw_project(project, next_day).allocations

    assert [row.allocated_on for row in drawn] == [ON] * 6 + [next_day]
    assert drawn[-1].referral == late
    assert_ledger_holds(shares)


def test_a_crash_in_the_reveal_takes_the_whole_reveal_back(project, refer, shares, monkeypatch):
    refer(12)
    real, calls = actions.open_course, []

    def third_time(*args):
        calls.append(args)
        if len(calls) == 3:
            raise Crash
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(actions, "open_course", third_time)
        with pytest.raises(Crash):
            draw_project(project, ON)
    assert (Claim.objects.count(), Allocation.objects.count(), Course.objects.count()) == (12, 0, 0)

    assert len(draw_project(project, ON).allocations) == 12
    assert_ledger_holds(shares)


def test_a_claim_that_is_not_committed_is_never_opened(project, refer, shares):
    """Somebody who calls the second step by itself, inside the claim's own transaction."""
    refer(1)

    @transaction.atomic
    def both_steps():
        with transaction.atomic():
            head, _ = actions._claim(project, ON, None, shares, None)
        actions._reveal(project, head, shares)

    with pytest.raises(DrawRefused) as refusal:
        both_steps()
    assert refusal.value.code == "not_committed"
    assert not Claim.objects.exists()


def test_a_crash_leaves_no_lock_behind(project, refer, shares, monkeypatch):
    refer(1)
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_claim", crash)
        with pytest.raises(Crash):
            draw_project(project, ON)

    in_threads([lambda: draw_project(project, ON)])
    assert Allocation.objects.count() == 1


def in_threads(jobs):
    """Run the jobs at once, each on a connection of its own; return what they gave or raised."""
    barrier, outcomes = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            barrier.wait(30)
            outcomes[number] = job()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, job), daemon=True) for number, job in enumerate(jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_two_sessions_draw_the_same_project_at_once(project, refer, shares):
    refer(20)

    outcomes = in_threads([lambda: draw_project(project, ON)] * 2)

    assert sorted(len(outcome.allocations) for outcome in outcomes) == [0, 20]
    assert len(assert_ledger_holds(shares)) == 20


def test_two_clicks_draw_one_citizen_once(project, refer, shares):
    one = refer(1)[0]

    outcomes = in_threads([lambda: draw_referral(one, ON)] * 8)

    assert sorted(len(outcome.allocations) for outcome in outcomes) == [0] * 7 + [1]
    assert_ledger_holds(shares)


@pytest.mark.long
def test_thirty_two_threads_with_every_tenth_aborted(project, refer, shares, monkeypatch):
    """Aborts before the claim, between the steps and in the reveal; afterwards one draw finishes all."""
    other = ProjectFactory(codes=["0340", "0329"])
    referrals = refer(60) + refer(60, "activity_ready")
    for number in range(72):
        place = other.municipalities.order_by("code")[number % 2]
        referrals.append(
            ReferralFactory(project=other, municipality=place, referred_on=datetime.date(2016, 3, 9))
        )
    chance, real = random.Random(1), {name: getattr(actions, name) for name in ("_claim", "_reveal")}
    aborted = []

    def fragile(name):
        def step(*args):
            if chance.random() < 0.05:
                aborted.append(name)
                raise Crash
            done = real[name](*args)
            if chance.random() < 0.05:
                aborted.append(name)
                raise Crash
            return done

        return step

    def work(share):
        for referral in share:
            try:
                draw_referral(referral, ON)
            except Crash:
                continue

    with monkeypatch.context() as patch:
        for name in real:
            patch.setattr(actions, name, fragile(name))
        jobs = [lambda n=n: work(referrals[n::THREADS]) for n in range(THREADS)]
        assert in_threads(jobs) == [None] * THREADS
    assert len(aborted) > 10
    assert {row.sequence for row in assert_ledger_holds(shares)} != set()

    draw_project(project, ON)
    draw_project(other, ON)
    assert len(assert_ledger_holds(shares)) == len(referrals)


def test_in_a_real_trial_days_never_go_back_in_any_project(project, refer, shares, monkeypatch):
    other = ProjectFactory(codes=["0751"])
    refer(1)
    ReferralFactory(project=other)
    draw_project(project, ON)
    before = ON - datetime.timedelta(days=1)

    with monkeypatch.context() as patch:
        patch.setattr("jobfirst.mode.is_rehearsal", lambda: False)
        with pytest.raises(DrawRefused) as refusal:
            draw_project(other, before)
    assert refusal.value.code == "clock_set_back"
    assert len(draw_project(other, before).allocations) == 1


@pytest.mark.parametrize("wanted", [Arm.PARTICIPANT, Arm.CONTROL])
def test_a_draw_takes_fewer_than_fifteen_queries(project, refer, shares, wanted):
    refer(1)
    draw_project(project, ON)
    arms = blocks.arms(shares.key("0851/resource_programme"), 12)
    caseworker = UserFactory(project=project, roles=[Role.COORDINATING_CASEWORKER])
    for slot in range(2, 12):
        one = ReferralFactory(project=project, referred_by=caseworker)
        with CaptureQueriesContext(connection) as captured:
            draw_referral(one, ON)
        if arms[slot - 1] == wanted:
            break
    assert Allocation.objects.get(referral=one).arm == wanted
    assert FunctionHolding.objects.filter(user=caseworker).exists() or wanted == Arm.CONTROL

    queries = [one["sql"] for one in captured if one["sql"] not in {"BEGIN", "COMMIT"}]
    assert len(queries) < 15, queries


def test_a_session_that_dies_frees_the_ledger(project, refer, shares, monkeypatch):
    refer(1)

    def cut_off(*args):
        connection.connection.close()
        raise Crash

    def dying():
        with monkeypatch.context() as patch:
            patch.setattr(actions, "_claim", cut_off)
            draw_project(project, ON)

    assert [type(outcome) for outcome in in_threads([dying])] == [Crash]
    assert len(draw_project(project, ON).allocations) == 1
