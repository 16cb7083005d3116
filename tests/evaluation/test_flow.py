"""The flow of the trial: each number is the count of a list or of rows of the ledger (D59, CONSORT)."""

import datetime
import random

import pytest

from evaluation.models import Deviation, PaidHours
from evaluation.presentation.flow import flow_lines
from evaluation.trial.report import make_report
from randomization.draw.enrolment import last_day_of_draw
from randomization.ledger.actions import record_event, take_event_back
from randomization.models import Allocation, AllocationEvent
from tests.evaluation.factories import DeviationFactory
from tests.factories import DRAWN_ON, AllocationFactory, CourseFactory, ReferralFactory, UserFactory
from tests.loops import some

pytestmark = pytest.mark.django_db

ON = datetime.date(2016, 9, 1)
MAY = datetime.date(2016, 5, 1)


def draw(project, arm):
    if arm == "participant":
        return AllocationFactory(referral=CourseFactory(project_for=project).referral)
    return AllocationFactory(referral=ReferralFactory(project=project), arm="control")


def flow_of(project, on=ON):
    return make_report(on, project).flow


def test_who_is_not_drawn_waits_until_enrolment_closes_and_has_then_lapsed(aalborg):
    ReferralFactory(project=aalborg)
    draw(aalborg, "control")
    last = last_day_of_draw(aalborg)

    before, after = flow_of(aalborg, last), flow_of(aalborg, last + datetime.timedelta(days=1))

    assert (before.eligible, before.waiting, before.lapsed) == (2, 1, 0)
    assert (after.eligible, after.waiting, after.lapsed) == (2, 0, 1)


def test_a_referral_that_was_taken_back_was_assessed(aalborg):
    ReferralFactory(project=aalborg, state="withdrawn")

    flow = flow_of(aalborg)

    assert (flow.assessed, flow.taken_back, flow.eligible) == (1, 1, 0)


def test_before_any_hours_are_delivered_everybody_is_to_be_analysed(aalborg):
    draw(aalborg, "participant")

    flow = flow_of(aalborg)

    assert flow.outcomes_until is None
    assert flow.participants.without_outcome is None
    assert flow_lines(flow)[-1].participants == 1


def test_who_has_hours_of_a_month_after_the_draw_is_analysed(aalborg):
    with_hours, of_the_draws_month, without = (draw(aalborg, "control") for _number in range(3))
    PaidHours.objects.create(citizen=with_hours.citizen, month=MAY, hours=0)
    PaidHours.objects.create(citizen=of_the_draws_month.citizen, month=DRAWN_ON.replace(day=1), hours=9)

    controls = flow_of(aalborg).controls

    assert without.arm == "control"
    assert (controls.drawn, controls.without_outcome, controls.analysed) == (3, 2, 1)


def test_deviations_that_were_withdrawn_and_events_that_were_taken_back_are_not_counted(aalborg):
    row, leader = draw(aalborg, "control"), UserFactory()
    DeviationFactory(allocation=row)
    gone = DeviationFactory(allocation=row, kind="control_given_course")
    Deviation.everything.filter(pk=gone.pk).update(
        withdrawn_at=gone.created_at, withdrawn_by=leader, withdrawn_reason="x"
    )
    take_event_back(record_event(row, "withdrawn", ON, "x", leader), "y", leader)

    controls = flow_of(aalborg).controls

    assert [number for _label, number in controls.deviations] == [1]
    assert controls.events == ()


def random_trial(project, seed):
    """Thirty referrals of every fate."""
    chance = random.Random(seed)
    leader = UserFactory()
    for _number in range(6):
        state = chance.choice(["refused", "withdrawn", "accepted"])
        ReferralFactory(project=project, state=state, reasons=["under_30"] if state == "refused" else [])
    for _number in range(14):
        row = draw(project, chance.choice(["participant", "control"]))
        if chance.random() < 0.4:
            record_event(row, chance.choice(["withdrawn", "moved", "died"]), ON, "x", leader)
        if chance.random() < 0.4:
            kind = "never_started" if row.arm == "participant" else "control_given_course"
            DeviationFactory(allocation=row, kind=chance.choice([kind, "other", "wrong_stratum"]))
        if chance.random() < 0.7:
            PaidHours.objects.create(citizen=row.citizen, month=MAY, hours=chance.randrange(100))


@pytest.mark.parametrize("seed", range(3))
def test_the_numbers_add_up_and_are_those_of_the_rows(aalborg, seed):
    random_trial(aalborg, seed)

    flow = flow_of(aalborg)

    assert flow.assessed == flow.refused + flow.taken_back + flow.eligible
    assert flow.eligible == flow.waiting + flow.lapsed + flow.participants.drawn + flow.controls.drawn
    for arm, numbers in some(flow.arms):
        rows = Allocation.objects.filter(arm=arm)
        with_hours = rows.filter(citizen__paid_hours__month__gte=MAY).distinct().count()
        events = AllocationEvent.objects.filter(allocation__in=rows).count()
        assert numbers.drawn == rows.count() == numbers.analysed + (numbers.without_outcome or 0)
        assert numbers.analysed == with_hours
        assert sum(number for _label, number in numbers.events) == events
        deviations = Deviation.objects.filter(allocation__in=rows).count()
        assert sum(number for _label, number in numbers.deviations) == deviations


@pytest.mark.parametrize("seed", range(2))
def test_the_table_says_what_the_diagram_says(aalborg, seed):
    random_trial(aalborg, seed)
    flow = flow_of(aalborg)

    lines = flow_lines(flow)

    assert (lines[0].total, lines[1].total) == (flow.assessed, flow.refused)
    assert lines[-1][1:4] == (
        flow.participants.analysed,
        flow.controls.analysed,
        flow.participants.analysed + flow.controls.analysed,
    )
    for line in some(line for line in lines if line.controls is not None):
        assert line.total == line.participants + line.controls
    main_line = None
    parts = 0
    for line in [*lines, lines[0]]:
        if line.is_detail:
            parts += line.total or line.participants or 0
        else:
            if (
                main_line is not None
                and parts
                and main_line.label not in ("I målgruppen", "Ikke i målgruppen")
            ):
                assert parts == (main_line.total or main_line.participants)
            main_line, parts = line, 0
