"""What a page offers to send: its forms with their fields, and the names of parameters in its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

#: What a person would type into an empty field of this sort, so that the rest of the form is read.
PLAUSIBLE = {
    "date": "2016-05-10",
    "datetime-local": "2016-05-10T10:00",
    "time": "09:00",
    "number": "5",
    "email": "karla@example.invalid",
    "tel": "20123456",
    "decimal": "7,5",
    "numeric": "10150817",
}


@dataclass
class PageField:
    """A field: its sort (the type of its input), its value as the page has it, and what can be chosen."""

    name: str
    sort: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_checked: bool = True


@dataclass
class PageForm:
    """A form of a page, with the buttons that send it."""

    action: str
    method: str
    fields: list[PageField] = field(default_factory=list)


class PageReader(HTMLParser):
    """Reads the forms of a page and the names of the parameters in its own links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.parameters: set[str] = set()
        self._form: PageForm | None = None
        self._select: PageField | None = None
        self._textarea: PageField | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "action"):
            self.parameters |= {key for key, _value in parse_qsl(urlsplit(given.get(name, "")).query)}
        if tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._form)
        elif self._form is not None and tag in {"input", "select", "textarea", "button"}:
            self._add_field(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")

    def _add_field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        if not given.get("name"):
            return
        sort = given.get("type", "text") if tag == "input" else tag
        if sort == "text" and given.get("inputmode"):
            sort = given["inputmode"]
        is_checked = sort not in {"checkbox", "radio"} or "checked" in given
        page_field = PageField(given["name"], sort, given.get("value", ""), is_checked=is_checked)
        if sort == "radio":
            page_field.options.append(page_field.value)
        self._form.fields.append(page_field)
        self._select = page_field if tag == "select" else self._select
        self._textarea = page_field if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None


def read_page(text: str) -> PageReader:
    reader = PageReader()
    reader.feed(text)
    return reader
