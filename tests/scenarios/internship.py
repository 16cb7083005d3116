"""Fixtures: a company with a contact person, and an internship there for the course of `course_team`."""

import datetime

import pytest


@pytest.fixture
def company(project):
    from tests.factories import CompanyContactFactory, CompanyFactory

    company = CompanyFactory(name="Bageren & Co. ApS")
    CompanyContactFactory(company=company, project=project, name="Karla Kontakt")
    return company


@pytest.fixture
def internship(course, company):
    """13 weeks from 2 May 2016, matched a week before."""
    from companies.actions import matches, placements

    first = datetime.date(2016, 5, 2)
    matches.record_match(course, company, matched_on=datetime.date(2016, 4, 25), job_function="Bager")
    return placements.start_placement(
        course,
        company,
        kind="internship",
        starts_on=first,
        planned_end_on=first + datetime.timedelta(days=90),
        internship_hours=15,
    )
