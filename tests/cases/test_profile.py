"""The profile (D10): three texts in versions, saved as they are written."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import AccessOutcome, AccessRecord
from cases import actions
from cases.models import CvPart, ProfileSubject, ProfileText
from jobfirst.kit.versioned import StaleError
from tests.concurrency import run_at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

WEDNESDAY = datetime.date(2016, 5, 18)
DAY = datetime.timedelta(days=1)
DREAMS = ProfileSubject.DREAMS


def write(course, text, by, *, subject=DREAMS, today=WEDNESDAY, version=None):
    return actions.write_profile_text(course, subject, text, by=by, today=today, version=version)


def versions(course, subject=DREAMS):
    return list(course.profile_texts.filter(subject=subject).values_list("number", "text"))


def url(course, subject=None):
    if subject is None:
        return reverse("cases:profile", args=[course.public_id])
    return reverse("cases:profile_text", args=[course.public_id, subject])


def test_going_on_writing_the_same_day_changes_ones_own_version(course, holder):
    write(course, "Et værksted", holder)
    write(course, "Et lille værksted", holder)
    assert versions(course) == [(1, "Et lille værksted")]
    assert ProfileText.objects.get().events.count() == 2


@pytest.mark.parametrize("days", [0, 1])
def test_somebody_else_or_another_day_makes_the_next_version(course, holder, leader, days):
    write(course, "Et værksted", holder)
    write(course, "Et gartneri", holder if days else leader, today=WEDNESDAY + days * DAY)
    assert versions(course) == [(2, "Et gartneri"), (1, "Et værksted")]


def test_the_same_text_again_changes_nothing(course, holder, leader):
    write(course, "Et værksted", holder)
    write(course, " Et værksted\n", leader, version=0)
    assert versions(course) == [(1, "Et værksted")]
    assert write(course, "", holder, subject=ProfileSubject.WISHES) is None


def test_a_stale_save_is_refused_also_within_a_version(course, holder, leader):
    write(course, "Et værksted", holder, version=0)
    write(course, "Et lille værksted", holder, version=1)
    with pytest.raises(StaleError):
        write(course, "Et gartneri", leader, version=1)
    write(course, "Et gartneri", leader, version=2)
    assert versions(course)[0] == (2, "Et gartneri")
    with pytest.raises(StaleError):
        write(course, "Et køkken", holder, version=2)


def test_the_texts_are_independent_of_each_other(course, holder, leader):
    write(course, "Et værksted", holder, version=0)
    write(course, "Ro om morgenen", leader, subject=ProfileSubject.WISHES, version=0)
    assert ProfileText.objects.count() == 2


def test_nothing_is_written_after_the_course_has_ended(course, holder):
    actions.end_course(course, ended_on=WEDNESDAY, reason="moved")
    with pytest.raises(ValidationError):
        write(course, "Et værksted", holder)


def test_the_page_shows_the_three_texts_with_help_and_history(as_user, holder, leader, course):
    write(course, "Et værksted", leader)
    write(course, "Et gartneri", holder)
    page = as_user(holder).get(url(course)).content.decode()
    for words in ("Drømme", "Ønsker", "Ressourcer", "Hvad drømmer borgeren om", "Et gartneri", "Et værksted"):
        assert words in page
    assert "Gemt den 18. maj 2016, Mette Mentor" in " ".join(page.split())
    assert course.citizen.cpr not in page
    record = AccessRecord.objects.get(outcome=AccessOutcome.SHOWN)
    assert (record.action, record.citizens) == ("course.profile", [course.citizen.public_id])


def test_the_page_costs_few_queries(as_user, holder, course, django_assert_max_num_queries):
    for number in range(20):
        write(course, f"Drøm {number}", holder, today=WEDNESDAY - number * DAY)
    client = as_user(holder)
    client.get(url(course))
    with django_assert_max_num_queries(12):
        client.get(url(course))


def test_the_texts_stand_on_the_page_of_the_plan(as_user, holder, course):
    write(course, "Et gartneri", holder)
    page = as_user(holder).get(reverse("cases:course_plan", args=[course.public_id])).content.decode()
    assert "Et gartneri" in page


def test_once_written_the_link_to_the_profile_and_the_cv_corrects_them(as_user, holder, course):
    address = reverse("cases:course_plan", args=[course.public_id])
    client = as_user(holder)
    page = client.get(address).content.decode()
    assert ("Skriv profilen" in page, "Skriv CV'et" in page) == (True, True)
    write(course, "Et gartneri", holder)
    actions.add_cv_entry(
        course, CvPart.EXPERIENCE, actions.CvEntryData(title="Chauffør"), today=course.started_on
    )
    page = client.get(address).content.decode()
    assert ("Ret profilen" in page, "Ret CV'et" in page) == (True, True)
    assert "Skriv profilen" not in page
    assert "Skriv CV'et" not in page


def test_a_text_is_saved_by_its_form(as_user, holder, course):
    response = as_user(holder).post(url(course, "wishes"), {"text": "Ro om morgenen", "version": 0})
    assert response.url == f"{url(course)}#profile-wishes"
    text = ProfileText.objects.get()
    assert (text.subject, text.text, text.written_by, text.written_on) == (
        "wishes",
        "Ro om morgenen",
        holder,
        WEDNESDAY,
    )


def test_there_is_no_other_text(as_user, holder, course):
    assert as_user(holder).get(url(course, "health")).status_code == 404


def test_a_foreign_profile_is_not_found_and_a_colleague_does_not_write(
    as_user, stranger, agency, colleague, course
):
    for user in (stranger, agency):
        assert as_user(user).get(url(course)).status_code == 404
        assert as_user(user).post(url(course, "dreams"), {"text": "x", "version": 0}).status_code == 404
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    assert as_user(colleague).post(url(course, "dreams"), {"text": "x", "version": 0}).status_code == 403
    assert not ProfileText.objects.exists()


def test_htmx_is_sent_to_the_sign_in_page_and_back_to_the_page_it_shows(client, course):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url(course)}?x=1"}
    response = client.post(url(course, "dreams"), {"text": "Et værksted", "version": 0}, headers=headers)
    page = f"%2Fforloeb%2F{course.public_id}%2Fprofil%2F%3Fx%3D1"
    assert response["HX-Redirect"] == f"/konto/login/?next={page}&sent=1"
    assert "værksted" not in response["HX-Redirect"]


@pytest.mark.django_db(transaction=True)
def test_two_write_the_same_text_at_once_and_one_is_told(course, holder, leader):
    outcomes = run_at_once(
        [
            lambda by=by, text=text: write(course, text, by, version=0)
            for by, text in ((holder, "Et værksted"), (leader, "Et gartneri"))
        ]
    )
    assert sum(isinstance(outcome, StaleError) for outcome in outcomes) == 1
    assert len(versions(course)) == 1
