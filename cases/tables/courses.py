"""The list of courses."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Course, CourseFunction, FunctionHolding
from cases.presentation.phases import PHASE_WORDS
from cases.rules import phases
from jobfirst.kit.addresses import url_maker
from jobfirst.kit.keyset import chosen_first
from jobfirst.kit.tables import Column, DayColumn, KitTable, link


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course as the list shows it; `citizen_id` is the citizen's public id."""

    public_id: uuid.UUID
    citizen_id: uuid.UUID
    citizen: str
    phase: str
    municipality: str
    started_on: datetime.date
    internship_from: datetime.date | None
    course_owner: str
    mentor: str


class CourseTable(KitTable):
    """The course list. Phases and functions are those of the day `on`."""

    title = gettext_lazy("Courses")
    given_order = "-started_on"

    citizen = Column(verbose_name=gettext_lazy("Citizen"), order_by=("referral__name", "pk"))
    phase = Column(verbose_name=gettext_lazy("Phase"), orderable=False)
    municipality = Column(
        verbose_name=gettext_lazy("Municipality"), order_by=("municipality__name", "-started_on")
    )
    started_on = DayColumn(verbose_name=gettext_lazy("Started"))
    internship_from = DayColumn(verbose_name=gettext_lazy("Internship from"))
    course_owner = Column(verbose_name=gettext_lazy("Course owner"), orderable=False)
    mentor = Column(verbose_name=gettext_lazy("Mentor"), orderable=False)

    def __init__(self, data: "QuerySet[Course]", *, on: datetime.date) -> None:
        self.on = on
        self.address = url_maker("cases:course")
        super().__init__(data)

    def prepare(self, records: "QuerySet[Course]") -> list[CourseRow]:
        """Return the rows of a page."""
        return course_rows(records, self.on)

    def render_citizen(self, record: CourseRow, value: str) -> SafeString:
        """Return the name as a link to the course."""
        return link(self.address(record.public_id), value)


def course_rows(courses: "QuerySet[Course]", on: datetime.date) -> list[CourseRow]:
    """Return the courses of a list as rows, in two queries.

    Plain values: instances of all that a row shows a few words of would take longer than all else.
    """
    values = list(
        chosen_first(courses).values_list(
            "pk",
            "public_id",
            "citizen__public_id",
            "referral__name",
            "municipality__name",
            "started_on",
            "internship_from",
            "continued_from",
            "ended_on",
        )
    )
    holders = holders_on(on, [course[0] for course in values])
    unfilled = _("unfilled")
    phase_words = {phase: str(words) for phase, words in PHASE_WORDS.items()}
    rows = []
    for pk, public_id, citizen_id, name, municipality, started_on, internship_from, *later in values:
        phase = phases.phase_on(phases.Transitions(started_on, internship_from, *later), on)
        rows.append(
            CourseRow(
                public_id=public_id,
                citizen_id=citizen_id,
                citizen=name,
                phase=phase_words[phase],
                municipality=municipality,
                started_on=started_on,
                internship_from=internship_from,
                course_owner=holders.get((pk, CourseFunction.COURSE_OWNER), unfilled),
                mentor=holders.get((pk, CourseFunction.MENTOR), unfilled),
            )
        )
    return rows


def holders_on(on: datetime.date, courses: list[int]) -> dict[tuple[int, str], str]:
    """Return who is course owner and mentor on the day, by course and function."""
    holdings = FunctionHolding.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        course__in=courses,
        function__in=(CourseFunction.COURSE_OWNER, CourseFunction.MENTOR),
        from_on__lte=on,
    ).order_by()
    return {
        (course, function): name or email
        for course, function, name, email in holdings.values_list(
            "course_id", "function", "user__name", "user__email"
        )
    }
