"""The agenda says what changed since the last held meeting, and nothing that is older (D18, D35)."""

import datetime

import pytest

from accounts.models import TrialTerms
from cases import actions
from cases.agenda import MeetingFacts, agenda_topics
from cases.models import CoursePause, Cv
from companies.models import HoursChange
from plans.models import ActivityLine
from tests.factories import (
    DRAWN_ON,
    FollowUpMeetingFactory,
    MentorContactFactory,
    PlacementFactory,
    PlanForJobFactory,
    WorkAgreementFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)
LAST_HELD = datetime.date(2016, 5, 2)
BEFORE, AFTER = LAST_HELD - DAY, LAST_HELD + 3 * DAY


@pytest.fixture
def lines_of(course, wednesday):
    """`lines_of(code)` returns the lines of a topic, as texts and whether they are urgent."""
    FollowUpMeetingFactory(course=course, held=True, held_on=LAST_HELD)

    def lines(code):
        course.refresh_from_db()
        terms = TrialTerms.objects.in_force_or_first(wednesday)
        facts = MeetingFacts(course, LAST_HELD, wednesday, terms)
        (topic,) = [topic for topic in agenda_topics() if topic.code == code]
        return [tuple(line) for line in topic.lines(facts)]

    return lines


def test_a_cv_is_told_when_it_is_missing_or_new(course, lines_of):
    assert lines_of("cv") == [("Der er ikke noget CV endnu.", True)]
    cv = Cv.objects.create(course=course, changed_on=BEFORE)
    assert lines_of("cv") == []
    cv.changed_on = AFTER
    cv.save()
    assert lines_of("cv") == [("CV’et blev opdateret den 5. maj 2016.", False)]


def test_a_cv_seen_through_since_the_last_meeting_is_told(course, holder, lines_of):
    Cv.objects.create(course=course, changed_on=BEFORE)
    actions.record_cv_review(course, seen_on=BEFORE, by=holder)
    assert lines_of("cv") == []
    actions.record_cv_review(course, seen_on=AFTER, by=holder)
    assert lines_of("cv") == [("Gennemgået med borgeren den 5. maj 2016", False)]


def test_a_changed_job_goal_is_told_with_its_reason(course, holder, lines_of):
    actions.add_job_goal_version(course, functions="Bager", set_on=BEFORE, by=holder)
    assert lines_of("job_goal") == []
    actions.add_job_goal_version(course, functions="Gartner", reason="Vil ud", set_on=AFTER, by=holder)
    assert [text for text, _urgent in lines_of("job_goal")] == [
        "Jobmål fra den 5. maj 2016: Gartner",
        "Derfor blev det ændret: Vil ud",
    ]


def test_contacts_attempts_pauses_and_gaps_since_the_last_meeting(course, lines_of):
    MentorContactFactory(course=course, held_on=BEFORE)
    MentorContactFactory(course=course, held_on=AFTER)
    MentorContactFactory(
        course=course, held_on=AFTER, citizen_present=False, channel="phone", outcome="no_answer"
    )
    CoursePause.objects.create(course=course, kind="illness", starts_on=AFTER, ends_on=AFTER + DAY)
    texts = [text for text, _urgent in lines_of("follow_up")]
    assert texts[:3] == [
        "Mentor og borger har haft kontakt 1 gang siden sidste møde.",
        "1 forgæves kontaktforsøg",
        "På pause til og med 6. maj 2016: sygdom",
    ]
    assert any(text.startswith("Der er ikke planlagt noget fra") for text in texts[3:])


def test_a_new_agreement_changed_hours_and_a_placement_that_ends(course, wednesday, lines_of):
    placement = PlacementFactory(course=course, starts_on=AFTER, planned_end_on=wednesday + 10 * DAY)
    assert ("Der er ingen arbejdsaftale med " + placement.company.name + " endnu.", True) in lines_of(
        "work_agreement"
    )
    WorkAgreementFactory(placement=placement, made_on=AFTER)
    HoursChange.objects.create(
        placement=placement, from_on=AFTER + DAY, internship_hours=10, ordinary_hours="2.5"
    )
    texts = [text for text, _urgent in lines_of("work_agreement")]
    name = placement.company.name
    assert texts == [
        f"Virksomhedspraktik hos {name} fra den 5. maj 2016",
        f"Arbejdsaftale med {name}: version 1 fra den 5. maj 2016",
        "Fra den 6. maj 2016: 10 praktiktimer og 2,50 ordinære timer om ugen",
        f"Virksomhedspraktik hos {name} slutter den 28. maj 2016.",
    ]


def test_a_placement_that_is_long_over_or_renewed_is_not_told(course, wednesday, lines_of):
    PlacementFactory(course=course, kind="sniffing", starts_on=DRAWN_ON, planned_end_on=DRAWN_ON + 4 * DAY)
    assert lines_of("work_agreement") == []


def test_activities_empty_weeks_and_the_plan_for_job(course, wednesday, lines_of):
    for what, day, fields in (
        ("Rundvisning", AFTER, {"done": True}),
        ("Samtale", AFTER, {"done": False}),
        ("Kaffe", AFTER, {}),
        ("Besøg", wednesday + 3 * DAY, {}),
        ("Gammelt", BEFORE, {"done": True}),
    ):
        ActivityLine.objects.create(
            course=course, kind="visit", what=what, who="Mentor", starts_on=day, ends_on=day, **fields
        )
    texts = [text for text, _urgent in lines_of("plan")]
    assert texts[:4] == [
        "Gennemført: Rundvisning, 5. maj 2016",
        "Ikke gennemført: Samtale, 5. maj 2016",
        "Blev det gennemført? Kaffe, 5. maj 2016",
        "Planlagt: Besøg, 21. maj 2016",
    ]
    assert texts[4].startswith("Ingen aktivitet endnu i uge 21")
    PlanForJobFactory(course=course, made_on=AFTER)
    assert "Min Plan – mod job: version 1 fra den 5. maj 2016" in [t for t, _urgent in lines_of("plan")]


def test_changed_answers_are_told_with_both_values_and_missing_ones_are_named(course, lines_of):
    from tests.scenarios.progression_answers import imported_sheet

    assert lines_of("progression") == [("Svarene før dette møde mangler.", True)]
    imported_sheet(course, BEFORE, value=3)
    assert lines_of("progression") == [("Svarene før dette møde mangler.", True)], "those were before it"
    imported_sheet(course, AFTER, value=3)
    assert lines_of("progression") == [("Svarene fra den 5. maj 2016 er som gangen før.", False)]
    imported_sheet(course, AFTER + DAY, value=5)
    texts = [text for text, _urgent in lines_of("progression")]
    assert texts[0] == "Svar fra den 6. maj 2016 sammenlignet med gangen før:"
    assert texts[1].endswith(": 3 → 5")
