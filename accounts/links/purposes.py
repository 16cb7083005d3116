"""The extension point of signed links: an app calls `add_link_purposes` in `AppConfig.ready()`."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from accounts.links.models import SignedLink
from jobfirst.messaging.outgoing import MessageChannel
from jobfirst.messaging.ways import Way, next_way, ways_to

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise  # a name of the type stubs


@dataclass(frozen=True)
class LinkAddress:
    """Where a recipient is reached, as registered now: by e-mail, or by SMS when there is only a phone.

    `name` is written in the greeting of a mail to a contact person; a citizen's is not. `municipality` is the
    one whose jobcentre asks; without it that of the project's lead.
    """

    email: str = ""
    phone: str = ""
    language: str = "da"
    name: str = ""
    municipality: str = ""

    @property
    def channel(self) -> MessageChannel | None:
        """By what the recipient is reached; None when there is no e-mail, and no phone or no gateway."""
        way = next_way(self.ways)
        return None if way is None else way.channel

    @property
    def ways(self) -> list[Way]:
        """The ways to reach the recipient: the mail first."""
        return ways_to(self.email, self.phone, first=MessageChannel.EMAIL)


def _no_follow_up(_link: SignedLink) -> None:
    """Nothing follows."""


@dataclass(frozen=True)
class LinkPurpose:
    """What a link is for.

    `code` is written in the access record as `link.<code>`, under the name `page_name`. `url_name` is the
    page that takes the secret. `subject_line` and `text` are the mail's, an SMS has the text alone; it names
    %(url)s, %(sender)s, %(jobcentre)s and %(last)s, and neither says who the citizen is.

    `find_address` is asked when a link is sent and returns the address registered at that moment; None when
    it is no longer wanted, because what it asks for is done or somebody else is the contact. `citizens`
    returns the public ids of the citizens whom the page shows. `term` is the term of the trial that says for
    how many days the link is good. `not_arrived` is called, in the transaction
    that notes it, when the link is given up or its mail comes back. Both run while the link is locked, which
    comes last in the order of locks: they lock nothing.
    """

    code: str
    url_name: str
    is_single_use: bool
    page_name: "_StrOrPromise"
    subject_line: "_StrOrPromise"
    text: "_StrOrPromise"
    find_address: Callable[[SignedLink], LinkAddress | None]
    citizens: Callable[[SignedLink], list[uuid.UUID]]
    term: Literal["link_days", "reporting_link_days"] = "link_days"
    not_arrived: Callable[[SignedLink], None] = _no_follow_up


_purposes: dict[str, LinkPurpose] = {}


def add_link_purposes(*purposes: LinkPurpose) -> None:
    """Register purposes; ValueError for a second one of the same code."""
    for purpose in purposes:
        if _purposes.setdefault(purpose.code, purpose) is not purpose:
            raise ValueError(f"there is a purpose of links called {purpose.code}")


def purpose_of(code: str) -> LinkPurpose:
    """Return the purpose; KeyError for an unknown code."""
    return _purposes[code]


def link_purposes() -> list[LinkPurpose]:
    """Return all purposes, by code."""
    return sorted(_purposes.values(), key=lambda purpose: purpose.code)
