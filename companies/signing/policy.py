"""Who may do what with a work agreement, by status and role: the only place that says so (D15, D45-D47).

Views, buttons, actions and links all ask `may`. Beside the table there are two rules of order, which every
role keeps: a party signs a version once, and the jobcentre signs last (`companies.signing.actions`).
"""

from enum import StrEnum

from rules.predicates import Predicate, predicate

from accounts.models import User
from accounts.policy import led_project_ids
from cases.models import Course, CourseFunction
from cases.policy import held_functions
from companies.models import AgreementParty
from companies.signing.status import AgreementStatus


class AgreementRole(StrEnum):
    """Whoever meets a work agreement. The outside parties have no account: they come by their link."""

    CITIZEN = "citizen"
    COMPANY = "company"
    JOB_CONSULTANT = CourseFunction.JOB_CONSULTANT.value
    COURSE_OWNER = CourseFunction.COURSE_OWNER.value
    MENTOR = CourseFunction.MENTOR.value
    CASEWORKER = CourseFunction.COORDINATING_CASEWORKER.value
    LEADER = "project_leader"
    READER = "reader"  # sees the course, without a function: a colleague who opened it with a reason
    OTHER = "other"


class AgreementAct(StrEnum):
    """What can be done with a version."""

    SEE = "see"
    EDIT = "edit"  # the next version
    SEND = "send"  # put it up for signing, and send the links, again as well
    SIGN = "sign"  # as one's own party
    HOST = "host"  # let an outside party sign, or decline, on one's own phone
    SIGN_FOR = "sign_for"  # D46
    DECLINE = "decline"
    VOID = "void"  # void a signature given by mistake


S, A, R = AgreementStatus, AgreementAct, AgreementRole

_SEES = frozenset({A.SEE})
_PARTY = frozenset({A.SEE, A.SIGN, A.DECLINE})
_WRITES = frozenset({A.SEE, A.EDIT, A.SEND})
_SIGNS_LAST = _WRITES | {A.SIGN, A.HOST, A.SIGN_FOR, A.DECLINE}
_HELPS = frozenset({A.SEE, A.SEND, A.HOST, A.SIGN_FOR, A.DECLINE})
_NOTHING: frozenset[AgreementAct] = frozenset()


def _row(
    *,
    outside: frozenset[AgreementAct],
    managers: frozenset[AgreementAct],
    mentor: frozenset[AgreementAct],
) -> dict[AgreementRole, frozenset[AgreementAct]]:
    """Return the cells of a status; whoever else sees the course reads, and strangers see nothing."""
    return {
        R.CITIZEN: outside,
        R.COMPANY: outside,
        R.JOB_CONSULTANT: managers,
        R.COURSE_OWNER: managers,
        R.LEADER: managers,
        R.MENTOR: mentor,
        R.CASEWORKER: _SEES,
        R.READER: _SEES,
        R.OTHER: _NOTHING,
    }


#: The table: by status and role, what may be done.
RIGHTS: dict[AgreementStatus, dict[AgreementRole, frozenset[AgreementAct]]] = {
    S.DRAFT: _row(outside=_NOTHING, managers=_WRITES, mentor=_SEES),
    S.AWAITING: _row(outside=_PARTY, managers=_SIGNS_LAST, mentor=_HELPS),
    S.PARTLY_SIGNED: _row(outside=_PARTY, managers=_SIGNS_LAST | {A.VOID}, mentor=_HELPS | {A.VOID}),
    S.SIGNED: _row(outside=_SEES, managers=_WRITES, mentor=_SEES | {A.SEND}),
    S.DECLINED: _row(outside=_NOTHING, managers=_WRITES, mentor=_SEES),
    S.REPLACED: _row(outside=_NOTHING, managers=_SEES, mentor=_SEES),
    S.ENDED: _row(outside=_SEES, managers=_SEES, mentor=_SEES),
}

#: The role in which a party comes by its link.
LINK_ROLES = {AgreementParty.CITIZEN: R.CITIZEN, AgreementParty.COMPANY: R.COMPANY}


def may(act: AgreementAct, status: AgreementStatus, *roles: AgreementRole) -> bool:
    """Whether one of the roles may do it in this status."""
    return any(act in RIGHTS[status][role] for role in roles)


def roles_of(user: User, course: Course) -> tuple[AgreementRole, ...]:
    """Return the roles in which a user meets the work agreements of a course that the user sees."""
    roles = [AgreementRole(function) for function in sorted(held_functions(user, course))]
    if course.project_id in led_project_ids(user):
        roles.append(AgreementRole.LEADER)
    return tuple(roles) or (AgreementRole.READER,)


def _in_some_status(act: AgreementAct) -> Predicate:
    """Return the predicate of a permission: in some status one of the user's roles may do it.

    It decides who may open the page of an act. Whether the status allows it is said on the page.
    """

    @predicate(f"may_{act}_agreements")
    def check(user: User, course: Course | None) -> bool:
        return course is not None and any(may(act, status, *roles_of(user, course)) for status in RIGHTS)

    holds_role: Predicate = check
    return holds_role


def permission(act: AgreementAct) -> str:
    """Return the name of the permission of an act on a course."""
    return f"companies.{act}_agreement"


PERMISSIONS = {permission(act): _in_some_status(act) for act in AgreementAct}
