"""The same people around one course as the companies' tests have."""

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
