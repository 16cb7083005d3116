"""The order of the steps of a dialogue."""

import pytest

from companies.rules.dialogues import steps_after, usual_step_after


@pytest.mark.parametrize(
    ("step", "usual"),
    [("contacted", "visit"), ("visit", "offer"), ("offer", "match"), ("ended", "contacted"), ("match", "")],
)
def test_the_step_that_usually_comes_next(step, usual):
    assert usual_step_after(step) == usual
    assert usual in steps_after(step) or not usual


def test_steps_may_be_skipped_and_may_come_again():
    assert steps_after("contacted") == ("contacted", "visit", "offer", "match", "ended")
    assert steps_after("offer") == steps_after("contacted")


def test_a_match_is_the_end_and_what_came_to_nothing_is_not():
    assert steps_after("match") == ()
    assert "visit" in steps_after("ended")
    assert "ended" not in steps_after("ended")
