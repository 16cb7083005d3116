"""Projects and users from files (FORMATS), the same for the commands and for the upload pages.

Both say what was `created`, `updated` and `unchanged`; the same file twice changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.utils.translation import gettext as _

from accounts.actions import give_role, invite_user, take_role
from accounts.extension_points import Change, project_objections
from accounts.models import (
    MOST_PARTICIPANTS,
    Membership,
    Municipality,
    Project,
    ProjectMunicipality,
    User,
)
from accounts.policy import IMPORTABLE
from accounts.roles import TRIAL_WIDE
from jobfirst.exchange import FileRow, FileTable

PROJECT_COLUMNS = ("project", "name", "municipality_codes", "starts_on", "ends_on", "target_count")
USER_COLUMNS = ("email", "name", "project", "roles")


def counts(outcomes: Iterable[str]) -> dict[str, int]:
    """Return how many rows were created, updated and unchanged, all three keys always there."""
    numbers = Counter(outcomes)
    return {key: numbers[key] for key in ("created", "updated", "unchanged")}


# --- projects ---------------------------------------------------------------------------------------


@dataclass
class ProjectLine:
    """A line of the file that could be read: the project's fields, and its municipalities, lead first."""

    row: FileRow
    slug: str
    fields: Mapping[str, object]
    codes: list[str] = field(default_factory=list)


def import_projects(table: FileTable) -> dict[str, int]:
    """Create or update the projects of the file; BadFile with every bad row otherwise (D2, D3).

    A municipality belongs to one project; it may change project within one file, not be taken from a
    project that the file does not name. What others rest on may not change (`accounts.extension_points`).
    """
    lines = [_project_line(row) for row in table]
    _no_project_twice(lines)
    _no_municipality_twice(lines)
    stored = _stored_projects(lines)
    _no_guarded_change(lines, stored)
    table.raise_errors()
    return counts(_save_projects(lines, stored))


def _project_line(row: FileRow) -> ProjectLine:
    slug = row.text("project", longest=50)
    try:
        if slug:
            validate_slug(slug)
    except ValidationError:
        row.fail("project", _("may hold only letters a-z, digits, hyphens and underscores"))
    starts_on, ends_on = row.date("starts_on"), row.date("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        row.fail("ends_on", _("must not be before starts_on"))
    fields = {
        "name": row.text("name", longest=120),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "target_count": row.integer("target_count", lowest=1, highest=MOST_PARTICIPANTS),
    }
    return ProjectLine(row, slug, fields, _codes(row))


def _codes(row: FileRow) -> list[str]:
    """The municipality codes, joined by `+`, the lead first; those that exist."""
    text = row.text("municipality_codes", longest=500)
    if not text:
        return []
    codes = [code.strip() for code in text.split("+")]
    known = set(Municipality.objects.filter(pk__in=codes).values_list("pk", flat=True))
    for position, code in enumerate(codes, start=1):
        if code not in known:
            row.fail("municipality_codes", _("code number %(n)d is no Danish municipality") % {"n": position})
    if len(set(codes)) != len(codes):
        row.fail("municipality_codes", _("names a municipality twice"))
    return [code for code in codes if code in known]


def _no_project_twice(lines: list[ProjectLine]) -> None:
    first: dict[str, int] = {}
    for line in lines:
        if line.slug in first:
            line.row.fail("project", _("stands in line %(line)d already") % {"line": first[line.slug]})
        elif line.slug:
            first[line.slug] = line.row.line


def _no_municipality_twice(lines: list[ProjectLine]) -> None:
    """Fail the lines whose municipalities another line, or a project outside the file, has already."""
    slugs = {line.slug for line in lines}
    outside = ProjectMunicipality.objects.exclude(project__slug__in=slugs)
    taken = dict(outside.values_list("municipality_id", "project__slug"))
    lines_of: dict[str, int] = {}
    for line in lines:
        for code in dict.fromkeys(line.codes):
            if code in taken:
                line.row.fail(
                    "municipality_codes", _("%(code)s is in another project already") % {"code": code}
                )
            elif lines_of.setdefault(code, line.row.line) != line.row.line:
                line.row.fail(
                    "municipality_codes",
                    _("%(code)s stands in line %(line)d already") % {"code": code, "line": lines_of[code]},
                )


def _stored_projects(lines: list[ProjectLine]) -> dict[str, Project]:
    """The projects of the file that are there already, by slug, locked until the transaction ends."""
    rows = Project.objects.filter(slug__in=[line.slug for line in lines]).order_by("pk")
    return {project.slug: project for project in rows.prefetch_related("places").select_for_update()}


def _changes(line: ProjectLine, project: Project) -> dict[str, Change]:
    """The fields that the line changes, from what to what."""
    values = {name: Change(getattr(project, name), value) for name, value in line.fields.items()}
    return {name: change for name, change in values.items() if change.old != change.new}


def _no_guarded_change(lines: list[ProjectLine], stored: dict[str, Project]) -> None:
    """Fail the fields that somebody says must stay as they are."""
    known = [(line, stored[line.slug]) for line in lines if line.slug in stored]
    objections = project_objections({project.pk: _changes(line, project) for line, project in known})
    for line, project in known:
        for name, objection in objections.get(project.pk, {}).items():
            if line.fields[name] is not None:  # a value that cannot be read has failed already
                line.row.fail(name, objection)


def _save_projects(lines: list[ProjectLine], stored: dict[str, Project]) -> list[str]:
    """Save the lines; places that change are removed in all projects before any is given."""
    done, moved = [], []
    for line in lines:
        project = stored.get(line.slug)
        if project is None:
            project = Project.objects.create(slug=line.slug, **line.fields)
            done.append("created")
            moved.append((project, line.codes))
            continue
        codes = [place.municipality_id for place in sorted(project.places.all(), key=_lead_first)]
        places_differ = codes[:1] != line.codes[:1] or set(codes) != set(line.codes)
        differ = _changes(line, project)
        if differ:
            for name in differ:
                setattr(project, name, line.fields[name])
            project.save(update_fields=differ)
        if places_differ:
            moved.append((project, line.codes))
        done.append("updated" if differ or places_differ else "unchanged")
    ProjectMunicipality.objects.filter(project__in=[project for project, _codes in moved]).delete()
    ProjectMunicipality.objects.bulk_create(
        ProjectMunicipality(project=project, municipality_id=code, is_lead=position == 0)
        for project, codes in moved
        for position, code in enumerate(codes)
    )
    return done


def _lead_first(place: ProjectMunicipality) -> tuple[bool, str]:
    return (not place.is_lead, place.municipality_id)


# --- users ------------------------------------------------------------------------------------------


@dataclass
class UserLine:
    """A line of the file that could be read."""

    row: FileRow
    email: str
    name: str
    project: Project | None
    roles: frozenset[str]


def import_users(table: FileTable, today: date) -> dict[str, int]:
    """Invite new users and bring names and roles of known ones up to date; BadFile with every bad row.

    A line says which roles the person holds in that project from now on: what it does not name is taken
    away there (with the functions held in it, from `today` on), and nothing is touched in other projects.
    Roles of administrators are left alone.
    """
    projects = {project.slug: project for project in Project.objects.all()}
    lines = [_user_line(row, projects) for row in table]
    _no_line_twice(lines)
    table.raise_errors()
    return counts(_save_user(line, today) for line in lines)


def _user_line(row: FileRow, projects: dict[str, Project]) -> UserLine:
    email = row.text("email", longest=254).lower()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        row.fail("email", _("is not an e-mail address"))
    slug = row.text("project", required=False)
    if slug and slug not in projects:
        row.fail("project", _("is not the slug of a project"))
    text = row.text("roles", longest=300)
    roles = [role.strip() for role in text.split("+")] if text else []
    if set(roles) - set(IMPORTABLE):
        row.fail(
            "roles", _("must be one or more of, joined by +: %(roles)s") % {"roles": ", ".join(IMPORTABLE)}
        )
    elif set(roles) & TRIAL_WIDE and slug:
        row.fail("project", _("must be empty for the agency"))
    elif set(roles) - TRIAL_WIDE and not slug:
        row.fail("project", _("must be filled in for these roles"))
    return UserLine(row, email, row.text("name"), projects.get(slug), frozenset(roles))


def _no_line_twice(lines: list[UserLine]) -> None:
    """The same person may stand in several projects, once in each and under one name."""
    seen: dict[tuple[str, int | None], int] = {}
    names: dict[str, UserLine] = {}
    for line in lines:
        if not line.email:
            continue
        place = (line.email, line.project.pk if line.project else None)
        if place in seen:
            line.row.fail(
                "email", _("stands in line %(line)d already, in the same project") % {"line": seen[place]}
            )
        seen.setdefault(place, line.row.line)
        if (named := names.setdefault(line.email, line)).name != line.name:
            line.row.fail("name", _("differs from line %(line)d") % {"line": named.row.line})


def _save_user(line: UserLine, today: date) -> str:
    user = User.objects.filter(email=line.email).first()
    if user is None:
        invite_user(line.email, line.name, line.project, sorted(line.roles))
        return "created"
    changed = user.name != line.name
    if changed:
        user.name = line.name
        user.save(update_fields=["name"])
    held = {
        membership.role: membership
        for membership in Membership.objects.filter(user=user, project=line.project, role__in=IMPORTABLE)
    }
    for role in sorted(line.roles - held.keys()):
        changed |= give_role(user, role, line.project)
    for role in sorted(held.keys() - line.roles):
        take_role(held[role], today, remind=False)
        changed = True
    return "updated" if changed else "unchanged"
