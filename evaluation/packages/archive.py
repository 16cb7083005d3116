"""Building the package as one zip file on disk.

1. Each table is written as CSV and Parquet into a temporary folder, a batch of citizens at a time.
2. Codebook, README, ledger, specification and verifiers are written beside them.
3. SHA256SUMS has the hash of each file; all of it is packed. The folder and the key of the pseudonyms are
   gone when the file is returned.
"""

import hashlib
import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from string import Template
from typing import IO, Any

from django.conf import settings
from django.db.models import Max

from evaluation.models import PaidHours
from evaluation.packages.batch import PackageBatch, citizen_batches
from evaluation.packages.codebook import codebook_csv, codebook_text
from evaluation.packages.pseudonyms import Pseudonyms
from evaluation.packages.tables import TABLES
from evaluation.packages.writing import write_table
from jobfirst import mode
from randomization.ledger import export, verify_draw

CONTENTS = Path(__file__).parent / "contents"
CHUNK = 1 << 20
FORMAT = "jobfirst-package/1"


@dataclass(frozen=True)
class PackedArchive:
    """The zip file, open at its start, with its size and hash, and how many citizens and rows are in it."""

    file: IO[bytes]
    size: int
    sha256: str
    citizens: int
    rows: dict[str, int]


def build_archive(package: uuid.UUID, as_of: date, made_at: datetime) -> PackedArchive:
    """Return the package as of the day. Needs a transaction in which all queries see the same rows."""
    until = PaidHours.objects.filter(month__lte=as_of).aggregate(last=Max("month"))["last"]
    pseudonyms = Pseudonyms()

    def batches() -> Iterable[PackageBatch]:
        return citizen_batches(pseudonyms, as_of, until)

    with tempfile.TemporaryDirectory(prefix="jobfirst-package-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        rows = {table.name: write_table(table, table.read(batches()), folder / "data") for table in TABLES}
        citizens = rows["allocations"]
        manifest = {
            "format": FORMAT,
            "package": str(package),
            "made_at": made_at.isoformat(timespec="seconds"),
            "as_of": as_of.isoformat(),
            "outcomes_until": f"{until:%Y-%m}" if until else None,
            "rehearsal": mode.is_rehearsal(),
            "citizens": citizens,
            "rows": rows,
        }
        _write_documents(folder, manifest)
        _write_ledger(folder / "ledger")
        _write_sums(folder)
        return _packed(folder, made_at, citizens, rows)


def _write_documents(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    (folder / "codebook.csv").write_text(codebook_csv(TABLES), encoding="utf-8")
    (folder / "codebook.md").write_text(codebook_text(TABLES), encoding="utf-8")
    is_rehearsal = manifest["rehearsal"]
    readme = Template((CONTENTS / "README.md").read_text(encoding="utf-8")).substitute(
        package=manifest["package"],
        made=manifest["made_at"],
        as_of=manifest["as_of"],
        rehearsal_da="Øvelse: ingen data er om rigtige borgere." if is_rehearsal else "",
        rehearsal_en="A rehearsal: none of the data are about real citizens." if is_rehearsal else "",
    )
    (folder / "README.md").write_text(readme, encoding="utf-8")
    (folder / "check_package.py").write_bytes((CONTENTS / "check_package.py").read_bytes())


def _write_ledger(folder: Path) -> None:
    """Write the whole ledger as published, the commitments, the specification and the verifier."""
    folder.mkdir()
    document = export.ledger_document(export.ledger_rows())
    (folder / "ledger.json").write_text(json.dumps(document), encoding="utf-8")
    published = json.dumps(export.published_document(), indent=1)
    (folder / "commitments.json").write_text(published, encoding="utf-8")
    (folder / "verify_draw.py").write_bytes(Path(verify_draw.__file__).read_bytes())
    specification = settings.BASE_DIR / "docs" / "draw-specification.md"
    (folder / "draw-specification.md").write_bytes(specification.read_bytes())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_sums(folder: Path) -> None:
    lines = [f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder)]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _packed(folder: Path, made_at: datetime, citizens: int, rows: dict[str, int]) -> PackedArchive:
    file = tempfile.TemporaryFile(prefix="jobfirst-package-")  # noqa: SIM115  # the answer closes it
    try:
        _pack(folder, made_at, file)
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return PackedArchive(file, size, digest, citizens, rows)


def _pack(folder: Path, made_at: datetime, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(folder):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), made_at.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
