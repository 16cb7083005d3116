"""The lists of companies, and of those that others took over."""

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Course
from companies.models import Company, CompanyMerge, Placement, Succession
from companies.policy import readable_writers
from jobfirst.kit.addresses import url_maker
from jobfirst.kit.tables import MISSING, Column, DayColumn, KitTable, NumberColumn, link


class CompanyTable(KitTable):
    """The companies, with the number of the user's own citizens at each on the day."""

    title = _("Companies")
    default_order = ("name",)
    counts_up_to = 1000
    is_compact = True

    #: The fields of a company that the list shows; what it is searched by is long.
    FIELDS = ("public_id", "cvr", "name", "postal_code", "town", "sector", "ordinary_employees")

    name = Column(verbose_name=_("Company"), order_by=("name", "cvr"))
    cvr = Column(verbose_name=_("CVR number"))
    place = Column(verbose_name=_("Postal code and town"), order_by=("postal_code", "name"))
    sector = Column(verbose_name=_("Sector"), order_by=("sector", "name"))
    ordinary_employees = NumberColumn(verbose_name=_("Ordinary employees"))
    own_running = NumberColumn(verbose_name=_("Own citizens there now"), orderable=False)

    def __init__(self, data: "QuerySet[Company]", *, user: User, on: datetime.date) -> None:
        super().__init__(data)
        self.user, self.on = user, on
        self.address = url_maker("companies:company", stand_in="00000000")

    def prepare(self, records: Any) -> Sequence[Company]:
        """Return the companies of the page, each with the number of own citizens there."""
        companies: list[Company] = list(records)
        numbers = self._own_citizens(companies)
        for company in companies:
            company.own_running = numbers.get(company.pk)  # type: ignore[attr-defined]  # for the column
        return companies

    def _own_citizens(self, companies: Sequence[Company]) -> Counter[int]:
        """Return how many of the user's own citizens are at each of the companies; at most two queries.

        The placements first, in one set, then which of their courses the user sees: the other way round each
        course of the project is looked for at each company, and the wall is asked for each placement.
        """
        running = Placement.objects.running(self.on).filter(company__in=[company.pk for company in companies])
        pairs = set(running.order_by().values_list("company_id", "course_id")) if companies else set()
        if not pairs:
            return Counter()
        courses = Course.objects.filter(pk__in={course for _company, course in pairs})
        visible = set(courses.visible_to(self.user).order_by().values_list("pk", flat=True))
        return Counter(company for company, course in pairs if course in visible)

    def render_name(self, value: str, record: Company) -> SafeString:
        """The name, leading to the company."""
        return link(self.address(record.cvr), value)


class SuccessionTable(KitTable):
    """The take-overs, the latest first."""

    title = _("Companies taken over")
    default_order = ("-from_on",)

    predecessor = Column(verbose_name=_("Taken over"), order_by=("predecessor__name", "pk"))
    successor = Column(verbose_name=_("Taken over by"), order_by=("successor__name", "pk"))
    from_on = DayColumn(verbose_name=_("From"))
    all_workplaces = Column(verbose_name=_("All workplaces"))
    reason = Column(verbose_name=_("How it is known"), orderable=False)
    state = Column(verbose_name=_("State"), has_value=False)
    act = Column(verbose_name=_("In error?"), has_value=False, is_action=True)

    def __init__(self, data: "QuerySet[Succession]", *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.address = url_maker("companies:withdraw_succession")

    def prepare(self, records: Any) -> Sequence[Succession]:
        """Return the take-overs of the page, without the reasons that another project wrote (D39)."""
        rows: list[Succession] = list(records)
        writers = {row.recorded_by_id for row in rows} | {row.withdrawn_by_id for row in rows}
        readable = readable_writers(self.user, writers)
        for row in rows:
            row.reason = row.reason if row.recorded_by_id in readable else ""
            row.withdrawn_reason = row.withdrawn_reason if row.withdrawn_by_id in readable else ""
        return rows

    def render_predecessor(self, value: Company) -> str:
        """The company with its number."""
        return f"{value} (CVR {value.cvr})"

    def render_successor(self, value: Company) -> str:
        """The company with its number."""
        return f"{value} (CVR {value.cvr})"

    def render_all_workplaces(self, value: object) -> str:
        """Yes or no."""
        return gettext("Yes") if value else gettext("No")

    def render_state(self, record: Succession) -> str:
        """Whether it holds, and why not."""
        if record.withdrawn_at is None:
            return gettext("Holds")
        if not record.withdrawn_reason:
            return gettext("Withdrawn")
        return gettext("Withdrawn: %(reason)s") % {"reason": record.withdrawn_reason}

    def render_act(self, record: Succession) -> "SafeString | str":
        """The link to withdraw it."""
        return (
            MISSING
            if record.withdrawn_at
            else link(self.address(record.public_id), gettext("Recorded in error"))
        )


class MergeTable(KitTable):
    """The merges of companies, the latest first."""

    title = _("Companies registered twice")
    default_order = ("-created_at",)

    duplicate = Column(verbose_name=_("Record given up"), order_by=("duplicate__name", "pk"))
    remaining = Column(verbose_name=_("The one that remains"), order_by=("remaining__name", "pk"))
    created_at = DayColumn(verbose_name=_("Since"))
    reason = Column(verbose_name=_("How it is known"), orderable=False)
    state = Column(verbose_name=_("State"), has_value=False)
    act = Column(verbose_name=_("In error?"), has_value=False, is_action=True)

    def __init__(self, data: "QuerySet[CompanyMerge]", *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.address = url_maker("companies:undo_merge")

    def prepare(self, records: Any) -> Sequence[CompanyMerge]:
        """Return the merges of the page, without the reasons that another project wrote (D39)."""
        rows: list[CompanyMerge] = list(records)
        readable = readable_writers(self.user, {row.merged_by_id for row in rows})
        for row in rows:
            row.reason = row.reason if row.merged_by_id in readable else ""
        return rows

    def render_duplicate(self, value: Company) -> str:
        """The company with its number."""
        return f"{value} (CVR {value.cvr})"

    def render_remaining(self, value: Company) -> str:
        """The company with its number."""
        return f"{value} (CVR {value.cvr})"

    def render_state(self, record: CompanyMerge) -> str:
        """Whether it holds."""
        return gettext("Holds") if record.undone_at is None else gettext("Undone")

    def render_act(self, record: CompanyMerge) -> "SafeString | str":
        """The link to undo it."""
        return MISSING if record.undone_at else link(self.address(record.public_id), gettext("Undo"))
