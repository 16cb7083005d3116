"""How placements end: early with a reason, over a renewal, without the citizen ever coming (D14, D42)."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from cases.models import Course
from companies.actions import placements as actions
from companies.actions.renewals import renew_placement
from companies.actions.withdrawals import planned_renewals, stand_again, withdraw_as_no_show
from companies.models import AttendanceWeek, ClosingAssessment, Placement, Workplace
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    PlacementFactory,
    UserFactory,
)
from tests.scenarios.work_agreements import save_agreement
from tests.validation import error_codes

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def internship(db):
    return PlacementFactory()  # 91 days from the day of the draw


def renew(placement, days=30, **fields):
    first = placement.planned_end_on + DAY
    values = {
        "starts_on": first,
        "planned_end_on": first + days * DAY,
        "internship_hours": Decimal(10),
        "ordinary_hours": Decimal(0),
        **fields,
    }
    return renew_placement(placement, today=placement.starts_on, **values)


def end(placement, ended_on, **fields):
    today = DRAWN_ON + 40 * DAY
    fields.setdefault("reason", "Tastefejl")  # asked for when another last day was recorded before
    return actions.end_placement(placement, ended_on=ended_on, today=today, by=UserFactory(), **fields)


def test_an_early_end_keeps_reason_words_and_the_hours_that_were_worked(internship) -> None:
    report = {"end_reason": "illness", "end_note": "Syg fra onsdag", "end_reported_by": "Kontaktpersonen"}
    ended = end(internship, DRAWN_ON + 9 * DAY, actual_hours=Decimal("21.5"), **report)
    ended.refresh_from_db()
    assert {name: getattr(ended, name) for name in report} == report
    assert ended.actual_hours == Decimal("21.5")


def test_hours_worked_are_refused_while_the_placement_runs(internship) -> None:
    with pytest.raises(ValidationError) as caught:
        end(internship, DRAWN_ON + 60 * DAY, actual_hours=Decimal(3))
    assert error_codes(caught) == {"actual_hours": "not_ended"}


def test_renewals_that_would_be_left_standing_go_with_an_early_end(internship) -> None:
    second = renew(internship)
    third = renew(second)
    assert planned_renewals(internship, DRAWN_ON + 40 * DAY) == [second, third]
    end(internship, DRAWN_ON + 30 * DAY, end_reason="company", removes_renewals=True)
    assert list(Placement.objects.all()) == [internship]


def test_a_planned_renewal_with_an_agreement_is_withdrawn_with_the_reason(internship) -> None:
    from tests.factories import CompanyContactFactory

    renewal = renew(internship)
    CompanyContactFactory(company=internship.company)
    save_agreement(renewal)
    end(internship, DRAWN_ON + 30 * DAY, end_reason="company", removes_renewals=True)
    assert Placement.everything.get(pk=renewal.pk).withdrawn_reason


def test_renewals_stay_when_nobody_asks_for_their_removal(internship) -> None:
    renewal = renew(internship)
    end(internship, DRAWN_ON + 30 * DAY)
    assert Placement.objects.get(pk=renewal.pk).renews is None


def test_a_corrected_end_may_not_overlap_the_renewal(internship) -> None:
    end(internship, DRAWN_ON + 30 * DAY)
    internship.refresh_from_db()
    follower = PlacementFactory(
        course=internship.course, company=internship.company, starts_on=DRAWN_ON + 31 * DAY
    )
    with pytest.raises(ValidationError) as caught:
        end(internship, follower.starts_on)
    assert error_codes(caught) == {"ended_on": "overlap"}


def test_the_chain_is_the_same_from_each_of_its_placements(internship) -> None:
    second = renew(internship)
    third = renew(second)
    for placement in (internship, second, third):
        assert Placement.objects.get(pk=placement.pk).chain() == [internship, second, third]


def test_nothing_begins_after_the_course_has_ended(internship) -> None:
    course = internship.course
    Course.objects.filter(pk=course.pk).update(ended_on=DRAWN_ON + 50 * DAY, end_reason="other")
    for start in (
        lambda: actions.start_placement(
            course, CompanyFactory(), kind="flex_job", starts_on=DRAWN_ON + 51 * DAY
        ),
        lambda: renew(internship),
    ):
        with pytest.raises(ValidationError) as caught:
            start()
        assert error_codes(caught) == {"starts_on": "after_end"}


@pytest.mark.parametrize(
    ("kind", "unfitting"),
    [
        ("sniffing", {"waived_few_hours": True}),
        ("sniffing", {"ordinary_hours": Decimal(2)}),
        ("wage_subsidy", {"internship_hours": Decimal(2)}),
        ("flex_job", {"internship_hours": Decimal(2)}),
        ("ordinary_employment", {"waived_employment": True}),
    ],
)
def test_a_kind_has_only_the_fields_that_fit(kind, unfitting) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.start_placement(
            CourseFactory(),
            CompanyFactory(),
            kind=kind,
            starts_on=DRAWN_ON,
            planned_end_on=DRAWN_ON + DAY,
            **unfitting,
        )
    assert error_codes(caught) == dict.fromkeys(unfitting, "unfitting")


def test_two_workplaces_of_a_company_at_once_are_two_placements() -> None:
    course, company = CourseFactory(), CompanyFactory()
    MatchFactory(course=course, company=company)
    shop, store = (Workplace.objects.create(company=company, name=name) for name in ("Butik", "Lager"))

    def start(workplace, first=DRAWN_ON):
        return actions.start_placement(
            course,
            company,
            kind="internship",
            starts_on=first,
            planned_end_on=first + 20 * DAY,
            workplace=workplace,
        )

    in_shop, in_store = start(shop), start(store)
    with pytest.raises(ValidationError) as caught:
        start(shop)
    assert error_codes(caught) == {"starts_on": "overlap"}
    assert start(shop, DRAWN_ON + 21 * DAY).renews == in_shop
    assert start(store, DRAWN_ON + 21 * DAY).renews == in_store


# The citizen never came


def test_a_no_show_counts_nowhere_and_is_told_apart(internship) -> None:
    user = UserFactory()
    withdraw_as_no_show(internship, reason="Kom ikke", by=user, today=DRAWN_ON)
    withdrawn = Placement.everything.get()
    assert (withdrawn.is_no_show, withdrawn.withdrawn_by, withdrawn.withdrawn_reason) == (
        True,
        user,
        "Kom ikke",
    )
    assert not Placement.objects.exists()
    assert Course.objects.get().internship_from is None


def test_who_has_not_begun_is_no_no_show(internship) -> None:
    with pytest.raises(ValidationError) as caught:
        withdraw_as_no_show(internship, reason="x", by=UserFactory(), today=DRAWN_ON - DAY)
    assert error_codes(caught) == {"": "not_begun"}


def test_a_no_show_is_undone_without_a_reason_the_same_day_by_whoever_recorded_it(
    internship, freezer_day
) -> None:
    user = UserFactory()
    renewal = renew(internship)
    withdraw_as_no_show(internship, reason="x", by=user, today=freezer_day)
    with pytest.raises(ValidationError) as caught:
        stand_again(internship, by=UserFactory(), today=freezer_day)
    assert error_codes(caught) == {"correction_reason": "no_reason"}
    stand_again(internship, by=user, today=freezer_day)
    assert Placement.objects.get(pk=internship.pk).withdrawn_reason == ""
    assert Placement.objects.get(pk=renewal.pk).renews == internship


def test_the_undo_is_refused_when_another_placement_took_the_days(internship, freezer_day) -> None:
    user = UserFactory()
    withdraw_as_no_show(internship, reason="x", by=user, today=freezer_day)
    PlacementFactory(course=internship.course, company=internship.company, starts_on=DRAWN_ON + DAY)
    with pytest.raises(ValidationError) as caught:
        stand_again(internship, by=user, today=freezer_day)
    assert error_codes(caught) == {"starts_on": "overlap"}


def test_the_database_changes_no_withdrawn_placement(internship) -> None:
    actions.withdraw_as_error(internship, reason="x", by=UserFactory())
    row = Placement.everything.filter(pk=internship.pk)
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.update(starts_on=DRAWN_ON + DAY)


@pytest.mark.parametrize("presence", ["attendance", "assessment", "hours"])
def test_who_came_is_no_no_show(internship, presence) -> None:
    if presence == "attendance":
        AttendanceWeek.objects.create(placement=internship, monday=DRAWN_ON, present=1)
    elif presence == "assessment":
        ClosingAssessment.objects.create(
            placement=internship, outcome="partly", given_by_name="Karla", given_on=DRAWN_ON
        )
    else:
        end(internship, DRAWN_ON + DAY, actual_hours=Decimal(7), end_reason="illness")
    with pytest.raises(ValidationError) as caught:
        withdraw_as_no_show(internship, reason="x", by=UserFactory(), today=DRAWN_ON + DAY)
    assert error_codes(caught) == {"": "came"}


@pytest.fixture
def freezer_day():
    """Today in Copenhagen, since the moment of a withdrawal is the server's own."""
    from django.utils import timezone

    return timezone.localdate()


@pytest.mark.django_db(transaction=True)
def test_a_renewal_and_an_early_end_at_once_leave_no_overlap() -> None:
    internship, user = PlacementFactory(), UserFactory()
    outcomes = run_at_once(
        [
            lambda: renew(internship),
            lambda: actions.end_placement(
                internship,
                ended_on=DRAWN_ON + 10 * DAY,
                today=DRAWN_ON + 20 * DAY,
                removes_renewals=True,
                by=user,
            ),
        ]
    )
    assert internship.pk in [getattr(outcome, "pk", None) for outcome in outcomes]
    assert Placement.objects.get(pk=internship.pk).ended_on == DRAWN_ON + 10 * DAY
    assert [row.pk for row in Placement.objects.all()] == [internship.pk]
