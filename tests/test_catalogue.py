"""The Danish catalogue is complete: every text of the site is translated, and none is fuzzy."""

import re
import shutil
import subprocess
import sys

import polib
from django.conf import settings

CATALOGUE = "locale/da/LC_MESSAGES/django.po"
APPS = ["accounts", "audit", "cases", "companies", "evaluation", "grants", "jobfirst", "plans"]
APPS += ["randomization", "reminders", "templates"]


def extracted(folder) -> polib.POFile:
    """Return the texts of the current code and templates, merged into a copy of the catalogue."""
    for name in APPS:
        shutil.copytree(
            settings.BASE_DIR / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__", "migrations"),
        )
    copy = folder / CATALOGUE
    copy.parent.mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / CATALOGUE, copy)
    command = [sys.executable, "-m", "django", "makemessages", "-l", "da", "--no-location", "--no-wrap"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    return polib.pofile(str(copy))


def test_the_danish_catalogue_is_complete(tmp_path):
    current = [entry for entry in extracted(tmp_path) if not entry.obsolete]
    assert len(current) > 400
    missing = [entry.msgid for entry in current if not entry.translated() or "fuzzy" in entry.flags]
    assert missing == [], f"{len(missing)} texts without Danish, or with a guess (fuzzy)"


def test_placeholders_are_the_same_in_danish():
    for entry in polib.pofile(str(settings.BASE_DIR / CATALOGUE)):
        if entry.msgid_plural:
            pairs = [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
            # The singular may say the number or leave it out, in either language.
            pairs[0] = pairs[1] if "%(" in pairs[0][1] and "%(" not in pairs[0][0] else pairs[0]
        else:
            pairs = [(entry.msgid, entry.msgstr)]
        for english, danish in pairs:
            assert not danish or placeholders(english) == placeholders(danish), entry.msgid


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))
