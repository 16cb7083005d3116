"""Actions on placements: start, renew, end, withdraw (D12, D14, D19, D20)."""

import datetime
import threading
import uuid
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from cases import actions as course_actions
from companies.actions import matches
from companies.actions import placements as actions
from companies.actions.renewals import renew_placement
from companies.models import Match, Placement
from jobfirst.kit.versioned import StaleError
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    PlacementFactory,
    UserFactory,
)
from tests.validation import error_codes

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory()


@pytest.fixture
def company(db):
    return CompanyFactory()


def start_internship(course, company, **fields) -> Placement:
    """Start an internship of 13 weeks from the day of the draw, with its match."""
    matches.record_match(course, company, matched_on=course.started_on)
    first = fields.pop("starts_on", DRAWN_ON)
    values = {"kind": "internship", "planned_end_on": first + 90 * DAY, **fields}
    return actions.start_placement(course, company, starts_on=first, **values)


def test_an_internship_needs_a_match_that_is_not_later(course, company) -> None:
    def start() -> Placement:
        return actions.start_placement(
            course, company, kind="internship", starts_on=DRAWN_ON, planned_end_on=DRAWN_ON + DAY
        )

    with pytest.raises(ValidationError) as caught:
        start()
    assert error_codes(caught) == {"starts_on": "no_match"}
    match = MatchFactory(course=course, company=company, matched_on=DRAWN_ON + DAY)
    with pytest.raises(ValidationError):
        start()
    Match.objects.filter(pk=match.pk).update(matched_on=DRAWN_ON)
    assert start().match == match


def test_the_first_internship_gives_the_course_its_dates(course, company) -> None:
    first = datetime.date(2016, 5, 2)
    start_internship(course, company, starts_on=first)
    course.refresh_from_db()
    assert (course.internship_from, course.continued_from) == (first, datetime.date(2016, 8, 1))
    assert course.retention_until == datetime.date(2016, 8, 1)


@pytest.mark.parametrize("kind", ["sniffing", "wage_subsidy", "ordinary_employment", "flex_job"])
def test_other_kinds_need_no_match_and_move_no_dates(course, company, kind) -> None:
    actions.start_placement(
        course, company, kind=kind, starts_on=DRAWN_ON, planned_end_on=DRAWN_ON + 200 * DAY
    )
    course.refresh_from_db()
    assert course.internship_from is None


def test_an_internship_is_agreed_for_ninety_one_days_at_most(course, company) -> None:
    with pytest.raises(ValidationError) as caught:
        start_internship(course, company, planned_end_on=DRAWN_ON + 91 * DAY)
    assert error_codes(caught) == {"planned_end_on": "too_long"}
    assert start_internship(course, company, planned_end_on=DRAWN_ON + 90 * DAY).pk


def test_only_employment_may_have_no_planned_end(course, company) -> None:
    for kind in ("sniffing", "wage_subsidy"):
        with pytest.raises(ValidationError) as caught:
            actions.start_placement(course, company, kind=kind, starts_on=DRAWN_ON)
        assert error_codes(caught) == {"planned_end_on": "no_end"}
    assert actions.start_placement(course, company, kind="flex_job", starts_on=DRAWN_ON).last_day is None


def test_an_end_before_the_start_and_an_overlap_are_refused(course, company) -> None:
    start_internship(course, company)
    with pytest.raises(ValidationError) as caught:
        start_internship(course, company, starts_on=DRAWN_ON + 90 * DAY)
    assert error_codes(caught) == {"starts_on": "overlap"}
    with pytest.raises(ValidationError) as caught:
        start_internship(course, company, starts_on=DRAWN_ON + 95 * DAY, planned_end_on=DRAWN_ON)
    assert error_codes(caught) == {"planned_end_on": "order"}
    assert start_internship(course, CompanyFactory(), starts_on=DRAWN_ON + 90 * DAY).renews is None


def test_a_renewal_is_linked_and_begins_directly(course, company) -> None:
    first = start_internship(course, company)  # to Sunday 3 July 2016
    hours = {"internship_hours": Decimal(15), "ordinary_hours": Decimal(2)}
    renewal_terms = {"planned_end_on": DRAWN_ON + 181 * DAY, **hours}
    with pytest.raises(ValidationError) as caught:
        renew_placement(first, today=first.starts_on, starts_on=DRAWN_ON + 92 * DAY, **renewal_terms)
    assert error_codes(caught) == {"starts_on": "not_direct"}
    renewal = renew_placement(first, today=first.starts_on, starts_on=DRAWN_ON + 91 * DAY, **renewal_terms)
    assert (renewal.renews, renewal.match) == (first, first.match)
    with pytest.raises(ValidationError) as caught:
        renew_placement(first, today=first.starts_on, starts_on=DRAWN_ON + 91 * DAY, **renewal_terms)
    assert error_codes(caught) == {"": "renewed"}


def test_only_an_internship_is_renewed(course, company) -> None:
    job = actions.start_placement(course, company, kind="flex_job", starts_on=DRAWN_ON)
    with pytest.raises(ValidationError) as caught:
        renew_placement(
            job,
            today=job.starts_on,
            starts_on=DRAWN_ON,
            planned_end_on=DRAWN_ON,
            internship_hours=Decimal(1),
            ordinary_hours=Decimal(1),
        )
    assert error_codes(caught) == {"": "not_internship"}


def test_ending_early_breaks_the_link_to_what_no_longer_follows(course, company) -> None:
    first = start_internship(course, company)
    renewal = start_internship(course, company, starts_on=DRAWN_ON + 91 * DAY)
    assert renewal.renews == first
    actions.end_placement(first, ended_on=DRAWN_ON + 30 * DAY, today=DRAWN_ON + 40 * DAY)
    renewal.refresh_from_db()
    assert renewal.renews is None


def test_a_last_day_ahead_is_a_plan_and_one_behind_a_fact(course, company) -> None:
    placement = start_internship(course, company)
    today = DRAWN_ON + 10 * DAY
    planned = actions.end_placement(placement, ended_on=today + DAY, today=today)
    assert (planned.planned_end_on, planned.ended_on) == (today + DAY, None)
    ended = actions.end_placement(placement, ended_on=today, today=today)
    assert (ended.planned_end_on, ended.ended_on) == (today + DAY, today)
    same = actions.end_placement(placement, ended_on=today, today=today)
    assert same.version == ended.version


@pytest.mark.parametrize(("offset", "code"), [(-1, "before_start"), (91, "too_long")])
def test_an_end_is_not_before_the_start_nor_planned_too_late(course, company, offset, code) -> None:
    placement = start_internship(course, company)
    with pytest.raises(ValidationError) as caught:
        actions.end_placement(placement, ended_on=DRAWN_ON + offset * DAY, today=DRAWN_ON)
    assert error_codes(caught) == {"ended_on": code}


def test_hours_are_changed_and_the_change_is_kept(course, company) -> None:
    placement = start_internship(course, company, internship_hours=Decimal(15))
    actions.change_hours(
        placement,
        from_on=placement.starts_on,
        internship_hours=Decimal(12),
        ordinary_hours=Decimal("3.5"),
    )
    placement.refresh_from_db()
    assert (placement.ordinary_hours, placement.version) == (Decimal("3.50"), 2)
    history = apps.get_model("companies", "PlacementEvent").objects.filter(pgh_obj=placement)
    assert list(history.order_by("pgh_id").values_list("internship_hours", flat=True)) == [15, 12]


def test_what_has_not_begun_may_be_taken_back_with_its_dates(course, company) -> None:
    placement = start_internship(course, company, starts_on=DRAWN_ON + 10 * DAY)
    with pytest.raises(ValidationError) as caught:
        actions.withdraw_placement(placement, today=DRAWN_ON + 10 * DAY)
    assert error_codes(caught) == {"": "begun"}
    actions.withdraw_placement(placement, today=DRAWN_ON)
    course.refresh_from_db()
    assert (course.placements.count(), course.internship_from) == (0, None)


def test_an_extended_window_survives_an_earlier_internship(course, company) -> None:
    start_internship(course, company, starts_on=DRAWN_ON + 28 * DAY)
    course_actions.extend_retention(course, datetime.date(2016, 12, 31))
    start_internship(course, CompanyFactory())
    course.refresh_from_db()
    assert course.internship_from == DRAWN_ON
    assert course.retention_until == datetime.date(2016, 12, 31)


def test_the_same_form_sent_twice_makes_one_placement(course, company) -> None:
    token = uuid.uuid4()
    assert start_internship(course, company, submission=token) == start_internship(
        course, company, submission=token
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"planned_end_on": DRAWN_ON - DAY},
        {"ended_on": DRAWN_ON - DAY},
        {"planned_end_on": None},
        {"match": None},
        {"internship_hours": Decimal(-1)},
        {"ordinary_hours": Decimal(-1)},
    ],
)
def test_the_database_refuses_a_placement_that_cannot_be(wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PlacementFactory(**wrong)


def test_the_database_keeps_one_placement_and_one_renewal_of_each(course, company) -> None:
    first = PlacementFactory(course=course, company=company)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlacementFactory(course=course, company=company)
    PlacementFactory(course=course, company=company, starts_on=DRAWN_ON + 91 * DAY, renews=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlacementFactory(course=course, company=company, starts_on=DRAWN_ON + 92 * DAY, renews=first)


@pytest.mark.django_db(transaction=True)
def test_two_renewals_at_once_become_one() -> None:
    first = PlacementFactory()
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def renew() -> None:
        barrier.wait()
        try:
            renew_placement(
                first,
                today=first.starts_on,
                starts_on=DRAWN_ON + 91 * DAY,
                planned_end_on=DRAWN_ON + 181 * DAY,
                internship_hours=Decimal(20),
                ordinary_hours=Decimal(0),
            )
            outcomes.append("made")
        except ValidationError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=renew) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "renewed"]
    assert Placement.objects.filter(renews=first).count() == 1


def test_what_was_entered_in_error_counts_nowhere_and_stays_with_its_reason(course, company) -> None:
    first = start_internship(course, company)
    later = start_internship(course, CompanyFactory(), starts_on=DRAWN_ON + 28 * DAY)
    user = UserFactory()
    actions.withdraw_as_error(first, reason=" The citizen never came ", by=user, version=1)
    course.refresh_from_db()
    assert list(course.placements.all()) == list(Placement.objects.all()) == [later]
    assert course.internship_from == later.starts_on
    (withdrawn,) = Placement.everything.filter(withdrawn_at__isnull=False)
    assert (withdrawn.pk, withdrawn.withdrawn_reason, withdrawn.withdrawn_by) == (
        first.pk,
        "The citizen never came",
        user,
    )
    history = apps.get_model("companies", "PlacementEvent").objects.filter(pgh_obj=first)
    assert history.latest("pgh_id").withdrawn_reason == "The citizen never came"


def test_a_withdrawn_internship_leaves_the_chain_of_renewals(course, company) -> None:
    first = start_internship(course, company)
    second = renew_placement(
        first,
        today=first.starts_on,
        starts_on=first.planned_end_on + DAY,
        planned_end_on=first.planned_end_on + 50 * DAY,
        internship_hours=Decimal(10),
        ordinary_hours=Decimal(0),
    )
    third = renew_placement(
        second,
        today=second.starts_on,
        starts_on=second.planned_end_on + DAY,
        planned_end_on=second.planned_end_on + 50 * DAY,
        internship_hours=Decimal(10),
        ordinary_hours=Decimal(0),
    )
    actions.withdraw_as_error(second, reason="x", by=UserFactory())
    assert Placement.everything.get(pk=second.pk).renews is None
    assert Placement.objects.get(pk=third.pk).renews is None
    assert list(Placement.objects.ending(first.planned_end_on, first.planned_end_on)) == [first]


def test_withdrawing_needs_a_reason_and_the_version_that_was_seen(course, company) -> None:
    placement = start_internship(course, company)
    with pytest.raises(ValidationError) as caught:
        actions.withdraw_as_error(placement, reason=" ", by=UserFactory())
    assert error_codes(caught) == {"withdrawn_reason": "no_reason"}
    with pytest.raises(StaleError):
        actions.withdraw_as_error(placement, reason="x", by=UserFactory(), version=7)
    assert Placement.objects.get() == placement


def test_what_is_withdrawn_is_withdrawn_once_and_never_changes(course, company) -> None:
    placement = start_internship(course, company)
    person = UserFactory()
    for _twice in range(2):
        actions.withdraw_as_error(placement, reason="first", by=person, version=1)
    with pytest.raises(ValidationError) as caught:
        actions.withdraw_as_error(placement, reason="second", by=UserFactory(), version=1)
    assert error_codes(caught) == {"": "withdrawn"}
    withdrawn = Placement.everything.get()
    assert withdrawn.withdrawn_reason == "first"
    with pytest.raises(ValidationError) as caught:
        actions.end_placement(placement, ended_on=DRAWN_ON, today=DRAWN_ON)
    assert error_codes(caught) == {"": "withdrawn"}
    withdrawn.starts_on += DAY
    for change in (withdrawn.save, withdrawn.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_the_database_holds_who_why_and_when_together(course, company) -> None:
    placement = start_internship(course, company)
    for half in (
        {"withdrawn_at": timezone.now()},
        {"withdrawn_reason": "x"},
        {"withdrawn_by": UserFactory()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.filter(pk=placement.pk).update(**half)


def test_a_wrong_first_day_is_corrected_by_withdrawing_and_entering_anew(course, company) -> None:
    wrong = start_internship(course, company)
    actions.withdraw_as_error(wrong, reason="began a week later", by=UserFactory())
    entered_again = start_internship(
        course, company
    )  # the same days once more are no overlap with what is withdrawn
    assert entered_again.pk != wrong.pk
    actions.withdraw_as_error(entered_again, reason="began a week later", by=UserFactory())
    right = start_internship(course, company, starts_on=DRAWN_ON + 7 * DAY)
    course.refresh_from_db()
    assert (list(course.placements.all()), course.internship_from) == ([right], right.starts_on)


def test_a_course_ends_its_placements_only_when_somebody_says_so(course, company) -> None:
    running = start_internship(course, company)
    ahead = start_internship(course, CompanyFactory(), starts_on=DRAWN_ON + 60 * DAY)
    end = DRAWN_ON + 30 * DAY
    course_actions.end_course(course, ended_on=end, reason="other", placements_end=True, by=UserFactory())
    running.refresh_from_db()
    assert running.ended_on == end - DAY
    assert list(course.placements.all()) == [running]
    assert Placement.everything.get(pk=ahead.pk).withdrawn_reason
    course.refresh_from_db()
    assert (course.ended_on, course.internship_from) == (end, DRAWN_ON)


@pytest.mark.parametrize(("reason", "ends"), [("employment", False), ("died", True)])
def test_placements_go_on_unless_the_citizen_died(course, company, reason, ends) -> None:
    running = start_internship(course, company)
    end = DRAWN_ON + 30 * DAY
    course_actions.end_course(course, ended_on=end, reason=reason, by=UserFactory())
    running.refresh_from_db()
    assert running.ended_on == (end - DAY if ends else None)
