"""A PDF document rendered part by part, so that it needs only the memory of its largest part.

1. WeasyPrint lays each part out as a document of its own, tagged as PDF/UA. Before it would be written
   (WeasyPrint's `finisher`) its pages, outline and structure are copied into the whole document, and the rest
   is freed.
2. All parts use one set of fonts, embedded once after the last part, when all glyphs are known.
3. When the number of pages is known, the sheets are drawn: header and footer of every page, with "page x of
   y". They lie below the pages as artifacts, which a screen reader skips.

The structure is simplified on the way: empty wrappers are left out, and a header cell has a `Scope` instead
of every cell naming its headers.
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
#: Elements that only wrap their content, as long as they have no other keys than PLAIN.
WRAPPERS = frozenset({"/NonStruct", "/Span"})
PLAIN = frozenset({"Type", "S", "K", "Pg", "P"})
#: Catalogue entries taken from the first part.
ABOUT = ("Lang", "Metadata", "ViewerPreferences", "MarkInfo")
SHEET = "JobFirstSheet"
FORM = {"Type": "/XObject", "Subtype": "/Form"}


@contextmanager
def freeze_garbage_collection() -> Iterator[None]:
    """Exclude the objects that exist now from garbage collection inside the block.

    Laying out a document makes and drops millions of objects; going through all of Django at every collection
    would take a quarter of the time.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class PartedPdf:
    """A PDF/UA-1 document to which parts are added one by one, and finally the sheets."""

    def __init__(self, base_url: str, fetcher: Callable[[], URLFetcher]) -> None:
        self._base_url, self._fetcher = base_url, fetcher
        self._font_config = FontConfiguration()
        self._used_fonts: dict[Any, Any] = {}  # WeasyPrint's own, with the glyphs used so far
        self._pdf = pydyf.PDF()
        self._fonts = _add_object(self._pdf, pydyf.Dictionary())
        self._root = _add_object(self._pdf, pydyf.Dictionary({"Type": "/StructTreeRoot"}))
        self._tree = _add_object(self._pdf, pydyf.Dictionary({"Type": "/StructElem", "S": "/Document"}))
        self._tree.update({"P": self._root.reference, "K": pydyf.Array()})
        self._root["K"] = pydyf.Array([self._tree.reference])
        self._parents = pydyf.Array()  # key, value, key, value …
        self._pages: list[pydyf.Dictionary] = []
        self._outlines: list[pydyf.Dictionary] = []

    @property
    def pages(self) -> int:
        """The number of pages so far."""
        return len(self._pages)

    def add(self, html: str) -> None:
        """Lay a part out and add it. The first part sets title and language."""
        self._draw(html, self._take, pdf_variant=VARIANT)

    def finish(self, sheets: str) -> bytes:
        """Return the document. `sheets` has one page for each of `pages`, with its header and footer.

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
        holders = simplify_structure(pdf.objects, tree)
        part.map_reference(tree.reference, self._tree)
        self._take_pages(part, pdf)
        self._take_outline(part, pdf)
        self._tree["K"].extend(part.of(tree["K"]))
        nums = part.source(root["ParentTree"])["Nums"]
        for key, value in zip(nums[::2], nums[1::2], strict=True):
            parent_references = [part.of(holders[number_of(item)]) for item in _as_list(value)]
            self._parents += [
                part.first_key + key,
                pydyf.Array(parent_references) if isinstance(value, list) else parent_references[0],
            ]
        if not self._pdf.info:
            self._pdf.info.update(pdf.info)
            self._pdf.catalog.update({name: part.of(pdf.catalog[name]) for name in ABOUT})
        part.write()

    def _take_pages(self, part: "_DocumentPart", pdf: pydyf.PDF) -> None:
        part.map_reference(pdf.pages.reference, self._pdf.pages)
        references = pdf.page_references
        pages = [pydyf.Dictionary() for _page in references]
        for reference, page in zip(references, pages, strict=True):
            self._pdf.add_page(page)
            part.map_reference(reference, page)
        resources = part.source(part.source(references[0])["Resources"])
        part.map_reference(resources["Font"], self._fonts)
        resources = part.of(resources)
        for reference, page in zip(references, pages, strict=True):
            page.update(part.of(part.source(reference)), Resources=resources)
        self._pages += pages

    def _take_outline(self, part: "_DocumentPart", pdf: pydyf.PDF) -> None:
        """Add the entries of the part's outline to the whole document's."""
        outline = part.source(pdf.catalog["Outlines"]) if "Outlines" in pdf.catalog else {}
        following = outline.get("First")
        while following:
            source = part.source(following)
            following = source.get("Next")
            entry = _add_object(self._pdf, pydyf.Dictionary())
            part.map_reference(source.reference, entry)
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
        part.map_reference(resources["Font"], self._fonts)
        resources = _add_object(self._pdf, part.of(resources)).reference
        draw = f"/Artifact <</Type/Pagination>> BDC q /{SHEET} Do Q EMC".encode()
        under = _add_object(self._pdf, pydyf.Stream([draw])).reference
        for page, reference in zip(self._pages, references, strict=True):
            sheet = part.source(reference)
            extra = {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": sheet["MediaBox"],
                "Resources": resources,
            }
            content = part.source(sheet["Contents"]).stream
            form = _add_object(self._pdf, _WrittenObject(pydyf.Stream(content, extra, compress=True)))
            images = pydyf.Dictionary({**page["Resources"]["XObject"], SHEET: form.reference})
            page["Resources"] = pydyf.Dictionary({**page["Resources"], "XObject": images})
            page["Contents"] = pydyf.Array([under, page["Contents"]])
        part.write()

    def _close_structure(self) -> None:
        self._root["ParentTree"] = _add_object(self._pdf, pydyf.Dictionary({"Nums": self._parents})).reference
        self._root["ParentTreeNextKey"] = len(self._parents) // 2
        self._pdf.catalog["StructTreeRoot"] = self._root.reference

    def _close_outline(self) -> None:
        if not self._outlines:
            return
        first, last = self._outlines[0], self._outlines[-1]
        entry_count = sum(1 + max(0, entry["Count"]) for entry in self._outlines)
        outline = {"Count": entry_count, "First": first.reference, "Last": last.reference}
        root = _add_object(self._pdf, pydyf.Dictionary(outline)).reference
        for entry in self._outlines:
            entry["Parent"] = root
        for entry, following in zip(self._outlines, self._outlines[1:], strict=False):
            entry["Next"], following["Prev"] = following.reference, entry.reference
        self._pdf.catalog["Outlines"] = root


class _WrittenObject(pydyf.Object):
    """A PDF object as bytes; the object it was made from can be freed."""

    data = b"null"
    compressible = True  # may be stored in an object stream

    def __init__(self, value: pydyf.Object | None = None) -> None:
        super().__init__()
        if value is not None:
            self.write(value)

    def write(self, value: pydyf.Object) -> None:
        """Serialise the object."""
        self.data = value.data
        self.compressible = not isinstance(value, pydyf.Stream)


class _DocumentPart:
    """The PDF that WeasyPrint made of one part; copies the referenced objects into the whole document."""

    def __init__(self, source: pydyf.PDF, target: pydyf.PDF, first_key: int = 0) -> None:
        self._objects, self._target = source.objects, target
        self._taken: dict[int, pydyf.Object] = {}
        self._unwritten: list[tuple[int, _WrittenObject]] = []
        self.first_key = first_key

    def source(self, reference: bytes) -> Any:
        """Return the part's object of a reference."""
        return self._objects[number_of(reference)]

    def map_reference(self, reference: bytes, target: pydyf.Object) -> None:
        """Map the part's reference to an object of the whole document."""
        self._taken[number_of(reference)] = target

    def of(self, value: Any) -> Any:
        """Return the value with its references changed to those of the whole document."""
        if isinstance(value, bytes):
            match = REFERENCE.fullmatch(value)
            return self._taken_over(int(match[1])).reference if match else value
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
            written = _add_object(self._target, _WrittenObject())
            self._taken[number] = written
            self._unwritten.append((number, written))
        return self._taken[number]

    def write(self) -> None:
        """Serialise all referenced objects, and those that they refer to."""
        while self._unwritten:
            number, written = self._unwritten.pop()
            written.write(self.of(self._objects[number]))


def simplify_structure(objects: list[Any], tree: pydyf.Dictionary) -> dict[int, bytes]:
    """Remove the empty wrappers below `tree` and set the scope of header cells.

    Returns, by the number of each element, the reference of the element that now has its content: itself or
    the one around it. A header cell in a table's head is the header of its column, any other of its row.
    """
    holders: dict[int, bytes] = {}

    def kids(element: pydyf.Dictionary, holder: pydyf.Dictionary, in_head: bool) -> pydyf.Array:
        kept_kids = pydyf.Array()
        holders[element.number] = holder.reference
        for kid in element["K"]:
            child = objects[number_of(kid)] if isinstance(kid, bytes) else None
            if child is None or child["Type"] != "/StructElem":
                kept_kids.append(kid)
            elif child["S"] in WRAPPERS and PLAIN.issuperset(child) and child["Pg"] == holder.get("Pg"):
                kept_kids.extend(kids(child, holder, in_head))
            else:
                kept_kids.append(kid)
                child["P"] = holder.reference
                _set_scope(child, in_head)
                child["K"] = kids(child, child, in_head or child["S"] == "/THead")
        return kept_kids

    tree["K"] = kids(tree, tree, in_head=False)
    return holders


def _set_scope(cell: pydyf.Dictionary, in_head: bool) -> None:
    if cell["S"] not in ("/TH", "/TD"):
        return
    cell.pop("ID", None)
    attributes = cell.pop("A")
    attributes.pop("Headers", None)
    if cell["S"] == "/TH":
        attributes["Scope"] = "/Column" if in_head else "/Row"
    if len(attributes) > 1:  # more than the owner key
        cell["A"] = attributes


def number_of(reference: bytes) -> int:
    """Return the object number of a reference such as `12 0 R`."""
    return int(reference.split(b" ", 1)[0])


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _add_object(pdf: pydyf.PDF, value: Any) -> Any:
    pdf.add_object(value)
    return value
