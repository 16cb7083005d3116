"""Take the pictures of docs/images from a running rehearsal.

`make run`, then in another terminal `.venv/bin/python scripts/pictures.py`, with `--address` when it does not
run on port 8000. Needs the browser that `make setup` installs.
"""

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.browser import DESKTOP, PHONE, chromium_path  # noqa: E402

IMAGES = PROJECT / "docs" / "images"
SIGN_INS = PROJECT / ".data" / "demo-signins.json"
MOST_BYTES = 200_000
COLOURS = 64  # of a picture; our pages have few


class Picture(NamedTuple):
    """A page as a role sees it at a width, and how much of its height is taken."""

    name: str
    role: str
    path: str
    width: int
    height: int


PICTURES = [
    Picture("dashboard", "project_leader", "/overblik/", DESKTOP, 1000),
    Picture("week", "mentor", "/min-uge/", PHONE, 844),
]


def take_picture(browser: Any, address: str, picture: Picture) -> None:
    """Sign in, open the page in Danish, and save its picture with few colours."""
    sign_ins = json.loads(SIGN_INS.read_text(encoding="utf-8"))
    person = next(entry for entry in sign_ins if entry["role"] == picture.role)
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        locale="da-DK",
        timezone_id="Europe/Copenhagen",
    )
    page = context.new_page()
    page.goto(address)
    page.fill('[name="login"]', person["email"])
    page.fill('[name="password"]', person["password"])
    page.click('main button[type="submit"]')
    page.wait_for_load_state()
    if page.goto(address + picture.path).status != 200:
        sys.exit(f"{picture.path} is not answered to {person['email']}")
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    file = IMAGES / f"{picture.name}.png"
    image.save(file, optimize=True)
    if file.stat().st_size > MOST_BYTES:
        sys.exit(f"{file} has more than {MOST_BYTES} bytes")
    print(file)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://localhost:8000")
    address = parser.parse_args().address.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        for picture in PICTURES:
            take_picture(browser, address, picture)
        browser.close()


if __name__ == "__main__":
    main()
