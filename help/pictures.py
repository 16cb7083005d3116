"""The pictures of real pages that the help shows; `scripts/pictures.py` takes them from a rehearsal.

`start` is the page that is opened first, `clicks` are the links that lead from there to the page (selectors),
and `show` is the element at whose top the picture begins. The help shows each picture in its own size.
"""

from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).resolve().parent.parent / "static"
PHONE = (390, 760)
DESKTOP = (1280, 720)


class Picture(NamedTuple):
    """A page as a role sees it."""

    name: str
    role: str
    start: str
    size: tuple[int, int]
    clicks: tuple[str, ...] = ()
    show: str = ""

    @property
    def static_name(self) -> str:
        """The name of its file among the static files."""
        return f"help/{self.name}.webp"

    @property
    def file(self) -> Path:
        return STATIC / self.static_name


#: From the mentor's week to the page of the first course.
FIRST_COURSE = (".jf-cards .jf-card-title a",)
#: From the course owner's meetings to the page of the first course.
FIRST_MEETINGS = (".jf-cards h3 a",)
#: The job consultant's running placements, and from the first internship to the page of its work agreement.
INTERNSHIPS = "/virksomheder/placeringer/?show=running"
AGREEMENT = (
    '.jf-cards li:has-text("Virksomhedspraktik") a[href^="/placeringer/"]',
    'main a[href^="/arbejdsaftaler/"]',
)
ELEMENTS = "/overblik/grundelementer/"

PICTURES = (
    Picture("min-uge", "mentor", "/min-uge/", PHONE),
    Picture("svar-sammen", "mentor", "/min-uge/", PHONE, (*FIRST_COURSE, "#to-progression"), "#progression"),
    Picture("aktivitetsplan", "mentor", "/min-uge/", PHONE, (*FIRST_COURSE, "#to-plan"), "#activities"),
    Picture("moeder", "course_owner", "/moeder/", PHONE),
    Picture("moede", "course_owner", "/moeder/", PHONE, ('.jf-cards a.button[href$="/"]:text("Åbn mødet")',)),
    Picture("forloeb", "course_owner", "/moeder/", DESKTOP, (*FIRST_MEETINGS, ".jf-pages li:first-child a")),
    Picture("virksomhedspladser", "job_consultant", "/virksomheder/placeringer/", DESKTOP),
    Picture("arbejdsaftale", "job_consultant", INTERNSHIPS, PHONE, AGREEMENT),
    Picture(
        "ugeskema", "job_consultant", INTERNSHIPS, PHONE, (*AGREEMENT, 'a[href$="/arbejdsaftale/"]'), "#week"
    ),
    Picture("overblik", "project_leader", "/overblik/", DESKTOP),
    Picture("grundelementer", "project_leader", ELEMENTS, DESKTOP),
    Picture("forloeb-og-grundelementer", "project_leader", ELEMENTS, DESKTOP, show="#courses"),
    Picture("indsatsgruppen", "project_leader", "/overblik/indsatsgruppe/", DESKTOP),
    Picture("medarbejdere", "project_leader", "/medarbejdere/", DESKTOP),
    Picture("huller", "project_leader", "/forloeb/huller/", DESKTOP),
    Picture("tilskud", "agency", "/tilskud/", DESKTOP),
    Picture("forsoeget", "agency", "/lodtraekning/forsoeg/", DESKTOP),
    Picture("projekterne", "agency", "/lodtraekning/forsoeg/projekter/", DESKTOP, show="#side-by-side"),
    Picture("resultater", "agency", "/lodtraekning/forsoeg/resultater/", DESKTOP),
)
BY_NAME = {picture.name: picture for picture in PICTURES}
