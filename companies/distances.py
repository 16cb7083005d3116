"""How far places lie from each other, as the crow flies, between the middles of their towns.

A place is a postal code or the beginning of a town's name. One that is not among the towns known
(`PostalArea`) has no distance. A citizen's address is never used.
"""

import math
from functools import cache
from typing import NamedTuple

from companies.models import PostalArea

#: Kilometres of one degree of latitude.
KM_A_DEGREE = 111.2


class Town(NamedTuple):
    """The middle of a town and its postal codes, from the first to the last."""

    name: str
    first_code: str
    last_code: str
    latitude: float
    longitude: float

    def codes(self) -> list[str]:
        """Return its postal codes."""
        return [f"{code:04d}" for code in range(int(self.first_code), int(self.last_code) + 1)]

    def kilometres_to(self, other: "Town") -> float:
        """Return the distance in kilometres; the earth counts as flat over the size of Denmark."""
        north = other.latitude - self.latitude
        east = (other.longitude - self.longitude) * math.cos(math.radians(self.latitude))
        return math.hypot(north, east) * KM_A_DEGREE


@cache
def known_towns() -> tuple[Town, ...]:
    """Return the known towns by postal code: one query of a process, since only a migration changes them."""
    rows = PostalArea.objects.order_by("first").values_list("town", "first", "last", "latitude", "longitude")
    return tuple(Town(*row) for row in rows)


class TownDistances:
    """Distances between the known towns."""

    def __init__(self) -> None:
        self.towns = known_towns()

    def town_at(self, place: str) -> Town | None:
        """Return the town with this postal code, or the first whose name begins so."""
        if place.isdigit():
            return next((town for town in self.towns if town.first_code <= place <= town.last_code), None)
        beginning = place.casefold()
        return next((town for town in self.towns if town.name.casefold().startswith(beginning)), None)

    def codes_near(self, place: str, kilometres: int) -> list[str] | None:
        """Return the postal codes at most so far from the place, its own included, or None."""
        centre = self.town_at(place)
        if centre is None:
            return None
        near = [town for town in self.towns if centre.kilometres_to(town) <= kilometres]
        return [code for town in near for code in town.codes()]

    def kilometres(self, municipality: str, postal_code: str) -> int | None:
        """Return the rounded kilometres from the town the municipality is named after, or None."""
        centre, there = self.town_at(municipality), self.town_at(postal_code)
        if not postal_code or centre is None or there is None:
            return None
        return round(centre.kilometres_to(there))
