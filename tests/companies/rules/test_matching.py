"""What speaks for and against an opening for a citizen."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.work_limits import WorkLimits, strictest
from companies.rules.matching import (
    DOUBTS,
    CitizenNeeds,
    ReasonCode,
    WorkOffer,
    fit,
    is_like,
    likeness,
    most_hours_a_week,
    names_workplace,
    order_of,
    words_of,
)
from companies.rules.work_times import ruled_out

LIMITED = WorkLimits(not_after=datetime.time(15), no_weekend=True)
ON = datetime.date(2016, 5, 18)
KITCHEN = WorkOffer(
    job_function="Køkkenhjælper",
    company="Kantinen ApS",
    tasks="Anretning, opvask og lettere rengøring",
    accommodations="Rolige omgivelser og korte dage",
    hours=Decimal(12),
    places_left=2,
    company_places_left=3,
    town="Aalborg",
)
NEEDS = CitizenNeeds(job_functions="Køkkenarbejde", municipality="Aalborg")


def codes(needs: CitizenNeeds, offer: WorkOffer) -> list[ReasonCode]:
    """Return the codes of all reasons and doubts."""
    outcome = fit(needs, offer, on=ON)
    return [reason.code for reason in (*outcome.reasons, *outcome.doubts)]


@pytest.mark.parametrize(
    ("limits", "times"),
    [
        (WorkLimits(), ()),
        (WorkLimits(no_nights=True), ("night",)),
        (WorkLimits(not_before=datetime.time(9)), ("night",)),
        (WorkLimits(not_after=datetime.time(20)), ("night",)),
        (LIMITED, ("evening", "night", "weekend")),
    ],
)
def test_the_times_that_accommodations_rule_out(limits, times):
    assert ruled_out(limits) == times


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ((), ReasonCode.TIMES_UNKNOWN),
        (("daytime",), ReasonCode.TIMES_WITHIN),
        (("daytime", "weekend"), ReasonCode.TIMES_PARTLY_OUTSIDE),
        (("night", "weekend"), ReasonCode.TIMES_OUTSIDE),
    ],
)
def test_the_times_of_the_work_are_compared_with_the_accommodations(times, code):
    needs = replace(NEEDS, ruled_out=ruled_out(LIMITED))
    assert code in codes(needs, replace(KITCHEN, times=times))


def test_without_such_an_accommodation_the_times_say_nothing():
    assert not {
        code.name for code in codes(NEEDS, replace(KITCHEN, times=("night",))) if "TIMES" in code.name
    }


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("køkkenhjælper", "køkkenarbejde", True),
        ("lager", "lagermedarbejder", True),
        ("bager", "bageriarbejde", True),
        ("rengøring", "køkkenrengøring", True),
        ("ro", "rolige", False),
        ("kontor", "kontakt", False),
        ("butiksarbejde", "lagerarbejde", False),
        ("it", "it", True),
    ],
)
def test_words_that_mean_the_same_kind_of_thing(first, second, alike):
    assert is_like(first, second) is alike
    assert is_like(second, first) is alike


def test_words_that_stand_everywhere_tell_nothing():
    assert words_of("Et job som medarbejder med arbejde i køkkenet") == ["køkkenet"]
    assert likeness("medarbejder", "medarbejder i butik") == ""


@pytest.mark.parametrize(
    ("workplaces", "name", "named"),
    [
        ("Gerne Bageren & Co. eller Netto", "Bageren & Co. ApS", True),
        ("Netto", "Netto Storcenter ApS", False),
        ("", "Bageren", False),
        ("Bageren", "ApS", False),
    ],
)
def test_a_workplace_is_named_with_its_whole_name(workplaces, name, named):
    assert names_workplace(workplaces, name) is named


class TestReasons:
    def test_the_job_goal_names_the_job_function(self):
        first = fit(NEEDS, KITCHEN, on=ON).reasons[0]
        assert (first.code, first.text) == (ReasonCode.GOAL_NAMES_FUNCTION, "køkkenarbejde")

    def test_the_job_goal_fits_the_tasks(self):
        assert ReasonCode.GOAL_FITS_TASKS in codes(CitizenNeeds("Rengøring"), KITCHEN)

    def test_the_job_goal_names_something_else(self):
        outcome = fit(CitizenNeeds("Gartneri"), KITCHEN, on=ON)
        assert not outcome.answers_goal
        assert outcome.doubts[0].code == ReasonCode.GOAL_NAMES_OTHER

    def test_without_a_goal_nothing_is_said_of_it(self):
        assert ReasonCode.GOAL_NAMES_OTHER not in codes(CitizenNeeds(), KITCHEN)

    def test_an_accommodation_is_possible_or_to_be_asked_about(self):
        needs = replace(NEEDS, accommodations=("Rolige omgivelser", "Ingen tunge løft"))
        outcome = fit(needs, KITCHEN, on=ON)
        texts = {reason.code: reason.text for reason in (*outcome.reasons, *outcome.doubts)}
        assert texts[ReasonCode.ACCOMMODATION_POSSIBLE] == "Rolige omgivelser"
        assert texts[ReasonCode.ACCOMMODATION_NOT_NAMED] == "Ingen tunge løft"

    @pytest.mark.parametrize(
        ("hours", "limit", "code"),
        [
            (Decimal(12), Decimal(12), ReasonCode.HOURS_WITHIN),
            (Decimal("12.5"), Decimal(12), ReasonCode.HOURS_ABOVE),
            (None, Decimal(12), ReasonCode.HOURS_UNKNOWN),
        ],
    )
    def test_hours_against_those_that_the_accommodations_allow(self, hours, limit, code):
        assert code in codes(replace(NEEDS, most_hours=limit), replace(KITCHEN, hours=hours))

    @pytest.mark.parametrize(
        ("opening", "company", "code", "number"),
        [
            (2, 3, ReasonCode.PLACES_LEFT, 2),
            (4, 1, ReasonCode.PLACES_LEFT, 1),
            (None, 1, ReasonCode.PLACES_LEFT, 1),
            (2, 0, ReasonCode.NO_PLACE_LEFT, None),
            (2, None, ReasonCode.EMPLOYEES_UNKNOWN, None),
        ],
    )
    def test_places_are_those_of_the_opening_within_the_requirement(self, opening, company, code, number):
        offer = replace(KITCHEN, places_left=opening, company_places_left=company)
        outcome = fit(NEEDS, offer, on=ON)
        numbers = {reason.code: reason.number for reason in (*outcome.reasons, *outcome.doubts)}
        assert numbers[code] == number

    def test_place_history_and_a_later_beginning(self):
        offer = replace(KITCHEN, matches_before=2, from_on=ON + datetime.timedelta(days=7))
        assert {ReasonCode.SAME_PLACE, ReasonCode.MATCHED_BEFORE, ReasonCode.BEGINS_LATER} <= set(
            codes(NEEDS, offer)
        )


@pytest.mark.parametrize(
    ("town", "municipality", "same"),
    [("København Ø", "København", True), ("Sorø", "Sorø", True), ("Odder", "Od", False), ("", "", False)],
)
def test_a_part_of_a_town_lies_in_its_municipality(town, municipality, same):
    offered = replace(KITCHEN, town=town)
    assert (ReasonCode.SAME_PLACE in codes(CitizenNeeds(municipality=municipality), offered)) is same


WORDS = st.sampled_from(["køkken", "lager", "gartneri", "butik", "ro", "pauser", "arbejde", ""])
TEXTS = st.lists(WORDS, max_size=3).map(" ".join)
HOURS = st.none() | st.decimals(min_value=1, max_value=37, places=1)
ALL_NEEDS = st.builds(
    CitizenNeeds,
    job_functions=TEXTS,
    workplaces=TEXTS,
    accommodations=st.lists(TEXTS, max_size=3).map(tuple),
    most_hours=HOURS,
)
OFFERS = st.builds(
    WorkOffer,
    job_function=TEXTS,
    company=TEXTS,
    tasks=TEXTS,
    accommodations=TEXTS,
    hours=HOURS,
    places_left=st.none() | st.integers(1, 5),
    company_places_left=st.none() | st.integers(0, 5),
)


@given(ALL_NEEDS, OFFERS)
def test_every_accommodation_is_answered_once_and_no_reason_is_a_doubt(needs, offer):
    outcome = fit(needs, offer, on=ON)
    assert {reason.code for reason in outcome.reasons}.isdisjoint(DOUBTS)
    assert {reason.code for reason in outcome.doubts} <= DOUBTS
    about_accommodations = {ReasonCode.ACCOMMODATION_POSSIBLE, ReasonCode.ACCOMMODATION_NOT_NAMED}
    answered = [
        reason.text for reason in (*outcome.reasons, *outcome.doubts) if reason.code in about_accommodations
    ]
    assert sorted(answered) == sorted(needs.accommodations)


@given(ALL_NEEDS, OFFERS)
def test_an_offer_that_says_more_never_ranks_lower(needs, offer):
    accommodating = replace(offer, accommodations=" ".join((offer.accommodations, *needs.accommodations)))
    assert order_of(fit(needs, accommodating, on=ON)) <= order_of(fit(needs, offer, on=ON))


@given(ALL_NEEDS, OFFERS)
def test_what_answers_the_goal_ranks_before_what_does_not(needs, offer):
    outcome = fit(needs, offer, on=ON)
    other = fit(needs, replace(offer, job_function="pedel", company="x", tasks=""), on=ON)
    if outcome.answers_goal and not other.answers_goal:
        assert order_of(outcome) < order_of(other)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (WorkLimits(no_nights=True), None),
        (WorkLimits(hours_a_week=Decimal(12)), 12),
        (WorkLimits(hours_a_day=Decimal(3)), 15),
        (WorkLimits(hours_a_day=Decimal(3), days_a_week=2), 6),
        (WorkLimits(hours_a_day=Decimal(3), hours_a_week=Decimal(10)), 10),
    ],
)
def test_the_limits_of_a_day_count_for_the_week(limits, expected):
    assert most_hours_a_week(limits) == expected


def test_the_limits_of_several_accommodations_count_together():
    limits = strictest([WorkLimits(hours_a_day=Decimal(4)), WorkLimits(days_a_week=3)])
    assert most_hours_a_week(limits) == 12
