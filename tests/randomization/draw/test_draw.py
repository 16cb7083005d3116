"""Drawing: who is drawn, in what order, and everything that is refused."""

import datetime

import pytest

from cases.models import Course
from randomization.draw import actions, blocks
from randomization.draw.actions import draw_project, draw_referral
from randomization.draw.refusal import DrawRefused
from randomization.draw.shares import VARIABLES, demo_shares
from randomization.models import Allocation, Claim, Commitment, Stratum
from tests.factories import ProjectFactory, ReferralFactory, UserFactory
from tests.randomization.conftest import ON


def refused(code, draw, *args, **kwargs):
    """The message of a draw that must be refused with this code, and must have left no trace."""
    before = Claim.objects.count(), Allocation.objects.count(), Course.objects.count()
    with pytest.raises(DrawRefused) as refusal:
        draw(*args, **kwargs)
    assert refusal.value.code == code
    assert before == (Claim.objects.count(), Allocation.objects.count(), Course.objects.count())
    return str(refusal.value)


def test_all_who_wait_are_drawn_in_order_of_referral(project, refer, demo):
    later = refer(3, first=datetime.date(2016, 3, 20))
    earlier = refer(4, "activity_ready", first=datetime.date(2016, 3, 1))
    actor = UserFactory()

    drawn = draw_project(project, ON, actor, shares=demo).allocations

    assert [row.referral for row in drawn] == [*earlier, *later]
    assert [row.sequence for row in drawn] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.slot for row in drawn] == [1, 2, 3, 4, 1, 2, 3]
    assert {row.allocated_on for row in drawn} == {ON}
    assert {row.drawn_by for row in drawn} == {actor}
    assert list(Allocation.objects.all()) == drawn


def test_arms_are_those_of_the_stratums_list(project, refer, demo):
    refer(20)
    refer(15, "activity_ready")

    draw_project(project, ON, shares=demo)

    for group, count in (("resource_programme", 20), ("activity_ready", 15)):
        arms = Allocation.objects.filter(stratum__target_group=group).values_list("arm", flat=True)
        key = blocks.stratum_key(demo.agency, demo.operator, f"0851/{group}")
        assert list(arms) == blocks.arms(key, count)


def test_participants_get_a_course_on_the_day_of_the_draw_and_controls_get_none(project, refer, demo):
    refer(24)

    draw_project(project, ON, shares=demo)

    participants = Allocation.objects.participants()
    assert 8 <= participants.count() <= 16
    assert participants.count() + Allocation.objects.controls().count() == 24
    assert set(Course.objects.values_list("citizen_id", "started_on")) == {
        (row.citizen_id, ON) for row in participants
    }


def test_a_joint_project_has_strata_of_each_municipality(demo, db):
    joint = ProjectFactory(codes=["0340", "0329"])
    places = list(joint.municipalities.order_by("code"))
    for number in range(12):
        ReferralFactory(project=joint, municipality=places[number % 2])

    draw_project(joint, ON, shares=demo)

    slots = Allocation.objects.order_by("sequence").values_list("stratum__municipality_id", "slot")
    assert list(slots) == [(("0329", "0340")[n % 2], n // 2 + 1) for n in range(12)]


def test_drawing_again_does_nothing_more(project, refer, demo):
    refer(5)
    first = draw_project(project, ON, shares=demo).allocations

    assert draw_project(project, ON, shares=demo).allocations == []
    assert draw_referral(first[0].referral, ON, shares=demo).allocations == []
    assert Allocation.objects.count() == 5


def test_one_referral_alone(project, refer, demo):
    referrals = refer(3)

    drawn = draw_referral(referrals[2], ON, shares=demo).allocations

    assert [row.referral for row in drawn] == [referrals[2]]
    assert Claim.objects.count() == 1


def test_a_refused_citizen_is_not_drawn(project, refer, demo):
    refused_one = ReferralFactory(project=project, state="refused", reasons=["under_30"])

    assert draw_project(project, ON, shares=demo).allocations == []
    assert refused("not_eligible", draw_referral, refused_one, ON, shares=demo)


def test_who_is_referred_after_the_day_waits_and_is_counted(project, refer, demo):
    refer(2)
    late = ReferralFactory(project=project, referred_on=ON + datetime.timedelta(days=1))

    result = draw_project(project, ON, shares=demo)

    assert (len(result.allocations), result.not_yet) == (2, 1)
    assert "2016" in refused("not_yet_referred", draw_referral, late, ON, shares=demo)
    assert draw_referral(late, late.referred_on, shares=demo).allocations


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (datetime.date(2016, 2, 29), "before_start"),
        (datetime.date(2016, 3, 1), None),
        (datetime.date(2017, 3, 1), None),
        (datetime.date(2017, 3, 2), "enrolment_closed"),
    ],
)
def test_drawn_from_the_projects_first_day_until_a_year_later_that_day_included(project, demo, on, code):
    ReferralFactory(project=project, referred_on=datetime.date(2016, 2, 1))

    if code:
        refused(code, draw_project, project, on, shares=demo)
    else:
        assert len(draw_project(project, on, shares=demo).allocations) == 1


def test_enrolment_never_outlasts_the_project(demo, db):
    short = ProjectFactory(ends_on=datetime.date(2016, 6, 30))

    refused("enrolment_closed", draw_project, short, datetime.date(2016, 7, 1), shares=demo)


def test_days_of_allocation_never_go_back(project, refer, demo):
    refer(2)
    draw_project(project, ON, shares=demo)
    ReferralFactory(project=project)

    message = refused("clock_set_back", draw_project, project, ON - datetime.timedelta(days=1), shares=demo)

    assert "2016" in message
    assert draw_project(project, ON, shares=demo).allocations


def test_a_missing_share_is_refused_with_its_name(project, refer, monkeypatch):
    refer(1)
    for name in VARIABLES.values():
        monkeypatch.delenv(name, raising=False)

    assert "JOBFIRST_DRAW_SHARE_AGENCY" in refused("share", draw_project, project, ON)


@pytest.mark.parametrize("text", ["x", "AAAA", "not base64!", "A" * 60, "A" * 42 + "é"])
def test_what_is_no_share_is_refused_and_not_repeated(project, shares, monkeypatch, text):
    monkeypatch.setenv("JOBFIRST_DRAW_SHARE_OPERATOR", text)

    message = refused("share", draw_project, project, ON)

    assert "JOBFIRST_DRAW_SHARE_OPERATOR" in message
    assert text == "x" or text not in message


def test_the_same_share_twice_is_refused(project, shares, monkeypatch):
    text = "A" * 43
    for name in VARIABLES.values():
        monkeypatch.setenv(name, text)

    refused("share", draw_project, project, ON)


def test_another_share_than_the_published_one_is_refused(project, refer, shares):
    refer(1)
    Commitment.objects.create(
        agency_share_hash=shares.hash_of("agency"), operator_share_hash=b"x" * 32, specification="s"
    )
    commitment = Commitment.objects.get()
    for group in ("activity_ready", "resource_programme"):
        Stratum.objects.create(
            municipality_id="0851", target_group=group, commitment=commitment, root=b"r" * 32
        )
    lists = actions.OpenLists(shares)

    with pytest.raises(DrawRefused) as refusal:
        lists.arm(Stratum.objects.select_related("commitment")[0], 1)
    assert refusal.value.code == "wrong_share"
    assert VARIABLES["operator"] in str(refusal.value)


def test_a_list_that_is_not_the_committed_one_is_refused(project, refer, demo, caplog):
    refer(1)
    commitment = Commitment.objects.create(
        agency_share_hash=demo.hash_of("agency"),
        operator_share_hash=demo.hash_of("operator"),
        demo_seed=demo.demo_seed,
        specification="s",
    )
    for group in ("activity_ready", "resource_programme"):
        Stratum.objects.create(
            municipality_id="0851", target_group=group, commitment=commitment, root=b"r" * 32
        )

    with pytest.raises(DrawRefused) as refusal:
        draw_project(project, ON, shares=demo)
    assert refusal.value.code == "list_changed"
    assert "verify_allocations" not in str(refusal.value)
    assert "run verify_allocations" in caplog.text
    assert not Allocation.objects.exists()
    assert not Course.objects.exists()


def test_a_full_list_is_refused(project, refer, demo):
    refer(3)
    commitment = Commitment.objects.create(
        agency_share_hash=demo.hash_of("agency"),
        operator_share_hash=demo.hash_of("operator"),
        demo_seed=demo.demo_seed,
        specification="s",
    )
    for group in ("activity_ready", "resource_programme"):
        Stratum.objects.create(
            municipality_id="0851",
            target_group=group,
            commitment=commitment,
            capacity=2,
            root=demo.committed_list(f"0851/{group}", 2).root,
        )

    refused("list_exhausted", draw_project, project, ON, shares=demo)


def test_a_real_trial_refuses_a_seed_that_is_no_secret(project, refer, settings, monkeypatch):
    refer(1)
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)

    refused("demo_seed", draw_project, project, ON, shares=demo_shares(1))


def test_a_stratum_begun_by_a_demonstration_goes_on_with_its_seed(project, refer, demo, shares):
    """`seed_demo` draws first, then somebody draws on the page with the system's own shares."""
    refer(4)
    draw_project(project, ON, shares=demo)
    refer(4)

    with pytest.raises(DrawRefused) as refusal:
        draw_project(project, ON)  # this test is one transaction: only a demonstration's draw may be
    assert refusal.value.code == "not_committed"

    lists = actions.OpenLists(shares)
    stratum = Stratum.objects.get(target_group="resource_programme")
    arms = blocks.arms(demo.key(stratum.label), 8)
    assert [lists.arm(stratum, slot)[0] for slot in range(1, 9)] == arms
