"""Recording matches between citizen and company (D14)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from companies.actions import matches as actions
from companies.models import Match
from tests.factories import DRAWN_ON, CompanyFactory, CourseFactory
from tests.validation import error_codes

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory()


@pytest.fixture
def company(db):
    return CompanyFactory()


def test_a_match_is_recorded_once_per_company(course, company) -> None:
    first = actions.record_match(course, company, matched_on=DRAWN_ON, job_function="Lager")
    assert actions.record_match(course, company, matched_on=DRAWN_ON, job_function="Lager") == first
    with pytest.raises(ValidationError) as caught:
        actions.record_match(course, company, matched_on=DRAWN_ON + DAY)
    assert error_codes(caught) == {"cvr": "matched"}
    assert Match.objects.get().job_function == "Lager"


def test_a_match_lies_in_the_course_and_not_in_the_future(course, company) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.record_match(course, company, matched_on=DRAWN_ON - DAY)
    assert error_codes(caught) == {"matched_on": "before_start"}
    with pytest.raises(ValidationError) as caught:
        actions.record_match(course, company, matched_on=DRAWN_ON + DAY, not_after=DRAWN_ON)
    assert error_codes(caught) == {"matched_on": "future"}
