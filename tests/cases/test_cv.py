"""The CV (D10): its entries, the order, what the print shows, and that it was seen through (D18)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AccessOutcome, AccessRecord
from cases import actions
from cases.models import Cv, CvEntry, CvPart, CvReview
from cases.presentation.cv import cv_changed_on, cv_last_seen_on, period_in_words
from jobfirst.kit.versioned import StaleError
from tests.concurrency import run_at_once
from tests.factories import shows_cpr
from tests.pdf_tags import Tags
from tests.pdf_text import pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

WEDNESDAY = datetime.date(2016, 5, 18)
DAY = datetime.timedelta(days=1)
KITCHEN = actions.CvEntryData(
    title="Køkkenmedhjælper",
    place="Øvelseskantinen",
    from_year=2009,
    from_month=3,
    until_year=2012,
    description="Opvask og salater",
)
DRIVER = actions.CvEntryData(title="Chauffør", place="Øvelsestransport")


def url(name, row, *args):
    return reverse(f"cases:{name}", args=[row.public_id, *args])


def add(course, data=KITCHEN, part=CvPart.EXPERIENCE, **kwargs):
    return actions.add_cv_entry(course, part, data, today=WEDNESDAY, **kwargs)


def titles(course, part=CvPart.EXPERIENCE):
    return list(course.cv_entries.filter(part=part).values_list("title", flat=True))


def test_entries_are_added_at_the_end_of_their_part(course):
    for data in (KITCHEN, DRIVER):
        add(course, data)
    add(course, actions.CvEntryData(title="Dansk", level="native"), CvPart.LANGUAGE)
    assert titles(course) == ["Køkkenmedhjælper", "Chauffør"]
    assert titles(course, CvPart.LANGUAGE) == ["Dansk"]


def test_the_same_form_sent_twice_makes_one_entry(course):
    token = uuid.uuid4()
    assert add(course, submission=token) == add(course, submission=token)
    assert CvEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title": "  "}, "title"),
        ({"from_month": 3}, "from_year"),
        ({"from_year": 2012, "until_year": 2011}, "until_year"),
        ({"from_year": 2012, "from_month": 5, "until_year": 2012, "until_month": 4}, "until_year"),
        ({"from_year": 2017}, "from_year"),
        ({"is_current": True, "until_year": 2012}, "until_year"),
    ],
)
def test_days_that_do_not_fit_together_are_refused(course, data, field):
    with pytest.raises(ValidationError) as refusal:
        add(course, actions.CvEntryData(**{"title": "Gartner", **data}))
    assert list(refusal.value.error_dict) == [field]


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"level": "good"},
        {"from_month": 13, "from_year": 2012},
        {"from_month": 5},
        {"from_year": 2012, "until_year": 2011},
        {"is_current": True, "until_year": 2012},
    ],
)
def test_the_database_refuses_what_makes_no_sense(course, values):
    row = {"course": course, "part": CvPart.EXPERIENCE, "position": 1, "title": "Gartner", **values}
    with pytest.raises(IntegrityError), transaction.atomic():
        CvEntry.objects.create(**row)


def test_an_entry_is_changed_and_its_history_kept(course):
    entry = add(course)
    actions.change_cv_entry(entry, DRIVER, today=WEDNESDAY, version=1)
    assert titles(course) == ["Chauffør"]
    assert list(entry.events.order_by("pgh_id").values_list("title", flat=True)) == [
        "Køkkenmedhjælper",
        "Chauffør",
    ]
    with pytest.raises(StaleError):
        actions.change_cv_entry(entry, KITCHEN, today=WEDNESDAY, version=1)
    with pytest.raises(StaleError):
        actions.remove_cv_entry(entry, today=WEDNESDAY, version=1)


def test_a_removed_entry_stays_in_the_history(course):
    entry = add(course)
    actions.remove_cv_entry(entry, today=WEDNESDAY, version=1)
    assert titles(course) == []
    assert entry.events.model.objects.filter(pgh_label="delete", title="Køkkenmedhjælper").exists()


def test_entries_move_up_and_down(course):
    entries = [add(course, actions.CvEntryData(title=title)) for title in "ABC"]
    assert actions.move_cv_entry(entries[2], up=True, today=WEDNESDAY, version=1)
    assert titles(course) == ["A", "C", "B"]
    assert actions.move_cv_entry(entries[0], up=False, today=WEDNESDAY, version=1)
    assert titles(course) == ["C", "A", "B"]
    assert not actions.move_cv_entry(entries[2], up=True, today=WEDNESDAY)


def test_nothing_changes_after_the_course_has_ended(course):
    entry = add(course)
    actions.end_course(course, ended_on=WEDNESDAY, reason="moved")
    refused = [
        lambda: add(course, DRIVER),
        lambda: actions.change_cv_entry(entry, DRIVER, today=WEDNESDAY),
        lambda: actions.move_cv_entry(entry, up=True, today=WEDNESDAY),
        lambda: actions.remove_cv_entry(entry, today=WEDNESDAY),
        lambda: actions.record_cv_review(course, seen_on=WEDNESDAY, by=None),
        lambda: actions.choose_cv_contact(course, shows_phone=True, shows_email=True),
    ]
    for act in refused:
        with pytest.raises(ValidationError):
            act()
    assert titles(course) == ["Køkkenmedhjælper"]


def test_what_the_agenda_asks_about_the_cv(course, holder):
    assert cv_last_seen_on(course) is None
    assert cv_changed_on(course) is None
    entry = add(course)
    assert cv_changed_on(course) == WEDNESDAY
    actions.record_cv_review(course, seen_on=WEDNESDAY - 7 * DAY, by=holder)
    actions.record_cv_review(course, seen_on=WEDNESDAY, by=holder)
    assert cv_last_seen_on(course) == WEDNESDAY
    for change in (
        lambda day: actions.change_cv_entry(entry, DRIVER, today=day),
        lambda day: actions.remove_cv_entry(entry, today=day),
    ):
        Cv.objects.update(changed_on=WEDNESDAY)
        change(WEDNESDAY + DAY)
        assert cv_changed_on(course) == WEDNESDAY + DAY


def test_the_cv_is_seen_through_once_a_day(course, holder):
    for _ in range(2):
        actions.record_cv_review(course, seen_on=WEDNESDAY, by=holder)
    assert CvReview.objects.count() == 1
    with pytest.raises(ValidationError, match=r"fremtiden|future"):
        actions.record_cv_review(course, seen_on=WEDNESDAY + DAY, by=holder, not_after=WEDNESDAY)
    actions.withdraw_cv_review(CvReview.objects.get())
    assert cv_last_seen_on(course) is None


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"from_year": 2009, "from_month": 3, "until_year": 2012}, "marts 2009 – 2012"),
        ({"from_year": 2012, "until_year": 2012}, "2012"),
        ({"from_year": 2014, "is_current": True}, "2014 – i dag"),
        ({"from_year": 2014}, "fra 2014"),
        ({"until_year": 2014}, "til 2014"),
        ({}, ""),
    ],
)
def test_days_are_as_rough_as_they_are_known(days, words):
    from django.utils import translation

    with translation.override("da"):
        assert period_in_words(CvEntry(part=CvPart.EXPERIENCE, **days)) == words


def test_the_page_shows_all_parts_and_writes_an_access_record(as_user, holder, course):
    add(course)
    page = as_user(holder).get(url("cv", course)).content.decode()
    for words in ("Erhvervserfaring", "Uddannelse", "Kurser", "Sprog", "Kørekort", "marts 2009 – 2012"):
        assert words in page
    assert course.citizen.cpr not in page
    record = AccessRecord.objects.get(outcome=AccessOutcome.SHOWN)
    assert (record.action, record.citizens) == ("course.cv", [course.citizen.public_id])


def test_the_page_costs_few_queries(as_user, holder, course, django_assert_max_num_queries):
    for number in range(30):
        add(course, actions.CvEntryData(title=f"Job {number}"))
    client = as_user(holder)
    client.get(url("cv", course))
    with django_assert_max_num_queries(14):
        client.get(url("cv", course))


def test_an_entry_by_its_pages(as_user, holder, course):
    client = as_user(holder)
    data = {"title": "Gartner", "place": "Øvelsesgartneriet", "from_year": "2012", "from_month": "5"}
    response = client.post(url("new_cv_entry", course, "experience"), {**data, "submission": uuid.uuid4()})
    assert response.url == f"/forloeb/{course.public_id}/cv/#cv-experience"
    entry = CvEntry.objects.get()
    assert (entry.title, entry.from_year, entry.from_month, entry.until_year) == ("Gartner", 2012, 5, None)
    assert client.get(url("change_cv_entry", entry)).status_code == 200
    client.post(url("change_cv_entry", entry), {**data, "title": "Anlægsgartner", "version": 1})
    add(course, DRIVER)
    client.post(url("move_cv_entry", entry), {"direction": "down", "version": 2})
    assert titles(course) == ["Chauffør", "Anlægsgartner"]
    client.post(url("remove_cv_entry", entry), {"version": 3})
    assert titles(course) == ["Chauffør"]


def test_the_forms_carry_what_detects_a_second_or_a_stale_save(as_user, holder, course):
    client = as_user(holder)
    entry = add(course)
    assert 'name="submission"' in client.get(url("new_cv_entry", course, "experience")).content.decode()
    assert 'name="version" value="1"' in client.get(url("change_cv_entry", entry)).content.decode()


def test_an_unknown_part_is_not_found(as_user, holder, course):
    assert as_user(holder).get(url("new_cv_entry", course, "health")).status_code == 404


@pytest.mark.parametrize("name", ["title", "place", "description"])
def test_a_cpr_number_comes_into_no_text_that_workplaces_read(as_user, holder, course, name):
    data = {"title": "Gartner", name: "Se 010180-1234", "submission": uuid.uuid4()}
    page = as_user(holder).post(url("new_cv_entry", course, "experience"), data).content.decode()
    assert "ligner et CPR-nummer" in page
    assert not CvEntry.objects.exists()


def test_wrong_days_are_shown_in_the_form(as_user, holder, course):
    data = {"title": "Gartner", "from_year": "12", "submission": uuid.uuid4()}
    page = as_user(holder).post(url("new_cv_entry", course, "experience"), data).content.decode()
    assert "Skriv årstallet med fire cifre" in page
    assert not CvEntry.objects.exists()


def test_a_stale_change_shows_both_and_loses_neither(as_user, holder, course):
    entry = add(course)
    actions.change_cv_entry(entry, DRIVER, today=WEDNESDAY, version=1)
    response = as_user(holder).post(url("change_cv_entry", entry), {"title": "Gartner", "version": 1})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Chauffør" in page
    assert "Gartner" in page
    assert titles(course) == ["Chauffør"]


@pytest.mark.parametrize("name", ["move_cv_entry", "remove_cv_entry"])
def test_a_stale_button_changes_nothing_and_says_so(as_user, holder, course, name):
    first, _second = add(course), add(course, DRIVER)
    actions.change_cv_entry(first, actions.CvEntryData(title="Kok"), today=WEDNESDAY)
    data = {"version": 1, "direction": "down"}
    page = as_user(holder).post(url(name, first), data, follow=True).content.decode()
    assert "En anden har ændret denne linje" in page
    assert titles(course) == ["Kok", "Chauffør"]


@pytest.fixture
def contact(course):
    values = {"phone": "00 12 34 56", "email": "borger@example.invalid", "address": "Prøvevej 1"}
    return actions.update_citizen_contact(course, values)


def test_the_print_shows_the_contact_information_only_when_ticked(as_user, holder, course, contact):
    add(course)
    client = as_user(holder)
    text = pdf_text(client.get(url("cv_pdf", course)).content)
    assert "Testborger Ågesen" in text
    assert "00 12 34 56" not in text
    assert "borger@example.invalid" not in text
    client.post(url("cv_contact", course), {"shows_email": "on", "version": 1})
    text = pdf_text(client.get(url("cv_pdf", course)).content)
    assert "borger@example.invalid" in text
    assert "00 12 34 56" not in text


def test_the_print_has_the_entries_and_nothing_of_health_or_benefit(as_user, holder, course, contact):
    add(course)
    add(course, actions.CvEntryData(title="Dansk", level="native"), CvPart.LANGUAGE)
    actions.record_effort(
        course, kind="health", description="Fysioterapi", coordinator="Egen læge", starts_on=WEDNESDAY
    )
    actions.record_accommodation(course, description="En pause i timen", from_on=WEDNESDAY)
    response = as_user(holder).get(url("cv_pdf", course))
    text = pdf_text(response.content)
    for words in ("Køkkenmedhjælper, Øvelseskantinen", "marts 2009 – 2012", "Opvask og salater"):
        assert words in text
    assert "Dansk: modersmål" in text
    assert not shows_cpr(text, course.citizen.cpr)
    for secret in ("Fysioterapi", "pause i timen", "Prøvevej", "ressourceforløb"):
        assert secret not in text
    assert "Testborger" not in response["Content-Disposition"]
    tags = Tags(response.content)
    assert tags.faults == []
    assert tags.kinds().count("H2") == 2


@pytest.mark.parametrize(
    "name", ["cv", "cv_pdf", "cv_contact", "cv_review", "new_cv_entry", "change_cv_entry"]
)
def test_a_foreign_cv_is_not_found_and_the_agency_never_sees_one(as_user, stranger, agency, course, name):
    entry = add(course)
    row = entry if name == "change_cv_entry" else course
    args = ["experience"] if name == "new_cv_entry" else []
    for user in (stranger, agency):
        assert as_user(user).get(url(name, row, *args)).status_code == 404


def test_a_colleague_with_a_reason_reads_and_neither_writes_nor_prints(as_user, colleague, course, contact):
    entry = add(course)
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    client = as_user(colleague)
    page = client.get(url("cv", course)).content.decode()
    assert "Køkkenmedhjælper" in page
    assert url("cv_pdf", course) not in page
    assert client.get(url("cv_pdf", course)).status_code == 403
    assert client.post(url("change_cv_entry", entry), {"title": "Kok", "version": 1}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_add_at_once_and_both_are_kept(course):
    add(course)
    run_at_once([lambda: add(course, DRIVER), lambda: add(course, actions.CvEntryData(title="Gartner"))])
    assert sorted(titles(course)) == ["Chauffør", "Gartner", "Køkkenmedhjælper"]


@pytest.mark.django_db(transaction=True)
def test_two_change_the_same_entry_at_once_and_one_is_told(course):
    entry = add(course)
    results = run_at_once(
        [
            lambda title=title: actions.change_cv_entry(
                entry, actions.CvEntryData(title=title), today=WEDNESDAY, version=1
            )
            for title in ("Kok", "Tjener")
        ]
    )
    assert sum(isinstance(result, StaleError) for result in results) == 1
