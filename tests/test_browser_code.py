"""What our own scripts and templates do in the browser: no markup from text, no window for another site."""

import re
from pathlib import Path

from django.conf import settings

SCRIPTS = sorted((settings.BASE_DIR / "static").glob("*.js"))
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

#: Ways to make markup or code out of text, to reach another window, or to keep something beyond the tab.
DANGEROUS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment"
    r"|postMessage|window\.opener|window\.open\(|document\.domain|document\.cookie|localStorage|indexedDB"
    r"|__proto__|XMLHttpRequest"
)
#: A link in another window, an action from elsewhere, an inline script or handler, and htmx with code in it.
IN_TEMPLATES = re.compile(
    r"target=[\"']_|javascript:|\son[a-z]+=[\"']|<script(?![^>]*\s(?:src=|type=.application/json))|hx-on|hx-vals=[\"']js:"
    r"|\|safe\b|autoescape off"
    r"|<(?:iframe|object|embed|applet|base)\b|https?://(?!www\.w3\.org)"
)

#: Markup that is not ours and holds nothing that anybody typed.
DRAWN_BY_LIBRARIES = {"templates/mfa/totp/activate_form.html: |safe"}  # the QR code that allauth draws


def findings(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    assert len(paths) >= 3
    return [
        f"{path.relative_to(settings.BASE_DIR)}: {match[0]}"
        for path in paths
        for match in pattern.finditer(re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL))
    ]


def test_no_script_makes_markup_of_text_or_reaches_beyond_the_tab():
    assert findings(SCRIPTS, DANGEROUS) == []


def test_no_template_holds_code_or_leads_to_another_window():
    assert set(findings(TEMPLATES, IN_TEMPLATES)) == DRAWN_BY_LIBRARIES
