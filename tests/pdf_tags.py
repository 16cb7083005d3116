"""The tagging of a PDF document for screen readers: marks, structure, outline."""

import io

from pypdf import PdfReader
from pypdf.generic import ContentStream, IndirectObject

STRUCTURE = {
    "Document",
    "Part",
    "Sect",
    "Div",
    "P",
    "H1",
    "H2",
    "H3",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Span",
    "NonStruct",
}
STRUCTURE |= {"Table", "THead", "TBody", "TFoot", "TR", "TH", "TD", "Caption", "Figure", "Link"}
SHOWS = {b"Tj", b"TJ", b"'", b'"', b"Do", b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"}


class Tags:
    """The structure of a document, read once. `faults` lists everything that is wrong with it."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content))
        self.catalog = self.reader.trailer["/Root"]
        self.faults: list[str] = []
        self.elements: dict[int, list] = {}  # number of an element: its kids
        self._about()
        root = self.catalog["/StructTreeRoot"]
        self._walk(root, root["/K"], path=())
        self._parents = self._parent_tree(root)
        for page in self.reader.pages:
            self._page(page)

    def _expect(self, holds: object, fault: str) -> None:
        if not holds:
            self.faults.append(fault)

    def _about(self) -> None:
        catalog = self.catalog
        self._expect(catalog.get("/MarkInfo", {}).get("/Marked"), "not marked")
        self._expect(catalog.get("/Lang"), "no language")
        self._expect(catalog.get("/ViewerPreferences", {}).get("/DisplayDocTitle"), "title not shown")
        self._expect(self.reader.metadata.title, "no title")
        metadata = catalog["/Metadata"].get_data()
        self._expect(b'pdfuaid:part="1"' in metadata, "not PDF/UA-1")
        self._expect(self.reader.metadata.title.encode() in metadata, "another title in the metadata")

    def _walk(self, parent, kids, path: tuple[str, ...]) -> None:
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, IndirectObject):
                continue
            element = kid.get_object()
            if element.get("/Type") == "/OBJR":
                continue
            kind = element["/S"][1:]
            self._expect(kind in STRUCTURE, f"{kind} is no kind of element")
            self._expect(element["/P"].get_object() == parent, f"{kind} has another parent")
            self._expect(kid.idnum not in self.elements, f"{kind} stands twice in the tree")
            self.elements[kid.idnum] = list(element["/K"])
            if kind == "TH":
                scope = "/Column" if "THead" in path else "/Row"
                self._expect(element.get("/A", {}).get("/Scope") == scope, f"TH in {path} without {scope}")
            if kind in ("TH", "TD"):
                self._expect(path[-1] == "TR", f"{kind} in {path}")
            if kind == "TR":
                self._expect(path[-1] in ("Table", "THead", "TBody", "TFoot"), f"TR in {path}")
            self._walk(element, element["/K"], (*path, kind))

    def _parent_tree(self, root) -> dict[int, list]:
        nums = root["/ParentTree"]["/Nums"]
        keys = [int(key) for key in nums[::2]]
        self._expect(keys == sorted(set(keys)), "keys of the parent tree out of order")
        return dict(zip(keys, nums[1::2], strict=True))

    def _page(self, page) -> None:
        name = f"page {self.reader.get_page_number(page) + 1}"
        self._expect(page.get("/Tabs") == "/S", f"{name}: tab order")
        held = list(self._parents[page["/StructParents"]])
        marks, depth = [], []
        for operands, operator in ContentStream(page["/Contents"], self.reader).operations:
            if operator in (b"BDC", b"BMC"):
                properties = operands[1] if operator == b"BDC" else {}
                depth.append((operands[0], properties.get("/MCID")))
                if "/MCID" in properties:
                    marks.append(properties["/MCID"])
            elif operator == b"EMC":
                depth.pop()
            elif operator in SHOWS:
                inside = [1 for tag, mark in depth if mark is not None or tag == "/Artifact"]
                self._expect(inside, f"{name}: {operator} is neither content nor artifact")
        self._expect(not depth, f"{name}: marks left open")
        self._expect(sorted(marks) == list(range(len(held))), f"{name}: {len(marks)} marks, {len(held)} held")
        for mark, holder in enumerate(held):
            self._expect(holder.idnum in self.elements, f"{name}: mark {mark} is not in the tree")
            self._expect(
                mark in self.elements.get(holder.idnum, []), f"{name}: mark {mark} not in its element"
            )
            at = holder.get_object().get("/Pg")
            self._expect(at and at.get_object() == page.get_object(), f"{name}: mark {mark} of another page")
        for font in page["/Resources"]["/Font"].values():
            self._font(name, font.get_object())

    def _font(self, name: str, font) -> None:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        self._expect({"/FontFile2", "/FontFile3"} & descriptor.keys(), f"{name}: a font is not embedded")
        self._expect("/ToUnicode" in font, f"{name}: a font without its letters")

    def kinds(self) -> list[str]:
        """Return the kinds of all elements in reading order."""
        kinds_found = []

        def walk(kids) -> None:
            for kid in kids if isinstance(kids, list) else [kids]:
                if isinstance(kid, IndirectObject) and kid.get_object().get("/Type") != "/OBJR":
                    kinds_found.append(kid.get_object()["/S"][1:])
                    walk(kid.get_object()["/K"])

        walk(self.catalog["/StructTreeRoot"]["/K"])
        return kinds_found

    def outline(self) -> list:
        """Return the titles of the outline; subordinate titles are nested lists."""

        def titles(items):
            return [titles(item) if isinstance(item, list) else item.title for item in items]

        return titles(self.reader.outline)
