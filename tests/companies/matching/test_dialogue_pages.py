"""The pages of dialogues: the board, those of course and company, and the walls between projects."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases.course_pages import CoursePage, page_url
from cases.models import FunctionHolding
from companies.models import Dialogue, Match
from tests.companies.factories import WorkplaceFactory
from tests.companies.matching.factories import DialogueFactory
from tests.factories import CourseFactory, UserFactory, cvr

DAY = datetime.timedelta(days=1)
WEDNESDAY = datetime.date(2016, 5, 18)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name: str, *args: object) -> str:
    return reverse(f"companies:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


def content_without_tokens(response) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"|nonce="[^"]*"', "", content_of(response))


@pytest.fixture
def dialogue(course, company):
    return DialogueFactory(course=course, company=company, job_function="Køkkenhjælper")


def test_a_dialogue_begins_with_a_company_that_is_new_here(as_user, holder, course):
    data = {
        "cvr": cvr(5),
        "company_name": "Ny Virksomhed",
        "step": "contacted",
        "happened_on": "2016-05-17",
        "note": "Talte med lederen",
        "next_action": "Ring igen",
        "next_on": "2016-05-20",
        "submission": str(uuid.uuid4()),
    }
    client = as_user(holder)
    for _twice in range(2):
        assert client.post(url("new_dialogue", course.public_id), data).status_code == 302
    dialogue = Dialogue.objects.get()
    assert (dialogue.company.name, dialogue.next_action) == ("Ny Virksomhed", "Ring igen")
    assert dialogue.entries.get().registered_by == holder


def test_a_step_is_registered_and_stands_on_the_dialogues_page(as_user, holder, dialogue):
    client = as_user(holder)
    page = url("dialogue", dialogue.public_id)
    data = {"happened_on": "2016-05-17", "note": "God stemning", "version": dialogue.version}
    assert client.post(url("take_step", dialogue.public_id, "visit"), data).url == page
    html = content_of(client.get(page))
    assert "God stemning" in html
    assert "Mette Mentor" in html
    assert "for 1 dag siden" in html


def test_no_cpr_number_is_typed_into_a_note(as_user, holder, dialogue):
    data = {"happened_on": "2016-05-17", "note": "Kender 170570-1234", "version": dialogue.version}
    response = as_user(holder).post(url("take_step", dialogue.public_id, "visit"), data)
    assert "ligner et CPR-nummer" in content_of(response)
    assert dialogue.entries.count() == 1


def test_why_it_came_to_nothing_is_asked_for(as_user, holder, dialogue):
    address = url("take_step", dialogue.public_id, "ended")
    client = as_user(holder)
    data = {"happened_on": "2016-05-17", "reason": "", "version": dialogue.version}
    assert client.post(address, data).status_code == 200
    assert client.post(address, data | {"reason": "no_answer"}).status_code == 302
    dialogue.refresh_from_db()
    assert dialogue.step == "ended"


def test_the_match_is_filled_in_and_leads_to_the_internship(as_user, holder, course, dialogue):
    client = as_user(holder)
    address = url("take_step", dialogue.public_id, "match")
    assert 'value="Køkkenhjælper"' in content_of(client.get(address))
    data = {"matched_on": "2016-05-18", "job_function": "Køkkenhjælper", "version": dialogue.version}
    response = client.post(address, data)
    assert response.url == page_url(course.public_id, CoursePage.COMPANY) + "#placements"
    assert Match.objects.get().registered_by == holder


def test_a_step_on_top_of_somebody_elses_shows_both(as_user, holder, dialogue):
    client = as_user(holder)
    address = url("take_step", dialogue.public_id, "visit")
    data = {"happened_on": "2016-05-17", "note": "Først", "version": dialogue.version}
    client.post(address, data)
    response = client.post(address, data | {"note": "Bagefter"})
    assert response.status_code == 409
    assert "Først" in content_of(response)
    assert "Bagefter" in content_of(response)


def test_a_note_is_corrected_and_of_a_match_only_the_note(as_user, holder, dialogue):
    client = as_user(holder)
    entry = dialogue.entries.get()
    address = url("correct_step", entry.public_id)
    data = {"happened_on": "2016-04-05", "note": "Rettet notat", "version": entry.version}
    assert client.post(address, data).url == url("dialogue", dialogue.public_id)
    dialogue.refresh_from_db()
    assert (dialogue.step_on, dialogue.entries.get().note) == (datetime.date(2016, 4, 5), "Rettet notat")
    data = {"matched_on": "2016-05-18", "version": dialogue.version}
    client.post(url("take_step", dialogue.public_id, "match"), data)
    match_entry = dialogue.entries.get(step="match")
    assert "happened_on" not in content_of(client.get(url("correct_step", match_entry.public_id)))


def test_a_step_is_undone(as_user, holder, course, dialogue):
    response = as_user(holder).post(url("undo_step", dialogue.public_id), {"version": dialogue.version})
    assert response.url == page_url(course.public_id, CoursePage.COMPANY) + "#dialogues"
    assert not Dialogue.objects.exists()


def test_the_board_shows_own_courses_by_step_and_what_is_late(as_user, holder, project, dialogue):
    late = CourseFactory(project_for=project, holders=holder, referral__name="Testborger Sen")
    DialogueFactory(course=late, step="offer", next_action="Ring", next_on=WEDNESDAY - DAY)
    DialogueFactory(course__project_for=project, course__referral__name="Testborger Kollegas")
    page = content_of(as_user(holder).get(url("my_dialogues")))
    assert page.index("Testborger Sen") < page.index("Testborger Ågesen")
    assert "Frist overskredet" in page
    assert "Testborger Kollegas" not in page
    only_offers = content_of(as_user(holder).get(url("my_dialogues"), {"step": "offer"}))
    assert "Testborger Ågesen" not in only_offers
    recorded = AccessRecord.objects.filter(action="my_dialogues").order_by("pk").last()
    assert recorded.citizens == [late.citizen.public_id]


@pytest.mark.parametrize("role", ["mentor", "coordinating_caseworker"])
def test_who_works_on_the_course_reads_the_board_and_cannot_go_on(as_user, project, role):
    colleague = UserFactory(project=project, roles=[role])
    course = CourseFactory(project_for=project, referral__name="Testborger Fælles")
    FunctionHolding.objects.create(course=course, function=role, user=colleague, from_on=course.started_on)
    dialogue = DialogueFactory(course=course)
    client = as_user(colleague)
    page = content_of(client.get(url("my_dialogues")))
    assert "Testborger Fælles" in page
    assert url("take_step", dialogue.public_id, "visit") not in page


def test_the_leader_reads_the_boards_of_all_courses_of_the_project_alone(as_user, project, dialogue):
    DialogueFactory(course__referral__name="Testborger Fremmed")
    leader = UserFactory(project=project, roles=["project_leader"])
    page = content_of(as_user(leader).get(url("my_dialogues")))
    assert "Testborger Ågesen" in page
    assert url("take_step", dialogue.public_id, "visit") in page
    assert "Testborger Fremmed" not in page


def test_the_workplace_is_asked_for_and_leads_to_the_internship(as_user, holder, course):
    workplace = WorkplaceFactory(name="Afdeling Nord")
    client, address = as_user(holder), url("new_dialogue", course.public_id)
    data = {"cvr": workplace.company.cvr, "happened_on": "2016-05-17", "step": "visit", "workplace": ""}
    assert "Vælg arbejdsstedet" in content_of(client.post(address, data))
    client.post(address, {**data, "workplace": str(workplace.public_id)})
    dialogue = Dialogue.objects.get()
    assert dialogue.workplace == workplace
    client.post(
        url("take_step", dialogue.public_id, "match"),
        {"matched_on": "2016-05-18", "version": dialogue.version},
    )
    page = content_of(client.get(url("new_placement", course.public_id), {"kind": "internship"}))
    assert f'<option value="{workplace.public_id}" selected>' in page


def test_no_cpr_number_is_typed_into_a_match(as_user, holder, course, company):
    data = {"cvr": company.cvr, "matched_on": "2016-05-18", "why": "Kender 170570-1234"}
    assert "ligner et CPR-nummer" in content_of(
        as_user(holder).post(url("new_match", course.public_id), data)
    )
    assert not Match.objects.exists()


def test_a_course_that_has_ended_is_not_on_the_board(as_user, holder, course, dialogue):
    course.ended_on, course.end_reason = WEDNESDAY - DAY, "other"
    course.save()
    assert "Testborger" not in content_of(as_user(holder).get(url("my_dialogues")))


@pytest.mark.parametrize("count", [1, 40])
def test_the_board_keeps_to_eight_queries(as_user, holder, project, django_assert_max_num_queries, count):
    for _number in range(count):
        DialogueFactory(course=CourseFactory(project_for=project, holders=holder))
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        page = content_of(client.get(url("my_dialogues")))
    assert page.count("<h3>") == min(count, 25)


@pytest.mark.parametrize("count", [1, 40])
def test_the_landing_shows_the_dialogues_in_short(
    as_user, holder, project, django_assert_max_num_queries, count
):
    for number in range(count):
        course = CourseFactory(project_for=project, holders=holder)
        DialogueFactory(course=course, next_action=f"Ring {number}", next_on=WEDNESDAY)
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        page = content_of(client.get(url("my_placements")))
    assert f"Kontaktet: {count}" in page
    assert page.count("Ring ") == min(count, 5)


def test_the_courses_page_shows_the_dialogues(as_user, holder, course, dialogue):
    DialogueFactory(course=course, company__name="Den Gamle ApS", step="ended", entry__reason="no_answer")
    page = content_of(as_user(holder).get(page_url(course.public_id, CoursePage.COMPANY)))
    assert "Bageren &amp; Co. ApS" in page
    assert "1 dialog er afsluttet" in page


def test_the_companys_page_shows_own_dialogues_and_records_them(as_user, holder, course, company, dialogue):
    DialogueFactory(company=company, course__referral__name="Testborger Fremmed")
    page = content_of(as_user(holder).get(url("company", company.cvr)))
    assert "Testborger Ågesen" in page
    assert "Testborger Fremmed" not in page
    assert course.citizen.public_id in AccessRecord.objects.get(action="company").citizens


class TestAnotherProject:
    def test_sees_nothing_of_a_dialogue_anywhere(self, as_user, stranger, company, dialogue):
        client = as_user(stranger)
        before = content_without_tokens(client.get(url("company", company.cvr)))
        assert "Køkkenhjælper" not in before
        assert client.get(url("dialogue", dialogue.public_id)).status_code == 404
        dialogue.delete()
        assert content_without_tokens(client.get(url("company", company.cvr))) == before

    def test_changes_nothing(self, as_user, stranger, dialogue):
        client = as_user(stranger)
        data = {"happened_on": "2016-05-17", "version": dialogue.version}
        for name, args in (("take_step", ["visit"]), ("undo_step", [])):
            assert client.post(url(name, dialogue.public_id, *args), data).status_code == 404
        assert dialogue.entries.count() == 1

    def test_begins_a_dialogue_of_its_own_with_the_same_company(self, as_user, stranger, company, dialogue):
        theirs = CourseFactory(project_for=stranger.memberships.first().project, holders=stranger)
        data = {"cvr": company.cvr, "step": "contacted", "happened_on": "2016-05-17"}
        as_user(stranger).post(url("new_dialogue", theirs.public_id), data)
        assert theirs.dialogues.get() != dialogue
