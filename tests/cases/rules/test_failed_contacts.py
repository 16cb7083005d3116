"""Failed attempts in a row: when another channel is due, and when the leader (D49)."""

import datetime

import pytest

from cases.rules.failed_contacts import Attempt, attempt_rows


def may(day):
    return datetime.date(2016, 5, day)


def rows(contacts, *attempts):
    return list(attempt_rows([may(day) for day in contacts], [Attempt(may(d), c) for d, c in attempts]))


@pytest.mark.parametrize(
    ("channels", "other_channel_from"),
    [
        (["phone", "phone"], None),
        (["phone", "phone", "phone"], 3),
        (["phone", "", "phone"], 3),
        (["", "", ""], 3),
        (["phone", "message", "phone"], None),
    ],
)
def test_another_channel_is_due_from_the_third_attempt_by_one_channel(channels, other_channel_from):
    (row,) = rows([], *enumerate(channels, 1))
    span = row.other_channel_due(3)
    assert (span and span.first) == (other_channel_from and may(other_channel_from))
    if span is not None:
        assert span.last is None


def test_another_channel_is_due_until_it_is_tried():
    (row,) = rows([], (1, "phone"), (2, "phone"), (3, "phone"), (6, "message"))
    span = row.other_channel_due(3)
    assert (span.first, span.last) == (may(3), may(5))


@pytest.mark.parametrize(
    ("channels", "lost_from"),
    [
        (["phone", "message"], None),
        (["phone", "message", "phone"], 3),
        (["phone", "phone", "phone"], None),
        (["phone", "phone", "phone", "message"], 4),
        (["phone"] * 5, None),
        (["phone"] * 6, 6),
        ([""] * 6, 6),
    ],
)
def test_the_leader_is_due_when_another_channel_failed_too_or_after_twice_as_many(channels, lost_from):
    (row,) = rows([], *enumerate(channels, 1))
    span = row.lost(3)
    assert (span and span.first) == (lost_from and may(lost_from))


def test_a_contact_with_the_citizen_ends_the_row_and_the_next_begins_anew():
    first, second = rows(
        [5], (1, "phone"), (2, "phone"), (3, "message"), (5, "phone"), (6, "phone"), (7, "phone")
    )
    assert [attempt.day for attempt in first.attempts] == [may(1), may(2), may(3)]
    assert first.lost(3).last == may(4)
    assert [attempt.day for attempt in second.attempts] == [may(6), may(7)]
    assert second.lost(2) is None
    assert second.other_channel_due(2).first == may(7)
