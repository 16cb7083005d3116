"""Every page of the site in a real browser, at both widths, free of axe's findings and no wider than the
screen. The pages are those of tests/access/table.py: a new one is looked at without being asked for."""

import pytest
from django.urls import reverse

from tests.access.table import FUNCTIONS, TABLE
from tests.browser import DESKTOP, WIDTHS, assert_axe_clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READ = [address for address in TABLE if "GET" in address.who]
SHARES = 2  # so that two workers have something to do each


def reader(address) -> str:
    """Somebody who is let in; for a page of everybody's the one who sees most."""
    if address.is_public:
        return "anonymous"
    for role in ("project_leader", "agency", *FUNCTIONS):
        if role in address.who["GET"]:
            return role
    return min(address.who["GET"])


@pytest.mark.long
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_at_both_widths(open_page, share):
    from tests.access import world as worlds

    world = worlds.build()
    pages = {}
    found = []
    for address in sorted(READ, key=reader)[share::SHARES]:
        role = reader(address)
        if role not in pages:
            pages[role] = open_page(DESKTOP, world.users.get(role))
        page = pages[role]
        parts = [*(world.ids[kind]["own"] for kind in address.kinds), *address.args]
        answer = _visit(page, reverse(address.name, args=parts))
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            try:
                assert_axe_clean(page)
            except AssertionError as error:
                found.append(f"{address} as {role} at {width}: {error}")
    assert found == [], "\n".join(found)


def _visit(page, path):
    """The answer to a page; None for a file, which the browser saves instead of showing."""
    from playwright.sync_api import Error

    try:
        return page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise
