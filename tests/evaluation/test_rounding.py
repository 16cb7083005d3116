"""Numbers that are rounded up tell nothing of few citizens, alone, in all rows together, or subtracted."""

from itertools import product

import pytest

from evaluation.rules.cut_offs import newest_renewed
from evaluation.rules.rounding import at_least, at_most, total_at_most
from tests.loops import some

LIMIT = 5


def test_only_nobody_is_zero():
    assert [at_most(count, LIMIT) for count in range(12)] == [0, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 15]


def test_without_a_limit_the_number_is_itself():
    assert [at_most(count, 1) for count in range(6)] == list(range(6))
    assert total_at_most([3, 0, 2], 1) == 5


def test_at_least_leaves_the_others_rounded_up():
    assert [at_least(count, 20, LIMIT) for count in (20, 19, 15, 14, 3)] == [20, 15, 15, 10, 0]


def counts_that_fit(rounded_rows, total):
    """All counts of the rows that give the numbers shown."""
    spans = [range(number - LIMIT + 1, number + 1) if number else [0] for number in rounded_rows]
    for counts in product(*spans):
        if total_at_most(counts, LIMIT) == total:
            yield counts


@pytest.mark.parametrize("size", [1, 2, 3])
def test_rows_and_their_total_leave_every_small_count_open(size):
    """Whatever the counts are: those that give the same numbers differ in each row of few citizens."""
    answers = {
        (tuple(at_most(count, LIMIT) for count in counts), total_at_most(counts, LIMIT))
        for counts in product(range(8), repeat=size)
    }
    for rows, total in some(answers):
        fitting = list(counts_that_fit(rows, total))
        possible = [{counts[row] for counts in fitting} for row in range(size)]
        widths = {len(counts) for number, counts in zip(rows, possible, strict=True) if number}
        assert widths <= {LIMIT}


def test_five_rows_of_one_do_not_give_a_total_of_five():
    assert total_at_most([1] * 5, LIMIT) == 25


def test_means_are_renewed_once_enough_have_joined_in_both_arms():
    days = [1, 2, 3, 4]
    participants, controls = [1] * 5 + [2] * 5 + [3] * 2, [1] * 6 + [2] * 4 + [3] * 3
    assert newest_renewed(days[:1], [participants, controls], LIMIT) == 1
    assert newest_renewed(days[:2], [participants, controls], LIMIT) == 1  # four controls joined
    assert newest_renewed(days, [participants, controls], LIMIT) == 3
    assert newest_renewed(days, [[1] * 4, controls], LIMIT) is None
