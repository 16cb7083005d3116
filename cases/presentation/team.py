"""The four functions of a course: who holds each, and the hand-over notes (D8, D57)."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.models import TrialTerms
from cases.models import Course, CourseFunction, FunctionHolding, HandoverNote
from cases.rules.stand_in import StandIn
from jobfirst.kit.phones import reach_links
from jobfirst.values.danish_order import danish_key
from jobfirst.values.dates import DAY


@dataclass(frozen=True)
class FunctionEntry:
    """One of the four functions: the holder on the day, and the earlier and later ones (D8)."""

    function: CourseFunction
    holder: FunctionHolding | None
    others: Sequence[FunctionHolding]

    @property
    def newest(self) -> FunctionHolding | None:
        """The holding that begins last: the holder's, or one that is handed over already."""
        holdings = [*self.others, *([self.holder] if self.holder else [])]
        return max(holdings, key=lambda holding: holding.from_on, default=None)

    @property
    def note(self) -> HandoverNote | None:
        """The hand-over note of the newest holding (D57)."""
        return getattr(self.newest, "handover_note", None)

    @property
    def lacks_note(self) -> bool:
        """Whether the function has changed hands without a note."""
        newest = self.newest
        return self.note is None and any(
            holding.from_on < newest.from_on and holding.user_id != newest.user_id
            for holding in self.others
            if newest is not None
        )


@dataclass(frozen=True)
class TeamCard:
    """One of the four functions as the overview shows it: the holder on the day and how to reach them."""

    key: str
    function: str
    name: str
    reach: str
    mail_returned: bool
    stand_in: StandIn | None
    stand_in_reach: str
    has_note: bool
    lacks_note: bool


def cards(entries: Sequence[FunctionEntry]) -> list[TeamCard]:
    """Return the functions as cards; the name is empty when nobody holds the function."""
    return [_card(entry) for entry in entries]


def _card(entry: FunctionEntry) -> TeamCard:
    user = entry.holder.user if entry.holder else None
    stand_in = entry.holder.stand_in if entry.holder else None
    return TeamCard(
        key=entry.function.value,
        function=str(entry.function.label),
        name=str(user) if user else "",
        reach=reach_links(user.phone, user.email, user) if user else "",
        mail_returned=user is not None and user.mail_returned_at is not None,
        stand_in=stand_in,
        stand_in_reach=reach_links(stand_in.phone, stand_in.email, stand_in) if stand_in else "",
        has_note=entry.note is not None,
        lacks_note=entry.lacks_note,
    )


def unread_notes(
    entries: Sequence[FunctionEntry], mine: Collection[str], on: datetime.date, terms: TrialTerms
) -> list[FunctionEntry]:
    """Return the functions in `mine` whose hand-over note stands first on the page (D57): it is for the
    holder on the day, who has not read it, and not older than the terms say."""
    return [
        entry
        for entry in entries
        if entry.function in mine
        and entry.note is not None
        and entry.holder is not None
        and entry.holder is entry.newest
        and entry.note.read_by_id is None
        and on <= entry.holder.from_on + terms.handover_note_days * DAY
    ]


def functions(course: Course, on: datetime.date) -> list[FunctionEntry]:
    """Return the four functions on the day."""
    entries = []
    for function in CourseFunction:
        holdings = [holding for holding in course.holdings.all() if holding.function == function]
        holder = next((holding for holding in holdings if on in holding.span), None)
        entries.append(
            FunctionEntry(function, holder, [holding for holding in holdings if holding is not holder])
        )
    return entries


def function_names(course: Course, on: datetime.date) -> dict[int, str]:
    """Return what each of the team does in the course on the day, in words, by user id; one query."""
    names: dict[int, list[str]] = {}
    for user_id, function in course.holdings.in_force(on).values_list("user_id", "function"):
        names.setdefault(user_id, []).append(str(CourseFunction(function).label).lower())
    return {user_id: ", ".join(sorted(labels, key=danish_key)) for user_id, labels in names.items()}
