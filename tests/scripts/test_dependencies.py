"""The audit of the locks, the licences and the list of components. None of it asks a network here."""

import datetime
import json
import re
import zipfile

import pytest

from scripts.dependencies import audit, licences, sbom
from scripts.dependencies.advisories import is_affected, matching, read_advisories
from scripts.dependencies.locks import PROJECT, LockedPackage, npm_packages, python_packages
from tests.loops import some

TODAY = datetime.date(2026, 11, 27)


def advisory(ecosystem="PyPI", name="Django", introduced="5.0", **values):
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": introduced}, {"fixed": "99"}]}],
    }
    return {
        "id": "GHSA-made-up",
        "aliases": ["CVE-2026-1"],
        "summary": "Made up",
        "affected": [affected],
    } | values


@pytest.fixture
def advisories(tmp_path, monkeypatch):
    """Put advisories into the folder that JOBFIRST_ADVISORIES names, in an archive as OSV publishes it."""

    def put(*documents):
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            for number, document in enumerate(documents):
                archive.writestr(f"{number}.json", json.dumps(document))

    monkeypatch.setenv("JOBFIRST_ADVISORIES", str(tmp_path))
    return put


def test_the_locks_are_read_whole():
    text = (PROJECT / "requirements.lock").read_text()
    assert len(python_packages()) == len(re.findall(r"^[a-z0-9._-]+==", text, re.MULTILINE))
    assert all(package.hashes for package in some(python_packages() + npm_packages()))
    runtime = {package.name for package in python_packages() if package.runtime}
    assert {"django", "psycopg"} <= runtime
    assert not runtime & {"pytest", "bandit"}


def test_an_advisory_for_a_locked_version_fails_the_audit(advisories, capsys):
    advisories(advisory(), advisory("npm", "dkfds", "99"))

    assert audit.run(strict=False, today=TODAY) == 1
    assert re.search(r"Django 5\.2\S* ?: GHSA-made-up CVE-2026-1 Made up", capsys.readouterr().err)


def test_an_advisory_for_npm_fails_it_as_well(advisories):
    advisories(advisory(introduced="99"), advisory("npm", "htmx.org", "2.0.0"))

    assert audit.run(strict=False, today=TODAY) == 1


def test_advisories_of_other_versions_and_withdrawn_ones_do_not(advisories):
    advisories(
        advisory(introduced="98"),
        advisory(withdrawn="2026-01-01T00:00:00Z"),
        advisory("npm", "dkfds", "99"),
    )

    assert audit.run(strict=True, today=TODAY) == 0


def test_a_folder_without_advisories_is_said_and_fails_only_when_it_must_not_be_so(advisories, capsys):
    advisories()

    assert audit.run(strict=False, today=TODAY) == 0
    assert "NOT AUDITED: PyPI" in capsys.readouterr().err
    assert audit.run(strict=True, today=TODAY) == 1


def test_an_accepted_advisory_passes_until_its_day(advisories, monkeypatch):
    advisories(advisory(), advisory("npm", "dkfds", "99"))
    monkeypatch.setattr(
        audit, "accepted_advisories", lambda today: {"CVE-2026-1": "not used"} if today <= TODAY else {}
    )

    assert audit.run(strict=True, today=TODAY) == 0
    assert audit.run(strict=True, today=TODAY + datetime.timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("1.9", False),
        ("2.0", True),
        ("2.5", True),
        ("2.6", False),
        ("3.0rc1", True),
        ("3.1", True),
        ("3.2", False),
    ],
)
def test_a_version_lies_in_a_range_as_osv_says(version, affected):
    events = [{"last_affected": "3.1"}, {"introduced": "2.0"}, {"fixed": "2.6"}, {"introduced": "3.0a1"}]
    entry = {"versions": [], "ranges": [{"type": "ECOSYSTEM", "events": events}]}

    assert is_affected(version, entry) is affected


def test_a_listed_version_is_affected_whatever_the_ranges():
    assert is_affected("1.0", {"versions": ["1.0"], "ranges": []})


def test_names_are_compared_as_registries_do(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(advisory(name="django_csp", introduced="0")))

    package = LockedPackage("PyPI", "django-csp", "4.0", runtime=True, hashes=())

    assert [finding.version for finding in matching(read_advisories(tmp_path), [package])] == ["4.0"]


def test_what_pip_audit_did_not_get_an_answer_for_is_not_audited():
    """pip-audit itself says then that there are no known vulnerabilities."""
    document = {
        "dependencies": [
            {"name": "a", "skip_reason": "not found"},
            {"name": "b", "version": "1", "vulns": [{"id": "PYSEC-1", "aliases": [], "description": "x"}]},
            {"name": "c", "version": "1", "vulns": []},
        ]
    }

    result = audit.read_pip_audit(document)

    assert (result.audited, [finding.names for finding in result.findings]) == (2, [("PYSEC-1",)])
    assert "no answer for 1 package" in result.unaudited[0]


def test_what_npm_reports_is_read():
    via = [{"url": "https://github.com/advisories/GHSA-x", "title": "Bad"}, "other"]

    result = audit.read_npm_audit({"vulnerabilities": {"dkfds": {"via": via}}})

    assert [(finding.package, finding.names) for finding in result.findings] == [("dkfds", ("GHSA-x",))]


def test_a_service_that_does_not_answer_is_not_audited(monkeypatch):
    monkeypatch.setattr(audit, "_json_of", lambda command: None)

    result = audit.audit_with_services()

    assert (result.findings, result.audited, len(result.unaudited)) == ([], 0, 2)


def test_every_licence_is_allowed_and_the_page_is_as_the_locks():
    assert licences.refused() == []
    assert licences.DOCUMENT.read_text("utf-8") == licences.document(), "make licences"


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-2.0-or-later OR LGPL-2.1-or-later", True),
        ("(MIT AND OFL-1.1 AND Apache-2.0)", True),
        ("MIT AND AGPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_by_one_of_its_alternatives(expression, allowed):
    assert licences.is_allowed(expression) is allowed


def test_the_list_of_components_has_the_packages_of_the_image():
    document = json.loads(sbom.document())

    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    names = {component["name"] for component in document["components"]}
    runtime = {package.name for package in python_packages() + npm_packages() if package.runtime}
    assert names == runtime
    assert all(component["licenses"] and component["hashes"] for component in some(document["components"]))
