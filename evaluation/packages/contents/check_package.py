"""Check a package of the JobFirst trial: Python 3.11 or newer and nothing else.

    python3 check_package.py

1. Every file has the SHA-256 of SHA256SUMS, and no file is missing or too many.
2. Every table has as many rows as manifest.json says, and its citizens are those of data/allocations.csv.
3. The ledger verifies itself: chain of hashes, openings of the published commitments (ledger/verify_draw.py).
4. In each stratum the data have as many participants and controls as the ledger.

Exit code 0 when all agrees, otherwise 1 and every difference. The draw itself is compared with what was
published before it by

    python3 ledger/verify_draw.py ledger/ledger.json --published COMMITMENTS.json [--secrets SECRETS.json]

where COMMITMENTS.json is the copy that you, or somebody you trust, kept since before the first draw.
"""

import csv
import hashlib
import json
import runpy
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def check_hashes() -> Iterator[str]:
    listed = {}
    for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _space, name = line.partition("  ")
        listed[name] = digest
    present = {str(path.relative_to(HERE).as_posix()) for path in HERE.rglob("*") if path.is_file()}
    present -= {"SHA256SUMS"} | {name for name in present if "__pycache__" in name}
    for name in sorted(present | set(listed)):
        if name not in present:
            yield f"{name}: the file is missing"
        elif name not in listed:
            yield f"{name}: the file does not belong to the package"
        elif hashlib.sha256((HERE / name).read_bytes()).hexdigest() != listed[name]:
            yield f"{name}: the file was changed"


def read_table(name: str) -> list[dict[str, str]]:
    with (HERE / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter=";"))


def check_rows(manifest: dict[str, Any]) -> Iterator[str]:
    citizens = {row["citizen"] for row in read_table("allocations")}
    if len(citizens) != manifest["citizens"]:
        yield f"allocations: {len(citizens)} citizens instead of {manifest['citizens']}"
    for name, number in manifest["rows"].items():
        rows = read_table(name)
        if len(rows) != number:
            yield f"{name}: {len(rows)} rows instead of {number}"
        if strangers := {row["citizen"] for row in rows} - citizens:
            yield f"{name}: {len(strangers)} citizens who are not among the allocations"


def check_arms(ledger: dict[str, Any]) -> Iterator[str]:
    drawn = Counter(
        (f"{row['municipality_code']}/{row['target_group']}", row["arm"]) for row in ledger["drawn"]
    )
    analysed = Counter((row["stratum"], row["arm"]) for row in read_table("allocations"))
    for key in sorted(drawn.keys() | analysed.keys()):
        if drawn[key] != analysed[key]:
            yield f"{key[0]}, {key[1]}: {analysed[key]} in the data, {drawn[key]} in the ledger"


def check_ledger(ledger: dict[str, Any]) -> Iterator[str]:
    verifier = runpy.run_path(str(HERE / "ledger" / "verify_draw.py"))
    for difference in verifier["verify"](ledger):
        yield f"ledger: {difference}"


def main() -> int:
    differences = list(check_hashes())
    if not differences:
        manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
        ledger = json.loads((HERE / "ledger" / "ledger.json").read_text(encoding="utf-8"))
        differences = [*check_rows(manifest), *check_ledger(ledger), *check_arms(ledger)]
    for difference in differences:
        sys.stderr.write(f"{difference}\n")
    if differences:
        return 1
    sys.stdout.write(
        f"All agrees: {manifest['citizens']} citizens, {sum(manifest['rows'].values())} rows, "
        f"{len(ledger['drawn'])} rows of the ledger.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
