"""What a course still needs before its next phase."""

import pytest

from cases.rules.next_phase import Requirement, missing, next_phase
from cases.rules.phases import Phase

GOALS = Requirement("job_goals", Phase.INTERNSHIP)
MATCH = Requirement("match", Phase.INTERNSHIP)
PLAN = Requirement("plan_for_job", Phase.CONTINUED)
ALL = (GOALS, MATCH, PLAN)


@pytest.mark.parametrize(
    ("phase", "following"),
    [
        (Phase.NOT_STARTED, Phase.SNIFFING),
        (Phase.SNIFFING, Phase.INTERNSHIP),
        (Phase.INTERNSHIP, Phase.CONTINUED),
        (Phase.CONTINUED, None),
        (Phase.ENDED, None),
    ],
)
def test_each_phase_has_one_that_follows_until_only_the_end_is_left(phase, following):
    assert next_phase(phase) is following


def test_the_internship_needs_goals_and_match_but_no_plan_yet():
    assert missing(Phase.SNIFFING, ALL, met=()) == (GOALS, MATCH)
    assert missing(Phase.SNIFFING, ALL, met=("job_goals",)) == (MATCH,)
    assert missing(Phase.SNIFFING, ALL, met=("job_goals", "match")) == ()


def test_the_continued_effort_needs_the_plan_and_whatever_the_internship_still_lacks():
    assert missing(Phase.INTERNSHIP, ALL, met=("job_goals", "match")) == (PLAN,)
    assert missing(Phase.INTERNSHIP, ALL, met=("job_goals", "plan_for_job")) == (MATCH,)


@pytest.mark.parametrize("phase", [Phase.CONTINUED, Phase.ENDED])
def test_nothing_is_missing_when_no_phase_follows(phase):
    assert missing(phase, ALL, met=()) == ()


def test_a_course_that_has_not_begun_needs_nothing_for_its_first_phase():
    assert missing(Phase.NOT_STARTED, ALL, met=()) == ()
