"""`python -m scripts.dependencies audit [--strict] | licences | sbom [--output PATH]`."""

import argparse
import datetime
import sys
from pathlib import Path

from scripts.dependencies import audit


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.dependencies")
    commands = parser.add_subparsers(dest="command", required=True)
    audited = commands.add_parser("audit", help="known advisories for the locked packages")
    audited.add_argument("--strict", action="store_true", help="fail also when a service cannot be asked")
    commands.add_parser("licences", help="write docs/licences.md; fails for a licence that is not allowed")
    listed = commands.add_parser("sbom", help="the components of the container image, CycloneDX 1.6")
    listed.add_argument("--output", type=Path, help="a file instead of standard output")
    options = parser.parse_args()
    if options.command == "audit":
        return audit.run(strict=options.strict, today=datetime.datetime.now(datetime.UTC).date())
    if options.command == "licences":
        return write_licences()
    return write_sbom(options.output)


def write_licences() -> int:
    """Write the page; return 1 when a licence is not allowed."""
    from scripts.dependencies import licences

    licences.DOCUMENT.write_text(licences.document(), "utf-8")
    refused = licences.refused()
    for text in refused:
        print(f"not allowed: {text}", file=sys.stderr)
    return 1 if refused else 0


def write_sbom(output: Path | None) -> int:
    """Write the list of components to the file, or to standard output."""
    from scripts.dependencies import sbom

    text = sbom.document()
    if output is None:
        print(text)
    else:
        output.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
