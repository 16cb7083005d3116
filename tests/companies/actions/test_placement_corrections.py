"""A placement is corrected with a reason, and everything that rests on it follows (D41)."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from audit.corrections import corrections_of
from cases.elements import stored
from cases.models import Course
from companies.actions import placements
from companies.actions.placement_corrections import CorrectedPlacement, correct_placement, take_back_end
from companies.actions.renewals import renew_placement
from companies.actions.withdrawals import stand_again
from companies.models import AttendanceWeek, Match, Placement, PlacementReport, WorkAgreement
from companies.reports.actions import refuse_report
from companies.signing.status import in_force_on
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY, WEEK
from reminders import deadlines
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CompanyContactFactory,
    CompanyFactory,
    MatchFactory,
    PlacementFactory,
    UserFactory,
)
from tests.scenarios.signing import fresh, sign_all
from tests.scenarios.work_agreements import save_agreement
from tests.validation import error_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def internship(db):
    placement = PlacementFactory(internship_hours=15)  # 91 days from the day of the draw
    deadlines.recompute()
    stored.recompute()
    return placement


@pytest.fixture
def user(db):
    return UserFactory()


def facts_of(placement, **changes):
    names = CorrectedPlacement.__dataclass_fields__
    return replace(CorrectedPlacement(**{name: getattr(placement, name) for name in names}), **changes)


def correct(placement, by, *, reason="Tastefejl", today=DRAWN_ON, version=None, **changes):
    placement = Placement.objects.get(pk=placement.pk)
    facts = facts_of(placement, **changes)
    return correct_placement(placement, facts, reason=reason, by=by, today=today, version=version)


def nothing_differs():
    return [*deadlines.differences(), *stored.differences()] == []


def test_another_first_day_moves_the_phases_of_the_course(internship, user):
    corrected = correct(internship, user, starts_on=DRAWN_ON + WEEK)
    course = Course.objects.get(pk=internship.course_id)
    assert corrected.starts_on == course.internship_from == DRAWN_ON + WEEK
    assert nothing_differs()


def test_the_reason_and_what_stood_there_are_kept(internship, user):
    correct(internship, user, starts_on=DRAWN_ON + WEEK, reason="Begyndte en uge senere")
    (correction,) = corrections_of([internship])[internship.public_id]
    assert (correction.reason, correction.made_by) == ("Begyndte en uge senere", user)
    assert correction.before == {"starts_on": DRAWN_ON.isoformat()}


def test_a_correction_needs_its_reason_and_the_same_again_changes_nothing(internship, user):
    assert correct(internship, user, reason="").version == internship.version
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, reason=" ", starts_on=DRAWN_ON + DAY)
    assert error_codes(caught) == {"correction_reason": "no_reason"}


def test_another_company_takes_the_match_along_and_ends_the_agreement(internship, user):
    CompanyContactFactory(company=internship.company)
    agreement = save_agreement(internship)
    other = CompanyFactory()
    corrected = correct(internship, user, company=other)
    assert (corrected.company, corrected.match.company) == (other, other)
    assert corrected.match.matched_on == Match.objects.get(company=internship.company).matched_on
    assert fresh(agreement).state == "replaced"
    assert nothing_differs()


def test_a_sniffing_internship_has_no_match_and_no_waiver(internship, user):
    Placement.objects.filter(pk=internship.pk).update(
        waived_few_hours=True, waiver_reason="Få timer", waived_by=user
    )
    corrected = correct(internship, user, kind="sniffing")
    assert (corrected.match, corrected.waived_few_hours, corrected.waiver_reason) == (None, False, "")
    assert Course.objects.get(pk=internship.course_id).internship_from is None
    assert nothing_differs()


def test_a_kind_that_lacks_the_hours_is_refused(internship, user):
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, kind="wage_subsidy")
    assert error_codes(caught) == {"internship_hours": "unfitting"}
    corrected = correct(
        internship, user, kind="wage_subsidy", internship_hours=Decimal(0), ordinary_hours=Decimal(15)
    )
    assert corrected.ordinary_hours == 15


def test_attendance_outside_of_the_new_days_is_named(internship, user):
    AttendanceWeek.objects.create(placement=internship, monday=DRAWN_ON, present=3)
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, starts_on=DRAWN_ON + WEEK)
    assert error_codes(caught) == {"starts_on": "attendance"}


def test_a_first_day_later_in_a_week_leaves_room_for_its_attendance(internship, user):
    AttendanceWeek.objects.create(placement=internship, monday=DRAWN_ON, present=4, ill=1)
    correct(internship, user, starts_on=DRAWN_ON + 2 * DAY)
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, starts_on=DRAWN_ON + 3 * DAY)
    assert error_codes(caught) == {"starts_on": "attendance"}


@pytest.mark.parametrize(
    "days", [{"kind": "absence", "absence": "ill", "first_on": DRAWN_ON}, {"kind": "early_stop"}]
)
def test_what_the_company_reported_outside_of_the_new_days_is_answered_first(internship, user, days):
    report = PlacementReport.objects.create(
        placement=internship,
        last_on=DRAWN_ON + 3 * DAY,
        reported_on=DRAWN_ON,
        reported_by_name="Karla Kontakt",
        **days,
    )
    later = internship.planned_end_on
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, starts_on=DRAWN_ON + WEEK)
    assert error_codes(caught) == {"starts_on": "report"}
    correct(internship, user, planned_end_on=later - WEEK)
    refuse_report(report, reason="Kom ikke den uge", by=user)
    assert correct(internship, user, starts_on=DRAWN_ON + WEEK).starts_on == DRAWN_ON + WEEK


def test_days_that_another_placement_has_are_refused(internship, user):
    course, company = internship.course, internship.company
    last = internship.planned_end_on
    PlacementFactory(course=course, company=company, starts_on=last + 10 * DAY)
    correct(internship, user, starts_on=DRAWN_ON + 10 * DAY, planned_end_on=last + 9 * DAY)
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, planned_end_on=last + 10 * DAY)
    assert error_codes(caught) == {"starts_on": "overlap"}


def test_an_internship_stays_within_its_days_and_its_course(internship, user):
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, starts_on=DRAWN_ON - DAY)
    assert error_codes(caught) == {"planned_end_on": "too_long"}
    Course.objects.filter(pk=internship.course_id).update(ended_on=DRAWN_ON + WEEK, end_reason="other")
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, starts_on=DRAWN_ON + 8 * DAY)
    assert error_codes(caught) == {"starts_on": "after_end"}


def test_a_first_day_before_the_match_is_refused_and_an_imported_match_moves(internship, user):
    Match.objects.update(matched_on=DRAWN_ON + DAY, registered_by=user)
    move = {"starts_on": DRAWN_ON, "planned_end_on": DRAWN_ON + WEEK, "internship_hours": Decimal(12)}
    with pytest.raises(ValidationError) as caught:
        correct(internship, user, **move)
    assert error_codes(caught) == {"starts_on": "no_match"}
    Match.objects.update(registered_by=None)
    correct(internship, user, **move)
    assert Match.objects.get().matched_on == DRAWN_ON


def hours_in_force(placement):
    return [int(span.hours.internship) for span in Placement.objects.get(pk=placement.pk).hours_spans()]


def test_changes_of_the_hours_before_the_new_first_day_hold_again_when_it_is_moved_back(internship, user):
    for days, hours in ((5, 20), (10, 22), (20, 25)):
        placements.change_hours(
            internship, from_on=DRAWN_ON + days * DAY, internship_hours=hours, ordinary_hours=0
        )
    correct(internship, user, starts_on=DRAWN_ON + 10 * DAY)
    assert hours_in_force(internship) == [15, 25]
    correct(internship, user, starts_on=DRAWN_ON)
    assert hours_in_force(internship) == [15, 20, 22, 25]


def test_changes_of_the_hours_after_an_earlier_end_hold_again_when_it_is_moved_back(internship, user):
    placements.change_hours(internship, from_on=DRAWN_ON + 50 * DAY, internship_hours=20, ordinary_hours=0)
    correct(internship, user, planned_end_on=DRAWN_ON + 40 * DAY)
    assert hours_in_force(internship) == [15]
    correct(internship, user, planned_end_on=internship.planned_end_on)
    assert hours_in_force(internship) == [15, 20]


def test_hours_without_effect_that_fit_another_kind_no_longer_go_with_it(internship, user):
    placements.change_hours(internship, from_on=DRAWN_ON + 5 * DAY, internship_hours=20, ordinary_hours=0)
    correct(internship, user, starts_on=DRAWN_ON + 10 * DAY)
    no_internship = {"internship_hours": Decimal(0), "ordinary_hours": Decimal(15)}
    corrected = correct(internship, user, kind="wage_subsidy", **no_internship)
    assert not corrected.hours_changes.exists()


def test_renewals_are_linked_anew(internship, user):
    first = internship.planned_end_on + DAY
    renewal = renew_placement(
        internship,
        starts_on=first,
        planned_end_on=first + 30 * DAY,
        internship_hours=Decimal(10),
        ordinary_hours=Decimal(0),
        today=DRAWN_ON,
    )
    correct(internship, user, planned_end_on=internship.planned_end_on - 10 * DAY)
    assert Placement.objects.get(pk=renewal.pk).renews is None
    correct(internship, user, planned_end_on=internship.planned_end_on)
    assert Placement.objects.get(pk=renewal.pk).renews == internship
    assert nothing_differs()


@pytest.mark.usefixtures("wednesday")
def test_a_signed_agreement_gets_a_next_version_and_holds_until_that_is_signed(course, company, holder):
    first, today = datetime.date(2016, 5, 2), datetime.date(2016, 5, 18)
    MatchFactory(course=course, company=company, matched_on=first)
    placement = placements.start_placement(
        course, company, kind="internship", starts_on=first, planned_end_on=first + 60 * DAY
    )
    agreement = sign_all(save_agreement(placement, by=holder), holder)
    corrected = correct(placement, holder, today=today, starts_on=first + WEEK)
    newest = corrected.agreements.first()
    assert (newest.number, newest.state, newest.starts_on) == (2, "draft", first + WEEK)
    assert fresh(agreement).state == "signed"
    assert WorkAgreement.objects.count() == 2


@pytest.mark.usefixtures("wednesday")
def test_what_the_old_company_signed_is_no_signed_agreement_with_the_new_one(course, company, holder):
    first, today = datetime.date(2016, 5, 2), datetime.date(2016, 5, 18)
    MatchFactory(course=course, company=company, matched_on=first)
    placement = placements.start_placement(
        course, company, kind="internship", starts_on=first, planned_end_on=first + 60 * DAY
    )
    contact = CompanyContactFactory(company=company)
    sign_all(save_agreement(placement, by=holder, contact=contact), holder)
    assert placement.agreements.signed_by_all().exists()
    corrected = correct(placement, holder, today=today, company=CompanyFactory())
    assert not corrected.agreements.signed_by_all().exists()
    assert in_force_on(corrected, today) is None


def test_what_a_file_said_before_is_remembered_with_its_identity(internship, user):
    Placement.objects.filter(pk=internship.pk).update(delivered={"p_number": ""})
    corrected = correct(internship, user, starts_on=DRAWN_ON + WEEK)
    assert corrected.delivered == {
        "p_number": "",
        "cvr": internship.company.cvr,
        "kind": "internship",
        "starts_on": DRAWN_ON.isoformat(),
    }


# An end and a withdrawal by mistake


def end(placement, by, *, days=20, **fields):
    values = {"today": DRAWN_ON + 40 * DAY, "end_reason": "illness", "by": by, **fields}
    return placements.end_placement(placement, ended_on=DRAWN_ON + days * DAY, **values)


def test_an_end_by_mistake_is_taken_back(internship, user):
    end(internship, user)
    running = take_back_end(internship, reason="Forkert borger", by=user)
    assert (running.ended_on, running.end_reason) == (None, "")
    assert corrections_of([internship])[internship.public_id][0].reason == "Forkert borger"
    assert nothing_differs()


def test_an_end_is_taken_back_with_a_reason_and_not_on_an_ended_course(internship, user):
    end(internship, user)
    with pytest.raises(ValidationError) as caught:
        take_back_end(internship, reason="", by=user)
    assert error_codes(caught) == {"correction_reason": "no_reason"}
    Course.objects.filter(pk=internship.course_id).update(ended_on=DRAWN_ON + 30 * DAY, end_reason="other")
    with pytest.raises(ValidationError) as caught:
        take_back_end(internship, reason="x", by=user)
    assert error_codes(caught) == {"": "course_ended"}


def test_another_last_day_is_a_correction_with_its_reason(internship, user):
    end(internship, user)
    with pytest.raises(ValidationError) as caught:
        end(internship, user, days=25)
    assert error_codes(caught) == {"correction_reason": "no_reason"}
    assert end(internship, user, days=25, reason="Kom en uge til").ended_on == DRAWN_ON + 25 * DAY


def test_a_withdrawal_by_mistake_is_taken_back_with_its_agreement(internship, user):
    CompanyContactFactory(company=internship.company)
    agreement = save_agreement(internship)
    placements.withdraw_as_error(internship, reason="Forkert", by=user)
    with pytest.raises(ValidationError) as caught:
        stand_again(internship, by=UserFactory(), today=DRAWN_ON)
    assert error_codes(caught) == {"correction_reason": "no_reason"}
    stand_again(internship, by=UserFactory(), today=DRAWN_ON, reason="Den var god nok")
    assert Placement.objects.get() == internship
    assert fresh(agreement).state == "awaiting"
    assert nothing_differs()


def test_internship_does_not_stand_again_before_its_match(internship, user):
    placements.withdraw_as_error(internship, reason="Forkert", by=user)
    Match.objects.filter(pk=internship.match_id).update(matched_on=DRAWN_ON + DAY)
    with pytest.raises(ValidationError) as caught:
        stand_again(internship, by=user, today=DRAWN_ON)
    assert error_codes(caught) == {"": "no_match"}


# Two people at once


def test_a_stale_correction_is_told(internship, user):
    correct(internship, user, starts_on=DRAWN_ON + DAY, version=1)
    with pytest.raises(StaleError):
        correct(internship, user, starts_on=DRAWN_ON + 2 * DAY, version=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_stored_and_the_other_is_told():
    internship, user = PlacementFactory(), UserFactory()
    facts = [facts_of(internship, starts_on=DRAWN_ON + days * DAY) for days in (1, 2)]
    outcomes = run_at_once(
        [
            lambda fact=fact: correct_placement(
                internship, fact, reason="x", by=user, today=DRAWN_ON, version=internship.version
            )
            for fact in facts
        ]
    )
    assert sum(isinstance(outcome, StaleError) for outcome in outcomes) == 1
    assert Placement.objects.get().starts_on in (DRAWN_ON + DAY, DRAWN_ON + 2 * DAY)


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_withdrawal_at_once_have_one_outcome():
    internship, user = PlacementFactory(), UserFactory()
    facts = facts_of(internship, starts_on=DRAWN_ON + DAY)
    run_at_once(
        [
            lambda: correct_placement(internship, facts, reason="x", by=user, today=DRAWN_ON),
            lambda: placements.withdraw_as_error(internship, reason="Forkert", by=user),
        ]
    )
    stored_row = Placement.everything.get()
    assert stored_row.withdrawn_reason == "Forkert"
    assert Course.objects.get().internship_from is None
