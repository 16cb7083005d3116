"""docs/security.md answers every requirement of OWASP ASVS 5.0.0, levels 1 and 2, with what exists."""

import re
from collections import Counter
from typing import NamedTuple

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
ENTRANCE = DOCS / "security.md"
CHAPTERS = sorted((DOCS / "security").glob("*.md"))
STATES = ("met", "not met", "operation", "not applicable")

#: The standard's requirements: section, then the levels of its numbers 1, 2, 3 and so on; "3" is beyond ours.
STANDARD = """
1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123
2.1:122 2.2:112 2.3:12223 2.4:23
3.2:113 3.3:12223 3.4:11222233 3.5:11122333 3.7:22333
4.1:12233 4.2:23333 4.3:22 4.4:1222
5.1:2 5.2:112333 5.3:113 5.4:222
6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333 6.6:2223 6.8:2222
7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22
8.1:1233 8.2:1123 8.3:133 8.4:23
9.1:111 9.2:1222
10.1:22 10.2:223 10.3:22223 10.4:1111122222233333 10.5:22222 10.6:22 10.7:222
11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23
12.1:12233 12.2:11 12.3:22223
13.1:2333 13.2:222223 13.3:2233 13.4:1222233
14.1:22 14.2:12223333 14.3:122
15.1:12233 15.2:12233 15.3:1222222
16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223
17.1:23 17.2:22223333 17.3:22"""
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+) \| (.+) \| (.+) \| (.+) \|$")
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PATH = re.compile(r"`((?:[a-z_]+/)+[\w.]+\.(?:py|js|html|md)|[\w.-]+\.(?:py|yml|lock|json|toml))`")
LINK = re.compile(r"\]\(([^)#]*\.md)?(?:#([a-z0-9-]+))?\)")
SETTING = re.compile(r"`((?:DJANGO|JOBFIRST|SECURE|SESSION|CSRF|ACCOUNT|AUTH|CELERY|DATA|CONTENT)_[A-Z_]+)`")


class Row(NamedTuple):
    """One line of the list."""

    number: str
    level: str
    asks: str
    state: str
    how: str
    proof: str


def rows():
    """Return the lines of all chapters."""
    lines = [line for path in CHAPTERS for line in path.read_text("utf-8").splitlines()]
    listed = [Row(*match.groups()) for line in lines if (match := LINE.match(line))]
    numbered = [line for line in lines if re.match(r"\|\s*\d", line)]
    assert len(listed) == len(numbered), "a line is not in the form of the table"
    return listed


def standard():
    """Return the level of each requirement of ours, by its number."""
    levels = {}
    for line in STANDARD.split("\n")[1:]:
        for part in line.split():
            section, digits = part.split(":")
            levels |= {f"{section}.{place}": digit for place, digit in enumerate(digits, 1) if digit != "3"}
    return levels


ROWS = rows()


def test_each_requirement_stands_in_the_list_once_with_its_level():
    assert len(standard()) == 253
    assert [number for number, count in Counter(row.number for row in ROWS).items() if count > 1] == []
    assert {row.number: row.level for row in ROWS} == standard()


def test_each_line_has_a_state_and_a_test_or_a_reason():
    assert {row.state for row in ROWS} <= set(STATES)
    without_test = [row.number for row in ROWS if row.state == "met" and not TEST.search(row.proof)]
    without_reason = [row.number for row in ROWS if row.state != "met" and len(row.proof) < 5]
    without_how = [row.number for row in ROWS if row.state == "met" and row.how == "–"]
    assert (without_test, without_reason, without_how) == ([], [], [])


def test_what_is_not_met_says_what_is_missing():
    assert [row.number for row in ROWS if row.state == "not met" and "missing" not in row.proof] == []


def test_every_test_that_is_named_exists():
    names = {match.groups() for row in ROWS for match in TEST.finditer(" ".join(row))}
    assert len(names) > 100
    wrong = []
    for path, name in sorted(names, key=str):
        file = settings.BASE_DIR / path
        text = file.read_text("utf-8") if file.is_file() else ""
        if not re.search(rf"^ *def {name or 'test_'}", text, re.MULTILINE) or (
            name and not re.search(rf"^ *def {name}\(", text, re.MULTILINE)
        ):
            wrong.append(f"{path}::{name}")
    assert wrong == []


@pytest.mark.parametrize("path", [ENTRANCE, *CHAPTERS], ids=lambda path: path.name)
def test_every_module_link_and_setting_that_is_named_exists(path):
    text = path.read_text("utf-8")
    named = {match[1] for match in PATH.finditer(text)} - {"package-lock.json"}
    assert [name for name in sorted(named) if not (settings.BASE_DIR / name).is_file()] == []
    wrong = []
    for file, anchor in LINK.findall(text):
        target = (path.parent / file).resolve() if file else path
        if not target.is_file() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            wrong.append(f"{file}#{anchor}")
    assert wrong == []
    places = [*(settings.BASE_DIR / "jobfirst").rglob("*.py"), settings.BASE_DIR / "docs" / "operations.md"]
    code = "\n".join(place.read_text("utf-8") for place in places)
    assert [name for name in sorted(set(SETTING.findall(text))) if not re.search(rf"\b{name}\b", code)] == []


def anchors(text):
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_summary_counts_the_lines():
    text = ENTRANCE.read_text("utf-8")
    for chapter in [*map(str, range(1, 18)), "**all**"]:
        states = [row.state for row in ROWS if chapter == "**all**" or row.number.split(".")[0] == chapter]
        cells = [states.count(state) for state in STATES] + [len(states)]
        first = rf"\[V{chapter} [^|]*" if chapter.isdigit() else r"\*\*all\*\*"
        (line,) = re.findall(rf"^\| {first} \|(.*)\|$", text, re.MULTILINE)
        assert [int(cell) for cell in line.split("|")] == cells, chapter


def test_the_entrance_has_its_parts():
    headings = re.findall(r"^## (.+)$", ENTRANCE.read_text("utf-8"), re.MULTILINE)
    assert headings == [
        "Threats",
        "Reporting a fault",
        "Sign-in",
        "Sessions",
        "Classes of data",
        "Cryptographic inventory",
        "Connections",
        "Limits",
        "Dependencies",
        "Logs",
        "How to check",
        "The list",
    ]


def test_the_inventory_names_every_key_of_the_settings():
    from devservices.keys import NAMES, PRIVATE

    inventory = ENTRANCE.read_text("utf-8").partition("## Cryptographic inventory")[2].partition("\n## ")[0]
    assert [name for name in NAMES if name not in PRIVATE and f"`{name}`" not in inventory] == []


def test_every_address_of_the_settings_is_among_the_connections():
    connections = ENTRANCE.read_text("utf-8").partition("## Connections")[2].partition("\n## ")[0]
    operations = (DOCS / "operations.md").read_text("utf-8")
    names = set(re.findall(r"^\| `(\w+_(?:URL|MAILBOX))` \|", operations, re.MULTILINE)) - {
        "JOBFIRST_BASE_URL"
    }
    assert len(names) >= 7
    assert [name for name in sorted(names) if f"`{name}`" not in connections] == []


def test_the_limits_named_in_the_entrance_are_those_of_the_settings():
    from accounts.links.pages import RATES
    from grants.expenses.files import MAX_BYTES

    text = " ".join(ENTRANCE.read_text("utf-8").split())
    assert settings.SESSION_COOKIE_AGE == 10 * 60 * 60
    assert "after ten hours" in text
    assert RATES == {"open": "120/m/ip,30/m/key", "request": "10/h/ip"}
    assert "120 openings a minute by network address, 30 by link; 10 requests for new ones an hour" in text
    assert (MAX_BYTES, settings.JOBFIRST_MAX_IMPORT_BYTES) == (10 * 1024 * 1024, 50 * 1024 * 1024)
    assert f"({settings.JOBFIRST_MAX_IMPORT_ROWS:,} lines)" in text
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 5 * 1024 * 1024
