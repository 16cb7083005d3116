"""The purposes of links about a placement that its mentor and job consultant see to (D48, D54)."""

from collections.abc import Callable
from typing import Any

from accounts.links.models import SignedLink
from accounts.links.purposes import LinkAddress, LinkPurpose
from cases.models import CourseFunction
from companies.links.placements import LinkedPlacement, address_of, citizens_of
from companies.links.undelivered import tell_team
from reminders.extension_points import NoticeKind

FUNCTIONS = (CourseFunction.MENTOR, CourseFunction.JOB_CONSULTANT)


def placement_purpose(
    code: str, wanted_about: Callable[[SignedLink], LinkedPlacement | None], lost: NoticeKind, **values: Any
) -> LinkPurpose:
    """Return a purpose whose links are used more than once.

    `wanted_about` returns what a link is about today; None when it is no longer wanted. `lost` is the notice
    that a link has not arrived. `values` are the words, the page and the term of the purpose.
    """

    def find_address(link: SignedLink) -> LinkAddress | None:
        linked = wanted_about(link)
        return None if linked is None else address_of(linked)

    def not_arrived(link: SignedLink) -> None:
        linked = wanted_about(link)
        if linked is not None:
            tell_team(lost, linked.placement.course, FUNCTIONS)

    return LinkPurpose(
        code=code,
        is_single_use=False,
        find_address=find_address,
        citizens=citizens_of,
        not_arrived=not_arrived,
        **values,
    )
