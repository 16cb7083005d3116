"""Importing projects and users from files, for the commands and the upload pages alike.

Both return how many were `created`, `updated` and `unchanged`. Importing the same file again changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.extension_points import FieldChange, lock_duties, project_objections, projects_saved
from accounts.models import (
    ERASED_DOMAIN,
    MOST_PARTICIPANTS,
    DeliveredUser,
    Membership,
    Municipality,
    Project,
    ProjectMunicipality,
    User,
)
from accounts.people.actions import invite_user, take_role
from accounts.people.confirmations import RoleAnswer, give_or_ask
from accounts.people.locks import locked_users
from accounts.policy import IMPORTABLE
from accounts.roles import TRIAL_WIDE, Role
from jobfirst.exchange import FileColumn, FileRow, FileTable, RowError
from jobfirst.exchange.command import ImportReport
from jobfirst.values import cpr

PROJECT_COLUMNS = (
    FileColumn(
        "project", gettext_lazy("The project's short name: letters a-z, digits and hyphens"), "aalborg"
    ),
    FileColumn("name", gettext_lazy("The project's name"), "JobFirst Aalborg"),
    FileColumn(
        "municipality_codes",
        gettext_lazy("The municipalities' codes, joined by +, the lead first"),
        "0851+0820",
    ),
    FileColumn("starts_on", gettext_lazy("The first day of the project"), "2016-01-01"),
    FileColumn("ends_on", gettext_lazy("The last day of the project"), "2018-12-31"),
    FileColumn("target_count", gettext_lazy("How many participants the project is to have"), "100"),
)
USER_COLUMNS = (
    FileColumn("email", gettext_lazy("The person's e-mail address"), "mette@example.dk"),
    FileColumn("name", gettext_lazy("The person's name"), "Mette Mentor"),
    FileColumn("project", gettext_lazy("The project's short name; empty for the agency"), "aalborg"),
    FileColumn(
        "roles",
        gettext_lazy("All roles in the project, joined by +"),
        "mentor+course_owner",
        [(role.value, role.label) for role in Role if role.value in IMPORTABLE],
    ),
)


def count_outcomes(outcomes: Iterable[str]) -> dict[str, int]:
    """Return how many rows were created, updated and unchanged, all three keys always there."""
    numbers = Counter(outcomes)
    return {key: numbers[key] for key in ("created", "updated", "unchanged")}


# --- projects ---------------------------------------------------------------------------------------


@dataclass
class ProjectLine:
    """A line of the file: the project's fields, and the codes of its municipalities, the lead first."""

    row: FileRow
    slug: str
    fields: Mapping[str, object]
    codes: list[str] = field(default_factory=list)


def import_projects(table: FileTable) -> ImportReport:
    """Create or update the projects of the file; BadFile with every bad row otherwise (D2, D3).

    A municipality belongs to one project. It may move between projects of the file, but not away from a
    project that the file does not name. Guards may object to changes (`accounts.extension_points`).
    """
    lines = [_read_project_line(row) for row in table]
    _reject_repeated_projects(lines)
    _reject_repeated_municipalities(lines)
    stored = _lock_stored_projects(lines)
    _reject_guarded_changes(lines, stored)
    table.raise_errors()
    report = ImportReport(count_outcomes(_save_projects(lines, stored)))
    projects_saved([line.slug for line in lines])
    return report


def _read_project_line(row: FileRow) -> ProjectLine:
    slug = row.text("project", longest=50)
    try:
        if slug:
            validate_slug(slug)
        if cpr.stands_in(slug):
            row.fail("project", _("holds what looks like a CPR number"))
    except ValidationError:
        row.fail("project", _("may hold only letters a-z, digits, hyphens and underscores"))
    starts_on, ends_on = row.date("starts_on"), row.date("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        row.fail("ends_on", _("must not be before starts_on"))
    fields = {
        "name": row.name("name", longest=120),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "target_count": row.integer("target_count", lowest=1, highest=MOST_PARTICIPANTS),
    }
    return ProjectLine(row, slug, fields, _read_codes(row))


def _read_codes(row: FileRow) -> list[str]:
    """Return the existing municipality codes of the cell, which joins them by `+`, the lead first."""
    text = row.text("municipality_codes", longest=500)
    if not text:
        return []
    codes = [code.strip() for code in text.split("+")]
    existing = set(Municipality.objects.filter(pk__in=codes).values_list("pk", flat=True))
    for position, code in enumerate(codes, start=1):
        if code not in existing:
            row.fail("municipality_codes", _("code number %(n)d is no Danish municipality") % {"n": position})
    if len(set(codes)) != len(codes):
        row.fail("municipality_codes", _("names a municipality twice"))
    return [code for code in codes if code in existing]


def _reject_repeated_projects(lines: list[ProjectLine]) -> None:
    """Fail the lines whose project stands in an earlier line."""
    first_lines: dict[str, int] = {}
    for line in lines:
        if line.slug in first_lines:
            line.row.fail("project", _("stands in line %(line)d already") % {"line": first_lines[line.slug]})
        elif line.slug:
            first_lines[line.slug] = line.row.line


def _reject_repeated_municipalities(lines: list[ProjectLine]) -> None:
    """Fail the lines with a municipality of an earlier line, or of a project outside the file."""
    slugs = {line.slug for line in lines}
    outside = ProjectMunicipality.objects.exclude(project__slug__in=slugs)
    outside_codes = set(outside.values_list("municipality_id", flat=True))
    first_lines: dict[str, int] = {}
    for line in lines:
        for code in dict.fromkeys(line.codes):
            if code in outside_codes:
                line.row.fail(
                    "municipality_codes", _("%(code)s is in another project already") % {"code": code}
                )
            elif first_lines.setdefault(code, line.row.line) != line.row.line:
                line.row.fail(
                    "municipality_codes",
                    _("%(code)s stands in line %(line)d already") % {"code": code, "line": first_lines[code]},
                )


def _lock_stored_projects(lines: list[ProjectLine]) -> dict[str, Project]:
    """Return the existing projects of the file by slug, locked until the transaction ends.

    Rows that refer to a project may be written meanwhile: its key does not change.
    """
    rows = Project.objects.filter(slug__in=[line.slug for line in lines]).order_by("pk")
    return {
        project.slug: project for project in rows.prefetch_related("places").select_for_update(no_key=True)
    }


def _field_changes(line: ProjectLine, project: Project) -> dict[str, FieldChange]:
    """Return the changes of the line to the project, by field."""
    changes = {name: FieldChange(getattr(project, name), value) for name, value in line.fields.items()}
    return {name: change for name, change in changes.items() if change.old != change.new}


def _reject_guarded_changes(lines: list[ProjectLine], stored: dict[str, Project]) -> None:
    """Fail the changes of existing projects that a guard objects to."""
    known_lines = [(line, stored[line.slug]) for line in lines if line.slug in stored]
    objections = project_objections(
        {project.pk: _field_changes(line, project) for line, project in known_lines}
    )
    for line, project in known_lines:
        for name, objection in objections.get(project.pk, {}).items():
            if line.fields[name] is not None:  # a value that cannot be read has failed already
                line.row.fail(name, objection)


def _save_projects(lines: list[ProjectLine], stored: dict[str, Project]) -> list[str]:
    """Save the lines and return their outcomes.

    Changed municipalities are removed from all projects before any is added, since each belongs to one.
    """
    outcomes, projects_to_place = [], []
    for line in lines:
        project = stored.get(line.slug)
        if project is None:
            project = Project.objects.create(slug=line.slug, **line.fields)
            outcomes.append("created")
            projects_to_place.append((project, line.codes))
            continue
        codes = [place.municipality_id for place in sorted(project.places.all(), key=_lead_first)]
        places_differ = codes[:1] != line.codes[:1] or set(codes) != set(line.codes)
        changes = _field_changes(line, project)
        if changes:
            for name in changes:
                setattr(project, name, line.fields[name])
            project.save(update_fields=changes)
        if places_differ:
            projects_to_place.append((project, line.codes))
        outcomes.append("updated" if changes or places_differ else "unchanged")
    ProjectMunicipality.objects.filter(
        project__in=[project for project, _codes in projects_to_place]
    ).delete()
    ProjectMunicipality.objects.bulk_create(
        ProjectMunicipality(project=project, municipality_id=code, is_lead=position == 0)
        for project, codes in projects_to_place
        for position, code in enumerate(codes)
    )
    return outcomes


def _lead_first(place: ProjectMunicipality) -> tuple[bool, str]:
    return (not place.is_lead, place.municipality_id)


# --- users ------------------------------------------------------------------------------------------


@dataclass
class UserLine:
    """A line of the file: a user, and the roles in one project (None: in none)."""

    row: FileRow
    email: str
    name: str
    project: Project | None
    roles: frozenset[str]


def import_users(table: FileTable, today: date, by: User | None = None) -> ImportReport:
    """Invite new users and update names and roles of existing ones; BadFile with every bad row.

    A line lists all roles of the user in that project: roles it does not list are taken away there (with the
    functions held in them, from `today` on). Roles in other projects and of administrators stay, and so does
    what a person has changed since the last file: a line that contradicts it is listed and not applied (D42).
    A role for whoever loads the file (`by`) waits for another administrator.
    """
    projects = {project.slug: project for project in Project.objects.all()}
    lines = [_read_user_line(row, projects) for row in table]
    _reject_repeated_users(lines)
    table.raise_errors()
    _lock_stored_users(lines, today)
    outcomes = [_save_user(line, today, by) for line in lines]
    counts = count_outcomes(outcome for outcome in outcomes if isinstance(outcome, str))
    listed = [entry for outcome in outcomes if isinstance(outcome, list) for entry in outcome]
    return ImportReport(counts).listing(listed)


def _read_user_line(row: FileRow, projects: dict[str, Project]) -> UserLine:
    email = row.text("email", longest=254).lower()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        row.fail("email", _("is not an e-mail address"))
    if email.endswith(ERASED_DOMAIN):
        row.fail("email", _("is not an e-mail address"))
    if cpr.stands_in(email):
        row.fail("email", _("holds what looks like a CPR number"))
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
    return UserLine(row, email, row.name("name"), projects.get(slug), frozenset(roles))


def _reject_repeated_users(lines: list[UserLine]) -> None:
    """Fail the lines whose user stands in an earlier line of the same project, or with another name."""
    first_in_project: dict[tuple[str, int | None], int] = {}
    first_of_user: dict[str, UserLine] = {}
    for line in lines:
        if not line.email:
            continue
        user_in_project = (line.email, line.project.pk if line.project else None)
        first_line = first_in_project.setdefault(user_in_project, line.row.line)
        if first_line != line.row.line:
            line.row.fail(
                "email", _("stands in line %(line)d already, in the same project") % {"line": first_line}
            )
        user_line = first_of_user.setdefault(line.email, line)
        if user_line.name != line.name:
            line.row.fail("name", _("differs from line %(line)d") % {"line": user_line.row.line})


def _lock_stored_users(lines: list[UserLine], today: date) -> None:
    """Lock the existing users of the file, and what those do who lose a role, until the transaction ends.

    Each kind of rows at once and in order of their ids, since the lines may stand in any order.
    """
    emails = {line.email for line in lines}
    users = locked_users(User.objects.filter(email__in=emails).values_list("pk", flat=True))
    roles = {(line.email, line.project.pk if line.project else None): line.roles for line in lines}
    leaving = set()
    for membership in Membership.objects.filter(user__in=users, role__in=IMPORTABLE):
        user = users[membership.user_id]
        remaining = roles.get((user.email, membership.project_id))
        if remaining is not None and membership.role not in remaining:
            leaving.add(user.pk)
    lock_duties(leaving, today)


def _contradictions(line: UserLine, user: User, before: DeliveredUser | None) -> list[RowError]:
    """Return what the line says new that contradicts what a person has done since the last file (D42)."""
    if before is None or (before.name, set(before.roles)) == (line.name, line.roles):
        return []
    if not user.is_active:
        return [RowError(line.row.line, "email", _("the account is closed; open it by hand"))]
    if before.name != line.name and user.name not in (before.name, line.name):
        text = _("somebody has entered another name; correct it by hand if the file is right")
        return [RowError(line.row.line, "name", text)]
    return []


def _save_user(line: UserLine, today: date, by: User | None) -> str | list[RowError]:
    """Save the line; return whether the user was created, updated or unchanged, or what it contradicts.

    Against an earlier file only what differs from that is new: a role that a person has given or taken away
    since stays so (D42).
    """
    user = User.objects.filter(email=line.email).first()
    if user is None:
        user = invite_user(line.email, line.name, line.project, sorted(line.roles))
        _remember(line, user)
        return "created"
    before = DeliveredUser.objects.filter(user=user, project=line.project).first()
    if listed := _contradictions(line, user, before):
        return listed
    changed = user.name != line.name and (before is None or before.name != line.name)
    if changed:
        user.name = line.name
        user.save(update_fields=["name"])
    memberships = {
        membership.role: membership
        for membership in Membership.objects.filter(user=user, project=line.project, role__in=IMPORTABLE)
    }
    known = memberships.keys() if before is None else set(before.roles)
    for role in sorted(line.roles - known):
        is_theirs = by is not None and by.pk == user.pk
        answer = give_or_ask(user, role, line.project, by=by if is_theirs else None)
        changed |= answer != RoleAnswer.HELD
    for role in sorted((known - line.roles) & memberships.keys()):
        take_role(memberships[role], today)
        changed = True
    _remember(line, user)
    return "updated" if changed else "unchanged"


def _remember(line: UserLine, user: User) -> None:
    DeliveredUser.objects.update_or_create(
        user=user, project=line.project, defaults={"name": line.name, "roles": sorted(line.roles)}
    )
