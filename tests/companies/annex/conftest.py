"""An internship from 2 May 2016 with a work agreement of that day; a meeting was held on 6 May."""

import datetime

import pytest

from tests.companies.conftest import (
    as_user,
    colleague,
    company,
    course,
    holder,
    internship,
    project,
    stranger,
    wednesday,
)

__all__ = [
    "as_user",
    "colleague",
    "company",
    "course",
    "holder",
    "internship",
    "project",
    "stranger",
    "wednesday",
]


@pytest.fixture
def engaged(internship):
    """The internship with its work agreement."""
    from tests.factories import FollowUpMeetingFactory, WorkAgreementFactory

    WorkAgreementFactory(placement=internship, company_contact=internship.company.contacts.get())
    FollowUpMeetingFactory(
        course=internship.course, held=True, held_on=datetime.date(2016, 5, 6), planned_at=None
    )
    return internship
