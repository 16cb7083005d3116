"""A project with six courses and two companies, whose placements are given as plain spells."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from accounts.models import Project
from cases.models import Course
from companies.models import Company, Match, Placement
from tests.factories import CompanyFactory, CourseFactory, MatchFactory, ProjectFactory

FIRST_DAY = date(2016, 3, 1)
COURSES = 6


class PlannedSpell(NamedTuple):
    """One placement of a course; `company` is the index of one of the two companies."""

    company: int
    kind: str
    starts_on: date
    planned_end_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class ProjectWithTwoCompanies:
    """The project, its courses, the companies in order of CVR number, and every course's match with each."""

    project: Project
    courses: list[Course]
    companies: list[Company]
    matches: dict[tuple[int, int], Match]

    def place(self, *spells_by_course: list[PlannedSpell]) -> None:
        """Store the spells of the first course, the second, and so on; the other courses have none."""
        Placement.objects.bulk_create(
            self._placement(course, spell)
            for course, spells in zip(self.courses, spells_by_course, strict=False)
            for spell in spells
        )

    def _placement(self, course: Course, spell: PlannedSpell) -> Placement:
        company = self.companies[spell.company]
        return Placement(
            course=course,
            company=company,
            kind=spell.kind,
            starts_on=spell.starts_on,
            planned_end_on=spell.planned_end_on,
            ended_on=spell.ended_on,
            match=self.matches[course.pk, company.pk] if spell.kind == "internship" else None,
        )


def project_with_two_companies() -> ProjectWithTwoCompanies:
    """Create the scenario, without placements."""
    project = ProjectFactory(starts_on=FIRST_DAY, ends_on=FIRST_DAY + timedelta(days=330))
    courses = [CourseFactory(project_for=project) for _number in range(COURSES)]
    companies = sorted((CompanyFactory(), CompanyFactory()), key=lambda company: company.cvr)
    matches = {
        (course.pk, company.pk): MatchFactory(course=course, company=company)
        for course in courses
        for company in companies
    }
    return ProjectWithTwoCompanies(project, courses, companies, matches)
