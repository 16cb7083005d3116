"""Files of placements as municipalities deliver them."""

from cases.models import Course
from companies.exchange import COLUMNS
from tests.factories import cvr

HEADER = ";".join(COLUMNS)


def placement_row(course: Course | None = None, **fields: object) -> str:
    """Return a valid row, an internship of 13 weeks from the day of the draw, with these fields changed."""
    values = {
        "cpr": course.citizen.cpr if course else "",
        "cvr": cvr(1),
        "company": "Bageren ApS",
        "p_number": "1001234567",
        "kind": "internship",
        "starts_on": "2016-04-04",
        "planned_end_on": "2016-07-03",
        "ended_on": "",
        "internship_hours": "15",
        "ordinary_hours": "2,5",
        "source_id": "",
        **fields,
    }
    return ";".join(str(values[column]) for column in COLUMNS)
