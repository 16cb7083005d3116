"""Files hidden in files: streams that hold another file, pages with scripts, chains of filters, polyglots."""

import base64
import io
import time
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    TextStringObject,
)

from grants.expenses import files, hidden_content
from tests.grants.factories import pdf

UNREADABLE, ACTIVE = "kan læses", "et program eller andre filer"
PROGRAM = b"MZ" + b"\0" * 58 + b"\x40\0\0\0PE\0\0"
HTML = b"<html><script>fetch('/')</script></html>"


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive_file:
        archive_file.writestr("a.txt", b"text")
    return out.getvalue()


def with_stream(content, filters=(), **entries):
    """A PDF of one page with a stream that nothing refers to; `content` as it stands in the file."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    stream = EncodedStreamObject() if filters else DecodedStreamObject()
    stream._data = content
    if filters:
        names = [NameObject(name) for name in filters]
        stream[NameObject("/Filter")] = names[0] if len(names) == 1 else ArrayObject(names)
    for name, value in entries.items():
        stream[NameObject(f"/{name}")] = value
    reference = writer._add_object(stream)
    writer.root_object[NameObject("/Kept")] = reference
    writer.write(out)
    return out.getvalue()


def with_entry(**entries):
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    for name, value in entries.items():
        writer.root_object[NameObject(f"/{name}")] = value
    writer.write(out)
    return out.getvalue()


def link_to(address):
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(address)}
    )
    return with_entry(Kept=action)


def nested(times):
    content = b"0" * 1000
    for _ in range(times):
        content = zlib.compress(content)
    return with_stream(content, ["/FlateDecode"] * times)


def flate(content):
    return zlib.compress(content), ["/FlateDecode"]


def hex_of_flate(content):
    return zlib.compress(content).hex().encode() + b">", ["/ASCIIHexDecode", "/FlateDecode"]


def base85_of_flate(content):
    return base64.a85encode(zlib.compress(content)) + b"~>", ["/ASCII85Decode", "/FlateDecode"]


def plain(content):
    return content, []


def run_lengths(content):
    assert len(content) <= 128
    return bytes([len(content) - 1]) + content + b"\x80", ["/RunLengthDecode"]


@pytest.mark.parametrize("pack", [flate, hex_of_flate, base85_of_flate, plain, run_lengths])
def test_a_page_with_a_script_in_a_stream_is_found_however_it_is_packed(pack):
    assert_refused("a.pdf", with_stream(*pack(HTML)), ACTIVE)


@pytest.mark.parametrize(
    "content",
    [
        archive(),
        b"%PDF-1.7 another",
        b"MZ" + b"\0" * 58 + b"\x40\0\0\0PE\0\0",
        b"\x7fELF\x02",
        b"#!/bin/sh\n",
    ],
    ids=["zip", "pdf", "exe", "elf", "script"],
)
def test_another_file_in_a_stream_is_found(content):
    assert_refused("a.pdf", with_stream(*hex_of_flate(content)), ACTIVE)


def test_what_lies_in_another_file_is_refused():
    assert_refused("a.pdf", with_stream(b"x", F=TextStringObject("\\\\evil\\share")), ACTIVE)


@pytest.mark.parametrize(
    "entry",
    [
        {"Kept": DictionaryObject({NameObject("/Type"): NameObject("/Filespec")})},
        {"Kept": DictionaryObject({NameObject("/Type"): NameObject("/EmbeddedFile")})},
        {"OpenAction": DictionaryObject({NameObject("/S"): NameObject("/Launch")})},
    ],
)
def test_an_entry_that_names_a_file_or_starts_something_is_refused(entry):
    assert_refused("a.pdf", with_entry(**entry), ACTIVE)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript : x", "file:///etc/passwd", "\\\\a\\b"]
)
def test_a_link_that_runs_something_is_refused(address):
    assert_refused("a.pdf", link_to(address), ACTIVE)


def test_a_link_to_a_page_is_taken():
    assert check("a.pdf", link_to("https://kommune.dk/kvittering")).kind == "pdf"


@pytest.mark.parametrize("times", [2, 3, 12])
def test_a_stream_that_is_packed_more_than_once_is_refused_soon(times):
    started_at = time.monotonic()
    assert_refused("bomb.pdf", nested(times))
    assert time.monotonic() - started_at < files.INSPECTION_SECONDS


def test_a_large_picture_in_a_document_is_looked_at_in_its_beginning_only():
    scan = zlib.compress(b"\xff" * 60_000_000, 9)
    assert check("scan.pdf", with_stream(scan, ["/FlateDecode"])).kind == "pdf"


def test_a_document_that_is_a_page_of_the_web_as_well_is_refused():
    head, _line, rest = pdf().partition(b"\n")
    content = head + b"\n%" + HTML + b"\n" + rest
    assert PdfReader(io.BytesIO(content)).pages
    assert_refused("a.pdf", content, ACTIVE)


def test_a_document_that_is_an_archive_as_well_is_refused():
    assert_refused("a.pdf", pdf() + archive())
    head, _line, rest = pdf().partition(b"\n")
    assert_refused("a.pdf", head + b"\n%" + archive() + b"\n" + rest)


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_picture_with_a_page_of_the_web_in_its_text_is_refused(kind):
    out = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", HTML.decode())
    options = {"pnginfo": text} if kind == "png" else {"comment": HTML}
    Image.new("RGB", (20, 20)).save(out, kind, **options)
    assert_refused(f"a.{kind}", out.getvalue())


def test_a_picture_whose_text_is_a_bomb_is_refused():
    out = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 80_000_000, zip=True)
    Image.new("RGB", (20, 20)).save(out, "png", pnginfo=text)
    assert_refused("a.png", out.getvalue())


def test_the_first_bytes_of_an_unknown_filter_or_a_broken_stream_are_nothing():
    assert hidden_content.first_bytes(b"x", ["/Unknown"]) is None
    assert hidden_content.first_bytes(b"no stream", ["/FlateDecode"]) is None
    assert hidden_content.first_bytes(b"x", ["/DCTDecode"]) is None
    assert hidden_content.first_bytes(b"xyz" * 4096, []) == (b"xyz" * 4096)[:4096]


def check(name, content):
    return files.check(SimpleUploadedFile(name, content))


def assert_refused(name, content, message=UNREADABLE):
    with pytest.raises(ValidationError, match=message):
        check(name, content)
