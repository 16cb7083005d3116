"""The leader's list of concerns."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evaluation.monday.concerns import ActorNames, Concern, OpenDeadline, as_concerns
from jobfirst.kit.tables import MISSING, Column, DayColumn, KitTable, link


class ConcernTable(KitTable):
    """The concerns, each with the person who is to act."""

    default_order = ("due_on",)
    is_compact = True

    due_on = DayColumn(verbose_name=_("Since or due"), order_by="due")
    label = Column(verbose_name=_("What"), order_by="kind")
    citizen = Column(verbose_name=_("Citizen"), orderable=False)
    person = Column(verbose_name=_("Whose"), orderable=False, has_value=False)

    def __init__(
        self,
        deadlines: Sequence[OpenDeadline] | QuerySet[Any],
        on: datetime.date,
        actors: ActorNames | None = None,
        user: User | None = None,
    ) -> None:
        """`deadlines` are those of `project_concerns` on the day, `actors` who acts; without them those of
        the page's courses are fetched. Citizens from whom the `user` is shut out are left out (D51)."""
        super().__init__(deadlines)
        self.on = on
        self.actors = actors
        self.user = user

    def prepare(self, records: Any) -> Sequence[Concern]:
        """Return the deadlines of the page with their citizens and people."""
        return as_concerns(list(records), self.on, self.actors, self.user)

    def render_citizen(self, value: str, record: Concern) -> SafeString:
        """The name, as a link to the course."""
        return link(reverse("cases:course", args=[record.course_id]), value)

    def render_person(self, record: Concern) -> SafeString:
        """Who is to act, and who has put it off until when and why."""
        lines = [
            gettext("%(person)s has put it off until %(day)s: %(reason)s")
            % {
                "person": put_off.person,
                "day": date_format(put_off.until_on, "SHORT_DATE_FORMAT"),
                "reason": put_off.reason,
            }
            for put_off in record.put_off
        ]
        words = format_html_join("", '<br><span class="jf-muted">{}</span>', ((line,) for line in lines))
        return escape(record.person or MISSING) + words
