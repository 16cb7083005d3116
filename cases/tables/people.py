"""The project leader's list of the project's people."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Absence, Membership, User
from accounts.roles import Role
from cases.actions.duties import held_from, left_vacant
from cases.models import CourseFunction, FunctionHolding
from jobfirst.kit.days import short_date
from jobfirst.kit.tables import MISSING, Column, KitTable


@dataclass
class PersonRow:
    """A person with roles, the number of courses by function, absences, and what is left vacant."""

    user: User
    roles: list[str] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    vacant: int = 0


class PeopleTable(KitTable):
    """The people of some projects, with links to hand over and to enter an absence."""

    title = gettext_lazy("Staff")

    name = Column(
        verbose_name=gettext_lazy("Name"), order_by=("name", "pk"), has_value=False, css="jf-anywhere"
    )
    functions = Column(verbose_name=gettext_lazy("Functions"), has_value=False)
    absence = Column(verbose_name=gettext_lazy("Absence"), has_value=False)
    change = Column(verbose_name=gettext_lazy("Actions"), has_value=False, is_action=True)

    def __init__(self, data: QuerySet[User], *, projects: Collection[int], on: datetime.date) -> None:
        self.projects = projects
        self.on = on
        super().__init__(data)

    def prepare(self, records: QuerySet[User]) -> list[PersonRow]:
        """Return the rows of a page, in five queries."""
        rows = {user.pk: PersonRow(user) for user in records}
        memberships = Membership.objects.filter(user__in=rows, project__in=self.projects)
        for user_id, role in memberships.order_by("role").values_list("user_id", "role").distinct():
            rows[user_id].roles.append(role)
        held = held_from(self.on).filter(user__in=rows, course__project__in=self.projects)
        for user_id, function, count in _counted(held, "user_id", "function"):
            rows[user_id].held[function] = count
        left = left_vacant(self.on).filter(user__in=rows, course__project__in=self.projects)
        for user_id, count in _counted(left, "user_id"):
            rows[user_id].vacant = count
        absences = Absence.objects.not_over(self.on).filter(user__in=rows, project__in=self.projects)
        for absence in absences.select_related("stand_in"):
            rows[absence.user_id].absences.append(absence)
        return list(rows.values())

    def render_name(self, record: PersonRow) -> SafeString:
        closed = "" if record.user.is_active else f" ({_('closed')})"
        return format_html("<strong>{}</strong>{}<br>{}", record.user, closed, record.user.email)

    def render_functions(self, record: PersonRow) -> SafeString | str:
        lines = []
        for role in record.roles:
            count = record.held.get(role, 0)
            words = ngettext("%(count)d course", "%(count)d courses", count) % {"count": count}
            lines.append((Role(role).label, f": {words}" if role in CourseFunction.values else ""))
        return format_html_join(mark_safe("<br>"), "{}{}", lines)  # nosec B308 - a constant

    def render_absence(self, record: PersonRow) -> SafeString | str:
        words = _("%(first)s–%(last)s, stand-in: %(name)s")
        lines = [
            (
                words
                % {
                    "first": short_date(absence.first_on),
                    "last": short_date(absence.last_on),
                    "name": absence.stand_in,
                },
            )
            for absence in record.absences
        ]
        return format_html_join(mark_safe("<br>"), "{}", lines) or MISSING  # nosec B308 - a constant

    def render_change(self, record: PersonRow) -> SafeString | str:
        """Links, each naming the person for those who hear it out of its row."""
        key = [record.user.public_id]
        links = []
        if record.held or record.vacant:
            links.append((reverse("cases:hand_over", args=key), _("Hand over the courses")))
        if record.user.is_active:
            links.append((reverse("new_absence", args=key), _("Enter an absence")))
        if record.vacant:
            count = {"count": record.vacant}
            links[0] = (links[0][0], _("Hand over or give back (%(count)d vacant)") % count)
        items = format_html_join(
            "",
            '<li><a href="{}">{}<span class="sr-only">: {}</span></a></li>',
            ((url, text, record.user) for url, text in links),
        )
        return format_html('<ul class="jf-plain">{}</ul>', items) if links else MISSING


def _counted(holdings: QuerySet[FunctionHolding], *names: str) -> list[tuple[Any, ...]]:
    """Return the number of holdings for each combination of the values."""
    return list(holdings.order_by().values_list(*names).annotate(count=Count("pk")))
