"""The help's texts: anchors, names as on the pages, the glossary's words, pictures; and the links to them."""

import re

import polib
import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.urls import reverse
from django.utils.html import strip_tags
from PIL import Image

from accounts.roles import Role
from help import topics
from help.pictures import PICTURES
from help.templatetags.help_content import help_picture
from tests.loops import if_any, some
from tests.test_glossary import CATALOGUE, NEVER

TEMPLATES = settings.BASE_DIR / "templates"
TOPIC_FILES = sorted((TEMPLATES / "help" / "topics").iterdir())
HELP_LINK = re.compile(r'\{% help_link "(?P<topic>[^"]*)" "(?P<section>[^"]*)"')
LARGEST_PICTURE = 60_000
#: Words given up that a text of the help may use, each with the reason.
ALLOWED_WORDS = {
    "forloebsansvarlig": {r"månedlige? møde(?!r? i)"},  # the introduction, in plain words
}


def anchors() -> set[tuple[str, str]]:
    """Every topic with every section."""
    return {
        (code, section.anchor) for code, topic in topics.all_topics().items() for section in topic.sections
    }


def help_links() -> list[tuple[str, str, str]]:
    """Every question mark: the template, the topic and the section."""
    return [
        (str(path.relative_to(TEMPLATES)), match["topic"], match["section"])
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in HELP_LINK.finditer(path.read_text("utf-8"))
    ]


def test_every_file_is_a_topic_and_every_topic_has_a_file():
    assert {path.stem for path in TOPIC_FILES} == set(topics.all_topics())


def test_every_role_has_a_topic():
    assert {topic.role for topic in topics.all_topics().values()} == {*Role, None}


@pytest.mark.parametrize("code", [path.stem for path in TOPIC_FILES])
def test_topic_has_a_title_an_introduction_and_sections_with_anchors_of_their_own(code):
    topic = topics.all_topics()[code]
    assert topic.title
    assert topic.intro.endswith(".")
    assert topic.body.count("<h2") == len(topic.sections) >= 2
    assert len({section.anchor for section in topic.sections}) == len(topic.sections)
    assert all(section.text for section in topic.sections)


@pytest.mark.parametrize("code", [path.stem for path in TOPIC_FILES])
def test_names_in_bold_stand_so_on_a_page(code):
    names = {entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    source = (TEMPLATES / "help" / "topics" / f"{code}.html").read_text("utf-8")
    assert [name for name in re.findall(r"<b>(.*?)</b>", source) if name not in names] == []


@pytest.mark.parametrize("path", TOPIC_FILES, ids=lambda path: path.stem)
def test_no_text_uses_a_word_given_up(path):
    text = strip_tags(re.sub(r"\{%.*?%\}", "", path.read_text("utf-8")))
    patterns = [pattern for pattern in NEVER if pattern not in ALLOWED_WORDS.get(path.stem, ())]
    given_up = [(pattern, match[0]) for pattern in patterns for match in re.finditer(pattern, text, re.I)]
    assert given_up == []


def test_links_within_the_help_lead_to_sections():
    links = [
        match
        for topic in topics.all_topics().values()
        for match in re.findall(r'href="/hjaelp/([a-z-]+)/#([a-z0-9-]+)"', topic.body)
    ]
    assert links
    assert set(links) - anchors() == set()


def test_every_question_mark_leads_to_a_section():
    links = help_links()
    assert [link for link in links if link[1:] not in anchors()] == []
    assert len({link[1:] for link in links}) >= 10


def test_no_question_mark_is_written_in_another_way():
    """The test above reads topic and section from the source, so both are written out."""
    tags = [
        text for path in TEMPLATES.rglob("*.html") for text in re.findall(r"\{% help_link ", path.read_text())
    ]
    assert len(tags) == len(help_links())


def test_every_picture_is_shown_exists_in_its_size_and_is_small():
    bodies = "".join(topic.body for topic in topics.all_topics().values())
    for picture in PICTURES:
        file = settings.BASE_DIR / "static" / picture.static_name
        assert bodies.count(f"help/{picture.name}.") == 1, picture.name
        with Image.open(file) as image:
            assert image.size == picture.size, picture.name
        assert file.stat().st_size <= LARGEST_PICTURE, picture.name
    names = {picture.name for picture in PICTURES}
    assert {file.stem for file in (settings.BASE_DIR / "static" / "help").iterdir()} == names


def test_every_picture_says_what_it_shows():
    for topic in some(topics.all_topics().values()):
        for image in if_any(re.findall(r"<img [^>]*>", topic.body)):
            assert re.search(r'alt="[^"]{20,}"', image), image


def test_unknown_picture_is_refused():
    with pytest.raises(KeyError):
        help_picture("nowhere", "Nothing")


@pytest.mark.parametrize(
    ("query", "code", "anchor"),
    [
        ("ikke truffet", "mentor", "ikke-truffet"),
        ("FORGAEVES", "mentor", "ikke-truffet"),
        ("loentilskud", "jobkonsulent", "virksomhedsplads"),
        ("vikar fravær", "projektleder", "fravaer"),
        ("kontrolvaerdier", "star", "register"),
    ],
)
def test_search_finds_words_in_any_order_and_spelling(query, code, anchor):
    findings = topics.search(query)
    assert (code, anchor) in {(finding.topic.code, finding.section.anchor) for finding in findings}


def test_search_puts_titles_first():
    titles = [finding.section.title for finding in topics.search("huller")]
    assert titles[:2] == ["Huller", "Huller"]


@pytest.mark.parametrize("query", ["", "   ", "xyzzy", "<b>", "mentor xyzzy"])
def test_search_without_a_hit_finds_nothing(query):
    assert topics.search(query) == []


def test_excerpt_ends_at_a_word():
    finding = next(match for match in topics.search("kontakt") if len(match.section.text) > 200)
    assert finding.excerpt.endswith(" …")
    assert finding.section.text.startswith(finding.excerpt.removesuffix(" …") + " ")


def test_help_link_is_a_link_with_words():
    source = '{% load kit %}{% help_link "mentor" "aftaler" "<Aftaler>" %}'
    link = Template(source).render(Context())
    assert f'href="{reverse("help:topic", args=["mentor"])}#aftaler"' in link
    assert '<span aria-hidden="true">?</span>' in link
    assert "&lt;Aftaler&gt;" in link
    with pytest.raises(TemplateSyntaxError):
        Template('{% load kit %}{% help_link "mentor" %}')
