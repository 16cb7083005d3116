"""The dialogue with a company: its steps, the match that ends it, and what is taken back (D13, D14)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError

from cases.models import Course, CourseElement
from companies.actions.matches import record_match
from companies.matching import actions
from companies.matching.entries import StepTaken
from companies.models import Dialogue, DialogueEntry, Match
from jobfirst.kit.versioned import StaleError
from tests.companies.factories import WorkplaceFactory
from tests.companies.matching.factories import DialogueFactory
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    PlacementFactory,
)
from tests.validation import error_codes

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory()


@pytest.fixture
def dialogue(course):
    return DialogueFactory(course=course)


def test_a_workplace_of_another_company_is_refused(course):
    with pytest.raises(ValidationError) as caught:
        actions.open_dialogue(course, CompanyFactory(), step("contacted"), workplace=WorkplaceFactory())
    assert error_codes(caught) == {"workplace": "other_company"}


def step(name: str, on: datetime.date = DRAWN_ON, **fields) -> StepTaken:
    return StepTaken(name, on, **fields)


def steps_of(dialogue: Dialogue) -> list[str]:
    """Return the steps of the dialogue, the newest first."""
    return list(dialogue.entries.values_list("step", flat=True))


class TestSteps:
    def test_the_dialogue_stands_on_its_newest_step(self, dialogue):
        later = DRAWN_ON + 3 * DAY
        actions.take_step(dialogue, step("offer", later, next_action="Ring mandag", next_on=later + DAY))
        dialogue.refresh_from_db()
        assert (dialogue.step, dialogue.step_on) == ("offer", later)
        assert (dialogue.next_action, dialogue.next_on) == ("Ring mandag", later + DAY)
        assert steps_of(dialogue) == ["offer", "contacted"]

    def test_two_who_call_the_same_company_share_a_dialogue(self, course, dialogue):
        again = actions.open_dialogue(course, dialogue.company, step("contacted"))
        assert again == dialogue
        assert steps_of(dialogue) == ["contacted", "contacted"]

    def test_a_citizen_has_dialogues_with_several_companies_at_once(self, course, dialogue):
        actions.open_dialogue(course, CompanyFactory(), step("visit"))
        assert course.dialogues.going_on().count() == 2

    def test_what_came_to_nothing_may_be_taken_up_again(self, dialogue):
        ended = actions.take_step(dialogue, step("ended", reason="no_answer"))
        assert not ended.goes_on
        assert actions.take_step(dialogue, step("visit")).goes_on

    def test_the_same_form_sent_twice_makes_one_step(self, course):
        company, token = CompanyFactory(), uuid.uuid4()
        for _twice in range(2):
            actions.open_dialogue(course, company, step("contacted"), submission=token)
        assert DialogueEntry.objects.count() == 1

    @pytest.mark.parametrize(
        ("taken", "codes"),
        [
            (step("visit", DRAWN_ON - DAY), {"happened_on": "before_start"}),
            (step("visit", DRAWN_ON + 9 * DAY), {"happened_on": "future"}),
            (step("visit", next_on=DRAWN_ON - DAY), {"next_on": "next_before"}),
            (step("ended"), {"reason": "no_reason"}),
            (step("visit", reason="no_answer"), {"reason": "no_reason"}),
        ],
    )
    def test_a_step_that_cannot_be_is_refused(self, dialogue, taken, codes):
        with pytest.raises(ValidationError) as caught:
            actions.take_step(dialogue, taken, not_after=DRAWN_ON + DAY)
        assert error_codes(caught) == codes
        assert steps_of(dialogue) == ["contacted"]

    def test_a_step_before_the_latest_one_is_refused(self, dialogue):
        actions.take_step(dialogue, step("visit", DRAWN_ON + 2 * DAY))
        with pytest.raises(ValidationError) as caught:
            actions.take_step(dialogue, step("offer", DRAWN_ON + DAY))
        assert error_codes(caught) == {"happened_on": "before_latest"}

    def test_nothing_is_added_once_the_course_has_ended(self, course, dialogue):
        course.ended_on, course.end_reason = DRAWN_ON, "other"
        course.save()
        with pytest.raises(ValidationError, match="afsluttet"):
            actions.take_step(dialogue, step("visit"))

    def test_a_form_opened_before_somebody_elses_step_shows_that_step(self, dialogue):
        actions.take_step(dialogue, step("visit", note="Set køkkenet"))
        with pytest.raises(StaleError) as caught:
            actions.take_step(dialogue, step("offer"), version=dialogue.version)
        assert caught.value.current.note == "Set køkkenet"


class TestMatch:
    def test_a_match_ends_the_dialogue(self, course, dialogue):
        matched = actions.match_dialogue(dialogue, matched_on=DRAWN_ON, job_function="Køkken", why="Ro")
        match = Match.objects.get()
        assert (match.course, match.company) == (course, dialogue.company)
        assert (matched.match, matched.step, matched.job_function) == (match, "match", "Køkken")
        with pytest.raises(ValidationError):
            actions.take_step(matched, step("visit", DRAWN_ON + DAY))

    def test_a_match_recorded_elsewhere_ends_the_dialogue_too(self, course, dialogue):
        match = record_match(course, dialogue.company, matched_on=DRAWN_ON)
        dialogue.refresh_from_db()
        assert dialogue.match == match

    def test_a_match_that_stands_already_is_linked(self, course, dialogue):
        match = MatchFactory(course=course, company=dialogue.company)
        assert actions.match_dialogue(dialogue, matched_on=DRAWN_ON, why="Nyt").match == match
        assert Match.objects.count() == 1

    def test_no_dialogue_begins_where_a_match_is_recorded(self, course):
        match = MatchFactory(course=course)
        with pytest.raises(ValidationError) as caught:
            actions.open_dialogue(course, match.company, step("contacted"))
        assert error_codes(caught) == {"cvr": "matched"}

    def test_the_core_element_of_the_match_follows_it_and_its_undoing(self, course, dialogue):
        later = DRAWN_ON + 91 * DAY
        Course.objects.filter(pk=course.pk).update(
            internship_from=DRAWN_ON, continued_from=later, retention_until=later
        )

        def lacks_a_match():
            elements = CourseElement.objects.filter(course=course, element=5)
            return any("match_missing" in element.reasons for element in elements)

        matched = actions.match_dialogue(dialogue, matched_on=DRAWN_ON)
        assert not lacks_a_match()
        actions.undo_step(matched, version=matched.version)
        assert lacks_a_match()


class TestUndo:
    def test_the_dialogue_stands_on_the_step_before(self, dialogue):
        visited = actions.take_step(dialogue, step("visit", DRAWN_ON + DAY))
        actions.undo_step(visited, version=visited.version)
        visited.refresh_from_db()
        assert (visited.step, visited.step_on) == ("contacted", DRAWN_ON)

    def test_with_its_first_step_the_dialogue_goes(self, dialogue):
        actions.undo_step(dialogue, version=dialogue.version)
        assert not Dialogue.objects.exists()

    def test_a_match_with_a_placement_stays(self, course, dialogue):
        matched = actions.match_dialogue(dialogue, matched_on=DRAWN_ON)
        PlacementFactory(course=course, company=dialogue.company, match=matched.match)
        with pytest.raises(ValidationError) as caught:
            actions.undo_step(matched, version=matched.version)
        assert caught.value.code == "placed"
        assert Match.objects.exists()

    def test_a_match_that_the_dialogue_only_linked_stays(self, course, dialogue):
        MatchFactory(course=course, company=dialogue.company)
        matched = actions.match_dialogue(dialogue, matched_on=DRAWN_ON)
        actions.undo_step(matched, version=matched.version)
        assert Match.objects.exists()

    def test_a_step_that_somebody_else_has_added_is_not_undone(self, dialogue):
        actions.take_step(dialogue, step("visit"))
        with pytest.raises(StaleError):
            actions.undo_step(dialogue, version=dialogue.version)
        assert steps_of(dialogue) == ["visit", "contacted"]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_two_who_record_the_same_match_make_one(self):
        dialogue = DialogueFactory()

        def record():
            return actions.match_dialogue(
                dialogue, matched_on=DRAWN_ON, job_function="Lager", version=dialogue.version
            )

        assert run_at_once([record, record]) == [dialogue, dialogue]
        assert Match.objects.count() == 1
        assert steps_of(dialogue) == ["match", "contacted"]

    def test_of_two_different_matches_one_is_recorded_and_the_other_sees_it(self):
        dialogue = DialogueFactory()

        def record(job_function):
            return lambda: actions.match_dialogue(
                dialogue, matched_on=DRAWN_ON, job_function=job_function, version=dialogue.version
            )

        outcomes = run_at_once([record("Lager"), record("Køkken")])
        refused = [outcome for outcome in outcomes if isinstance(outcome, StaleError)]
        assert len(refused) == 1
        assert refused[0].current == Match.objects.get()

    def test_a_match_while_another_undoes_the_step_has_one_outcome(self):
        dialogue = DialogueFactory()
        outcomes = run_at_once(
            [
                lambda: actions.match_dialogue(dialogue, matched_on=DRAWN_ON, version=dialogue.version),
                lambda: actions.undo_step(dialogue, version=dialogue.version),
            ]
        )
        if isinstance(outcomes[1], StaleError):
            assert Match.objects.count() == 1
        else:
            assert not Match.objects.exists()
            assert outcomes[0].code == "gone"


class TestCorrecting:
    def test_the_newest_step_takes_what_is_next_to_the_dialogue(self, dialogue):
        entry = dialogue.entries.get()
        actions.correct_step(entry, {"next_action": "Send CV", "next_on": DRAWN_ON + DAY})
        dialogue.refresh_from_db()
        assert (dialogue.next_action, dialogue.next_on) == ("Send CV", DRAWN_ON + DAY)

    @pytest.mark.parametrize("day", [DRAWN_ON - DAY, DRAWN_ON + 5 * DAY])
    def test_the_day_stays_between_the_steps_around_it(self, dialogue, day):
        actions.take_step(dialogue, step("visit", DRAWN_ON + 2 * DAY))
        actions.take_step(dialogue, step("offer", DRAWN_ON + 4 * DAY))
        visit = dialogue.entries.get(step="visit")
        with pytest.raises(ValidationError) as caught:
            actions.correct_step(visit, {"happened_on": day})
        assert "happened_on" in error_codes(caught)

    def test_an_earlier_step_leaves_the_dialogue_where_it_stands(self, dialogue):
        first = dialogue.entries.get()
        actions.take_step(dialogue, step("visit", DRAWN_ON + DAY))
        actions.correct_step(first, {"note": "Rettet"})
        dialogue.refresh_from_db()
        assert dialogue.step == "visit"

    def test_a_form_opened_before_somebody_elses_correction_shows_it(self, dialogue):
        entry = dialogue.entries.get()
        actions.correct_step(entry, {"note": "Først"}, version=entry.version)
        with pytest.raises(StaleError) as caught:
            actions.correct_step(entry, {"note": "Bagefter"}, version=entry.version)
        assert caught.value.current.note == "Først"
