"""Import of referrals, functions and contacts (docs/formats.md), for the commands and the upload pages.

Each importer reads every row, collects all errors of the file, and saves only when there are none. Call them
in a transaction. `projects` limits an upload to the sender's projects: a citizen or municipality of another
project is reported as not existing. `not_after` is the last day allowed (today in a real system, None in a
rehearsal).
"""

import re
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import date
from functools import partial

import pghistory
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ProjectMunicipality, User
from accounts.people.locks import locked_users
from cases import actions
from cases.actions import Assignment, ImportedContact, ReferralData
from cases.actions.checks import locked_courses
from cases.actions.function_deliveries import delivered_functions
from cases.actions.referral_deliveries import deliver_referrals
from cases.actions.shut_outs import fetch_shut_outs
from cases.import_reports import CitizenImportReport, ReferralReport
from cases.models import Citizen, Course, EarlierNumber
from cases.models.citizen import Benefit, TargetGroup
from cases.models.course import CourseFunction
from cases.rules.deliveries import DELIVERED
from jobfirst.database.batches import batches
from jobfirst.encryption import crypto
from jobfirst.exchange import FileColumn, FileRow, FileTable, RowError
from jobfirst.row_security.context import all_projects
from jobfirst.values import cpr

CPR = FileColumn("cpr", gettext_lazy("The citizen's CPR number, with or without a hyphen"), "010170-1234")
#: With it, corrected values are a correction of the same row (D42).
SOURCE_ID = FileColumn(
    "source_id",
    gettext_lazy("The row's stable id in the system that delivers; the column may be left out"),
    "4711",
    is_optional=True,
)
LONGEST_SOURCE_ID = 100
CPR_DIGITS = 10
NO_DIGITS = re.compile("[^0-9]")

REFERRAL_COLUMNS = (
    CPR,
    FileColumn("name", gettext_lazy("The citizen's name"), "Birthe Borger"),
    FileColumn("municipality_code", gettext_lazy("The code of the municipality, four digits"), "0851"),
    FileColumn("target_group", gettext_lazy("The target group"), "activity_ready", TargetGroup.choices),
    FileColumn("benefit", gettext_lazy("The benefit"), "cash_benefit", Benefit.choices),
    FileColumn("public_support_since", gettext_lazy("The first day of the public support"), "2014-02-01"),
    FileColumn("activity_ready", gettext_lazy("Whether the citizen is activity-ready: ja or nej"), "ja"),
    FileColumn(
        "in_integration_programme",
        gettext_lazy("Whether the citizen is in an integration programme: ja or nej"),
        "nej",
    ),
    FileColumn("referred_on", gettext_lazy("The day of the referral"), "2016-03-01"),
)
#: Those of a delivered file.
REFERRAL_FILE_COLUMNS = (*REFERRAL_COLUMNS, SOURCE_ID)

FUNCTION_COLUMNS = (
    CPR,
    FileColumn("function", gettext_lazy("The function in the course"), "mentor", CourseFunction.choices),
    FileColumn(
        "email", gettext_lazy("The e-mail address of the person who gets the function"), "mette@example.dk"
    ),
    FileColumn("from_on", gettext_lazy("The first day with the function"), "2016-03-01"),
)

CONTACT_KINDS = {
    "mentor_contact": gettext_lazy("Mentor contact"),
    "follow_up_meeting": gettext_lazy("Follow-up meeting"),
}
CONTACT_COLUMNS = (
    CPR,
    FileColumn("kind", gettext_lazy("What took place"), "mentor_contact", tuple(CONTACT_KINDS.items())),
    FileColumn("held_on", gettext_lazy("The day it took place"), "2016-03-01"),
    FileColumn("citizen_present", gettext_lazy("Whether the citizen took part: ja or nej"), "ja"),
    SOURCE_ID,
)


def read_cpr(row: FileRow, column: str = "cpr") -> str | None:
    """Return the ten digits of the row's CPR number; None, with an error on the row, when it is invalid."""
    text = row.text(column)
    if not text:
        return None
    try:
        return cpr.parse(text).digits
    except cpr.InvalidCpr as error:
        row.fail(column, cpr_message(error))
        return None


def read_source_id(row: FileRow) -> str:
    """Return the row's `source_id`, empty where it has none; the citizen's CPR number is an error."""
    source_id = row.text("source_id", required=False, longest=LONGEST_SOURCE_ID)
    number = NO_DIGITS.sub("", row.values["cpr"])
    if len(number) == CPR_DIGITS and number in NO_DIGITS.sub("", source_id):
        row.fail("source_id", _("holds the citizen's CPR number"))
    return source_id


def cpr_message(error: cpr.InvalidCpr) -> str:
    """Return what is wrong with a CPR number, in the reader's language; never the number."""
    if error.code == "format":
        return _("must be ten digits, DDMMYYSSSS, with or without a hyphen")
    return _("the first six digits are not a birth date")


class CourseLookup:
    """The courses of a file's citizens, fetched in batches and looked up by CPR number."""

    def __init__(self, digits: Iterable[str | None], projects: Collection[int] | None = None) -> None:
        self._lookups = {number: crypto.lookup_hash(number) for number in digits if number is not None}
        self._courses: dict[bytes, Course] = {}
        courses = Course.objects.select_related("citizen")
        if projects is not None:
            courses = courses.filter(project__in=projects)
        for cpr_hashes in batches(self._lookups.values()):
            citizens = Citizen.objects.by_lookup(cpr_hashes)
            # Nobody has the id 0: an unknown number costs the same query as one of another project (D39).
            rows = courses.filter(citizen__in=[0, *citizens.values()])
            by_citizen = {course.citizen_id: course for course in rows}
            self._courses |= {
                lookup: by_citizen[citizen] for lookup, citizen in citizens.items() if citizen in by_citizen
            }

    def lock(self) -> None:
        """Lock the courses, in order of their ids, and take over how they stand now."""
        stored = locked_courses(course.pk for course in self._courses.values())
        for course in self._courses.values():
            if course.pk in stored:
                course.started_on, course.ended_on = stored[course.pk].started_on, stored[course.pk].ended_on

    def of(self, row: FileRow, digits: str | None, column: str = "cpr") -> Course | None:
        """Return the course of the row's citizen; None, with an error on the row, when there is none."""
        if digits is None:
            return None
        course = self._courses.get(self._lookups[digits])
        if course is None:
            row.fail(column, _("the citizen has no course"))
        return course


def import_referrals(
    table: FileTable,
    *,
    by: User | None = None,
    projects: Collection[int] | None = None,
    not_after: date | None = None,
) -> ReferralReport:
    """Refer every citizen of the file (D1): accepted, or stored as refused with the reasons.

    A citizen who occurs twice is an error. A row that is already stored, accepted or refused, counts as
    unchanged; one with other facts corrects a referral that is not drawn (`deliver_referrals`), unless a
    person has corrected the same. Raises BadFile with all errors.
    """
    codes = _codes_of(projects)
    read = [(row, _referral(row, codes, not_after)) for row in table]
    _refuse_repeated(read)
    table.raise_errors()
    good_rows = [(row, data) for row, data in read if data is not None]
    delivered = deliver_referrals([data for _, data in good_rows], by=by)
    listed = {place for place, _column in delivered.contradicted}
    citizens = [result.referral.citizen.public_id for result in delivered.results.values()]
    report = ReferralReport(citizens, accepted=0, unchanged=0, refused=[], flagged=[])
    for place, (row, _data) in enumerate(good_rows):
        if place not in listed:
            report.add(row.line, delivered.results[place], is_corrected=place in delivered.corrected)
    text = _("somebody has corrected or withdrawn this; correct it by hand if the file is right")
    report.listing(RowError(good_rows[place][0].line, name, text) for place, name in delivered.contradicted)
    return report


def _codes_of(projects: Collection[int] | None) -> frozenset[str] | None:
    if projects is None:
        return None
    places = ProjectMunicipality.objects.filter(project__in=projects)
    return frozenset(places.values_list("municipality_id", flat=True))


def _referral(row: FileRow, codes: Collection[str] | None, not_after: date | None) -> ReferralData | None:
    """Return the row as a referral; None, with errors on the row, when something is wrong."""
    errors_before = len(row.errors)
    digits = read_cpr(row)
    name = row.name("name")
    code = row.text("municipality_code")
    if code and not (len(code) == 4 and code.isascii() and code.isdigit()):
        row.fail("municipality_code", _("must be a municipality code of four digits"))
    elif code and codes is not None and code not in codes:
        row.fail("municipality_code", _("is not a municipality of your project"))
    target_group = row.choice("target_group", TargetGroup.values)
    benefit = row.choice("benefit", Benefit.values)
    since = row.date("public_support_since")
    activity_ready = row.boolean("activity_ready")
    in_programme = row.boolean("in_integration_programme")
    referred_on = row.date("referred_on")
    source_id = read_source_id(row) if "source_id" in row.values else ""
    if referred_on is not None and not_after is not None and referred_on > not_after:
        row.fail("referred_on", _("lies in the future"))
    if (
        len(row.errors) > errors_before
        or digits is None
        or since is None
        or referred_on is None
        or activity_ready is None
        or in_programme is None
    ):
        return None
    return ReferralData(
        digits=digits,
        name=name,
        municipality_code=code,
        target_group=target_group,
        benefit=benefit,
        public_support_since=since,
        activity_ready=activity_ready,
        in_integration_programme=in_programme,
        referred_on=referred_on,
        source_id=source_id,
    )


def _refuse_repeated(read: Iterable[tuple[FileRow, ReferralData | None]]) -> None:
    """Add an error to each row whose `source_id` occurs in an earlier row, or whose citizen, also under an
    earlier number (D40)."""
    rows = []
    first_ids: dict[str, int] = {}
    for row, data in read:
        if data is not None and data.source_id:
            line = first_ids.setdefault(data.source_id, row.line)
            if line != row.line:
                row.fail("source_id", _("stands in line %(line)d already") % {"line": line})
        with suppress(cpr.InvalidCpr):
            rows.append((row, cpr.parse(row.values["cpr"]).digits))
    present = _present_numbers({digits for _row, digits in rows})
    first: dict[str, int] = {}
    for row, digits in rows:
        citizen = present.get(digits, digits)
        if citizen in first:
            row.fail("cpr", _("the same citizen stands in line %(line)d") % {"line": first[citizen]})
        first.setdefault(citizen, row.line)


@all_projects("a number may be an earlier one of a citizen of whatever project")
def _present_numbers(numbers: Collection[str]) -> dict[str, str]:
    """Return the present number of each of these that is an earlier number of a citizen."""
    if not EarlierNumber.objects.exists():
        return {}
    lookups = {stored: digits for digits in numbers for stored in crypto.lookup_hash(digits).all}
    present: dict[str, str] = {}
    for cpr_hashes in batches(lookups):
        for number in EarlierNumber.objects.filter(cpr_lookup__in=cpr_hashes).select_related("citizen"):
            present[lookups[bytes(number.cpr_lookup)]] = number.citizen.cpr
    return present


def import_functions(table: FileTable, *, projects: Collection[int] | None = None) -> CitizenImportReport:
    """Assign functions of courses (D8); a later assignment ends the earlier holder's the day before.

    Errors: a citizen without a course, an unknown address, a user without that role in the project, a day
    before the course, and two users for one function from the same day. A row never undoes what a person has
    changed since (D42). Raises BadFile.
    """
    numbers = {row.line: read_cpr(row) for row in table}
    courses = CourseLookup(numbers.values(), projects)
    emails = {row.values["email"].strip().lower() for row in table}
    users = _users(emails, projects)
    assignments: list[Assignment] = []
    rows = []
    holders: dict[tuple[int, str, date], tuple[int, str]] = {}
    for row in table:
        assignment = _assignment(row, courses.of(row, numbers[row.line]), users)
        if assignment is None:
            continue
        assignments.append(assignment)
        rows.append(row)
        key = (assignment.course.pk, assignment.function, assignment.from_on)
        line, holder = holders.setdefault(key, (row.line, assignment.user.email))
        if holder != assignment.user.email:
            row.fail("email", _("somebody else begins on the same day in line %(line)d") % {"line": line})
    table.raise_errors()
    overtaken = delivered_functions(assignments)
    left = [
        assignment
        for place, assignment in enumerate(assignments)
        if place not in overtaken.repeated | overtaken.contradicted
    ]
    with pghistory.context(reason=DELIVERED):
        changed = sum(result.is_new for result in actions.assign_all(left))
    citizens = {assignment.course.citizen.public_id for assignment in assignments}
    unchanged = len(assignments) - changed - len(overtaken.contradicted)
    report = CitizenImportReport(citizens, assigned=changed, unchanged=unchanged)
    text = _("somebody has given the function to another person; change it by hand if the file is right")
    report.listing(RowError(rows[place].line, "email", text) for place in sorted(overtaken.contradicted))
    return report


def _users(emails: Collection[str], projects: Collection[int] | None) -> dict[str, User]:
    """Return the users with these addresses and their roles, locked. With `projects`, only their members."""
    users = User.objects.filter(email__in=emails)
    if projects is not None:
        users = users.filter(memberships__project__in=projects)
    by_email = {user.email: user for user in locked_users(users.values_list("pk", flat=True)).values()}
    prefetch_related_objects(list(by_email.values()), "memberships")
    for user in by_email.values():
        user.held_roles = frozenset(
            (membership.project_id, membership.role) for membership in user.memberships.all()
        )
    fetch_shut_outs(by_email.values())
    return by_email


def _assignment(row: FileRow, course: Course | None, users: dict[str, User]) -> Assignment | None:
    function = row.choice("function", CourseFunction.values)
    email = row.text("email", longest=254)
    from_on = row.date("from_on")
    user = users.get(email.lower())
    if email and user is None:
        row.fail("email", _("nobody has this address"))
    if course is None or not function or user is None or from_on is None:
        return None
    assignment = Assignment(course, function, user, from_on)
    if not _passes(row, lambda: actions.check_assignment(assignment), {"user": "email"}):
        return None
    return assignment


def import_contacts(
    table: FileTable,
    *,
    by: User | None = None,
    projects: Collection[int] | None = None,
    not_after: date | None = None,
) -> CitizenImportReport:
    """Record mentor contacts and held follow-up meetings (D9, D17, D18).

    Errors: a citizen without a course, a day outside it or in the future, a meeting without the citizen, a
    `source_id` of another row. A contact without the citizen is stored as an attempt. A row that contradicts
    what a person has made of its record is listed and not applied (D42). Raises BadFile.
    """
    numbers = {row.line: read_cpr(row) for row in table}
    courses = CourseLookup(numbers.values(), projects)
    courses.lock()
    rows: list[FileRow] = []
    contacts: list[ImportedContact] = []
    for row in table:
        course = courses.of(row, numbers[row.line])
        kind = row.choice("kind", tuple(CONTACT_KINDS))
        held_on = row.date("held_on")
        present = row.boolean("citizen_present")
        source = read_source_id(row)
        if course is None or not kind or held_on is None or present is None:
            continue
        contact = ImportedContact(course, held_on, kind == "follow_up_meeting", present, source)
        if _passes(row, partial(actions.check_contact, contact, not_after)):
            contacts.append(contact)
            rows.append(row)
    for wrong in actions.check_sources(contacts):
        rows[wrong.place].fail(wrong.column, wrong.message)
    table.raise_errors()
    saved = actions.record_contacts(contacts, by=by)
    citizens = {contact.course.citizen.public_id for contact in contacts}
    unchanged = len(contacts) - saved.created - saved.updated - len(saved.contradicted)
    report = CitizenImportReport(citizens, created=saved.created, updated=saved.updated, unchanged=unchanged)
    text = _("somebody has corrected or withdrawn this; correct it by hand if the file is right")
    report.listing(RowError(rows[place].line, "held_on", text) for place in saved.contradicted)
    return report


def _passes(row: FileRow, check: Callable[[], object], columns: dict[str, str] | None = None) -> bool:
    """Run an action's check; add what it refuses as errors of the row's columns. Return whether it passed."""
    try:
        check()
    except ValidationError as refused:
        for field, messages in refused.message_dict.items():
            for message in messages:
                row.fail((columns or {}).get(field, field), message)
        return False
    return True
