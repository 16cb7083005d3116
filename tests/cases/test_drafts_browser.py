"""What a tab keeps of a typed text, in Chromium: ciphertext that its writer reads, for three days at most."""

import datetime
import json

import pytest
from django.conf import settings
from playwright.sync_api import expect

from cases.models import ProfileText
from tests.browser import PHONE, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]

TYPED = "Et værksted for døve"


@pytest.fixture
def path(course):
    """The address of a form that keeps what is typed."""
    return f"/forloeb/{course.public_id}/profil/dreams/"


def stored(page):
    """Everything that the browser stores for the tab, by key."""
    stored_items: dict[str, str] = page.evaluate("({...sessionStorage, ...localStorage})")
    return stored_items


def wait_until_stored(page):
    """The one draft of the tab, stored a moment after the last key was pressed: its key and its value."""
    before = None
    for _tenth_of_a_second in range(100):
        now = {key: value for key, value in stored(page).items() if key.startswith("draft ")}
        if now and now == before:
            ((key, value),) = now.items()
            return key, value
        before = now
        page.wait_for_timeout(100)
    raise AssertionError("no draft was stored")


def type_text(page, path):
    page.goto(path)
    page.get_by_label("Drømme").press_sequentially(TYPED)
    return wait_until_stored(page)


def offers(page):
    return page.get_by_role("button", name="Sæt det ind igen")


def expire_session(page):
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def test_the_browser_stores_neither_the_text_nor_its_key(open_page, path, holder):
    page = open_page(PHONE, holder)
    page.route("**/drafts.js", lambda route: route.abort())
    page.goto(path)
    key = page.evaluate("document.body.dataset.draftKey")
    page.unroute("**/drafts.js")
    _, value = type_text(page, path)
    assert set(json.loads(value)) == {"at", "nonce", "text"}
    expire_session(page)
    page.get_by_role("button", name="Gem", exact=True).click()
    page.wait_for_url("**/login/**")
    everything = json.dumps(stored(page), ensure_ascii=False)
    assert "draft " in everything
    assert [word for word in ("værksted", "døve", "Drømme", key) if word in everything] == []
    assert "draftKey" not in page.evaluate("({...document.body.dataset})")


def test_a_script_cannot_take_the_key_off_the_page(open_page, path, holder):
    page = open_page(PHONE, holder)
    page.goto(path)
    expect(page.locator("body")).not_to_have_attribute("data-draft-key", "")
    assert page.evaluate("document.body.dataset.draftKey || ''") == ""


def test_the_same_person_reads_it_after_another_sign_in(open_page, path, holder, live_server):
    page = open_page(PHONE, holder)
    type_text(page, path)
    expire_session(page)
    page.goto(path)
    page.wait_for_url("**/login/**")
    sign_in(page.context, live_server.url, holder)
    page.goto(path)
    offers(page).click()
    expect(page.get_by_label("Drømme")).to_have_value(TYPED)


def test_the_note_of_a_contact_is_offered_again(open_page, course, holder, live_server):
    page = open_page(PHONE, holder)
    path = f"/forloeb/{course.public_id}/kontakt/?to=week"
    page.goto(path)
    page.get_by_label("Telefon").check()
    page.get_by_label("Notat").press_sequentially(TYPED)
    wait_until_stored(page)
    expire_session(page)
    page.get_by_role("button", name="Registrér kontakten").click()
    page.get_by_text("Det, du sendte sidst, er ikke gemt").wait_for()
    sign_in(page.context, live_server.url, holder)
    page.goto(path)
    offers(page).click()
    expect(page.get_by_label("Notat")).to_have_value(TYPED)
    expect(page.get_by_label("Telefon")).to_be_checked()
    page.get_by_role("button", name="Registrér kontakten").click()
    page.wait_for_url("**/min-uge/")
    assert not [key for key in stored(page) if key.startswith("draft ")]


def test_another_person_cannot_read_it_whatever_name_it_has(open_page, path, holder, leader, live_server):
    page = open_page(PHONE, holder)
    key, value = type_text(page, path)
    expire_session(page)
    page.goto(path)
    page.wait_for_url("**/login/**")
    renamed = key.replace(str(holder.public_id), str(leader.public_id))
    assert renamed != key
    page.evaluate("([key, value]) => sessionStorage.setItem(key, value)", [renamed, value])
    sign_in(page.context, live_server.url, leader)
    page.goto(path)
    assert page.get_by_label("Drømme").input_value() == ""
    page.wait_for_timeout(300)
    assert offers(page).count() == 0
    assert stored(page) == {}


def test_with_another_secret_drafts_are_gone_and_the_page_works(
    open_page, path, holder, live_server, settings
):
    page = open_page(PHONE, holder)
    type_text(page, path)
    settings.SECRET_KEY = "another secret " * 5
    sign_in(page.context, live_server.url, holder)
    page.goto(path)
    page.wait_for_timeout(300)
    assert (offers(page).count(), stored(page)) == (0, {})
    type_text(page, path)
    page.goto(path)
    expect(offers(page)).to_be_visible()


def test_without_web_cryptography_nothing_is_stored(open_page, path, holder):
    page = open_page(PHONE, holder)
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.goto(path)
    page.get_by_label("Drømme").press_sequentially(TYPED)
    page.wait_for_timeout(300)
    assert stored(page) == {}
    page.get_by_role("button", name="Gem", exact=True).click()
    page.wait_for_selector("text=Gemt den 18. maj 2016")
    assert ProfileText.objects.get().text == TYPED


@pytest.mark.parametrize(("hours", "is_offered"), [(71, True), (73, False)])
def test_a_draft_lives_for_three_days(open_page, path, holder, live_server, hours, is_offered):
    page = open_page(PHONE, holder)
    type_text(page, path)
    later = (
        page.evaluate("Date.now()") / 1000 + hours * 3600
    )  # by the browser's clock; that of the test stands
    page.clock.set_fixed_time(datetime.datetime.fromtimestamp(later, datetime.UTC))
    expire_session(page)
    page.goto(path)
    page.wait_for_url("**/login/**")
    assert bool(stored(page)) is is_offered
    sign_in(page.context, live_server.url, holder)
    page.goto(path)
    expect(offers(page)).to_have_count(int(is_offered))


def test_what_older_versions_stored_in_clear_is_removed(open_page, path, holder):
    page = open_page(PHONE, holder)
    page.goto(path)
    key = f"draft {holder.public_id} {path}"
    page.evaluate("key => sessionStorage.setItem(key, JSON.stringify({values: {text: 'a'}}))", key)
    expire_session(page)
    page.goto(path)
    page.wait_for_url("**/login/**")
    assert stored(page) == {}


def test_what_is_being_encrypted_at_sign_out_is_not_stored(open_page, path, holder):
    page = open_page(1280, holder)
    page.goto(path)
    page.route("**/konto/logout/**", lambda route: route.fulfill(status=204))  # the page stays
    page.evaluate(
        """() => {
          const area = document.querySelector("form[data-draft] textarea");
          area.value = "Et værksted";
          area.dispatchEvent(new Event("input", {bubbles: true}));
          document.querySelector("form[data-sign-out]").requestSubmit();
        }"""
    )
    page.wait_for_timeout(500)
    assert stored(page) == {}


def test_no_address_with_a_searched_name_is_stored(open_page, course, holder):
    page = open_page(1280, holder)
    page.goto("/forloeb/?name=Pia")
    assert stored(page) == {}
    page.get_by_label("Navn", exact=True).fill("Bo")
    page.get_by_label("Navn", exact=True).press("Enter")
    page.wait_for_url("**/forloeb/?search=*")
    page.wait_for_timeout(300)
    assert stored(page) == {}
    page.go_back()
    page.wait_for_timeout(300)
    assert stored(page) == {}
