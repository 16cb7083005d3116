"""The file that says which role a value of the provider's claim gives: value;role;project;municipality.

`project` is a short name, empty for the agency; `municipality` is the code of one that the project covers, so
that a value of one municipality cannot give a role in another one's project by a slip.
"""

import csv
import functools
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.policy import IMPORTABLE
from accounts.roles import TRIAL_WIDE

COLUMNS = ["value", "role", "project", "municipality"]


class GivenRole(NamedTuple):
    """A role and the short name of its project (empty: none)."""

    role: str
    project: str


class MappingLine(NamedTuple):
    """A line of the file."""

    value: str
    role: str
    project: str
    municipality: str


def role_mapping() -> dict[str, set[GivenRole]]:
    """Return the roles that each value of the claim gives. ImproperlyConfigured for a wrong file."""
    mapping: dict[str, set[GivenRole]] = {}
    for line in _lines(settings.JOBFIRST_OIDC_ROLES_FILE):
        mapping.setdefault(line.value, set()).add(GivenRole(line.role, line.project))
    return mapping


@functools.cache
def _lines(name: str) -> tuple[MappingLine, ...]:
    """Return the lines of the file, read once."""
    try:
        with Path(name).open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file, delimiter=";"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured("JOBFIRST_OIDC_ROLES_FILE cannot be read") from error
    if header != COLUMNS:
        raise ImproperlyConfigured(f"JOBFIRST_OIDC_ROLES_FILE must begin with {';'.join(COLUMNS)}")
    return tuple(_line(number, row) for number, row in enumerate(rows, start=2))


def _line(number: int, row: list[str]) -> MappingLine:
    """Return a line of the file; a role of an administrator is given by administrators only."""
    if len(row) != len(COLUMNS):
        raise ImproperlyConfigured(f"line {number} of JOBFIRST_OIDC_ROLES_FILE has not {len(COLUMNS)} fields")
    line = MappingLine(*(field.strip() for field in row))
    if line.role not in IMPORTABLE or not line.value:
        raise ImproperlyConfigured(f"line {number} of JOBFIRST_OIDC_ROLES_FILE gives no role that it may")
    if (line.role in TRIAL_WIDE) == bool(line.project):
        raise ImproperlyConfigured(
            f"line {number} of JOBFIRST_OIDC_ROLES_FILE: role and project do not match"
        )
    _ensure_covered(number, line)
    return line


def _ensure_covered(number: int, line: MappingLine) -> None:
    """Refuse a project that does not cover the municipality of the line."""
    from accounts.models import ProjectMunicipality

    if not line.project:
        return
    places = ProjectMunicipality.objects.filter(project__slug=line.project, municipality=line.municipality)
    if not places.exists():
        raise ImproperlyConfigured(
            f"line {number} of JOBFIRST_OIDC_ROLES_FILE: the project does not cover the municipality"
        )
