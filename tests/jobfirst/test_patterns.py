"""No regular expression of ours takes the square of a text's length, whatever stands in it."""

import importlib
import pkgutil
import re
import time

import pytest

from tests.kit.all_forms import OUR_APPS

LENGTH = 15_000
SECONDS = 0.3  # of processor time; a linear pattern takes milliseconds, a quadratic one many times this
PIECES = [
    "a",
    "A",
    "0",
    " ",
    "-",
    "_",
    ".",
    "\n",
    "a ",
    "0 ",
    "0-",
    "a-",
    "<",
    "[",
    "/",
    "#4",
    "é",
    "\u200b",
    '"',
    "=",
]

#: What is never searched for with them: they are held against the whole of a text, or its beginning.
NEVER_SEARCHED = {
    "grants.expenses.file_inspector.SCRIPT_ADDRESS",
    "help.topics.HEAD",
    "jobfirst.logs.lines.HARMLESS",
    "jobfirst.pdf.parts.REFERENCE",
    "jobfirst.reader.as_seen.HYPHEN_FORMAT",
}


def patterns():
    """Yield the compiled patterns in the modules of our apps, with their places."""
    for config in OUR_APPS:
        for module in pkgutil.walk_packages([config.path], f"{config.name}."):
            if "migrations" in module.name or "management" in module.name:
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{module.name}.{name}", value


def slow_text(pattern, *, is_searched=True):
    """Return the piece whose repetition the pattern is slow with; None when there is none."""
    methods = (pattern.search, pattern.fullmatch) if is_searched else (pattern.fullmatch,)
    for piece in PIECES:
        text = piece * (LENGTH // len(piece)) + "\0"
        text = text if isinstance(pattern.pattern, str) else text.encode()
        begun = time.process_time()
        for method in methods:
            method(text)
        if time.process_time() - begun > SECONDS:
            return piece
    return None


def test_every_pattern_is_quick_with_texts_made_to_slow_it():
    by_pattern = {pattern: place for place, pattern in patterns()}
    assert len(by_pattern) > 30
    assert set(by_pattern.values()) >= NEVER_SEARCHED
    slow = {
        place: slow_text(pattern, is_searched=place not in NEVER_SEARCHED)
        for pattern, place in by_pattern.items()
    }
    assert {place: piece for place, piece in slow.items() if piece} == {}


def test_a_slow_pattern_is_noticed():
    assert slow_text(re.compile("(?=[a-z]*[A-Z])[a-z]+X")) == "a"


@pytest.mark.parametrize("text", ["a" * 40, "a_b-" * 20])
def test_a_long_word_without_capitals_stays_in_the_log(text):
    from jobfirst.logs.masking import masked

    assert masked(text) == text
