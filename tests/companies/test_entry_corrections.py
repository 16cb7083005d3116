"""What a user registers with a tap is corrected and withdrawn: attendance, notes, calls, matches (D41)."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from companies.actions.attendance import record_attendance, withdraw_attendance
from companies.actions.matches import correct_match, withdraw_match
from companies.actions.project_rows import record_call, withdraw_row, write_note
from companies.models import AttendanceWeek, CompanyCall, CompanyNote, Match
from companies.rules.attendance import AttendanceDays
from tests.factories import MatchFactory, UserFactory
from tests.validation import error_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

MONDAY = datetime.date(2016, 5, 9)
TODAY = datetime.date(2016, 5, 18)
LATER = "2016-05-18T14:00:00+02:00"


def url(name, row, *args):
    return reverse(f"companies:{name}", args=[row.public_id, *args])


@pytest.fixture
def week(internship, holder):
    return record_attendance(internship, MONDAY, AttendanceDays(present=3), today=TODAY, by=holder)


def test_a_week_of_somebody_else_is_corrected_with_a_reason(week, internship):
    with pytest.raises(ValidationError) as caught:
        record_attendance(internship, MONDAY, AttendanceDays(present=2), today=TODAY, by=UserFactory())
    assert error_codes(caught) == {"correction_reason": "no_reason"}


def test_ones_own_week_is_corrected_at_once(week, internship, holder):
    record_attendance(internship, MONDAY, AttendanceDays(present=2), today=TODAY, by=holder)
    assert AttendanceWeek.objects.get().present == 2


def test_a_withdrawn_week_can_be_recorded_anew(as_user, week, internship, holder):
    address = url("withdraw_attendance", internship, "2016-05-09")
    with time_machine.travel(LATER, tick=False):
        assert "Hvorfor er det fejlregistreret?" in as_user(holder).get(address).content.decode()
    assert as_user(holder).post(address).status_code == 302
    assert not AttendanceWeek.objects.exists()
    record_attendance(internship, MONDAY, AttendanceDays(present=1), today=TODAY, by=holder)
    assert internship.attendance.get().present == 1
    withdraw_attendance(week, by=holder)  # idempotent
    assert internship.attendance.count() == 1


@pytest.fixture
def note(company, project, holder):
    return write_note(company, "Vil gerne have flere", project=project, by=holder)


@pytest.fixture
def call(company, project, holder):
    fields = {"called_on": TODAY, "channel": "phone", "summary": "Ringede om maj"}
    return record_call(company, fields, project=project, by=holder)


@pytest.mark.parametrize(("kind", "model"), [("note", CompanyNote), ("call", CompanyCall)])
def test_a_note_and_a_call_are_withdrawn_and_shown_as_such(as_user, holder, request, kind, model):
    row = request.getfixturevalue(kind)
    client = as_user(holder)
    with time_machine.travel(LATER, tick=False):
        assert client.post(url(f"withdraw_{kind}", row)).status_code == 200
        data = {"withdrawn_reason": "Forkert virksomhed"}
        assert client.post(url(f"withdraw_{kind}", row), data).status_code == 302
    assert not model.objects.exists()
    page = client.get(reverse("companies:company", args=[row.company.cvr])).content.decode()
    assert "Forkert virksomhed" in page
    assert client.get(url(f"correct_{kind}", row)).status_code == 404


def test_a_note_is_corrected_with_a_reason_after_an_hour(as_user, holder, note):
    data = {"text": "Vil gerne have to", "version": "1"}
    with time_machine.travel(LATER, tick=False):
        assert as_user(holder).post(url("correct_note", note), data).status_code == 200
        saved = as_user(holder).post(
            url("correct_note", note), {**data, "correction_reason": "Hørte forkert"}
        )
    assert saved.status_code == 302
    page = as_user(holder).get(reverse("companies:company", args=[note.company.cvr])).content.decode()
    assert "Hørte forkert" in page


def test_another_projects_note_is_not_found(as_user, stranger, note):
    assert as_user(stranger).post(url("withdraw_note", note)).status_code == 404


def test_somebody_elses_call_needs_a_reason(call):
    with pytest.raises(ValidationError) as caught:
        withdraw_row(call, by=UserFactory())
    assert error_codes(caught) == {"withdrawn_reason": "no_reason"}


# A match


def test_a_match_is_corrected_with_a_reason_but_not_past_the_internship(internship, holder):
    match = internship.match
    values = {"matched_on": MONDAY, "job_function": "Bager", "why": "", "by": holder, "reason": "Tastefejl"}
    with pytest.raises(ValidationError) as caught:
        correct_match(match, **values)
    assert error_codes(caught) == {"matched_on": "began"}
    corrected = correct_match(match, **{**values, "matched_on": datetime.date(2016, 5, 1)})
    assert corrected.matched_on == datetime.date(2016, 5, 1)


def test_a_match_in_error_goes_unless_a_placement_rests_on_it(as_user, internship, course, holder):
    with pytest.raises(ValidationError) as caught:
        withdraw_match(internship.match, by=holder, reason="Forkert")
    assert error_codes(caught) == {"": "placed"}
    other = MatchFactory(course=course)
    client = as_user(holder)
    assert client.post(url("withdraw_match", other)).status_code == 200
    data = {"withdrawn_reason": "Forkert borger"}
    assert client.post(url("withdraw_match", other), data).status_code == 302
    assert list(Match.objects.all()) == [internship.match]


def test_the_page_corrects_the_match_and_shows_why(as_user, internship, course, holder):
    data = {"matched_on": "2016-05-01", "job_function": "Bager", "why": "", "version": "1"}
    address = url("correct_match", internship.match)
    assert as_user(holder).post(address, data).status_code == 200
    saved = as_user(holder).post(address, {**data, "correction_reason": "En uge senere"})
    assert saved.status_code == 302
    page = as_user(holder).get(reverse("cases:course_company", args=[course.public_id])).content.decode()
    assert "En uge senere" in page
