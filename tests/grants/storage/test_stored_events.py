"""The stored events follow from the facts after everything that changes them (D26-D28)."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import CompanyMerge, Placement, Succession
from grants.models import EarnedEvent, GrantTerms
from grants.reckoning.compute import compute
from grants.statements import actions
from grants.storage.stored_events import bring_up_to_date, differences, recompute
from grants.storage.submitted import content_hash
from jobfirst.exchange import BadFile
from jobfirst.models import StoredCheck
from jobfirst.tasks import check_stored
from jobfirst.values.dates import DAY
from tests.companies.factories import WorkplaceFactory
from tests.concurrency import run_at_once
from tests.factories import DRAWN_ON, CourseFactory, PlacementFactory
from tests.scenarios.earning_course import EarningCourse

pytestmark = pytest.mark.django_db

START, COMPLETION = date(2016, 4, 4), date(2016, 7, 3)


@pytest.fixture
def trial(db):
    return EarningCourse()


def earned_days():
    """Return kind and day of all stored events."""
    return [(event.kind, event.earned_on) for event in EarnedEvent.objects.all()]


BOTH = [("start", START), ("completion", COMPLETION)]
ONLY_START = BOTH[:1]

#: Everything that changes what a course earns, and what is stored of an internship of 91 days afterwards.
CHANGES = {
    "a take-over that breaks nothing": (lambda trial: trial.take_over(), BOTH),
    "a merge of two records": (
        lambda trial: (trial.start(company=1, day=DRAWN_ON + 91 * DAY), trial.merge()),
        BOTH,
    ),
    "a merge that is undone": (lambda trial: (trial.merge(), trial.undo_merge()), BOTH),
    "an end": (lambda trial: trial.end(), ONLY_START),
    "an end ahead": (lambda trial: trial.end(days=50, today=DRAWN_ON), ONLY_START),
    "a withdrawal before it begins": (lambda trial: trial.withdraw(), []),
    "a withdrawal as error": (lambda trial: trial.withdraw_as_error(), []),
    "a no-show": (lambda trial: trial.withdraw_as_no_show(), []),
    "a no-show that is undone": (lambda trial: (trial.withdraw_as_no_show(), trial.undo_no_show()), BOTH),
    "an end that is taken back": (lambda trial: (trial.end(), trial.take_back_end()), BOTH),
    "an error that is taken back": (lambda trial: (trial.withdraw_as_error(), trial.undo_no_show()), BOTH),
    "another first day": (
        lambda trial: trial.correct(starts_on=date(2016, 4, 18)),
        [("start", date(2016, 4, 18))],
    ),
    "another company": (lambda trial: trial.correct(company=trial.companies[1]), BOTH),
    "another kind": (lambda trial: trial.correct(kind="sniffing", ordinary_hours=0), []),
    "the end of the course": (lambda trial: trial.end_course(), ONLY_START),
    "a death": (lambda trial: trial.end_course(reason="died", placements_end=False), ONLY_START),
    "the end of the course before it began": (lambda trial: trial.end_course(day=START), []),
    "an imported end": (lambda trial: trial.import_placement(ended_on="2016-05-01"), ONLY_START),
    "referred in error": (lambda trial: trial.record("referred_in_error"), []),
    "withdrawn": (lambda trial: trial.record("withdrawn"), ONLY_START),
    "moved": (lambda trial: trial.record("moved"), ONLY_START),
    "died": (lambda trial: trial.record("died"), ONLY_START),
    "terms that ask for less": (
        lambda trial: trial.enter_terms(completion_days=30),
        [BOTH[0], ("completion", date(2016, 5, 3))],
    ),
    "terms that count other kinds": (
        lambda trial: trial.enter_terms(counting_kinds=["wage_subsidy"]),
        ONLY_START,
    ),
    "a period that begins later": (
        lambda trial: trial.import_period("2016-04-05", "2017-12-31"),
        [("start", date(2016, 4, 5))],
    ),
    "a period that ends earlier": (
        lambda trial: trial.import_period("2016-03-01", "2016-06-30"),
        ONLY_START,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_stored_events_follow_every_change(trial, change):
    trial.start()
    assert earned_days() == BOTH
    act, expected = CHANGES[change]
    act(trial)
    assert earned_days() == expected
    assert differences() == []


def test_a_take_over_completes_what_was_too_short_and_its_withdrawal_takes_that_back(trial):
    trial.start(days=45)
    trial.start(company=1, day=START + 45 * DAY, days=60)
    assert earned_days() == ONLY_START
    trial.take_over(day=START + 45 * DAY)
    assert earned_days() == BOTH
    event = EarnedEvent.objects.get(kind="completion")
    assert event.basis["company"] == trial.companies[1].cvr
    trial.withdraw_take_over()
    assert earned_days() == ONLY_START
    assert differences() == []


def test_a_corrected_p_number_decides_whether_days_go_on_at_the_successor(trial):
    earlier, later = (WorkplaceFactory(company=company, p_number="1001234567") for company in trial.companies)
    trial.start(days=45, workplace=earlier)
    trial.start(company=1, day=START + 45 * DAY, days=60, workplace=later)
    trial.take_over(day=START + 45 * DAY)
    assert earned_days() == BOTH
    trial.correct_p_number(number=1)
    assert earned_days() == ONLY_START
    assert differences() == []
    trial.correct_p_number(number=1, p_number="1001234567")
    assert earned_days() == BOTH


def test_a_renewal_completes_what_was_too_short(trial):
    trial.start(days=60)
    assert earned_days() == ONLY_START
    trial.renew()
    assert earned_days() == BOTH


def test_an_import_stores_what_it_earns(trial):
    trial.import_placement()
    assert earned_days() == BOTH
    trial.import_placement()
    assert differences() == []


#: What an action or an import raises when it changes nothing; an IndexError: there is no such placement.
REFUSALS = (
    ValidationError,
    BadFile,
    IntegrityError,
    IndexError,
    Succession.DoesNotExist,
    CompanyMerge.DoesNotExist,
)

STEPS = st.one_of(
    st.builds(
        lambda company, day, days, kind: (
            "start",
            {"company": company, "day": DRAWN_ON + day * DAY, "days": days, "kind": kind},
        ),
        st.integers(0, 1),
        st.integers(-20, 200),
        st.integers(1, 91),
        st.sampled_from(["internship", "wage_subsidy", "sniffing", "flex_job"]),
    ),
    st.builds(
        lambda number, days: ("renew", {"number": number, "days": days}),
        st.integers(0, 2),
        st.integers(1, 91),
    ),
    st.builds(
        lambda number, days: ("end", {"number": number, "days": days}), st.integers(0, 2), st.integers(0, 120)
    ),
    st.builds(lambda number: ("withdraw", {"number": number}), st.integers(0, 2)),
    st.builds(lambda number: ("withdraw_as_error", {"number": number}), st.integers(0, 2)),
    st.builds(
        lambda days: ("import_placement", {"planned_end_on": f"{DRAWN_ON + days * DAY}"}), st.integers(0, 90)
    ),
    st.builds(
        lambda kind, days: ("record", {"kind": kind, "day": DRAWN_ON + days * DAY}),
        st.sampled_from(["withdrawn", "moved", "died", "referred_in_error"]),
        st.integers(0, 200),
    ),
    st.builds(
        lambda days, needed, tolerance: (
            "enter_terms",
            {"day": DRAWN_ON + days * DAY, "completion_days": needed, "tolerance_days": tolerance},
        ),
        st.integers(0, 200),
        st.integers(1, 100),
        st.integers(0, 3),
    ),
    st.builds(
        lambda first, last: (
            "import_period",
            {"first": DRAWN_ON + first * DAY, "last": DRAWN_ON + last * DAY},
        ),
        st.integers(-30, 30),
        st.integers(60, 300),
    ),
    st.builds(
        lambda days, all_workplaces: (
            "take_over",
            {"day": DRAWN_ON + days * DAY, "all_workplaces": all_workplaces},
        ),
        st.integers(0, 120),
        st.booleans(),
    ),
    st.just(("withdraw_take_over", {})),
    st.just(("merge", {})),
    st.just(("undo_merge", {})),
    st.builds(
        lambda number, p_number: ("correct_p_number", {"number": number, "p_number": p_number}),
        st.integers(0, 1),
        st.sampled_from(["1001234567", "1009999999", ""]),
    ),
    st.builds(lambda days: ("end_course", {"day": DRAWN_ON + days * DAY}), st.integers(1, 200)),
)


@given(st.lists(STEPS, min_size=2, max_size=8))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_sequence_of_changes_leaves_a_difference(db, steps):
    with transaction.atomic():
        trial = EarningCourse()
        for name, fields in [("start", {}), *steps]:
            with suppress(*REFUSALS), transaction.atomic():
                getattr(trial, name)(**fields)
            assert differences() == []
        transaction.set_rollback(True)


def test_differences_name_pseudonym_and_kind_and_recompute_mends_them():
    missing, stale, wrong = (PlacementFactory(course=CourseFactory()).course for _number in range(3))
    before = list(EarnedEvent.objects.order_by("pk").values())
    missing.earned_events.get(kind="completion").delete()
    Placement.objects.filter(course=stale).update(ended_on=START + 9 * DAY)
    wrong.earned_events.filter(kind="start").update(amount=1)
    assert differences() == [
        f"{missing.citizen.pseudonym} completion: missing",
        f"{stale.citizen.pseudonym} completion: not earned",
        f"{wrong.citizen.pseudonym} start: differs",
    ]
    assert recompute() == 3
    assert differences() == []
    assert recompute() == 0
    after = EarnedEvent.objects.exclude(course=missing).order_by("pk")
    assert list(after.values()) == [
        row
        for row in before
        if row["course_id"] == wrong.pk or (row["course_id"] == stale.pk and row["kind"] == "start")
    ]


def test_the_nightly_check_finds_and_mends_the_events():
    course = PlacementFactory().course
    course.earned_events.all().delete()
    check_stored()
    checks = StoredCheck.objects.filter(name="earned events").order_by("pk")
    assert list(checks.values_list("differences", "repaired")) == [(2, False), (2, True)]
    assert differences() == []


@pytest.mark.parametrize("field", ["earned_on", "settled_on", "basis", "project", "terms"])
def test_every_field_is_compared(field):
    course = PlacementFactory().course
    other = {
        "earned_on": START,
        "settled_on": COMPLETION + DAY,
        "basis": {},
        "project": CourseFactory().project,
        "terms": GrantTerms.objects.create(
            valid_from=date(2018, 1, 1),
            start_amount=1,
            completion_amount=1,
            completion_days=91,
            counting_kinds=["internship"],
            ceiling_share=1,
            reason="x",
        ),
    }
    course.earned_events.filter(kind="completion").update(**{field: other[field]})
    assert differences() == [f"{course.citizen.pseudonym} completion: differs"]


def test_what_has_not_changed_is_not_written(django_assert_num_queries):
    courses = [PlacementFactory(course=CourseFactory()).course.pk for _number in range(3)]
    with django_assert_num_queries(5):  # the lock, the terms; take-overs, placements, events
        assert bring_up_to_date(courses) == 0
    with django_assert_num_queries(0):
        assert bring_up_to_date([]) == 0


def test_each_kind_is_stored_once_a_course():
    event = PlacementFactory().course.earned_events.get(kind="completion")
    event.pk, event.settled_on = None, event.settled_on + DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


@pytest.mark.parametrize(
    ("kind", "days"),
    [("completion", -1), ("start", 1)],
    ids=["never settled before it is earned", "a start never waits"],
)
def test_the_database_refuses_an_impossible_settlement(kind, days):
    event = PlacementFactory().course.earned_events.get(kind=kind)
    event.settled_on = event.earned_on + timedelta(days=days)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


def test_a_submission_mends_the_events_before_it_reckons(trial):
    """What the draft showed was wrong, so the submission is refused and nothing wrong is paid."""
    trial.start()
    EarnedEvent.objects.update(amount=1)
    cut_off = date(2016, 12, 31)
    seen = content_hash(compute(2016, cut_off, [trial.project]))
    with pytest.raises(ValidationError):
        actions.submit(trial.project, 2016, cut_off, trial.user, seen=seen, last_day=None)
    recompute()
    seen = content_hash(compute(2016, cut_off, [trial.project]))
    EarnedEvent.objects.update(amount=1)
    statement = actions.submit(trial.project, 2016, cut_off, trial.user, seen=seen, last_day=None)
    assert statement.earned_to_date == Decimal(16000)


@pytest.mark.django_db(transaction=True)
def test_changes_at_the_same_moment_leave_no_difference():
    trial = EarningCourse()
    trial.start()
    outcomes = run_at_once(
        [
            lambda: trial.end(days=40),
            lambda: trial.enter_terms(completion_days=30),
            lambda: trial.record("moved", DRAWN_ON + 35 * DAY),
            lambda: trial.import_period("2016-04-05", "2017-12-31"),
            lambda: trial.take_over(day=START + 40 * DAY),
            lambda: trial.start(company=1, day=START + 41 * DAY),
            recompute,
        ]
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    assert differences() == []
