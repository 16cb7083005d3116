"""What is hidden in the parts of an uploaded file: another file in a stream, a page with a script, chains of
filters that make a bomb.

Used by the inspecting program (`file_inspector`), and so without Django. A stream is unpacked for its first
bytes only: what it is stands there, and a picture of a scanned page may be a hundred megabytes.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterable
from typing import Any

#: What a browser would run, wherever it stands.
MARKUP = re.compile(
    rb"<\s*(?:script|html|iframe|object|embed|!doctype\s+html)[\s>/]|javascript\s*:", re.IGNORECASE
)
#: How files begin that have no place in a stream of a document: archives, programs, documents, scripts.
FOREIGN = (
    *(b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"),
    *(b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    *(b"{\\rtf", b"#!/", b"CWS", b"FWS", b"MSCF", b"\x4c\x00\x00\x00\x01\x14\x02\x00", b"<?php"),
)
FIRST_BYTES = 4096
#: So much of the packed content is enough for that.
PACKED = 64 * 1024
#: A filter for text around one that packs is all that programs write.
MOST_FILTERS = 2
#: Filters of pictures: the last of a chain, which is not undone.
PICTURES = {"/DCTDecode", "/DCT", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"}


def has_markup(content: bytes) -> bool:
    """Whether the bytes hold a page or a script that a browser would run."""
    return MARKUP.search(content) is not None


def filters_of(stream: Any) -> list[str] | None:
    """Return the names of a stream's filters; None when they are not written as any program writes them."""
    value = _direct(dict.get(stream, "/Filter"))
    names = [_direct(name) for name in value] if isinstance(value, list) else [value] if value else []
    return list(names) if all(isinstance(name, str) for name in names) else None


def _direct(value: Any) -> Any:
    """Return what a reference leads to, or the value itself."""
    return value.get_object() if hasattr(value, "get_object") else value


def is_chained(filters: list[str] | None) -> bool:
    """Whether a stream is packed more than once, or in more steps than any program writes."""
    return filters is None or len(filters) > MOST_FILTERS or len(set(filters)) < len(filters)


def is_foreign(stream: Any, packed: bytes) -> bool:
    """Whether the stream's content begins as another file does, or as a page that a browser would run."""
    beginning = first_bytes(packed, filters_of(stream) or [])
    return beginning is not None and (
        _is_windows_program(beginning)
        or beginning.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(FOREIGN)
        or has_markup(beginning)
    )


def _is_windows_program(beginning: bytes) -> bool:
    """Whether it begins as a program of Windows: two letters alone may be the first points of a picture."""
    where = int.from_bytes(beginning[60:64], "little")
    return beginning.startswith(b"MZ") and (
        beginning[where : where + 4] == b"PE\0\0" or b"This program" in beginning[:512]
    )


def first_bytes(packed: bytes, filters: Iterable[str]) -> bytes | None:
    """Return the first bytes of a stream as its filters make them; None of a picture, or of a broken one."""
    content = packed[:PACKED]
    for name in filters:
        if name in PICTURES:
            return None
        unpack = UNPACKED_BY.get(name)
        if unpack is None:
            return None
        try:
            content = unpack(content)
        except (zlib.error, binascii.Error, ValueError):
            return None
    return content[:FIRST_BYTES]


def _inflated(content: bytes) -> bytes:
    return zlib.decompressobj().decompress(content, FIRST_BYTES)


def _from_hex(content: bytes) -> bytes:
    digits = re.sub(rb"\s", b"", content.partition(b">")[0])
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


def _from_ascii85(content: bytes) -> bytes:
    text = re.sub(rb"\s", b"", content).removeprefix(b"<~").partition(b"~>")[0]
    return base64.a85decode(text[: len(text) // 5 * 5] if len(content) == PACKED else text)


def _from_run_lengths(content: bytes) -> bytes:
    out, at = bytearray(), 0
    while at < len(content) and len(out) < FIRST_BYTES and content[at] != 128:
        length = content[at]
        if length < 128:
            out += content[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            out += content[at + 1 : at + 2] * (257 - length)
            at += 2
    return bytes(out)


UNPACKED_BY: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("/FlateDecode", "/Fl"), _inflated),
    **dict.fromkeys(("/ASCIIHexDecode", "/AHx"), _from_hex),
    **dict.fromkeys(("/ASCII85Decode", "/A85"), _from_ascii85),
    **dict.fromkeys(("/RunLengthDecode", "/RL"), _from_run_lengths),
}
