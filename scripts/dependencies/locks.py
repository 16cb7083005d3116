"""The locked packages: those of Python, and what the browser and the embedded PostgreSQL bring from npm."""

import base64
import json
import re
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent.parent
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)


class LockedPackage(NamedTuple):
    """A package as it is locked. `runtime`: it is in the container image."""

    ecosystem: str  # "PyPI" or "npm", as OSV writes it
    name: str
    version: str
    runtime: bool
    hashes: tuple[tuple[str, str], ...]  # algorithm as CycloneDX writes it, hexadecimal
    licence: str = ""  # as npm's lock has it


def python_packages() -> list[LockedPackage]:
    """Return the packages of requirements.lock. One that is locked twice, for two platforms, comes twice."""
    runtime = {match["name"] for match in PIN.finditer(_read("requirements-runtime.lock"))}
    return [
        LockedPackage(
            "PyPI",
            match["name"],
            match["version"],
            match["name"] in runtime,
            tuple(("SHA-256", value) for value in re.findall(r"sha256:([0-9a-f]{64})", match["rest"])),
        )
        for match in PIN.finditer(_read("requirements.lock"))
    ]


def npm_packages() -> list[LockedPackage]:
    """Return the packages of package-lock.json; the optional ones are not in the image."""
    entries = json.loads(_read("package-lock.json"))["packages"]
    return [
        LockedPackage(
            "npm",
            path.rpartition("node_modules/")[2],
            entry["version"],
            not entry.get("optional") and not entry.get("dev"),
            (("SHA-512", base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()),),
            entry.get("license", ""),
        )
        for path, entry in entries.items()
        if path
    ]


def _read(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")
