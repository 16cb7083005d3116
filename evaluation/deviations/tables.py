"""The lists of recorded and suggested deviations: by name to the leader, by ledger number to the agency."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.presentation.corrections import with_corrections
from evaluation.deviations.models import Deviation
from evaluation.deviations.suggestions import SuggestedDeviation
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn, link
from jobfirst.templatetags.kit import badge


class DeviationTable(KitTable):
    """What both lists of recorded deviations show."""

    title = _("Deviations from the protocol")
    default_order = ("-happened_on",)

    happened_on = DayColumn(verbose_name=_("Day"))
    kind = Column(verbose_name=_("what deviated"), accessor="get_kind_display", order_by="kind")
    arm = Column(verbose_name=_("Arm"), accessor="allocation__get_arm_display", order_by="allocation__arm")
    number = NumberColumn(
        verbose_name=_("No. in the ledger"), accessor="allocation__sequence", order_by="allocation__sequence"
    )
    reason = Column(verbose_name=_("Reason"), orderable=False)
    recorded_by = Column(verbose_name=_("Recorded by"), orderable=False)
    change = Column(verbose_name=_("Correct"), has_value=False, is_action=True)

    def prepare(self, records: Any) -> Sequence[Deviation]:
        """Return the deviations of the page with their corrections."""
        deviations = list(records)
        with_corrections(deviations)
        return deviations

    def render_reason(self, record: Any) -> SafeString:
        """The reason, and below it how it was corrected."""
        lines = format_html_join(
            "", '<br><span class="jf-muted jf-small">{}</span>', ((line,) for line in record.correction_lines)
        )
        return escape(record.reason) + lines


class ProjectDeviationTable(DeviationTable):
    """The deviations of a led project, by name."""

    column_order = ("happened_on", "kind", "citizen", "arm", "reason", "recorded_by", "change")

    citizen = Column(
        verbose_name=_("Citizen"),
        accessor="allocation__referral__name",
        order_by="allocation__referral__name",
    )

    def render_citizen(self, record: Deviation, value: str) -> SafeString:
        """The name, leading to the draw."""
        return link(reverse("randomization:allocation", args=[record.allocation.referral.public_id]), value)

    def render_change(self, record: Deviation) -> SafeString | str:
        """The ways to correct it; none for what the agency recorded."""
        return gettext("by the agency") if record.is_agencys else change_links(record)


class TrialDeviationTable(DeviationTable):
    """The deviations of the trial, by number in the ledger, without what projects wrote."""

    column_order = ("happened_on", "kind", "project", "number", "arm", "reason", "recorded_by", "change")

    project = Column(
        verbose_name=_("Project"), accessor="allocation__project", order_by="allocation__project__name"
    )

    def render_reason(self, record: Any) -> SafeString:
        """The agency's reason; what a project wrote stays in the project."""
        if record.is_agencys:
            return super().render_reason(record)
        return escape(gettext("Stands in the project"))

    def render_recorded_by(self, record: Deviation) -> str:
        """The person at the agency, or the project."""
        return str(record.recorded_by if record.is_agencys else gettext("the project's leader"))

    def render_change(self, record: Deviation) -> SafeString | str:
        """The ways to correct it; none for what a project recorded."""
        return change_links(record) if record.is_agencys else gettext("by the project")


def change_links(deviation: Deviation) -> SafeString:
    """Return the links to correct the deviation and to mark it as entered in error."""
    return format_html(
        '<a href="{}">{}</a><br><a href="{}">{}</a>',
        reverse("evaluation:correct_deviation", args=[deviation.public_id]),
        gettext("Correct"),
        reverse("evaluation:withdraw_deviation", args=[deviation.public_id]),
        gettext("Entered in error"),
    )


class SuggestedTable(KitTable):
    """What both lists of suggested deviations show."""

    title = _("Suggested deviations")
    given_order = "number"

    number = NumberColumn(verbose_name=_("No. in the ledger"), accessor="sequence")
    kind = Column(verbose_name=_("What the records suggest"), accessor="kind__label", order_by="kind")
    arm = Column(verbose_name=_("Arm"), accessor="allocation__get_arm_display", orderable=False)
    drawn = DayColumn(
        verbose_name=_("Drawn on"), accessor="allocation__allocated_on", order_by="allocation__allocated_on"
    )
    record = Column(verbose_name=_("Record"), has_value=False, is_action=True)

    def render_arm(self, value: str) -> SafeString:
        """The arm in words."""
        return badge(value)


class ProjectSuggestedTable(SuggestedTable):
    """The suggested deviations of a led project, by name."""

    column_order = ("number", "kind", "citizen", "arm", "drawn", "record")

    citizen = Column(
        verbose_name=_("Citizen"),
        accessor="allocation__referral__name",
        order_by="allocation__referral__name",
    )

    def render_citizen(self, record: SuggestedDeviation, value: str) -> SafeString:
        """The name, leading to the draw."""
        return link(reverse("randomization:allocation", args=[record.allocation.referral.public_id]), value)

    def render_record(self, record: SuggestedDeviation) -> SafeString:
        """The way to the form, with the kind chosen."""
        address = reverse("evaluation:record_deviation", args=[record.allocation.referral.public_id])
        return link(f"{address}?{urlencode({'kind': record.kind.value})}", gettext("Record"))


class TrialSuggestedTable(SuggestedTable):
    """The suggested deviations of the trial, by number in the ledger."""

    column_order = ("number", "kind", "project", "arm", "drawn", "record")

    project = Column(
        verbose_name=_("Project"), accessor="allocation__project", order_by="allocation__project__name"
    )

    def render_record(self, record: SuggestedDeviation) -> SafeString:
        """The way to the form, with number and kind filled in."""
        query = urlencode({"kind": str(record.kind.value), "number": str(record.sequence)})
        return link(f"{reverse('evaluation:record_trial_deviation')}?{query}", gettext("Record"))
