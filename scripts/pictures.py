"""Take the pictures of docs/images and of the help (static/help) from a running rehearsal.

`make run`, then in another terminal `.venv/bin/python scripts/pictures.py`, with `--address` when it does not
run on port 8000. Needs the browser that `make setup` installs.
"""

import argparse
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from devservices.layout import configured_layout  # noqa: E402
from help import pictures as help_pictures  # noqa: E402
from help.pictures import Picture  # noqa: E402
from tests.browser import DESKTOP, PHONE, chromium_path  # noqa: E402

IMAGES = PROJECT / "docs" / "images"
MOST_BYTES = 200_000  # of a picture of the documentation
MOST_HELP_BYTES = 60_000
COLOURS = 64  # of a picture; our pages have few
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"  # what htmx has not finished

PICTURES = [
    Picture("dashboard", "project_leader", "/overblik/", (DESKTOP, 1000)),
    Picture("week", "mentor", "/min-uge/", (PHONE, 844)),
]


class Target(NamedTuple):
    """A picture, the file it becomes, and how large that may be."""

    picture: Picture
    file: Path
    most_bytes: int


def targets() -> Iterator[Target]:
    """Yield all pictures, those of the documentation first."""
    for picture in PICTURES:
        yield Target(picture, IMAGES / f"{picture.name}.png", MOST_BYTES)
    for picture in help_pictures.PICTURES:
        yield Target(picture, picture.file, MOST_HELP_BYTES)


def sign_in(browser: Any, address: str, role: str) -> Any:
    """Return the context of a browser in which somebody of this role is signed in, in Danish."""
    sign_ins = json.loads((configured_layout().root / "demo-signins.json").read_text(encoding="utf-8"))
    person = next(entry for entry in sign_ins if entry["role"] == role)
    context = browser.new_context(locale="da-DK", timezone_id="Europe/Copenhagen")
    page = context.new_page()
    page.goto(address)
    page.fill('[name="login"]', person["email"])
    page.fill('[name="password"]', person["password"])
    page.click('main button[type="submit"]')
    page.wait_for_load_state()
    page.close()
    return context


def _is_page(response: Any) -> bool:
    """Whether the answer is a page, or the part of one that htmx puts in."""
    return response.request.is_navigation_request() or "hx-request" in response.request.headers


def open_pictured_page(context: Any, address: str, picture: Picture) -> Any:
    """Go to the page as a person would, and scroll to what is to be shown."""
    page = context.new_page()
    page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
    if page.goto(address + picture.start).status != 200:
        sys.exit(f"{picture.start} is not answered to the {picture.role}")
    for selector in picture.clicks:
        with page.expect_response(_is_page):
            page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
        page.locator(UNDER_WAY).first.wait_for(state="detached")
    page.evaluate("document.activeElement.blur()")  # no frame around what was clicked last
    if picture.show:
        page.locator(picture.show).first.evaluate("element => element.scrollIntoView()")
    return page


def take_picture(context: Any, address: str, target: Target) -> None:
    """Save the picture of a page with few colours."""
    page = open_pictured_page(context, address, target.picture)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    target.file.parent.mkdir(exist_ok=True)
    if target.file.suffix == ".webp":
        image.convert("RGB").save(target.file, lossless=True, method=3)
    else:
        image.save(target.file, optimize=True)
    page.close()
    if target.file.stat().st_size > target.most_bytes:
        sys.exit(f"{target.file} has more than {target.most_bytes} bytes")
    print(target.file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://localhost:8000")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="take only the pictures of these names")
    arguments = parser.parse_args()
    address = arguments.address.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        contexts: dict[str, Any] = {}
        for target in targets():
            if arguments.only and target.picture.name not in arguments.only:
                continue
            role = target.picture.role
            if role not in contexts:
                contexts[role] = sign_in(browser, address, role)
            take_picture(contexts[role], address, target)
        browser.close()


if __name__ == "__main__":
    main()
