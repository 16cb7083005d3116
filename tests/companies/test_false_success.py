"""No page says "saved" for something that it did not store: repeated and stale posts with other content."""

import uuid

import pytest
from django.urls import reverse

from cases import actions as course_actions
from cases.models import FollowUpMeeting
from companies.actions import matches
from companies.models import Company, Match
from jobfirst.kit.fields import HoursField
from tests.factories import DRAWN_ON, CompanyFactory, FollowUpMeetingFactory, PlacementFactory, cvr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name, row):
    return reverse(name, args=[row.public_id])


def test_ending_again_with_the_placements_ended_is_no_success(as_user, holder, course) -> None:
    employment = PlacementFactory(
        course=course, kind="ordinary_employment", starts_on=DRAWN_ON, planned_end_on=None
    )
    course_actions.end_course(course, ended_on=DRAWN_ON.replace(day=20), reason="moved", outcome="A")
    data = {"ended_on": "2016-04-20", "reason": "moved", "outcome": "A"}
    data[f"mode-placement-{employment.public_id}"] = "with_course"
    response = as_user(holder).post(url("cases:end", course), data)
    employment.refresh_from_db()
    assert response.status_code == 409
    assert employment.ended_on is None


def test_the_same_end_again_is_a_success(as_user, holder, course) -> None:
    data = {"ended_on": "2016-04-20", "reason": "moved", "outcome": "A"}
    for _twice in range(2):
        assert as_user(holder).post(url("cases:end", course), data).status_code == 302


def test_other_minutes_of_a_held_meeting_are_refused(as_user, holder, course) -> None:
    meeting = FollowUpMeetingFactory(course=course)
    address = url("cases:meeting", meeting)
    data = {
        "act": "hold",
        "held_on": "2016-05-17",
        "citizen_present": "on",
        "minute-other": "Første",
        "submission": str(uuid.uuid4()),
    }
    assert as_user(holder).post(address, data).status_code == 302
    assert as_user(holder).post(address, data).status_code == 302
    assert as_user(holder).post(address, {**data, "minute-other": "Anden"}).status_code == 409
    assert as_user(holder).post(address, {**data, "held_on": "2016-05-16"}).status_code == 409
    held = FollowUpMeeting.objects.get()
    assert (held.held_on.isoformat(), held.minutes.get().text) == ("2016-05-17", "Første")


def test_a_form_sent_again_with_other_content_is_refused(as_user, holder, course) -> None:
    data = {
        "held_on": "2016-05-10",
        "channel": "phone",
        "citizen_present": "on",
        "submission": str(uuid.uuid4()),
    }
    address = url("cases:new_contact", course)
    assert as_user(holder).post(address, data).status_code == 302
    assert as_user(holder).post(address, data).status_code == 302
    assert as_user(holder).post(address, {**data, "note": "Mere"}).status_code == 200
    assert course.contacts.get().note == ""


def test_another_match_at_a_matched_company_is_refused(as_user, holder, course) -> None:
    company = CompanyFactory()
    matches.record_match(course, company, matched_on=DRAWN_ON)
    data = {"cvr": company.cvr, "matched_on": "2016-05-10", "why": "Bedre grund"}
    assert as_user(holder).post(url("companies:new_match", course), data).status_code == 200
    assert Match.objects.get().matched_on == DRAWN_ON


def test_a_refused_match_registers_no_company(as_user, holder, course) -> None:
    data = {"cvr": cvr(9), "company_name": "Ny", "matched_on": "2016-01-01"}
    assert as_user(holder).post(url("companies:new_match", course), data).status_code == 200
    assert not Company.objects.filter(cvr=cvr(9)).exists()


@pytest.mark.parametrize("day", ["9999-12-31", "2100-01-01", "0001-01-01", "1899-12-31"])
def test_days_that_the_system_does_not_know_are_refused(as_user, holder, course, day) -> None:
    data = {
        "kind": "ordinary_employment",
        "cvr": CompanyFactory().cvr,
        "starts_on": "2016-05-18",
        "planned_end_on": day,
    }
    response = as_user(holder).post(url("companies:new_placement", course), data)
    assert response.status_code == 200
    assert "planned_end_on" in response.context["form"].errors
    assert as_user(holder).get(url("cases:course", course)).status_code == 200


@pytest.mark.parametrize(("typed", "hours"), [("7,5", "7.5"), ("7.50", "7.5"), ("0", "0")])
@pytest.mark.parametrize("language", ["da", "en"])
def test_hours_are_read_with_a_comma_or_a_point(typed, hours, language) -> None:
    from decimal import Decimal

    from django.utils import translation

    with translation.override(language):
        assert HoursField().clean(typed) == Decimal(hours)


@pytest.mark.parametrize("typed", ["", "1e1", "-1", "61", "7,555", "syv"])
def test_hours_that_nobody_can_mean_are_refused(typed) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        HoursField().clean(typed)
