"""What nobody has: identifiers, phone numbers and CPR numbers of the demo (names are in demo/names.py).

CPR numbers fail modulus 11 and have birthdays for which every number ever issued passes it, so nobody
has them (the exceptions since 2007 are all on a 1 January).
"""

import datetime
import random
import uuid
from collections.abc import Iterator

from dateutil.relativedelta import relativedelta

from jobfirst.values.dates import DAY

CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def random_uuid(rng: random.Random) -> uuid.UUID:
    """Return a version-4 UUID from the demo's random generator, so that a seed always gives the same URLs."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def impossible_phone(rng: random.Random) -> str:
    """Return eight digits that are nobody's phone: no Danish number begins with 00."""
    return f"00 {rng.randrange(100):02d} {rng.randrange(100):02d} {rng.randrange(100):02d}"


def impossible_cprs(rng: random.Random, on: datetime.date) -> Iterator[tuple[str, datetime.date]]:
    """Yield (ten digits, birthday), each once, that were never issued to anybody."""
    used_digits: set[str] = set()
    oldest = datetime.date(1950, 1, 2)
    days = (on - relativedelta(years=31) - oldest).days
    while True:
        born = oldest + rng.randrange(days) * DAY
        digits = f"{born:%d%m%y}{rng.randrange(4000):04d}"
        if (
            not is_impossible(digits)
            or (born.day, born.month) == (1, 1)
            or born.year >= 2000
            or digits in used_digits
        ):
            continue
        used_digits.add(digits)
        yield digits, born


def is_impossible(digits: str) -> bool:
    """Whether the ten digits fail the check that issued numbers passed."""
    return sum(int(d) * w for d, w in zip(digits, CPR_WEIGHTS, strict=True)) % 11 != 0
