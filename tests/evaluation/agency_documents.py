"""The numbers of citizens on the agency's pages and files, as somebody reads them who wants to subtract them.

A page is read by its tables, by what it writes as "label: number", and by its fields and links; a file by its
rows.
"""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from openpyxl import load_workbook
from pypdf import PdfReader

#: A whole number alone, or of another one ("3/20", "3 of 20", "3 / 100", "≤ 5"), without a sign or a unit.
NUMBERS = re.compile(r"^([≤≥]?)\s*(\d+)(?:\s*(?:/|of|af)\s*(\d+))?$")
#: A part of a whole within a cell ("80 % 12/15 +3").
PART = re.compile(r"(?<![\d./])()(\d+)/(\d+)(?![\d/])")
LABELLED = re.compile(r"([^:()\d]{4,80}):\s+([≤≥]?)\s*(\d+)(?=$|\)|\s\()")
#: What the ledger shows row by row, and what is no number of citizens (docs/privacy.md).
PUBLIC = {
    *(
        "Drawn",
        "Drawn, to be analysed",
        "Drawn as participants",
        "Drawn as controls",
        "drawn",
        "to_be_analysed",
    ),
    *("Mix of the target groups", "Balance of the arms", "What the trial can find", "What is measured"),
    *("mix", "balance", "guess", "power", "randomisation_test", "randomisation test", "Threshold"),
    *("Randomisation test", "Hours a month", "Estimate", "p-value", "Share with any hours"),
    *("Lower end of the 95 % interval", "Upper end of the 95 % interval"),
    *(
        "Target count",
        "No. in the ledger",
        "Number in the ledger",
        "Month",
        "Months since the draw",
        "months",
    ),
}
#: What is known exactly only when it is what the ledger shows: all of the drawn.
OF_THE_DRAWN = {"Eligible", "eligible", "Analysed as drawn", "With outcome", "With an outcome", "Months"}
#: The columns of enrolment, beside that of who waits.
ENROLMENT = {"Enrolment in the trial", "Side by side", "The projects side by side", "enrolment"}
OF_ENROLMENT = {
    "Participants",
    "Controls",
    "Forecast that day",
    "Last day",
    "Both arms full",
    "Controls ",
    "Project",
}

#: The first head of a file with a figure a row, and how it writes that a number is rounded: codes or words.
SECTION = {"section", "Section", "Afsnit"}
SIGNS = {
    "": "",
    **dict.fromkeys(("at_most", "at most", "højst"), "≤"),
    **dict.fromkeys(("at_least", "at least", "mindst"), "≥"),
}


class Reading(NamedTuple):
    """A number with where it stands: `sign` is ≤ or ≥ where it is rounded."""

    place: tuple[str, ...]
    sign: str
    number: int

    @property
    def is_public(self) -> bool:
        """Whether the number is one of the ledger's, or no number of citizens."""
        place, measure = set(self.place), self.place[-1]
        if PUBLIC & place or (OF_THE_DRAWN & place and not self.sign):
            return True
        if ENROLMENT & place:
            is_enrolment = measure.startswith(("participant_", "control_", "last_day"))
            return is_enrolment or measure in OF_ENROLMENT or measure.endswith(("%", "hours a week"))
        return "Paid hours" in self.place[0] and measure in {"Participants", "Controls"} and not self.sign

    @property
    def span(self) -> range:
        """What the true number can be, as far as this number tells."""
        if self.sign == "≤" and self.number:
            return range(self.number - 4, self.number + 1)
        if self.sign == "≥":
            return range(self.number, self.number + 5)
        return range(self.number, self.number + 1)


class PageNumbers(HTMLParser):
    """Reads the tables, the labelled texts, the fields and the links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.readings: list[Reading] = []
        self.choices: dict[str, list[str]] = {}
        self.links: list[str] = []
        self._caption, self._row, self._heads = "", [], []
        self._text: list[str] | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "table":
            self._caption, self._heads = "", []
        elif tag == "tr":
            self._row = []
        elif tag in {"td", "th", "caption", "p", "li"}:
            self._text = []
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(values.get("value", ""))
        elif tag == "a" and values.get("href"):
            self.links.append(values["href"])

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = ""
        if tag == "tr":
            self._end_row()
        if tag not in {"td", "th", "caption", "p", "li"} or self._text is None:
            return
        text = " ".join("".join(self._text).split())
        if tag == "caption":
            self._caption = text
        elif tag in {"td", "th"}:
            self._row.append((tag, text))
        else:
            self.readings += labelled("text", text)
        self._text = None

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)

    def _end_row(self):
        if all(tag == "th" for tag, _text in self._row):
            self._heads = [text for _tag, text in self._row]
            return
        name = self._row[0][1].removeprefix("– ")
        for number, (_tag, text) in enumerate(self._row[1:], start=1):
            head = self._heads[number] if number < len(self._heads) else str(number)
            self.readings += numbers_of((self._caption, name, head), text)


def numbers_of(place: tuple[str, ...], text: str) -> Iterator[Reading]:
    """Yield the numbers of a cell."""
    plain = text.replace("\u00a0", " ").replace(",", "")
    match = NUMBERS.match(plain) or PART.search(plain)
    if match:
        sign, number, whole = match.groups()
        yield Reading(place, sign, int(number))
        if whole:
            yield Reading((*place, "of"), "", int(whole))


def labelled(section: str, text: str) -> Iterator[Reading]:
    """Yield the numbers that are written behind a label."""
    for label, sign, number in LABELLED.findall(text.replace("\u00a0", " ")):
        yield Reading((section, label.strip(" (–")), sign, int(number))


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def rows_of_xlsx(content: bytes) -> list[list[str]]:
    """The rows of all sheets; each row after a heading has the sheet's name before it."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    rows = [
        ["" if cell is None else str(cell) for cell in row]
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    ]
    book.close()
    return rows


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def readings_of(content: bytes, content_type: str) -> list[Reading]:
    """The numbers of a page or file."""
    if content_type.startswith("text/html"):
        return PageNumbers(content.decode()).readings
    if content_type.startswith("application/pdf"):
        return [reading for line in text_of_pdf(content).splitlines() for reading in labelled("text", line)]
    rows = rows_of_csv(content) if content_type.startswith("text/csv") else rows_of_xlsx(content)
    if rows[0][0] in SECTION:
        return [
            Reading((section, what, measure), SIGNS[bound], int(value))
            for section, what, measure, value, bound, *_rest in rows[1:]
            if re.fullmatch(r"\d+", value)
        ]
    heads: list[str] = []
    readings: list[Reading] = []
    for row in rows:
        if "Project" in row or "Projekt" in row:
            heads = row
        else:
            for head, cell in zip(heads[1:], row[1:], strict=False):
                readings += numbers_of(("The projects side by side", *row[:2], head), cell)
    return readings
