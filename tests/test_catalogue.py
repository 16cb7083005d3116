"""The Danish catalogue is complete: every text of the site is translated, and none is fuzzy."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.template import Template
from django.template.base import Lexer, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation

from accounts.sign_in.library_texts import LIBRARY_TEXTS
from tests.loops import some

CATALOGUE = "locale/da/LC_MESSAGES/django.po"
#: The functions of django.utils.translation that take texts, and where their text, plural and context are.
CALLS = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
#: A text in the arguments of a tag or a filter: {% badge _("Overdue") "error" %}
INLINE = re.compile(r"""\b_\((?P<quote>["'])(?P<text>.*?)(?P=quote)\)""")


class Text(NamedTuple):
    """A text as the catalogue keys it."""

    context: str | None
    text: str
    plural: str | None = None


def source_folders() -> list[Path]:
    """The folders of our installed apps, and of the templates."""
    installed = [Path(app.path) for app in apps.get_app_configs()]
    folders = [path for path in installed if path.parent == settings.BASE_DIR]
    return folders + [Path(path) for path in settings.TEMPLATES[0]["DIRS"]]


def files(*endings: str) -> Iterator[Path]:
    """The files of our source with these endings."""
    for folder in source_folders():
        for path in sorted(folder.rglob("*")):
            if path.suffix in endings and "migrations" not in path.parts:
                yield path


def catalogue() -> polib.POFile:
    return polib.pofile(str(settings.BASE_DIR / CATALOGUE))


def keys(entries: polib.POFile) -> set[Text]:
    return {Text(entry.msgctxt, entry.msgid, entry.msgid_plural or None) for entry in entries}


def python_texts(source: str) -> Iterator[Text]:
    """The texts of every translating call of a module, under whatever name, and in f-strings too.

    A call whose text is not written out is left out: its texts are marked where they are written.
    """
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if isinstance(node.func, ast.Name):
            name = names.get(node.func.id, "")
        if name not in CALLS:
            continue
        text, plural, context = (
            None if place is None else constant(node.args[place]) for place in CALLS[name]
        )
        if text:
            yield Text(context, text, plural)


def constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def template_texts(source: str) -> Iterator[Text]:
    """The texts of every translate and blocktranslate tag of a template, and of _("…") within any tag."""
    for node in Template(source).nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
        context = node.message_context.var if node.message_context else None
        if isinstance(node, TranslateNode):
            literal = node.filter_expression.var.literal  # None of a variable
            if isinstance(literal, str):
                yield Text(context, str(literal))
            continue
        singular, _names = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else None
        yield Text(context, singular, plural)
    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            yield from (Text(None, match["text"]) for match in INLINE.finditer(token.contents))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> polib.POFile:
    """The texts that stand in code and templates today, merged into a copy of the catalogue."""
    folder = tmp_path_factory.mktemp("source")
    for path in source_folders():
        shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    copy = folder / CATALOGUE
    copy.parent.mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / CATALOGUE, copy)
    command = [sys.executable, "-m", "django", "makemessages", "-l", "da", "--no-location", "--no-wrap"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    return polib.pofile(str(copy))


def test_the_danish_catalogue_is_complete(extracted):
    now = [entry for entry in extracted if not entry.obsolete]
    assert len(now) > 400
    missing = [entry.msgid for entry in now if not entry.translated() or "fuzzy" in entry.flags]
    assert missing == [], f"{len(missing)} texts without Danish, or with a guess (fuzzy)"


def test_the_catalogue_holds_no_text_that_is_used_nowhere(extracted):
    unused = [entry.msgid for entry in extracted if entry.obsolete]
    assert unused == []


def test_every_text_in_python_is_in_the_catalogue():
    """Read with Python's own parser: xgettext does not look into f-strings."""
    known = keys(catalogue())
    texts = [(path, text) for path in files(".py") for text in python_texts(path.read_text("utf-8"))]
    assert len(texts) > 800
    assert [(str(path), text) for path, text in texts if text not in known] == []


def test_every_text_in_a_template_is_in_the_catalogue():
    """Read from the compiled templates."""
    known = keys(catalogue())
    texts = [
        (path, text) for path in files(".html", ".txt") for text in template_texts(path.read_text("utf-8"))
    ]
    assert len(texts) > 600
    assert [(str(path), text) for path, text in texts if text not in known] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "from django.utils.translation import gettext as _\nx = f\"{_('In an f-string')}\"",
            "In an f-string",
        ),
        (
            "from django.utils.translation import gettext_lazy as lazy\nlazy('By another ' 'name')",
            "By another name",
        ),
        ("from django.utils import translation\ntranslation.gettext('Of the module')", "Of the module"),
    ],
)
def test_texts_are_found_in_every_form_of_call(source, expected):
    assert list(python_texts(source)) == [Text(None, expected)]


def test_texts_are_found_with_context_and_plural():
    imported = "from django.utils.translation import npgettext, pgettext\n"
    source = imported + "pgettext('activity', 'Done')\nnpgettext('hours', 'one', 'many', n)"
    assert list(python_texts(source)) == [Text("activity", "Done"), Text("hours", "one", "many")]
    page = '{% load i18n %}{% translate "Done" context "activity" %}{{ x|yesno:_("Yes,No") }}'
    page += "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    assert set(template_texts(page)) == {
        Text("activity", "Done"),
        Text(None, "%(n)s day", "%(n)s days"),
        Text(None, "Yes,No"),
    }


def test_no_entry_is_a_guess_or_out_of_use():
    entries = catalogue()
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete] == []


def test_our_danish_comes_before_that_of_the_sign_in_library():
    import allauth

    library = polib.pofile(str(Path(allauth.__file__).parent / "locale/da/LC_MESSAGES/django.po"))
    theirs = {entry.msgid for entry in library}
    ours = {entry.msgid: entry.msgstr for entry in catalogue()}
    assert [text for text in LIBRARY_TEXTS if text not in theirs] == [], "no longer a text of the library"
    with translation.override("da"):
        assert {text: translation.gettext(text) for text in LIBRARY_TEXTS} == {
            text: ours[text] for text in LIBRARY_TEXTS
        }


def test_placeholders_are_the_same_in_danish():
    for entry in some(catalogue()):
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
