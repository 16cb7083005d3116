"""Every page of the site in a real browser, at both widths, free of axe's findings and no wider than the
screen. The pages are those of tests/access/table.py: a new one is looked at without being asked for."""

import pytest
from django.urls import reverse

from tests.access.addresses import FUNCTIONS
from tests.access.table import TABLE
from tests.browser import DESKTOP, WIDTHS, assert_axe_clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Answers without a page, which a browser stays away from.
WITHOUT_PAGE = {"account_still_here"}
READ = [address for address in TABLE if "GET" in address.roles_by_method and address.name not in WITHOUT_PAGE]
SHARES = 2  # so that two workers have something to do each


def role_let_in(address) -> str:
    """Return a role that is let in; of several the one that sees most."""
    if address.is_public:
        return "anonymous"
    for role in ("project_leader", "agency", *FUNCTIONS):
        if role in address.roles_by_method["GET"]:
            return role
    return min(address.roles_by_method["GET"])


@pytest.mark.long
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_at_both_widths(open_page, share):
    from tests.scenarios import two_projects as scenario

    two_projects = scenario.build()
    pages = {}
    violations = []
    for address in sorted(READ, key=role_let_in)[share::SHARES]:
        role = role_let_in(address)
        if role not in pages:
            pages[role] = open_page(DESKTOP, two_projects.users.get(role))
        page = pages[role]
        parts = [*(two_projects.ids[kind]["own"] for kind in address.kinds), *address.args]
        answer = _visit(page, reverse(address.name, args=parts))
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            try:
                assert_axe_clean(page)
            except AssertionError as error:
                violations.append(f"{address} as {role} at {width}: {error}")
    assert violations == [], "\n".join(violations)


def _visit(page, path):
    """Open a page and return the answer; None for a file, which the browser downloads."""
    from playwright.sync_api import Error

    try:
        return page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise
