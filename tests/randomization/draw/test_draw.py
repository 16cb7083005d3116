"""Drawing: who is drawn, in what order, and everything that is refused."""

import datetime

import pytest

from cases.models import Course
from randomization.draw import actions, blocks
from randomization.draw.actions import draw_project
from randomization.draw.refusal import DrawRefused
from randomization.draw.shares import VARIABLES, demo_shares
from randomization.models import Allocation, Claim, Commitment, Stratum
from tests.factories import DRAWN_ON, ProjectFactory, ReferralFactory, UserFactory


def refuse_draw(code, *args, **kwargs):
    """Return the message of a draw that is refused with this code and leaves no trace."""
    before = Claim.objects.count(), Allocation.objects.count(), Course.objects.count()
    with pytest.raises(DrawRefused) as refusal:
        draw_project(*args, **kwargs)
    assert refusal.value.code == code
    assert before == (Claim.objects.count(), Allocation.objects.count(), Course.objects.count())
    return str(refusal.value)


def commit_strata_of_aalborg(shares, operator_share_hash=None, **fields):
    """Commit both of Aalborg's strata under the shares; `fields` are values of the strata, or functions
    of a stratum's label."""
    commitment = Commitment.objects.create(
        agency_share_hash=shares.hash_of("agency"),
        operator_share_hash=operator_share_hash or shares.hash_of("operator"),
        demo_seed=shares.demo_seed,
        specification="s",
    )
    for group in ("activity_ready", "resource_programme"):
        values = {
            name: value(f"0851/{group}") if callable(value) else value for name, value in fields.items()
        }
        Stratum.objects.create(municipality_id="0851", target_group=group, commitment=commitment, **values)


def test_all_who_wait_are_drawn_in_order_of_referral(aalborg, refer_citizens, demonstration):
    later = refer_citizens(3, first=datetime.date(2016, 3, 20))
    earlier = refer_citizens(4, "activity_ready", first=datetime.date(2016, 3, 1))
    actor = UserFactory()

    allocations = draw_project(aalborg, DRAWN_ON, actor, shares=demonstration).allocations

    assert [row.referral for row in allocations] == [*earlier, *later]
    assert [row.sequence for row in allocations] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.slot for row in allocations] == [1, 2, 3, 4, 1, 2, 3]
    assert {row.allocated_on for row in allocations} == {DRAWN_ON}
    assert {row.drawn_by for row in allocations} == {actor}
    assert list(Allocation.objects.all()) == allocations


def test_arms_are_those_of_the_stratums_list(aalborg, refer_citizens, demonstration):
    refer_citizens(20)
    refer_citizens(15, "activity_ready")

    draw_project(aalborg, DRAWN_ON, shares=demonstration)

    for group, count in (("resource_programme", 20), ("activity_ready", 15)):
        arms = Allocation.objects.filter(stratum__target_group=group).values_list("arm", flat=True)
        key = blocks.stratum_key(demonstration.agency, demonstration.operator, f"0851/{group}")
        assert list(arms) == blocks.arms(key, count)


def test_participants_get_a_course_on_the_day_of_the_draw_and_controls_get_none(
    aalborg, refer_citizens, demonstration
):
    refer_citizens(24)

    draw_project(aalborg, DRAWN_ON, shares=demonstration)

    participants = Allocation.objects.participants()
    assert 8 <= participants.count() <= 16
    assert participants.count() + Allocation.objects.controls().count() == 24
    assert set(Course.objects.values_list("citizen_id", "started_on")) == {
        (row.citizen_id, DRAWN_ON) for row in participants
    }


def test_a_joint_project_has_strata_of_each_municipality(demonstration, db):
    joint = ProjectFactory(codes=["0340", "0329"])
    places = list(joint.municipalities.order_by("code"))
    for number in range(12):
        ReferralFactory(project=joint, municipality=places[number % 2])

    draw_project(joint, DRAWN_ON, shares=demonstration)

    slots = Allocation.objects.order_by("sequence").values_list("stratum__municipality_id", "slot")
    assert list(slots) == [(("0329", "0340")[n % 2], n // 2 + 1) for n in range(12)]


def test_drawing_again_does_nothing_more(aalborg, refer_citizens, demonstration):
    refer_citizens(5)
    draw_project(aalborg, DRAWN_ON, shares=demonstration)

    assert draw_project(aalborg, DRAWN_ON, shares=demonstration).allocations == []
    assert Allocation.objects.count() == 5


def test_a_refused_citizen_is_not_drawn(aalborg, refer_citizens, demonstration):
    ReferralFactory(project=aalborg, state="refused", reasons=["under_30"])

    assert draw_project(aalborg, DRAWN_ON, shares=demonstration).allocations == []


def test_who_is_referred_after_the_day_waits_and_is_counted(aalborg, refer_citizens, demonstration):
    refer_citizens(2)
    late = ReferralFactory(project=aalborg, referred_on=DRAWN_ON + datetime.timedelta(days=1))

    result = draw_project(aalborg, DRAWN_ON, shares=demonstration)

    assert (len(result.allocations), result.not_yet) == (2, 1)
    (allocation,) = draw_project(aalborg, late.referred_on, shares=demonstration).allocations
    assert allocation.referral == late


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (datetime.date(2016, 2, 29), "before_start"),
        (datetime.date(2016, 3, 1), None),
        (datetime.date(2017, 3, 1), None),
        (datetime.date(2017, 3, 2), "enrolment_closed"),
    ],
)
def test_drawn_from_the_projects_first_day_until_a_year_later_that_day_included(
    aalborg, demonstration, on, code
):
    ReferralFactory(project=aalborg, referred_on=datetime.date(2016, 2, 1))

    if code:
        refuse_draw(code, aalborg, on, shares=demonstration)
    else:
        assert len(draw_project(aalborg, on, shares=demonstration).allocations) == 1


def test_enrolment_never_outlasts_the_project(demonstration, db):
    short = ProjectFactory(ends_on=datetime.date(2016, 6, 30))

    refuse_draw("enrolment_closed", short, datetime.date(2016, 7, 1), shares=demonstration)


def test_days_of_allocation_never_go_back(aalborg, refer_citizens, demonstration):
    refer_citizens(2)
    draw_project(aalborg, DRAWN_ON, shares=demonstration)
    ReferralFactory(project=aalborg)

    message = refuse_draw(
        "clock_set_back", aalborg, DRAWN_ON - datetime.timedelta(days=1), shares=demonstration
    )

    assert "2016" in message
    assert draw_project(aalborg, DRAWN_ON, shares=demonstration).allocations


def test_a_missing_share_is_refused_with_its_name(aalborg, refer_citizens, monkeypatch):
    refer_citizens(1)
    for name in VARIABLES.values():
        monkeypatch.delenv(name, raising=False)

    assert "JOBFIRST_DRAW_SHARE_AGENCY" in refuse_draw("share", aalborg, DRAWN_ON)


@pytest.mark.parametrize("text", ["x", "AAAA", "not base64!", "A" * 60, "A" * 42 + "é"])
def test_what_is_no_share_is_refused_and_not_repeated(aalborg, system_shares, monkeypatch, text):
    monkeypatch.setenv("JOBFIRST_DRAW_SHARE_OPERATOR", text)

    message = refuse_draw("share", aalborg, DRAWN_ON)

    assert "JOBFIRST_DRAW_SHARE_OPERATOR" in message
    assert text == "x" or text not in message


def test_the_same_share_twice_is_refused(aalborg, system_shares, monkeypatch):
    text = "A" * 43
    for name in VARIABLES.values():
        monkeypatch.setenv(name, text)

    refuse_draw("share", aalborg, DRAWN_ON)


def test_another_share_than_the_published_one_is_refused(aalborg, system_shares):
    commit_strata_of_aalborg(system_shares, operator_share_hash=b"x" * 32, root=b"r" * 32)
    lists = actions.OpenLists(system_shares)

    with pytest.raises(DrawRefused) as refusal:
        lists.open_slot(Stratum.objects.select_related("commitment")[0], 1)
    assert refusal.value.code == "wrong_share"
    assert VARIABLES["operator"] in str(refusal.value)


def test_a_list_that_is_not_the_committed_one_is_refused(aalborg, refer_citizens, demonstration, caplog):
    refer_citizens(1)
    commit_strata_of_aalborg(demonstration, root=b"r" * 32)

    with pytest.raises(DrawRefused) as refusal:
        draw_project(aalborg, DRAWN_ON, shares=demonstration)
    assert refusal.value.code == "list_changed"
    assert "verify_allocations" not in str(refusal.value)
    assert "run verify_allocations" in caplog.text
    assert not Allocation.objects.exists()
    assert not Course.objects.exists()


def test_a_full_list_is_refused(aalborg, refer_citizens, demonstration):
    refer_citizens(3)
    commit_strata_of_aalborg(
        demonstration, capacity=2, root=lambda label: demonstration.committed_list(label, 2).root
    )

    refuse_draw("list_exhausted", aalborg, DRAWN_ON, shares=demonstration)


def test_a_real_trial_refuses_a_seed_that_is_no_secret(aalborg, refer_citizens, settings, monkeypatch):
    refer_citizens(1)
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)

    refuse_draw("demo_seed", aalborg, DRAWN_ON, shares=demo_shares(1))


def test_a_stratum_begun_by_a_demonstration_goes_on_with_its_seed(
    aalborg, refer_citizens, demonstration, system_shares
):
    """`seed_demo` draws first, then somebody draws on the page with the system's own shares."""
    refer_citizens(4)
    draw_project(aalborg, DRAWN_ON, shares=demonstration)
    refer_citizens(4)

    with pytest.raises(DrawRefused) as refusal:
        draw_project(aalborg, DRAWN_ON)  # this test is one transaction: only a demonstration's draw may be
    assert refusal.value.code == "not_committed"

    lists = actions.OpenLists(system_shares)
    stratum = Stratum.objects.get(target_group="resource_programme")
    arms = blocks.arms(demonstration.key(stratum.label), 8)
    assert [lists.open_slot(stratum, slot).arm for slot in range(1, 9)] == arms
