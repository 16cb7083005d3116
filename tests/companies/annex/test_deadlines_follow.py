"""The deadlines of the annex follow in the transaction that changes what they rest on (D16, D33)."""

import datetime

import pytest

from companies.actions.companies import save_contact
from companies.signing import actions
from companies.signing.actions import Actor
from reminders import deadlines
from reminders.models import Deadline
from tests.companies.annex.factories import annex_reply
from tests.factories import CompanyContactFactory, FollowUpMeetingFactory
from tests.scenarios.signing import AT, fresh, sign_all
from tests.scenarios.work_agreements import CONTENT, save_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def annex_rows() -> list[tuple[datetime.date, datetime.date]]:
    rows = Deadline.objects.filter(kind="annex_missing")
    return sorted(rows.values_list("due_on", "shown_from"))


def differences() -> list[str]:
    return list(deadlines.described_differences())


def test_an_agreement_owes_answers_as_soon_as_it_is_made(internship, holder) -> None:
    FollowUpMeetingFactory(
        course=internship.course, held=True, held_on=datetime.date(2016, 5, 6), planned_at=None
    )
    deadlines.recompute()
    assert annex_rows() == []
    agreement = save_agreement(internship)
    assert annex_rows() != []
    assert differences() == []
    sign_all(agreement, holder)
    assert differences() == []


def test_another_contact_person_in_a_signed_agreement_is_asked_instead(engaged, holder) -> None:
    sign_all(engaged.agreements.get(), holder)
    deadlines.recompute()
    unreachable = CompanyContactFactory(company=engaged.company, project=engaged.course.project, email="")
    asked_before = annex_rows()
    other_tasks = {**CONTENT, "tasks": "Bage"}
    draft = fresh(save_agreement(engaged, content=other_tasks, contact=unreachable, is_draft=True))
    actions.put_up(draft, actor=Actor.of(holder, draft), at=AT)
    assert annex_rows() != asked_before
    assert differences() == []


def test_a_contact_person_who_gets_an_address_moves_the_day_on_which_the_mentor_is_told(engaged) -> None:
    engaged.company.contacts.update(email="", phone="")
    contact = engaged.company.contacts.get()
    deadlines.recompute()
    told_to_phone = annex_rows()
    save_contact(engaged.company, {"email": "karla@example.invalid"}, contact, project=contact.project)
    assert annex_rows() != told_to_phone
    assert differences() == []


def test_an_answer_by_both_settles_the_month(engaged, holder) -> None:
    deadlines.recompute()
    for party in ("company", "citizen"):
        annex_reply(engaged, party, datetime.date(2016, 5, 30), by=holder)
        assert differences() == []
