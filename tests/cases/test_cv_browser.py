"""The CV and the profile in Chromium: on a phone beside the citizen, with and without JavaScript."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from cases import actions
from cases.models import CvEntry, CvPart, ProfileSubject, ProfileText
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.fixture
def filled(course, holder, wednesday):
    """A CV with something in most parts."""
    for part, data in (
        (
            "experience",
            {
                "title": "Køkkenmedhjælper",
                "place": "Øvelseskantinen",
                "from_year": 2009,
                "from_month": 3,
                "until_year": 2012,
                "description": "Opvask, salater og anretning",
            },
        ),
        ("experience", {"title": "Chauffør", "place": "Øvelsestransport", "from_year": 2004}),
        ("education", {"title": "Grundforløb, mad", "place": "Øvelsesskolen", "until_year": 2003}),
        ("language", {"title": "Arabisk", "level": "native"}),
        ("licence", {"title": "Kørekort B", "from_year": 2001}),
    ):
        actions.add_cv_entry(course, CvPart(part), actions.CvEntryData(**data), today=wednesday)
    actions.record_cv_review(course, seen_on=wednesday, by=holder)
    return course


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_the_cv(open_page, filled, holder, width):
    page = open_page(width, holder)
    for path, name in (
        ("cv/", "cv"),
        ("cv/experience/ny/", "cv-entry"),
        ("cv/language/ny/", "cv-language"),
        ("cv/udskrift/", "cv-contact"),
        ("cv/gennemgang/", "cv-review"),
        ("plan/", "course-plan-with-cv"),
    ):
        page.goto(f"/forloeb/{filled.public_id}/{path}")
        assert_axe_clean(page)
        screenshot(page, name)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_cv_is_built_on_a_phone(open_page, course, holder, javascript):
    page = open_page(PHONE, holder, javascript=javascript)
    page.goto(f"/forloeb/{course.public_id}/cv/")
    if javascript:
        page.evaluate("window.sameDocument = true")
    for title in ("Køkkenmedhjælper", "Gartner"):
        page.get_by_role("link", name=re.compile("Tilføj.*Erhvervserfaring")).click()
        page.get_by_label("Hvad var jobbet?").fill(title)
        page.get_by_label("Fra: år").fill("2009")
        page.get_by_label("Fra: måned").select_option("3")
        page.get_by_role("button", name="Gem").click()
        page.locator("#cv-experience").get_by_text(title).first.wait_for()
    page.get_by_role("button", name=re.compile("Flyt op.*Gartner")).click()
    page.get_by_role("button", name=re.compile("Flyt ned.*Gartner")).wait_for()
    page.get_by_role("link", name=re.compile("Ændr.*Gartner")).click()
    page.get_by_label("Fra: år").fill("12")
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("[data-error-summary]")
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "cv-refused")
    page.get_by_label("Fra: år").fill("2012")
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("fra marts 2012").wait_for()
    page.get_by_role("button", name=re.compile("Fjern.*Køkkenmedhjælper")).click()
    page.wait_for_selector("text=Linjen er fjernet")
    assert list(CvEntry.objects.values_list("title", flat=True)) == ["Gartner"]
    if javascript:
        assert page.evaluate("window.sameDocument")
        assert_axe_clean(page)
        screenshot(page, "cv-built")


def test_a_stale_change_is_shown_in_place(open_page, filled, holder, wednesday):
    page = open_page(PHONE, holder)
    page.goto(f"/forloeb/{filled.public_id}/cv/")
    page.get_by_role("link", name=re.compile("Ændr.*Chauffør")).click()
    page.get_by_label("Hvad var jobbet?").fill("Buschauffør")
    entry = CvEntry.objects.get(title="Chauffør")
    actions.change_cv_entry(entry, actions.CvEntryData(title="Varebilchauffør"), today=wednesday)
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("text=En anden har gemt ændringer")
    assert page.get_by_role("cell", name="Varebilchauffør").is_visible()
    assert_axe_clean(page)
    screenshot(page, "cv-stale")
    page.get_by_role("button", name="Gem").click()
    page.locator("#cv-experience").get_by_text("Buschauffør").first.wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_profile_is_saved_as_one_writes(open_page, course, holder, width):
    page = open_page(width, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/")
    assert_axe_clean(page)
    page.get_by_label("Drømme").fill("Et lille værksted")
    page.get_by_label("Ønsker").fill("Ro om formiddagen")
    page.locator("#profile-dreams").get_by_text("Gemt den 18. maj 2016").wait_for()
    page.get_by_label("Ressourcer").focus()
    page.locator("#profile-wishes").get_by_text("Gemt den 18. maj 2016").wait_for()
    assert dict(ProfileText.objects.values_list("subject", "text")) == {
        "dreams": "Et lille værksted",
        "wishes": "Ro om formiddagen",
    }
    assert_axe_clean(page)
    screenshot(page, "profile")


def test_the_profile_is_saved_without_javascript(open_page, course, holder):
    page = open_page(PHONE, holder, javascript=False)
    page.goto(f"/forloeb/{course.public_id}/profil/")
    page.get_by_label("Drømme").fill("Et lille værksted")
    page.locator("#profile-dreams").get_by_role("button", name="Gem").click()
    page.get_by_text("Profilen er gemt.").wait_for()
    assert ProfileText.objects.get().text == "Et lille værksted"


def test_a_stale_text_of_the_profile_is_shown_in_its_box(open_page, course, holder, leader, wednesday):
    page = open_page(PHONE, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/")
    actions.write_profile_text(course, ProfileSubject.DREAMS, "Et gartneri", by=leader, today=wednesday)
    page.get_by_label("Drømme").fill("Et lille værksted")
    page.get_by_label("Ønsker").focus()
    page.locator("#profile-dreams").get_by_role("cell", name="Et gartneri").wait_for()
    assert_axe_clean(page)
    screenshot(page, "profile-stale")
    page.locator("#profile-dreams").get_by_role("button", name="Gem").click()
    page.locator("#profile-dreams").get_by_text("Gemt den 18. maj 2016").wait_for()
    assert list(ProfileText.objects.values_list("text", flat=True)) == ["Et lille værksted", "Et gartneri"]


def expire_session(page):
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def drafts_in_tab(page):
    """The drafts that the tab keeps."""
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft '))")


def drafts_after_the_answer(page):
    """The drafts that stay: the tab forgets what was saved a moment after the answer is shown."""
    for _tenth_of_a_second in range(50):
        if not drafts_in_tab(page):
            break
        page.wait_for_timeout(100)
    return drafts_in_tab(page)


@pytest.mark.parametrize("opened_inside", [True, False])
def test_what_was_typed_survives_an_expired_session(open_page, course, holder, live_server, opened_inside):
    page = open_page(PHONE, holder)
    page.goto(f"/forloeb/{course.public_id}/cv/" + ("" if opened_inside else "experience/ny/"))
    if opened_inside:
        page.get_by_role("link", name=re.compile("Tilføj.*Erhvervserfaring")).click()
    page.get_by_label("Hvad var jobbet?").fill("Gartner")
    page.get_by_label("Opgaver").fill("Luge og plante")
    expire_session(page)
    page.get_by_role("button", name="Gem").click()
    page.wait_for_url("**/login/**")
    assert "Gartner" not in page.url
    sign_in(page.context, live_server.url, holder)
    page.goto(f"/forloeb/{course.public_id}/cv/" + ("" if opened_inside else "experience/ny/"))
    assert_axe_clean(page)
    screenshot(page, "draft-offered")
    if opened_inside:
        page.get_by_role("button", name="Åbn formularen").click()
    page.get_by_role("button", name="Sæt det ind igen").click()
    expect(page.get_by_label("Opgaver")).to_have_value("Luge og plante")
    page.get_by_role("button", name="Gem").click()
    page.locator("#cv-experience").get_by_text("Gartner").first.wait_for()
    assert drafts_after_the_answer(page) == []
    assert CvEntry.objects.get().description == "Luge og plante"


def test_the_typed_profile_survives_an_expired_session(open_page, course, holder, live_server):
    page = open_page(PHONE, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/")
    expire_session(page)
    page.get_by_label("Drømme").fill("Et lille værksted")
    page.get_by_label("Ønsker").focus()
    page.wait_for_url("**/login/**")
    sign_in(page.context, live_server.url, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/")
    page.locator("#profile-dreams").get_by_role("button", name="Sæt det ind igen").click()
    page.locator("#profile-dreams").get_by_role("button", name="Gem").click()
    page.locator("#profile-dreams").get_by_text("Gemt den 18. maj 2016").wait_for()
    assert ProfileText.objects.get().text == "Et lille værksted"
    assert drafts_after_the_answer(page) == []


def test_a_draft_typed_on_an_older_version_never_replaces_a_newer_one_unseen(
    open_page, course, holder, leader, wednesday
):
    page = open_page(PHONE, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/dreams/")
    page.get_by_label("Drømme").press_sequentially("Et værksted")
    actions.write_profile_text(course, ProfileSubject.DREAMS, "Et gartneri", by=leader, today=wednesday)
    page.goto(f"/forloeb/{course.public_id}/profil/dreams/")
    page.get_by_role("button", name="Sæt det ind igen").click()
    page.get_by_role("button", name="Gem").click()
    page.get_by_role("cell", name="Et gartneri").wait_for()
    assert ProfileText.objects.get().text == "Et gartneri"


def test_nobody_else_is_offered_a_draft(open_page, course, holder, leader, live_server):
    page = open_page(PHONE, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/dreams/")
    page.get_by_label("Drømme").press_sequentially("Et værksted")
    assert len(drafts_in_tab(page)) == 1
    sign_in(page.context, live_server.url, leader)
    page.goto(f"/forloeb/{course.public_id}/profil/dreams/")
    assert page.get_by_role("button", name="Sæt det ind igen").count() == 0
    assert drafts_after_the_answer(page) == []
    assert page.evaluate("localStorage.length") == 0


def test_signing_out_forgets_the_drafts(open_page, course, holder):
    page = open_page(1280, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/dreams/")
    page.get_by_label("Drømme").press_sequentially("Et værksted")
    page.get_by_role("button", name="Log ud").first.click()
    page.wait_for_url("**/login/**")
    assert drafts_after_the_answer(page) == []
    assert ProfileText.objects.get().text == "Et værksted"
