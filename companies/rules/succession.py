"""Which company a company is on a day, when others take it over (D28).

A company that is taken over (a merger, a new CVR number after a change of owner) goes on in the company that
took it over, from the day of the take-over. That company may be taken over later: take-overs of a chain lie
on later and later days, which the database holds (`companies.models.Succession`), so a chain has an end.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from jobfirst.values.dates import DAY, DateSpan


class TakeOver(NamedTuple):
    """That a company took over another one, from the day `on`; with all of its workplaces, or not."""

    on: date
    successor: str
    all_workplaces: bool = True


class CompanyStage(NamedTuple):
    """A company, and the day from which a line of companies is this one."""

    company: str
    first: date


class CompanyLine(NamedTuple):
    """A company (its CVR number) and those that took it over, one after the other."""

    company: str
    take_overs: tuple[TakeOver, ...] = ()

    @property
    def last_company(self) -> str:
        """The company that nobody has taken over."""
        return self.take_overs[-1].successor if self.take_overs else self.company

    def stages(self) -> Iterator[CompanyStage]:
        """Yield the companies in order; the first has no first day of its own."""
        yield CompanyStage(self.company, date.min)
        for take_over in self.take_overs:
            yield CompanyStage(take_over.successor, take_over.on)

    def company_on(self, day: date) -> str:
        """Return the company that this one is on the day."""
        return [stage.company for stage in self.stages() if stage.first <= day][-1]

    def days_at(self, company: str, span: DateSpan) -> DateSpan:
        """Return the days of the span on which this company is that one; empty when it never is."""
        stages = list(self.stages())
        for number, stage in enumerate(stages):
            if stage.company == company:
                days = DateSpan(max(span.first, stage.first), span.last)
                is_last = number + 1 == len(stages)
                return days if is_last else days.until(stages[number + 1].first - DAY)
        return span.until(span.first - DAY)

    def shared_from(self, other: "CompanyLine") -> date | None:
        """Return the first day from which both lines are the same company; None when they never meet."""
        firsts = {stage.company: stage.first for stage in other.stages()}
        for stage in self.stages():
            if stage.company in firsts:
                return max(stage.first, firsts[stage.company])
        return None


def company_lines(take_overs: Mapping[str, TakeOver]) -> dict[str, CompanyLine]:
    """Return the line of each company that was taken over; `take_overs` by the CVR number of that company."""
    return {company: CompanyLine(company, tuple(_chain(company, take_overs))) for company in take_overs}


def _chain(company: str, take_overs: Mapping[str, TakeOver]) -> Iterable[TakeOver]:
    """Yield the take-overs that begin with that of the company."""
    passed = {company}
    while company in take_overs and take_overs[company].successor not in passed:
        yield take_overs[company]
        company = take_overs[company].successor
        passed.add(company)
