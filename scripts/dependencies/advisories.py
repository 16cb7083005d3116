"""Advisories in OSV's format, read from files: for machines without a network (https://ossf.github.io/osv-schema/)."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from packaging.version import InvalidVersion, Version

from scripts.dependencies.locks import LockedPackage

LOWEST = Version("0.dev0")


class Affected(NamedTuple):
    """An advisory that applies to a locked package. `names` are its id and the aliases."""

    package: str
    version: str
    names: tuple[str, ...]
    summary: str


def read_advisories(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the folder's advisories: .json files, and .zip files of them as OSV publishes (`all.zip`)."""
    for path in sorted(folder.rglob("*.json")):
        yield json.loads(path.read_bytes())
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))


def matching(advisories: Iterable[dict[str, Any]], packages: Iterable[LockedPackage]) -> list[Affected]:
    """Return what applies to the packages; withdrawn advisories do not."""
    versions: dict[tuple[str, str], list[str]] = {}
    for package in packages:
        versions.setdefault((package.ecosystem, normal_name(package.name)), []).append(package.version)
    findings = []
    for advisory in advisories:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", []):
            package = affected.get("package", {})
            key = (package.get("ecosystem", ""), normal_name(package.get("name", "")))
            for version in versions.get(key, []):
                if is_affected(version, affected):
                    names = (advisory["id"], *advisory.get("aliases", []))
                    findings.append(Affected(package["name"], version, names, advisory.get("summary", "")))
    return findings


def is_affected(version: str, affected: dict[str, Any]) -> bool:
    """Whether the version is listed, or lies in one of the ranges."""
    if version in affected.get("versions", []):
        return True
    ranges = [item for item in affected.get("ranges", []) if item.get("type") in {"ECOSYSTEM", "SEMVER"}]
    return any(_in_range(_parsed(version), item["events"]) for item in ranges)


def normal_name(name: str) -> str:
    """Return the name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _in_range(version: Version, events: list[dict[str, str]]) -> bool:
    """OSV's evaluation: the last event that is not above the version decides."""
    inside = False
    for event in sorted(events, key=lambda item: _parsed(next(iter(item.values())))):
        ((kind, text),) = event.items()
        if kind == "introduced" and version >= _parsed(text):
            inside = True
        elif (kind == "fixed" and version >= _parsed(text)) or (
            kind == "last_affected" and version > _parsed(text)
        ):
            inside = False
    return inside


def _parsed(text: str) -> Version:
    try:
        return LOWEST if text == "0" else Version(text)
    except InvalidVersion:
        return LOWEST
