"""Chromium for tests: pages at both widths, axe, screenshots, sign-in.

    def test_page(open_page, live_server, mentor):
        page = open_page(PHONE, user=mentor)
        page.goto(f"{live_server.url}/min-uge/")
        assert_axe_clean(page)
        screenshot(page, "my-week")

A page that writes an error on the console, breaks the content security policy or requests another host fails
its test when it is closed.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

PROJECT = Path(__file__).resolve().parent.parent
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = PROJECT / ".data" / "screenshots"

DESKTOP = 1280
PHONE = 390
WIDTHS = (DESKTOP, PHONE)

RUN_AXE = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
#: What Chromium says of a script whose page is left while it runs; the last one is axe's.
PAGE_CHANGED = ("Execution context was destroyed", "navigat", "reading 'documentElement'")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium_path() -> str | None:
    """Return the path of Chromium: JOBFIRST_CHROMIUM or a usual name on the PATH; None for one of
    Playwright's.

    `make setup` provides one (scripts/setup.py knows the same names).
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("JOBFIRST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


#: What htmx writes when a request gets no answer.
OF_NO_ANSWER = ("htmx:sendError", "htmx:afterRequest")


@pytest.fixture
def open_page(chromium, live_server) -> Iterator[Callable[..., Any]]:
    """`open_page(width, user=None, javascript=True)` gives a page, signed in as `user`, its log watched."""
    complaints: list[str] = []
    contexts = []

    def opened(
        width: int = DESKTOP, user: Any = None, *, javascript: bool = True, goes_offline: bool = False
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            base_url=live_server.url,
            java_script_enabled=javascript,
            has_touch=width < 600,
        )
        contexts.append(context)
        if user is not None:
            sign_in(context, live_server.url, user)
        page = context.new_page()
        page.set_default_timeout(30_000)
        _watch(page, live_server.url, complaints, OF_NO_ANSWER if goes_offline else ())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _watch(page: Any, own_url: str, complaints: list[str], expected: tuple[str, ...]) -> None:
    """Collect complaints about the page. A 4xx answer that a test requested is not one."""

    def on_console(message: Any) -> None:
        if message.type == "error" and not message.text.startswith(("Failed to load resource", *expected)):
            complaints.append(f"console on {page.url}: {message.text}")

    def on_request(request: Any) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(own_url).netloc, ""}:
            complaints.append(f"{page.url} asked another host: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"script error on {page.url}: {error}"))
    page.on("request", on_request)


def sign_in(context: Any, url: str, user: Any) -> None:
    """Give the browser a session of `user`, made by Django's test client."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": url,
            }
        ]
    )


def assert_axe_clean(page: Any) -> None:
    """Assert that axe finds nothing (WCAG 2.2 A and AA, best practice) and nothing is wider than the
    screen."""
    violations = _axe_violations(page)
    findings = [
        f"{violation['id']}: {[node['html'][:200] for node in violation['nodes']]}"
        for violation in violations
    ]
    assert not findings, f"{page.url}: " + "\n".join(findings)
    assert_fits(page)


def _axe_violations(page: Any) -> list[dict[str, Any]]:
    """What axe finds on the loaded page; once more if a click before it led to another page meanwhile."""
    from playwright.sync_api import Error

    page.wait_for_load_state("load")
    try:
        return _run_axe(page)
    except Error as error:
        if not any(words in str(error) for words in PAGE_CHANGED):
            raise
        page.wait_for_load_state("load")
        return _run_axe(page)


def _run_axe(page: Any) -> list[dict[str, Any]]:
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    violations: list[dict[str, Any]] = page.evaluate(RUN_AXE, AXE_RULES)["violations"]
    return violations


def assert_fits(page: Any) -> None:
    """Assert that nothing is wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels wider than the screen"


def draw_signature(page: Any) -> None:
    """Choose to draw, and draw a zigzag in the field of the signature."""
    page.get_by_label("Jeg tegner min underskrift").check()
    box = page.locator("[data-sign-pad] canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 60 + (20 if step % 2 else -20))
    page.mouse.up()


def screenshot(page: Any, name: str) -> Path:
    """Save a picture of the whole page in a folder that git ignores."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}-{page.viewport_size['width']}.png"
    page.screenshot(path=path, full_page=True)
    return path
