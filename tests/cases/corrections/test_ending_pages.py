"""The pages that end a course, correct its end and reopen it: by whom, and what two at once see (D41)."""

import re
import uuid

import pytest
from django.urls import reverse

from tests.factories import PlacementFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

WHY = "Borgeren ville alligevel gerne fortsætte"


def address(name: str, course) -> str:
    return reverse(f"cases:{name}", args=[course.public_id])


def sent(**fields: str) -> dict[str, str]:
    end = {"ended_on": "2016-05-18", "reason": "withdrew", "outcome": ""}
    return {**end, "submission": str(uuid.uuid4()), **fields}


def test_each_running_thing_has_its_own_choice_and_day(as_user, holder, course) -> None:
    internship = PlacementFactory(course=course)
    client = as_user(holder)
    page = client.get(address("end", course)).content.decode()
    name = f"placement-{internship.public_id}"
    assert f'name="mode-{name}"' in page
    assert f'name="last-{name}"' in page
    assert page.count('name="mode-function-') == 4
    fields = {f"mode-{name}": "own_day", f"last-{name}": "2016-05-11"}
    assert client.post(address("end", course), sent(**fields)).status_code == 302
    internship.refresh_from_db()
    assert str(internship.ended_on) == "2016-05-11"


def test_a_placement_without_a_choice_or_a_day_is_asked_about(as_user, holder, course) -> None:
    name = f"placement-{PlacementFactory(course=course).public_id}"
    client = as_user(holder)
    unchosen = client.post(address("end", course), sent())
    without_day = client.post(address("end", course), sent(**{f"mode-{name}": "own_day"}))
    assert set(unchosen.context["form"].errors) == {f"mode-{name}"}
    assert set(without_day.context["form"].errors) == {f"last-{name}"}


def test_an_end_recorded_by_somebody_else_meanwhile_shows_both(as_user, holder, leader, course) -> None:
    as_user(holder).post(address("end", course), sent(outcome="Den første"))
    conflict = as_user(leader).post(address("end", course), sent(reason="moved", outcome="Den anden"))
    page = conflict.content.decode()
    course.refresh_from_db()
    assert conflict.status_code == 409
    assert [text for text in ("Den første", "Den anden", "Mette Mentor") if text not in page] == []
    assert course.outcome == "Den første"


def test_a_course_that_ends_later_is_worked_on_and_says_when(as_user, holder, course) -> None:
    client = as_user(holder)
    client.post(address("end", course), sent(ended_on="2016-06-01"))
    page = client.get(address("course", course)).content.decode()
    assert "slutter den 1. juni 2016" in page
    assert address("new_contact", course) in page
    contact = {"held_on": "2016-05-18", "citizen_present": "on", "channel": "in_person", "note": ""}
    answer = client.post(address("new_contact", course), {**contact, "submission": str(uuid.uuid4())})
    assert answer.status_code == 302
    assert course.contacts.count() == 1


def test_the_leader_corrects_and_reopens_with_a_reason(as_user, holder, leader, course) -> None:
    as_user(holder).post(address("end", course), sent())
    client = as_user(leader)
    form = client.get(address("correct_end", course)).content.decode()
    version = re.search(r'name="version" value="(\d+)"', form).group(1)
    client.post(
        address("correct_end", course), sent(ended_on="2016-05-12", version=version, correction_reason=WHY)
    )
    course.refresh_from_db()
    assert str(course.ended_on) == "2016-05-12"
    asked = client.get(address("reopen", course)).content.decode()
    assert "Forløbet sluttede den 12. maj 2016: Ønskede at stoppe." in asked
    fields = {"version": str(course.version), "correction_reason": WHY, "submission": str(uuid.uuid4())}
    client.post(address("reopen", course), fields)
    history = client.get(address("course_history", course)).content.decode()
    course.refresh_from_db()
    assert course.ended_on is None
    assert history.count(WHY) == 2
    assert "Forløbet er genåbnet" in history


def test_nobody_but_the_leader_reopens(as_user, holder, course) -> None:
    client = as_user(holder)
    client.post(address("end", course), sent())
    answers = [client.post(address(name, course)).status_code for name in ("reopen", "correct_end")]
    assert answers == [403, 403]


def test_a_stale_correction_of_the_end_shows_both(as_user, leader, course) -> None:
    client = as_user(leader)
    client.post(address("end", course), sent())
    course.refresh_from_db()
    fields = {"version": str(course.version), "correction_reason": WHY}
    client.post(address("correct_end", course), sent(ended_on="2016-05-12", **fields))
    stale = client.post(address("correct_end", course), sent(ended_on="2016-05-13", **fields))
    assert stale.status_code == 409


def test_a_stranger_finds_no_end(as_user, stranger, course) -> None:
    client = as_user(stranger)
    answers = [client.get(address(name, course)).status_code for name in ("end", "reopen", "correct_end")]
    assert answers == [404, 404, 404]


def test_the_referral_tells_of_the_end_only_to_whom_it_may(as_user, holder, leader, course) -> None:
    colleague = UserFactory(project=course.project, roles=["coordinating_caseworker"])
    as_user(holder).post(address("end", course), sent(outcome="Blev sygemeldt"))
    referral = reverse("cases:referral", args=[course.referral.public_id])
    assert "Blev sygemeldt" in as_user(leader).get(referral).content.decode()
    answer = as_user(colleague).get(referral)
    assert answer.status_code == 200
    assert "Blev sygemeldt" not in answer.content.decode()


def test_a_cpr_number_in_the_outcome_is_refused(as_user, holder, course) -> None:
    answer = as_user(holder).post(address("end", course), sent(outcome="Som 010170-1234"))
    assert set(answer.context["form"].errors) == {"outcome"}
