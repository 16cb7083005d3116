"""Target groups and admission to the trial (D1, D3, D5): boundary days, and all reasons at once."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.eligibility import (
    Benefit,
    EligibilityAssessment,
    ReferralFacts,
    ReferralFlag,
    RefusalReason,
    TargetGroup,
    TrialState,
    assess,
)
from jobfirst.values.dates import DateSpan, months_after


@dataclass(frozen=True)
class Terms:
    minimum_age: int
    public_support_months: int
    enrolment_months: int


TERMS = Terms(minimum_age=30, public_support_months=12, enrolment_months=12)
PROJECT = DateSpan(date(2016, 3, 1), date(2017, 12, 31))
OPEN = TrialState(project=PROJECT, already_referred=False)
A = ReferralFacts(
    born_on=date(1970, 5, 5),
    target_group=TargetGroup.RESOURCE_PROGRAMME,
    benefit=Benefit.RESOURCE_PROGRAMME,
    public_support_since=date(2010, 1, 1),
    activity_ready=True,
    in_integration_programme=False,
    referred_on=date(2016, 6, 1),
)
B = replace(A, target_group=TargetGroup.ACTIVITY_READY, benefit=Benefit.CASH)


def reasons(facts: ReferralFacts, trial: TrialState = OPEN) -> tuple[str, ...]:
    return tuple(str(reason) for reason in assess(facts, TERMS, trial).reasons)


@pytest.mark.parametrize("facts", [A, B, replace(B, benefit=Benefit.INTEGRATION)])
def test_the_target_groups_are_eligible(facts: ReferralFacts) -> None:
    assert assess(facts, TERMS, OPEN) == EligibilityAssessment(reasons=())
    assert assess(facts, TERMS, OPEN).eligible


@pytest.mark.parametrize("facts", [A, B])
@pytest.mark.parametrize(
    ("born_on", "referred_on", "refused"),
    [
        (date(1986, 6, 1), date(2016, 5, 31), True),
        (date(1986, 6, 1), date(2016, 6, 1), False),
        (date(1986, 6, 1), date(2016, 6, 2), False),
        # Born on 29 February: thirty years later there is no such day; the age is reached on 1 March.
        (date(1984, 2, 29), date(2014, 2, 28), True),
        (date(1984, 2, 29), date(2014, 3, 1), False),
        (date(1988, 2, 29), date(2018, 2, 28), True),
        (date(1988, 2, 29), date(2018, 3, 1), False),
        (date(1986, 3, 1), date(2016, 2, 29), True),
        (date(1986, 3, 1), date(2016, 3, 1), False),
    ],
)
def test_thirty_is_reached_on_the_birthday(
    facts: ReferralFacts, born_on: date, referred_on: date, refused: bool
) -> None:
    facts = replace(facts, born_on=born_on, referred_on=referred_on, public_support_since=date(2000, 1, 1))
    always_open = TrialState(DateSpan(referred_on, referred_on + timedelta(days=400)), already_referred=False)
    assert reasons(facts, always_open) == (("under_30",) if refused else ())


@pytest.mark.parametrize(
    ("facts", "benefit", "refused"),
    [
        (A, Benefit.RESOURCE_PROGRAMME, False),
        (A, Benefit.CASH, True),
        (A, Benefit.INTEGRATION, True),
        (B, Benefit.RESOURCE_PROGRAMME, True),
        (B, Benefit.CASH, False),
        (B, Benefit.INTEGRATION, False),
    ],
)
def test_each_group_has_its_own_benefits(facts: ReferralFacts, benefit: Benefit, refused: bool) -> None:
    assert reasons(replace(facts, benefit=benefit)) == (("wrong_benefit",) if refused else ())


@pytest.mark.parametrize(
    ("since", "referred_on", "refused", "flagged"),
    [
        (date(2015, 6, 1), date(2016, 5, 31), True, False),
        (date(2015, 6, 1), date(2016, 6, 1), False, True),
        (date(2015, 6, 1), date(2016, 6, 2), False, False),
        (date(2016, 2, 29), date(2017, 2, 28), True, False),
        (date(2016, 2, 29), date(2017, 3, 1), False, True),
        (date(2016, 3, 1), date(2017, 3, 1), False, True),
        (date(2017, 1, 1), date(2016, 6, 1), True, False),
        (None, date(2016, 6, 1), True, False),
    ],
)
def test_a_year_of_public_support(
    since: date | None, referred_on: date, refused: bool, flagged: bool
) -> None:
    assessment = assess(replace(B, public_support_since=since, referred_on=referred_on), TERMS, OPEN)
    assert assessment.reasons == ((RefusalReason.PUBLIC_SUPPORT_UNDER_ONE_YEAR,) if refused else ())
    assert assessment.flags == ({ReferralFlag.PUBLIC_SUPPORT_EXACTLY_ONE_YEAR} if flagged else set())


def test_group_a_is_asked_for_age_and_benefit_only() -> None:
    facts = replace(
        A, activity_ready=False, public_support_since=A.referred_on, in_integration_programme=True
    )
    assert assess(facts, TERMS, OPEN) == EligibilityAssessment(reasons=())
    exactly_a_year = replace(A, public_support_since=A.referred_on - relativedelta(years=1))
    assert assess(exactly_a_year, TERMS, OPEN).flags == frozenset()


@pytest.mark.parametrize(
    ("referred_on", "closed"),
    [
        (date(2016, 1, 1), False),  # before the start: taken now, drawn later
        (date(2016, 3, 1), False),
        (date(2017, 3, 1), False),
        (date(2017, 3, 2), True),
        (date(2018, 1, 1), True),
    ],
)
def test_enrolment_closes_a_year_after_the_start(referred_on: date, closed: bool) -> None:
    assert reasons(replace(A, referred_on=referred_on)) == (("enrolment_closed",) if closed else ())


@pytest.mark.parametrize(("day", "closed"), [(date(2016, 9, 30), False), (date(2016, 10, 1), True)])
def test_enrolment_closes_with_the_project(day: date, closed: bool) -> None:
    short = TrialState(DateSpan(date(2016, 3, 1), date(2016, 9, 30)), already_referred=False)
    assert reasons(replace(A, referred_on=day), short) == (("enrolment_closed",) if closed else ())


def test_the_terms_decide_the_numbers() -> None:
    terms = Terms(minimum_age=40, public_support_months=120, enrolment_months=1)
    facts = replace(B, born_on=date(1980, 1, 1))
    assert assess(facts, terms, OPEN).reasons == (
        RefusalReason.UNDER_30,
        RefusalReason.PUBLIC_SUPPORT_UNDER_ONE_YEAR,
        RefusalReason.ENROLMENT_CLOSED,
    )


def test_every_reason_comes_out_at_once_in_the_published_order() -> None:
    facts = ReferralFacts(
        born_on=date(2000, 1, 1),
        target_group=TargetGroup.ACTIVITY_READY,
        benefit=Benefit.RESOURCE_PROGRAMME,
        public_support_since=date(2018, 1, 1),
        activity_ready=False,
        in_integration_programme=True,
        referred_on=date(2018, 1, 2),
    )
    expected = (
        "under_30",
        "wrong_benefit",
        "not_activity_ready",
        "public_support_under_one_year",
        "in_integration_programme",
        "already_referred",
        "enrolment_closed",
    )
    assert reasons(facts, TrialState(project=PROJECT, already_referred=True)) == expected
    without_project = (*expected[:6], "municipality_not_in_trial")
    assert reasons(facts, TrialState(project=None, already_referred=True)) == without_project


DAYS = st.dates(date(1920, 1, 1), date(2030, 12, 31))
FACTS = st.builds(
    ReferralFacts,
    born_on=DAYS,
    target_group=st.sampled_from(TargetGroup),
    benefit=st.sampled_from(Benefit),
    public_support_since=st.none() | DAYS,
    activity_ready=st.booleans(),
    in_integration_programme=st.booleans(),
    referred_on=DAYS,
)
KNOWN = st.builds(
    TrialState,
    project=st.none() | st.builds(DateSpan, DAYS, DAYS),
    already_referred=st.booleans(),
)


@given(FACTS, KNOWN)
def test_reasons_never_repeat_and_keep_their_order(facts: ReferralFacts, trial: TrialState) -> None:
    refusal_reasons = assess(facts, TERMS, trial).reasons
    order = list(RefusalReason)
    assert [order.index(reason) for reason in refusal_reasons] == sorted(
        {order.index(reason) for reason in refusal_reasons}
    )


@given(FACTS, KNOWN, st.integers(0, 4000))
def test_waiting_never_makes_anybody_too_young(facts: ReferralFacts, trial: TrialState, days: int) -> None:
    later = replace(facts, referred_on=facts.referred_on + timedelta(days=days))
    if RefusalReason.UNDER_30 not in assess(facts, TERMS, trial).reasons:
        assert RefusalReason.UNDER_30 not in assess(later, TERMS, trial).reasons


@given(DAYS, st.integers(0, 60))
def test_an_anniversary_is_the_first_day_on_which_the_years_are_full(day: date, years: int) -> None:
    reached = months_after(day, 12 * years)
    eve = reached - timedelta(days=1)

    def full_years(on: date) -> int:
        return on.year - day.year - ((on.month, on.day) < (day.month, day.day))

    assert full_years(reached) == years
    assert years == 0 or full_years(eve) == years - 1
