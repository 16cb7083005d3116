"""The licence of every locked package, and whether it is one that this software may be given on with."""

import importlib.metadata
import re
from typing import Any

from scripts.dependencies.locks import PROJECT, LockedPackage, npm_packages, python_packages

DOCUMENT = PROJECT / "docs" / "licences.md"
#: Libraries under LGPL and MPL are used unchanged, as packages of their own.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-2.1-or-later",
    "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib",
}  # fmt: skip
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Other/Proprietary License": "other",
    "Python Software Foundation License": "PSF-2.0",
}
#: Packages of other platforms, which are not installed here, as their projects state.
ELSEWHERE = {"async-timeout": "Apache-2.0", "brotlicffi": "MIT", "colorama": "BSD-3-Clause"}
HEADING = """# Licences

Every package that is locked, with its licence as its own metadata state it. Written by `make licences`; a
test compares it with the locks, and refuses a licence that is not in the list of
`scripts/dependencies/licences.py`. "Image": it is part of the container image; the others are for
development, tests and the embedded services.

Libraries under the LGPL and MPL are used as they are, as packages of their own. Where a package offers
several licences ("or"), one in the list suffices.

"""


def licence(package: LockedPackage) -> str:
    """Return the package's licence as an SPDX expression; empty when it states none."""
    if package.ecosystem == "npm":
        return package.licence
    if package.name in ELSEWHERE:
        return ELSEWHERE[package.name]
    metadata: Any = importlib.metadata.metadata(package.name)  # a message; typeshed lacks its `get`
    stated = [metadata.get("License-Expression")]
    names = [
        text.rpartition(" :: ")[2] for text in metadata.get_all("Classifier", []) if "License ::" in text
    ]
    stated.append(" OR ".join(CLASSIFIERS.get(name, name) for name in names if name != "OSI Approved"))
    stated.append((metadata.get("License") or "").partition("\n")[0])
    return next((text for text in stated if text), "")


def is_allowed(expression: str) -> bool:
    """Whether one of the alternatives consists of allowed licences only."""
    alternatives = re.split(r"\s+OR\s+", expression.strip("()"))
    return any(
        all(name.strip("() ") in ALLOWED for name in re.split(r"\s+AND\s+", alternative))
        for alternative in alternatives
    )


def document() -> str:
    """Return the page of licences."""
    lines = ["| package | from | licence | image |", "|---|---|---|---|"]
    rows = {
        (package.ecosystem, package.name): (licence(package), package.runtime)
        for package in python_packages() + npm_packages()
    }
    for (ecosystem, name), (text, runtime) in sorted(rows.items(), key=lambda item: item[0][::-1]):
        lines.append(
            f"| {name} | {ecosystem} | {text.replace(' OR ', ' or ')} | {'yes' if runtime else '–'} |"
        )
    return HEADING + "\n".join(lines) + "\n"


def refused() -> list[str]:
    """Return the packages whose licence is not allowed, with it."""
    packages = python_packages() + npm_packages()
    stated = {package.name: licence(package) for package in packages}
    return [f"{name}: {text or 'no licence stated'}" for name, text in stated.items() if not is_allowed(text)]
