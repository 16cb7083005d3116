"""A second withdrawal shows the first; that of a changed row is confirmed; a mistake is taken back (D41)."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.corrections import corrections_of
from audit.models import CorrectionAct
from cases.actions import record_accommodation, record_effort, record_need
from cases.actions.support_corrections import correct_support, restore_support, withdraw_support
from companies.actions.attendance import record_attendance, withdraw_attendance
from companies.actions.project_rows import correct_row, withdraw_row
from companies.rules.attendance import AttendanceDays
from tests.companies.factories import CompanyCallFactory, CompanyNoteFactory
from tests.factories import MeetingDecisionFactory, MentorContactFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.date(2016, 5, 9)
TOMORROW = "2016-05-19T10:00:00+02:00"
REASON = {"withdrawn_reason": "Forkert borger"}

#: The kinds of rows that stay when they are withdrawn, with the app whose pages do it.
KINDS = {
    "need": "cases",
    "effort": "cases",
    "accommodation": "cases",
    "contact": "cases",
    "promise": "cases",
    "note": "companies",
    "call": "companies",
}


def row_of(kind, course, company, project):
    match kind:
        case "need":
            return record_need(course, description="Sengetøj", noted_on=DAY)
        case "effort":
            values = {"kind": "health", "description": "Sengetøj", "coordinator": "Ida"}
            return record_effort(course, starts_on=DAY, **values)
        case "accommodation":
            return record_accommodation(course, description="Sengetøj", from_on=DAY)
        case "contact":
            return MentorContactFactory(course=course, held_on=DAY, note="Sengetøj")
        case "promise":
            return MeetingDecisionFactory(course=course, text="Sengetøj")
        case "note":
            return CompanyNoteFactory(company=company, project=project, text="Sengetøj")
        case "call":
            return CompanyCallFactory(company=company, project=project, summary="Sengetøj")


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def row(kind, course, company, project):
    return row_of(kind, course, company, project)


def address(act, kind, row):
    return reverse(f"{KINDS[kind]}:{act}_{kind}", args=[row.public_id])


def version_on(page):
    return re.search(r'name="version" value="(\d+)"', page.content.decode())[1]


def stored(row):
    return type(row)._base_manager.get(pk=row.pk)


def test_the_same_withdrawal_twice_is_stored_once(as_user, holder, kind, row):
    client = as_user(holder)
    for _time in range(2):
        assert client.post(address("withdraw", kind, row), REASON).status_code == 302
    assert len(corrections_of([row])[row.public_id]) == 1


def test_another_withdrawal_shows_the_first_and_keeps_what_was_typed(as_user, holder, leader, kind, row):
    as_user(holder).post(address("withdraw", kind, row), REASON)
    second = as_user(leader).post(address("withdraw", kind, row), {"withdrawn_reason": "Tastet to gange"})
    assert second.status_code == 409
    assert f"{holder.name} har allerede markeret" in second.content.decode()
    assert "Forkert borger" in second.content.decode()
    assert "Tastet to gange" in second.content.decode()
    assert stored(row).withdrawn_reason == "Forkert borger"


def test_a_page_opened_afterwards_says_who_withdrew_it(as_user, holder, kind, row):
    client = as_user(holder)
    client.post(address("withdraw", kind, row), REASON)
    page = client.get(address("withdraw", kind, row), follow=True).content.decode()
    assert "allerede markeret dette som fejlregistreret" in page


def test_a_row_changed_since_the_page_was_opened_is_not_withdrawn_unseen(as_user, holder, kind, row):
    client = as_user(holder)
    version = version_on(client.get(address("withdraw", kind, row)))
    type(row)._base_manager.filter(pk=row.pk).update(version=row.version + 1)
    answer = client.post(address("withdraw", kind, row), {**REASON, "version": version})
    assert answer.status_code == 409
    assert not stored(row).is_withdrawn
    confirmed = {**REASON, "version": version_on(answer)}
    assert client.post(address("withdraw", kind, row), confirmed).status_code == 302
    assert stored(row).is_withdrawn


def test_a_withdrawal_by_mistake_is_taken_back_with_a_reason(as_user, holder, leader, kind, row):
    as_user(holder).post(address("withdraw", kind, row), REASON)
    client = as_user(leader)
    asked = client.post(address("restore", kind, row))
    assert "Begrundelse for rettelsen" in asked.content.decode()
    assert stored(row).is_withdrawn
    done = client.post(address("restore", kind, row), {"correction_reason": "Det var rigtigt nok"})
    assert done.status_code == 302
    assert not stored(row).is_withdrawn
    last = corrections_of([row])[row.public_id][-1]
    assert (last.act, last.reason) == (CorrectionAct.RESTORED, "Det var rigtigt nok")


def test_a_second_restoring_shows_the_first_and_keeps_what_was_typed(as_user, holder, leader, kind, row):
    as_user(holder).post(address("withdraw", kind, row), REASON)
    version = version_on(as_user(leader).get(address("restore", kind, row)))
    first = {"correction_reason": "Det var rigtigt nok", "version": version}
    for _double_click in range(2):
        assert as_user(leader).post(address("restore", kind, row), first).status_code == 302
    second = as_user(holder).post(
        address("restore", kind, row), {"correction_reason": "Den gælder", "version": version}
    )
    assert second.status_code == 409
    assert f"{leader.name} har allerede ladet dette gælde igen" in second.content.decode()
    assert "Det var rigtigt nok" in second.content.decode()
    assert "Den gælder" in second.content.decode()
    assert [entry.act for entry in corrections_of([row])[row.public_id]] == ["withdrawn", "restored"]


def test_a_row_withdrawn_anew_since_the_page_was_opened_is_not_restored_unseen(
    as_user, holder, leader, kind, row
):
    as_user(holder).post(address("withdraw", kind, row), REASON)
    version = version_on(as_user(leader).get(address("restore", kind, row)))
    as_user(holder).post(address("restore", kind, row))
    as_user(holder).post(address("withdraw", kind, row), {"withdrawn_reason": "Alligevel forkert"})
    stale = {"correction_reason": "Det var rigtigt nok", "version": version}
    answer = as_user(leader).post(address("restore", kind, row), stale)
    assert answer.status_code == 409
    assert stored(row).is_withdrawn
    confirmed = {**stale, "version": version_on(answer)}
    assert as_user(leader).post(address("restore", kind, row), confirmed).status_code == 302
    assert not stored(row).is_withdrawn


def test_ones_own_withdrawal_of_the_last_hour_is_taken_back_at_once(as_user, holder, kind, row):
    client = as_user(holder)
    client.post(address("withdraw", kind, row), REASON)
    with time_machine.travel(TOMORROW, tick=False):
        client.post(address("restore", kind, row))
    assert stored(row).is_withdrawn
    as_user(holder).post(address("restore", kind, row))
    assert not stored(row).is_withdrawn


def test_a_row_that_stands_is_not_restored(as_user, holder, kind, row):
    page = as_user(holder).get(address("restore", kind, row), follow=True).content.decode()
    assert "Det er ikke markeret som fejlregistreret" in page


@pytest.mark.parametrize("kind", ["need", "effort", "accommodation", "note", "call"], indirect=True)
def test_the_page_shows_withdrawn_rows_with_the_way_back(as_user, holder, kind, row, course, company):
    as_user(holder).post(address("withdraw", kind, row), REASON)
    pages = {
        "cases": reverse("cases:course_support", args=[course.public_id]),
        "companies": reverse("companies:company", args=[company.cvr]),
    }
    page = as_user(holder).get(pages[KINDS[kind]]).content.decode()
    assert address("restore", kind, row) in page
    assert "Forkert borger" in page


def test_attendance_that_is_withdrawn_already_says_so(as_user, internship, holder):
    week = record_attendance(internship, DAY, AttendanceDays(present=3), today=DAY, by=holder)
    withdraw_attendance(week, by=holder)
    client = as_user(holder)
    page = client.get(reverse("companies:withdraw_attendance", args=[internship.public_id, "2016-05-09"]))
    followed = client.get(page.url).content.decode()
    assert "allerede markeret dette som fejlregistreret" in followed
    with pytest.raises(ValidationError) as refused:
        withdraw_attendance(week, by=UserFactory(), reason="Sygdom")
    assert refused.value.code == "withdrawn"


@pytest.mark.parametrize("kind", ["need", "effort", "accommodation"], indirect=True)
def test_a_correction_that_comes_after_a_withdrawal_is_refused(kind, row, holder):
    withdraw_support(row, by=holder, reason="Forkert")
    with pytest.raises(ValidationError) as refused:
        correct_support(row, {"description": "Andet"}, by=holder, reason="Tastefejl")
    assert refused.value.code == "withdrawn"
    restore_support(row, by=holder)
    assert correct_support(row, {"description": "Andet"}, by=holder, reason="x").description == "Andet"


@pytest.mark.parametrize("kind", ["note", "call"], indirect=True)
def test_a_note_corrected_after_its_withdrawal_is_refused(kind, row, holder):
    withdraw_row(row, by=holder, reason="Forkert")
    with pytest.raises(ValidationError) as refused:
        correct_row(row, {}, version=row.version, by=holder, reason="Tastefejl")
    assert refused.value.code == "withdrawn"


def test_a_correction_is_checked_against_the_row_as_it_is_stored_now(course, holder):
    need = row_of("need", course, None, None)
    correct_support(stored(need), {"covered_on": DAY, "covered_how": "Lånt"}, by=holder, reason="Glemt")
    with pytest.raises(ValidationError):  # `need` was read before it was covered
        correct_support(need, {"noted_on": DAY + datetime.timedelta(days=1)}, by=holder, reason="Tastefejl")
    assert stored(need).noted_on == DAY
