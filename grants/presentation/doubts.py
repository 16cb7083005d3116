"""The doubts about a statement's events in words (D58): table of the pages, rows of the approval sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grants.models import DoubtKindChoices, GrantEventKindChoices
from grants.reckoning.statement import AnsweredDoubt, StatementView
from grants.rules.doubts import DoubtKind
from jobfirst.exchange.writing import ExportSheet
from jobfirst.kit.days import short_date
from jobfirst.kit.tables import Column, KitTable


def doubt_words(row: AnsweredDoubt) -> str:
    """Return what is doubtful, with its day or days."""
    about = row.doubt.about
    label = str(DoubtKindChoices(about.kind.value).label)
    return f"{label} ({_detail(row)})"


def _detail(row: AnsweredDoubt) -> str:
    about = row.doubt.about
    day = short_date(about.day)
    if about.kind is DoubtKind.UNSIGNED_AGREEMENT:
        return _("begun on %(day)s") % {"day": day}
    if about.kind is DoubtKind.UNCONFIRMED_END:
        return _("planned for %(day)s") % {"day": day}
    if about.kind is DoubtKind.PENDING_CORRECTION:
        return _("about %(day)s") % {"day": day}
    days = ngettext("%(days)d day absent", "%(days)d days absent", about.days) % {"days": about.days}
    if not about.no_show:
        return days
    no_show = ngettext(
        "of this %(days)d day not shown up", "of this %(days)d days not shown up", about.no_show
    )
    return f"{days}, {no_show % {'days': about.no_show}}"


def events_words(row: AnsweredDoubt) -> str:
    """Return the events that rest on what is doubtful."""
    return ", ".join(str(GrantEventKindChoices(kind.value).label) for kind in row.doubt.events)


def answer_words(row: AnsweredDoubt) -> str:
    """Return the answer with the name and day of who gave it; empty while there is none."""
    if row.answer is None:
        return ""
    return f"{row.answer.text} ({row.answer.name}, {short_date(timezone.localdate(row.answer.at))})"


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A doubt as a page shows it; `key` addresses the form that answers it."""

    citizen: str
    doubt: str
    company: str
    events: str
    answer: str
    key: str


def doubt_rows(doubts: Sequence[AnsweredDoubt]) -> list[DoubtRow]:
    """Return the doubts as rows, unanswered ones first."""
    rows = sorted(doubts, key=lambda row: row.answer is not None)
    return [
        DoubtRow(row.pseudonym, doubt_words(row), row.company, events_words(row), answer_words(row), row.key)
        for row in rows
    ]


def doubt_sheet(view: StatementView, mark: str) -> list[ExportSheet]:
    """Return the sheet of the doubts for a workbook; none without any. `mark` begins the sheet's name."""
    rows = [
        [item.project.slug, row.citizen, row.doubt, row.company, row.events, row.answer]
        for item in view.projects
        for row in doubt_rows(item.doubts)
    ]
    header = [
        _("Project"),
        _("Citizen"),
        _("Doubt"),
        _("CVR number"),
        _("Event"),
        _("The municipality's answer"),
    ]
    return [ExportSheet(mark + _("Doubts"), header, rows)] if rows else []


class DoubtTable(KitTable):
    """The doubts of a statement with their answers; to who may answer with a link each."""

    title = gettext_lazy("Doubts")
    orderable = False

    citizen = Column(verbose_name=gettext_lazy("Citizen"), css="jf-nowrap")
    doubt = Column(verbose_name=gettext_lazy("Doubt"))
    company = Column(verbose_name=gettext_lazy("CVR number"))
    events = Column(verbose_name=gettext_lazy("Event"))
    answer = Column(verbose_name=gettext_lazy("The municipality's answer"), has_value=False)

    def __init__(self, doubts: Sequence[AnsweredDoubt], address: Callable[[str], str] | None = None) -> None:
        """`address` gives the page that answers a doubt, by its key; None: the reader does not answer."""
        super().__init__(doubt_rows(doubts))
        self.address = address

    def render_answer(self, record: DoubtRow) -> str | SafeString:
        """The answer, and the link to answer."""
        if self.address is None:
            return record.answer or _("Not answered yet")
        label = _("Answer otherwise") if record.answer else _("Answer the doubt")
        link = format_html('<a href="{}">{}</a>', self.address(record.key), label)
        return format_html("{} {}", record.answer, link) if record.answer else link


def doubt_table(
    doubts: Sequence[AnsweredDoubt], address: Callable[[str], str] | None = None
) -> DoubtTable | None:
    """Return the table of the doubts; None without any."""
    return DoubtTable(doubts, address) if doubts else None
