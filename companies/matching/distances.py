"""How far a company lies from the town of the citizen's municipality, as the crow flies.

The citizen's address is not used. A municipality that is not named after a town, and a postal code that is
not known (`PostalArea`), have no distance.
"""

import math

from companies.models import PostalArea
from companies.models.postal_areas import KM_A_DEGREE


class TownDistances:
    """The towns, read once for a page."""

    def __init__(self) -> None:
        self.areas = list(PostalArea.objects.all())

    def kilometres(self, municipality: str, postal_code: str) -> int | None:
        """Return the kilometres between the municipality's town and that of the postal code, or None."""
        name = municipality.casefold()
        centre = next((area for area in self.areas if area.town.casefold().startswith(name)), None)
        there = next((area for area in self.areas if area.first <= postal_code <= area.last), None)
        if centre is None or there is None:
            return None
        north = there.latitude - centre.latitude
        east = (there.longitude - centre.longitude) * math.cos(math.radians(centre.latitude))
        return round(math.hypot(north, east) * KM_A_DEGREE)
