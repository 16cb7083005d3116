"""A program of its own that inspects one uploaded file and prints its verdict.

    file_inspector.py KIND < FILE     (started by jobfirst.files.limited_process)

KIND is `pdf`, `png` or `jpeg`; the answer is one word on standard output: `whole`, `active` (a PDF with a
program or other files in it) or `broken`. Decoders are where crafted files do harm, so they run here: without
Django, the database and the keys, within limits of memory and time. The caller takes every other ending, by
an error, a signal or a limit, for `broken`.
"""

import contextlib
import io
import re
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from grants.expenses.hidden_content import filters_of, has_markup, is_chained, is_foreign
from jobfirst.files import limited_process

WHOLE, ACTIVE, BROKEN = "whole", "active", "broken"

MEMORY = 512 * 1024 * 1024  # address space, bytes; the interpreter and the decoder are about 100 MB of it
CPU_SECONDS = 5
#: The limit of inflated data per PDF, bytes. Only object streams are inflated, not the contents of pages.
INFLATED = 16 * 1024 * 1024
MAX_PAGES = 200
MAX_PIXELS = 36_000_000  # an A4 page at 600 dots per inch has 35 million

PADDING = b"\0\t\n\r \x1a"


def limit() -> None:
    """Limit the memory and processor time of this process."""
    limited_process.limit(memory=MEMORY, cpu_seconds=CPU_SECONDS)


def load(kind: str) -> None:
    """Import the decoder before the limits hold: the interpreter may write compiled files."""
    if kind == "pdf":
        import pypdf  # noqa: F401
    else:
        from PIL import Image, JpegImagePlugin, PngImagePlugin  # noqa: F401


def verdict(kind: str, content: bytes) -> str:
    """Return the verdict: WHOLE, ACTIVE or BROKEN. Raises whatever the decoders raise."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        return BROKEN  # an archive behind or inside it: two files in one
    if has_markup(content):
        return ACTIVE if kind == "pdf" else BROKEN  # a page with a script inside it: likewise
    if kind == "pdf":
        return pdf(content)
    return image(content, kind)


# Pictures


def image(content: bytes, kind: str) -> str:
    """Return the verdict on a picture: decoded to its last line, with nothing behind its end."""
    from PIL import Image

    end = (_png_end if kind == "png" else _jpeg_end)(content, 0)
    if end is None or not _only_padding(content, end, kind):
        return BROKEN
    warnings.simplefilter("error")
    with Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return BROKEN
        picture.load()
        return BROKEN if kind == "jpeg" and _ends_grey(picture) else WHOLE


def _png_end(content: bytes, at: int) -> int | None:
    at += 8
    while at + 12 <= len(content):
        name = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if name == b"IEND":
            return at if at <= len(content) else None
    return None


def _jpeg_end(content: bytes, at: int) -> int | None:
    """Return where the picture that begins at `at` ends, by its segments; None when it is cut off."""
    at += 2
    while at + 4 <= len(content) or content[at : at + 2] == b"\xff\xd9":
        marker = content[at + 1]
        if content[at] != 0xFF:
            return None
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
            if marker == 0xDA:  # the lines themselves follow, up to the next marker that is none of theirs
                following = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL).search(content, at)
                if following is None:
                    return None
                at = following.start()
    return None


def _only_padding(content: bytes, end: int, kind: str) -> bool:
    """Whether nothing follows but what telephones put behind a JPEG: further pictures, a trailer."""
    while rest := content[end:].lstrip(PADDING):
        at = len(content) - len(rest)
        following = _jpeg_end(content, at) if kind == "jpeg" and rest.startswith(b"\xff\xd8\xff") else None
        if following is None:
            return kind == "jpeg" and _is_telephone_trailer(rest)
        end = following
    return True


def _is_telephone_trailer(rest: bytes) -> bool:
    """Samsung's: blocks, then a directory that says how far back each of them lies, then its own length."""
    directory = len(rest) - 8 - int.from_bytes(rest[-8:-4], "little")
    if not rest.endswith(b"SEFT") or directory < 0 or rest[directory : directory + 4] != b"SEFH":
        return False
    count = int.from_bytes(rest[directory + 8 : directory + 12], "little")
    entries = [rest[at : at + 12] for at in range(directory + 12, len(rest) - 8, 12)]
    back = [int.from_bytes(entry[4:8], "little") for entry in entries]
    return len(entries) == count > 0 and max(back) == directory


def _ends_grey(picture: Any) -> bool:
    """Whether the last lines are uniform grey, with which a decoder silently fills a cut-off JPEG."""
    if picture.height <= 16:
        return False
    last_lines = picture.crop((0, max(0, picture.height - 8), picture.width, picture.height)).getextrema()
    bands = last_lines if isinstance(last_lines[0], tuple) else (last_lines,)
    return all(band in {(127, 127), (128, 128)} for band in bands)


# PDF

#: Kinds of actions that a voucher does not need; links to an address or a page are not among them.
ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/GoToR",
    "/GoTo3DView",
    "/Rendition",
    "/RichMediaExecute",
    "/Movie",
    "/Sound",
}
KEYS = {"/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
KINDS = {"/RichMedia", "/FileAttachment", "/EmbeddedFile", "/Screen", "/Movie", "/Sound", "/3D"}
#: Addresses of links that run something or open a file of the machine.
SCRIPT_ADDRESS = re.compile(r"\s*(?:javascript|vbscript|data|file)\s*:|\s*\\\\", re.IGNORECASE)
#: The keys of additional actions (`AA`). A font may also be called `AA`: it has none of these keys.
TRIGGERS = {"/E", "/X", "/D", "/U", "/Fo", "/Bl", "/PO", "/PC", "/PV", "/PI", "/O", "/C", "/K", "/F", "/V"}
TRIGGERS |= {"/WC", "/WS", "/DS", "/WP", "/DP"}
#: The same in plain bytes, for objects that no table of the file lists.
IN_BYTES = re.compile(
    rb"/S\s*(?:" + "|".join(sorted(ACTIONS)).encode() + rb")\b"
    rb"|/(?:JavaScript|EmbeddedFiles)\s*(?:<<|\[|\d+\s+\d+\s+R\b)"
)


class TooMuchError(BaseException):
    """More was inflated than allowed. A BaseException, so that no decoder's `except Exception` catches it."""


def pdf(content: bytes) -> str:
    """Return the verdict on a PDF, read to its last page and its last object."""
    from pypdf import PdfReader, filters

    if not _is_complete(content):
        return BROKEN
    filters.decompress = limit_inflation(filters.decompress)  # type: ignore[assignment]  # counts, else alike
    reader = PdfReader(io.BytesIO(content), strict=False)
    if "/Encrypt" in reader.trailer or not 0 < len(reader.pages) <= MAX_PAGES:
        return BROKEN
    for page in reader.pages:
        _box = page.mediabox
    pdf_objects = list(objects(reader))
    inflated = [item.get_data() for item in pdf_objects if _kind(item, "/Type") == "/ObjStm"]
    streams = [item for item in pdf_objects if hasattr(item, "_data")]
    if any(is_chained(filters_of(stream)) for stream in streams):
        return BROKEN
    is_named_in_bytes = any(
        IN_BYTES.search(_unescaped(data)) for data in (content, *inflated, *unlisted_object_streams(content))
    )
    hides_a_file = any(_holds_file(stream) for stream in streams)
    is_any_active = any(map(is_active, _dictionaries([*pdf_objects, reader.trailer])))
    return ACTIVE if is_named_in_bytes or hides_a_file or is_any_active else WHOLE


def _holds_file(stream: Any) -> bool:
    """Whether the stream's content is another file, or lies in another file. (Fonts begin as they like.)"""
    if "/F" in stream or "/FFilter" in stream:
        return True
    return is_foreign(stream, stream._data if isinstance(stream._data, bytes) else stream._data.encode())


def _is_complete(content: bytes) -> bool:
    """Whether it ends as a PDF ends, with its last table inside it and nothing behind."""
    ends = list(re.finditer(rb"startxref\s+(\d{1,10})\s+%%EOF", content))
    return bool(ends) and int(ends[-1][1]) < ends[-1].start() and not content[ends[-1].end() :].strip(PADDING)


def limit_inflation(decompress: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Return `decompress` with a limit: TooMuchError beyond INFLATED bytes in all."""
    spent = 0

    def inflate(data: bytes) -> bytes:
        nonlocal spent
        # Measured first in pieces that are thrown away, so that a bomb never lies in memory.
        measure, rest, size = zlib.decompressobj(), data, 0
        with contextlib.suppress(zlib.error):
            while rest and not measure.eof:
                size += len(measure.decompress(rest, 1024 * 1024))
                rest = measure.unconsumed_tail
                if spent + size > INFLATED:
                    raise TooMuchError
        inflated = decompress(data)
        spent += len(inflated)
        if spent > INFLATED:
            raise TooMuchError
        return inflated

    return inflate


def objects(reader: Any) -> Iterator[Any]:
    """Yield every object that the file's tables list."""
    from pypdf.generic import IndirectObject

    numbers = {(number, generation) for generation, row in reader.xref.items() for number in row}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        yield reader.get_object(IndirectObject(number, generation, reader))


def unlisted_object_streams(content: bytes) -> Iterator[bytes]:
    """Yield the content of object streams found in the bytes, listed in a table or not."""
    left = INFLATED
    for stream in re.finditer(rb"/ObjStm\b.{0,400}?\bstream\r?\n", content, re.DOTALL):
        end = content.find(b"endstream", stream.end())
        with contextlib.suppress(zlib.error):
            inflated = zlib.decompressobj().decompress(content[stream.end() : end if end > 0 else None], left)
            left -= len(inflated)
            if left <= 0:
                raise TooMuchError
            yield inflated


def _dictionaries(pdf_objects: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield every dictionary in the objects. References are not followed: all objects are passed in."""
    waiting = list(pdf_objects)
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(dict.values(item))
        elif isinstance(item, list):
            waiting.extend(list.__iter__(item))


def is_active(dictionary: dict[str, Any]) -> bool:
    """Whether the dictionary starts a program, opens something by itself, or holds another file."""
    if (
        _kind(dictionary, "/S") in ACTIONS
        or KEYS & dictionary.keys()
        or _kind(dictionary, "/Subtype") in KINDS
        or _kind(dictionary, "/Type") in {"/EmbeddedFile", "/Filespec"}
        or SCRIPT_ADDRESS.match(_kind(dictionary, "/URI") or "")
    ):
        return True
    if "/JS" in dictionary and ("/S" in dictionary or not isinstance(_value(dictionary, "/JS"), dict)):
        return True
    additional_actions = _value(dictionary, "/AA")
    if isinstance(additional_actions, dict) and TRIGGERS & additional_actions.keys():
        return True
    open_action = _value(dictionary, "/OpenAction")
    return isinstance(open_action, dict) and (_kind(open_action, "/S") != "/GoTo" or "/Next" in open_action)


def _value(dictionary: dict[str, Any], key: str) -> Any:
    value: Any = dict.get(dictionary, key)
    return value.get_object() if hasattr(value, "get_object") else value


def _kind(item: Any, key: str) -> str | None:
    value = _value(item, key) if isinstance(item, dict) else None
    return str(value) if isinstance(value, str) else None


def _unescaped(data: bytes) -> bytes:
    """Return the bytes with escaped names resolved: #4A is J."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda pair: bytes([int(pair[1], 16)]), data)


def main() -> None:
    """Read the file from standard input and print the verdict."""
    load(sys.argv[1])
    limit()
    try:
        answer = verdict(sys.argv[1], sys.stdin.buffer.read())
    except (Exception, TooMuchError):
        answer = BROKEN
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
