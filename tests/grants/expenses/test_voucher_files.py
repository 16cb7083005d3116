"""The check of uploaded files: malformed and active files are refused within limits of time and memory."""

import io
import re
import subprocess
import sys
import time
import zipfile
import zlib

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from grants.expenses import files as voucher_files
from tests.grants.factories import pdf

UNREADABLE, ACTIVE = "kan læses", "et program eller andre filer"


def check_file(name, content):
    return voucher_files.check(SimpleUploadedFile(name, content))


def assert_refused(name, content, message=UNREADABLE):
    started_at = time.monotonic()
    with pytest.raises(ValidationError, match=message):
        check_file(name, content)
    assert time.monotonic() - started_at < voucher_files.INSPECTION_SECONDS + 5


def picture(kind, size=(640, 480), mode="RGB", **options):
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(out, kind, **options)
    return out.getvalue()


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive_file:
        archive_file.writestr("program.exe", b"MZ")
    return out.getvalue()


def stream(number, head, content):
    return b"%d 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        head,
        len(content),
        content,
    )


def pdf_with_object_streams(*pdf_objects, root=b"", kind=b"/ObjStm"):
    """Return a PDF 1.5 of one page with the objects in compressed object streams, one for each."""
    body, where = bytearray(b"%PDF-1.5\n"), {}
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    }
    groups = [objects] + [{10 + at: pdf_object} for at, pdf_object in enumerate(pdf_objects)]
    entries = {}
    for at, group in enumerate(groups):
        head, rest = b"", b""
        for index, (number, written) in enumerate(group.items()):
            head += b"%d %d " % (number, len(rest))
            rest += written + b" "
            entries[number] = (2, 50 + at, index)
        where[50 + at] = len(body)
        first = b"/Type %s /Filter /FlateDecode /N %d /First %d" % (kind, len(group), len(head))
        body += stream(50 + at, first, zlib.compress(head + rest, 9))
    entries |= {number: (1, offset, 0) for number, offset in where.items()}
    start = len(body)
    entries[90] = (1, start, 0)
    rows = b"".join(
        bytes([entries.get(number, (0, 0, 0))[0]])
        + entries.get(number, (0, 0, 0))[1].to_bytes(4, "big")
        + entries.get(number, (0, 0, 0))[2].to_bytes(2, "big")
        for number in range(91)
    )
    body += stream(90, b"/Type /XRef /Size 91 /W [1 4 2] /Root 1 0 R", rows)
    return bytes(body) + b"startxref\n%d\n%%%%EOF\n" % start


def pdf_with_catalogue_entries(**pdf_objects):
    """Return a PDF of one page with these entries in its catalogue."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    for name, value in pdf_objects.items():
        writer.root_object[NameObject(f"/{name}")] = value
    writer.write(out)
    return out.getvalue()


def action(kind, **more):
    rest = {NameObject(f"/{name}"): value for name, value in more.items()}
    return DictionaryObject({NameObject("/S"): NameObject(f"/{kind}"), **rest})


HIDDEN = zlib.compress(b"77 0 << /S /JavaScript /JS (x) >>")
SCRIPT = TextStringObject("app.alert(1)")


def pdf_with_script():
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    script = writer._add_object(action("JavaScript", JS=SCRIPT))
    names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), script])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})
    writer.write(out)
    return out.getvalue()


def pdf_with_attachment():
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_attachment("program.exe", b"MZ")
    writer.write(out)
    return out.getvalue()


GOTO = ArrayObject([NumberObject(0), NameObject("/Fit")])
PLAIN = {
    "page.pdf": pdf,
    "streams.pdf": lambda: pdf_with_object_streams(b"<< /S /URI /URI (https://example.dk/JavaScript/1) >>"),
    "opens-a-page.pdf": lambda: pdf_with_catalogue_entries(OpenAction=action("GoTo", D=GOTO)),
    "opens-at.pdf": lambda: pdf_with_catalogue_entries(OpenAction=GOTO),
    "font-called-aa.pdf": lambda: pdf_with_object_streams(
        b"<< /Font << /AA << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> /JS << /Type /Font >> >> >>"
    ),
    "padded.pdf": lambda: pdf() + b"\r\n\0\0",
    "scan.png": lambda: picture("PNG"),
    "grey.png": lambda: picture("PNG", mode="L"),
    "photo.jpg": lambda: picture("JPEG", quality=80),
    "progressive.jpg": lambda: picture("JPEG", progressive=True),
    "padded.jpg": lambda: picture("JPEG") + b"\0" * 500,
    "two-in-one.jpg": lambda: picture("JPEG") + picture("JPEG", (64, 48)),
    "telephone.jpg": lambda: picture("JPEG") + telephone_trailer(b"Image_UTC_Data1462190400"),
}


def telephone_trailer(block):
    entry = b"\0\0\x01\x0a" + len(block).to_bytes(4, "little") + len(block).to_bytes(4, "little")
    directory = b"SEFH" + b"\x6b\0\0\0" + b"\x01\0\0\0" + entry
    return block + directory + len(directory).to_bytes(4, "little") + b"SEFT"


@pytest.mark.parametrize("name", PLAIN)
def test_an_ordinary_file_is_taken(name):
    content = PLAIN[name]()
    assert check_file(name, content).content == content


def test_a_thumbnail_may_be_grey():
    out = io.BytesIO()
    Image.new("RGB", (2, 2), (128, 128, 128)).save(out, "JPEG")
    assert check_file("small.jpg", out.getvalue()).kind == "jpeg"


def test_a_scanned_page_at_600_dots_per_inch_is_taken():
    out = io.BytesIO()
    Image.new("RGB", (4960, 7016), "white").save(out, "JPEG")
    assert check_file("a4.jpg", out.getvalue()).kind == "jpeg"


@pytest.mark.parametrize("mode", ["1", "RGBA"])
def test_a_picture_with_too_many_points_is_refused(mode):
    out = io.BytesIO()
    Image.new(mode, (7000, 7100)).save(out, "PNG")
    assert_refused("huge.png", out.getvalue())


@pytest.mark.parametrize("kind", [b"/ObjStm", b"/Obj#53tm"])
@pytest.mark.parametrize(("streams", "inflated"), [(1, 40_000_000), (3, 7_000_000)])
def test_object_streams_that_inflate_too_much_are_refused_soon(kind, streams, inflated):
    content = pdf_with_object_streams(*[b"1" + b" " * inflated] * streams, kind=kind)
    assert len(content) < 60_000
    started_at = time.monotonic()
    assert_refused("bomb.pdf", content)
    assert time.monotonic() - started_at < 5


def test_an_object_of_millions_of_numbers_is_refused():
    assert_refused("numbers.pdf", pdf_with_object_streams(b"[" + b"1 " * 7_000_000 + b"]"))


@pytest.mark.parametrize(
    "encrypt",
    [
        b"<< /Filter /Standard /V 9 /R 9 /O (x) /U (x) /P -1 >>",
        b"<< /Filter /Standard /V 4 /R 4 /Length 128 /O (x) /U (x) /P -1 >>",
    ],
)
def test_an_encrypted_file_is_refused_however_it_is_encrypted(encrypt):
    content = pdf().replace(b"/Root", b"/Encrypt %s /Root" % encrypt, 1)
    assert_refused("locked.pdf", content)


def test_a_file_locked_against_printing_is_refused():
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(out)
    assert_refused("locked.pdf", out.getvalue())


def test_every_failure_of_the_check_is_a_refusal(monkeypatch, tmp_path):
    for at, program in enumerate(
        [
            "raise RuntimeError",
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "import sys; sys.stdin.buffer.read(); import time; time.sleep(30)",
            "print('whole'); raise SystemExit(3)",
            "pass",
        ]
    ):
        checker = tmp_path / f"{at}.py"
        checker.write_text(program)
        monkeypatch.setattr(voucher_files, "INSPECTOR", checker)
        monkeypatch.setattr(voucher_files, "INSPECTION_SECONDS", 1.0)
        assert_refused("a.pdf", pdf())


def test_the_inspector_has_limits_and_no_keys(monkeypatch, tmp_path):
    monkeypatch.setenv("JOBFIRST_CPR_KEYS", "1:secret")
    checker = tmp_path / "probe.py"
    checker.write_text(
        f"import sys; sys.path.insert(0, {str(voucher_files.INSPECTOR.parent)!r})\n"
        "import os, file_inspector\n"
        "sys.stdin.buffer.read()\n"
        "file_inspector.limit()\n"
        "assert not [name for name in os.environ if 'JOBFIRST' in name or 'DJANGO' in name]\n"
        "try:\n    bytearray(file_inspector.MEMORY)\nexcept MemoryError:\n    sys.stdout.write('bounded')\n"
    )
    monkeypatch.setattr(voucher_files, "INSPECTOR", checker)
    assert voucher_files.inspect("pdf", pdf()) == "bounded"


@pytest.mark.parametrize(
    "content",
    [
        pdf_with_script,
        pdf_with_attachment,
        lambda: pdf_with_catalogue_entries(OpenAction=action("Launch", F=TextStringObject("cmd.exe"))),
        lambda: pdf_with_catalogue_entries(
            OpenAction=action("URI", URI=TextStringObject("https://example.dk"))
        ),
        lambda: pdf_with_catalogue_entries(
            OpenAction=action("GoTo", D=GOTO, Next=action("JavaScript", JS=SCRIPT))
        ),
        lambda: pdf_with_catalogue_entries(
            OpenAction=action("GoTo", D=GOTO, Next=action("URI", URI=TextStringObject("http://x")))
        ),
        lambda: pdf_with_catalogue_entries(AA=DictionaryObject({NameObject("/WC"): action("GoTo", D=GOTO)})),
        lambda: pdf_with_catalogue_entries(
            AcroForm=DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
        ),
        lambda: pdf_with_object_streams(b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        lambda: pdf_with_object_streams(b"<< /S %so\n/Launch /F (cmd.exe) >>"),
        lambda: pdf_with_object_streams(b"<< /S %so\n/Named /JS (x) >>"),
        lambda: pdf_with_object_streams(b"<< /S /Java#53cript /J#53 (x) >>"),
        lambda: pdf_with_object_streams(b"[ << /A << /S /Launch /F (cmd.exe) >> >> ]"),
        lambda: pdf_with_object_streams(b"<< /Type /Annot /Subtype /RichMedia >>"),
        lambda: pdf_with_object_streams(b"<< /Type /Filespec /F (a) /EF << /F 11 0 R >> >>"),
        lambda: pdf_with_object_streams(b"<< /S /JavaScript /JS (x) >>", root=b"/OpenAction 10 0 R"),
        lambda: pdf().replace(b"startxref", stream(77, b"/Type /ObjStm", HIDDEN) + b"startxref"),
        lambda: pdf().replace(b"startxref", b"77 0 obj << /S/JavaScript/JS (x) >> endobj\nstartxref"),
        lambda: pdf() + b"<html><script>alert(1)</script></html>",
    ],
)
def test_a_pdf_with_a_program_or_other_files_is_refused_with_its_own_message(content):
    assert_refused("active.pdf", content(), ACTIVE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.pdf", lambda: pdf()[:-20]),
        ("cut-and-closed.pdf", lambda: pdf()[:200] + b"\nstartxref\n5000\n%%EOF\n"),
        ("table-out-of-sight.pdf", lambda: re.sub(rb"startxref\s+\d+", b"startxref\n99999", pdf())),
        ("text-behind.pdf", lambda: pdf() + b"alert(1)"),
        ("archive-behind.pdf", lambda: pdf() + archive()),
        ("page-behind.png", lambda: picture("PNG") + b"<script>alert(1)</script>"),
        ("archive-behind.png", lambda: picture("PNG") + archive()),
        ("page-behind.jpg", lambda: picture("JPEG") + b"<script>alert(1)</script>"),
        ("archive-behind.jpg", lambda: picture("JPEG") + archive()),
        ("archive-in-a-trailer.jpg", lambda: picture("JPEG") + telephone_trailer(archive())),
        ("not-a-trailer.jpg", lambda: picture("JPEG") + b"<script>" + telephone_trailer(b"x")),
        ("cut.jpg", lambda: picture("JPEG")[:9000]),
        ("cut-and-closed.jpg", lambda: picture("JPEG")[:9000] + b"\xff\xd9"),
        ("cut-and-closed.png", lambda: picture("PNG")[:9000] + picture("PNG")[-12:]),
    ],
)
def test_a_file_cut_off_or_with_another_behind_it_is_refused(name, content):
    assert_refused(name, content())


def test_the_inspector_does_not_import_django():
    """It starts in a fraction of the time, and a file that takes it over finds no database in it."""
    modules = "sys, grants.expenses.file_inspector, pypdf, PIL.Image"
    program = f"import {modules}; sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, check=False)
    assert done.returncode == 0
