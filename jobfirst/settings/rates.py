"""Limits of what one person does, as the settings write them: `40/hour,150/day`, or `off`."""

import datetime
import re
from dataclasses import dataclass

WINDOWS = {"hour": datetime.timedelta(hours=1), "day": datetime.timedelta(days=1)}
RATE = re.compile(r"([1-9][0-9]{0,6})/(hour|day)")


@dataclass(frozen=True)
class Limit:
    """At most `number` within `window`."""

    number: int
    window: datetime.timedelta


def parsed_limits(text: str) -> tuple[Limit, ...]:
    """Return the limits that a setting states, none for `off`; ValueError when it cannot be read."""
    if text == "off":
        return ()
    matches = [RATE.fullmatch(part.strip()) for part in text.split(",")]
    if not all(matches):
        raise ValueError(f"a limit is written 40/hour,150/day or off, not {text}")
    return tuple(Limit(int(match[1]), WINDOWS[match[2]]) for match in matches if match)
