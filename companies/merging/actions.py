"""Put two records of one company together, and take them apart again.

Both exclude everything new at companies, lock the courses concerned, and let earned events, deadlines and
core elements follow in the same transaction.
"""

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, refuse
from cases.actions.deadlines import update_deadlines
from cases.models import Course
from companies.actions.company_locks import lock_companies
from companies.actions.placement_rows import internships_changed
from companies.actions.successions import not_alone
from companies.extension_points import placements_changed
from companies.merging.apart import complete_what_stays
from companies.merging.changes import dialogues_in, undo
from companies.merging.dialogues import settle_dialogues
from companies.merging.order import check_last
from companies.merging.rows import companies_concerned, locked_courses_of, placements_in_the_way
from companies.merging.take_overs import take_overs_in_the_way
from companies.merging.together import put_together
from companies.models import Company, CompanyMerge, Placement
from companies.policy import may_merge_companies
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content
from jobfirst.row_security.context import all_projects


@all_projects("what the projects share of a company is changed for all of them")
@transaction.atomic
def merge_companies(
    duplicate: Company,
    remaining: Company,
    *,
    reason: str,
    by: User,
    submission: uuid.UUID | None = None,
) -> CompanyMerge:
    """Put everything of `duplicate` at `remaining`. Idempotent: the same again returns the standing merge.

    Refused while placements would stand twice, or the take-overs of both cannot be those of one company.
    """
    lock_companies()
    content = {"duplicate": duplicate, "remaining": remaining}
    if submission and (earlier := CompanyMerge.objects.filter(submission=submission).first()) is not None:
        refuse_other_content(earlier, content)
        return earlier
    standing = CompanyMerge.objects.standing().filter(**content).first()
    if standing is not None:
        return standing
    check_merge(duplicate, remaining, by)
    concerned = companies_concerned(duplicate, remaining)
    courses = locked_courses_of(concerned)
    blocking = placements_in_the_way(duplicate, remaining)
    if blocking:
        raise ValidationError(in_the_way_words(blocking, by), code="in_the_way")
    merge = CompanyMerge.objects.create(
        **content,
        reason=reason.strip(),
        merged_by=by,
        submission=submission,
        changes=put_together(duplicate, remaining),
    )
    follow_merge(courses, (duplicate, remaining))
    return merge


@all_projects("what the projects share of a company is changed for all of them")
@transaction.atomic
def undo_merge(merge: CompanyMerge, *, by: User, version: int | None = None) -> CompanyMerge:
    """Put back what was moved and still stands where it was put, and nothing else. Idempotent."""
    lock_companies()
    merge = CompanyMerge.objects.select_related("duplicate", "remaining").get(pk=merge.pk)
    if merge.undone_at is not None:
        return merge
    ensure_fresh(merge, version)
    both = (merge.duplicate, merge.remaining)
    if not may_merge_companies(by, companies_concerned(*both)):
        raise ValidationError(not_alone(), code="shared")
    check_last(merge)
    courses = locked_courses_of(companies_concerned(*both))
    for change in reversed(merge.changes):
        undo(change)
    complete_what_stays(*both)
    settle_dialogues(dialogues_in(merge.changes))
    changed(merge, {"undone_at": timezone.now(), "undone_by": by})
    follow_merge(courses, both)
    return merge


@all_projects("what the projects share of a company is changed for all of them")
def check_merge(duplicate: Company, remaining: Company, by: User) -> None:
    """Refuse companies that cannot be put together, or not by this user. Final only under the lock."""
    if duplicate == remaining:
        raise refuse("remaining", _("Choose two different companies."), "same")
    merged = CompanyMerge.objects.standing().filter(duplicate__in=(duplicate, remaining))
    if merged.exists():
        raise ValidationError(
            _("One of the two has been put together with another one already."), code="merged"
        )
    if not may_merge_companies(by, companies_concerned(duplicate, remaining)):
        raise ValidationError(not_alone(), code="shared")
    take_overs = take_overs_in_the_way(duplicate, remaining)
    if take_overs:
        raise ValidationError(take_overs, code="taken_over")


def in_the_way_words(placements: list[Placement], user: User) -> str:
    """Return which placements stand twice; names only those whose course the user may see."""
    visible = Course.objects.visible_to(user).filter(pk__in={row.course_id for row in placements})
    names = set(visible.values_list("pk", flat=True))
    lines = [
        f"{row.course.citizen_name}, {row.get_kind_display()}, {date_format(row.starts_on)}"
        for row in placements
        if row.course_id in names
    ]
    hidden = len(placements) - len(lines)
    if hidden:
        lines.append(_("%(n)d that you may not see") % {"n": hidden})
    text = _("These placements are registered at both, on the same days. Withdraw one of the two first:")
    return f"{text} {'; '.join(lines)}"


def follow_merge(courses: dict[int, Course], companies: Iterable[Company]) -> None:
    """Link renewals anew, and let earned events, deadlines and core elements follow."""
    ids = [company.pk for company in companies]
    for course in courses.values():
        internships_changed(course, ids)
    placements_changed(courses)
    update_deadlines(courses.values())
