"""One PDF document drawn part by part, so that the memory it takes is that of its largest part.

1. Each part is laid out by WeasyPrint as a document of its own, tagged as PDF/UA. Before it would be written
   (WeasyPrint's `finisher`) its pages, outline and structure are taken over, and the rest is let go.
2. All parts draw with one set of fonts, embedded once, when the last part has said which glyphs it needs.
3. When the number of pages is known, the sheets are drawn: what runs at the head and foot of every page, with
   "page x of y". They lie under the pages as artifacts, which a screen reader passes over.

On the way the structure is made plainer: wrappers that say nothing are left out, and a header cell says by
its `Scope` what it heads, instead of every cell naming its headers.
"""

import gc
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

VARIANT = "pdf/ua-1"
REFERENCE = re.compile(rb"(\d+) 0 R")
#: Elements that only wrap what is in them, as long as they say no more than these keys.
WRAPPERS = frozenset({"/NonStruct", "/Span"})
PLAIN = frozenset({"Type", "S", "K", "Pg", "P"})
#: What the first part says of the whole document.
ABOUT = ("Lang", "Metadata", "ViewerPreferences", "MarkInfo")
SHEET = "JobFirstSheet"
FORM = {"Type": "/XObject", "Subtype": "/Form"}


@contextmanager
def held_is_set_aside() -> Iterator[None]:
    """Meanwhile the collector of garbage does not go through what the process already held.

    Laying out makes and drops objects by the million; every collection would go through all of Django, too,
    which took a quarter of the time.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class PartedPdf:
    """A PDF/UA-1 document that is given its parts one after the other, and then its sheets."""

    def __init__(self, base_url: str, fetcher: Callable[[], URLFetcher]) -> None:
        self._base_url, self._fetcher = base_url, fetcher
        self._font_config = FontConfiguration()
        self._used_fonts: dict[Any, Any] = {}  # WeasyPrint's own, with the glyphs used so far
        self._pdf = pydyf.PDF()
        self._fonts = _added(self._pdf, pydyf.Dictionary())
        self._root = _added(self._pdf, pydyf.Dictionary({"Type": "/StructTreeRoot"}))
        self._tree = _added(self._pdf, pydyf.Dictionary({"Type": "/StructElem", "S": "/Document"}))
        self._tree.update({"P": self._root.reference, "K": pydyf.Array()})
        self._root["K"] = pydyf.Array([self._tree.reference])
        self._parents = pydyf.Array()  # key, value, key, value …
        self._pages: list[pydyf.Dictionary] = []
        self._outlines: list[pydyf.Dictionary] = []

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return len(self._pages)

    def add(self, html: str) -> None:
        """Lay a part out and take it over. The first part gives the whole its title and language."""
        self._draw(html, self._take, pdf_variant=VARIANT)

    def finish(self, sheets: str) -> bytes:
        """The document. `sheets` is a page for each of `pages`, with what runs at its head and foot.

        Raises ValueError when there are more or fewer sheets than pages.
        """
        self._draw(sheets, self._lay_under)
        self._close_structure()
        self._close_outline()
        out = io.BytesIO()
        self._pdf.write(out, version=b"1.7", compress=True)
        return out.getvalue()

    def _draw(self, html: str, take: Callable[[pydyf.PDF], None], **options: Any) -> None:
        source = HTML(string=html, base_url=self._base_url, url_fetcher=self._fetcher())
        document = source.render(font_config=self._font_config, **options)
        document.fonts = self._used_fonts

        def finisher(_document: Any, pdf: pydyf.PDF) -> None:
            take(pdf)
            pdf.objects.clear()  # all that was wanted is taken: nothing is left to be written

        document.write_pdf(io.BytesIO(), finisher=finisher, optimize_images=True, **options)

    def _take(self, pdf: pydyf.PDF) -> None:
        part = _DocumentPart(pdf, self._pdf, first_key=len(self._parents) // 2)
        root = part.source(pdf.catalog["StructTreeRoot"])
        tree = part.source(root["K"][0])
        holders = plainer(pdf.objects, tree)
        part.stands_for(tree.reference, self._tree)
        self._take_pages(part, pdf)
        self._take_outline(part, pdf)
        self._tree["K"].extend(part.of(tree["K"]))
        nums = part.source(root["ParentTree"])["Nums"]
        for key, value in zip(nums[::2], nums[1::2], strict=True):
            held = [part.of(holders[number_of(item)]) for item in _listed(value)]
            self._parents += [part.first_key + key, pydyf.Array(held) if isinstance(value, list) else held[0]]
        if not self._pdf.info:
            self._pdf.info.update(pdf.info)
            self._pdf.catalog.update({name: part.of(pdf.catalog[name]) for name in ABOUT})
        part.write()

    def _take_pages(self, part: "_DocumentPart", pdf: pydyf.PDF) -> None:
        part.stands_for(pdf.pages.reference, self._pdf.pages)
        references = pdf.page_references
        pages = [pydyf.Dictionary() for _page in references]
        for reference, page in zip(references, pages, strict=True):
            self._pdf.add_page(page)
            part.stands_for(reference, page)
        resources = part.source(part.source(references[0])["Resources"])
        part.stands_for(resources["Font"], self._fonts)
        resources = part.of(resources)
        for reference, page in zip(references, pages, strict=True):
            page.update(part.of(part.source(reference)), Resources=resources)
        self._pages += pages

    def _take_outline(self, part: "_DocumentPart", pdf: pydyf.PDF) -> None:
        """The entries of the part's outline become entries of the whole one's."""
        outline = part.source(pdf.catalog["Outlines"]) if "Outlines" in pdf.catalog else {}
        following = outline.get("First")
        while following:
            source = part.source(following)
            following = source.get("Next")
            entry = _added(self._pdf, pydyf.Dictionary())
            part.stands_for(source.reference, entry)
            for name in ("Parent", "Prev", "Next"):
                source.pop(name, None)
            entry.update(part.of(source))
            self._outlines.append(entry)

    def _lay_under(self, pdf: pydyf.PDF) -> None:
        references = pdf.page_references
        if len(references) != self.pages:
            raise ValueError(f"{len(references)} sheets for {self.pages} pages")
        part = _DocumentPart(pdf, self._pdf)
        resources = part.source(part.source(references[0])["Resources"])
        self._fonts.update(part.of(part.source(resources["Font"])))
        part.stands_for(resources["Font"], self._fonts)
        resources = _added(self._pdf, part.of(resources)).reference
        draw = f"/Artifact <</Type/Pagination>> BDC q /{SHEET} Do Q EMC".encode()
        under = _added(self._pdf, pydyf.Stream([draw])).reference
        for page, reference in zip(self._pages, references, strict=True):
            sheet = part.source(reference)
            extra = {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": sheet["MediaBox"],
                "Resources": resources,
            }
            content = part.source(sheet["Contents"]).stream
            form = _added(self._pdf, _WrittenObject(pydyf.Stream(content, extra, compress=True)))
            images = pydyf.Dictionary({**page["Resources"]["XObject"], SHEET: form.reference})
            page["Resources"] = pydyf.Dictionary({**page["Resources"], "XObject": images})
            page["Contents"] = pydyf.Array([under, page["Contents"]])
        part.write()

    def _close_structure(self) -> None:
        self._root["ParentTree"] = _added(self._pdf, pydyf.Dictionary({"Nums": self._parents})).reference
        self._root["ParentTreeNextKey"] = len(self._parents) // 2
        self._pdf.catalog["StructTreeRoot"] = self._root.reference

    def _close_outline(self) -> None:
        if not self._outlines:
            return
        first, last = self._outlines[0], self._outlines[-1]
        shown = sum(1 + max(0, entry["Count"]) for entry in self._outlines)
        outline = {"Count": shown, "First": first.reference, "Last": last.reference}
        root = _added(self._pdf, pydyf.Dictionary(outline)).reference
        for entry in self._outlines:
            entry["Parent"] = root
        for entry, following in zip(self._outlines, self._outlines[1:], strict=False):
            entry["Next"], following["Prev"] = following.reference, entry.reference
        self._pdf.catalog["Outlines"] = root


class _WrittenObject(pydyf.Object):
    """An object as the bytes it is in the file: what it was made from need not be kept."""

    data = b"null"
    compressible = True  # may lie in an object stream

    def __init__(self, value: pydyf.Object | None = None) -> None:
        super().__init__()
        if value is not None:
            self.write(value)

    def write(self, value: pydyf.Object) -> None:
        """Write out what the object is."""
        self.data = value.data
        self.compressible = not isinstance(value, pydyf.Stream)


class _DocumentPart:
    """What WeasyPrint has made of one part, on its way into the whole: only what is asked for is taken."""

    def __init__(self, source: pydyf.PDF, target: pydyf.PDF, first_key: int = 0) -> None:
        self._objects, self._target = source.objects, target
        self._taken: dict[int, pydyf.Object] = {}
        self._unwritten: list[tuple[int, _WrittenObject]] = []
        self.first_key = first_key

    def source(self, reference: bytes) -> Any:
        """The object of the part behind a reference."""
        return self._objects[number_of(reference)]

    def stands_for(self, reference: bytes, there: pydyf.Object) -> None:
        """What the part calls so is that object of the whole."""
        self._taken[number_of(reference)] = there

    def of(self, value: Any) -> Any:
        """The value as the whole writes it: its references are those of the whole."""
        if isinstance(value, bytes):
            found = REFERENCE.fullmatch(value)
            return self._taken_over(int(found[1])).reference if found else value
        if isinstance(value, pydyf.Stream):
            return pydyf.Stream(value.stream, self.of(value.extra), value.compress)
        if isinstance(value, dict):
            return pydyf.Dictionary({key: self._entry(key, item) for key, item in value.items()})
        if isinstance(value, list):
            return pydyf.Array([self.of(item) for item in value])
        return value

    def _entry(self, key: str, value: Any) -> Any:
        return self.first_key + value if key in ("StructParent", "StructParents") else self.of(value)

    def _taken_over(self, number: int) -> pydyf.Object:
        if number not in self._taken:
            written = _added(self._target, _WrittenObject())
            self._taken[number] = written
            self._unwritten.append((number, written))
        return self._taken[number]

    def write(self) -> None:
        """Write out what was referred to, and what that refers to."""
        while self._unwritten:
            number, written = self._unwritten.pop()
            written.write(self.of(self._objects[number]))


def plainer(objects: list[Any], tree: pydyf.Dictionary) -> dict[int, bytes]:
    """Leave out the wrappers below `tree` that say nothing, and tell header cells what they head.

    Returns by the number of each element the reference of what now holds its content: its own, or that of the
    element around it. A header cell in a table's head heads its column, any other its row.
    """
    holders: dict[int, bytes] = {}

    def kids(element: pydyf.Dictionary, holder: pydyf.Dictionary, in_head: bool) -> pydyf.Array:
        found = pydyf.Array()
        holders[element.number] = holder.reference
        for kid in element["K"]:
            child = objects[number_of(kid)] if isinstance(kid, bytes) else None
            if child is None or child["Type"] != "/StructElem":
                found.append(kid)
            elif child["S"] in WRAPPERS and PLAIN.issuperset(child) and child["Pg"] == holder.get("Pg"):
                found.extend(kids(child, holder, in_head))
            else:
                found.append(kid)
                child["P"] = holder.reference
                _scoped(child, in_head)
                child["K"] = kids(child, child, in_head or child["S"] == "/THead")
        return found

    tree["K"] = kids(tree, tree, in_head=False)
    return holders


def _scoped(cell: pydyf.Dictionary, in_head: bool) -> None:
    if cell["S"] not in ("/TH", "/TD"):
        return
    cell.pop("ID", None)
    attributes = cell.pop("A")
    attributes.pop("Headers", None)
    if cell["S"] == "/TH":
        attributes["Scope"] = "/Column" if in_head else "/Row"
    if len(attributes) > 1:  # more than whose attributes they are
        cell["A"] = attributes


def number_of(reference: bytes) -> int:
    """The number of the object that `12 0 R` refers to."""
    return int(reference.split(b" ", 1)[0])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _added(pdf: pydyf.PDF, value: Any) -> Any:
    pdf.add_object(value)
    return value
