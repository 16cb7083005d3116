"""The activity grant reckoned a second time, day by day, as slowly and obviously as can be (D26–D29).

It shares no code with `grants.rules.entitlement` beyond the value types: it walks the calendar with sets of
days and knows its own holidays, worked out from Easter.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from grants.rules.values import CountingWindow, EntitlementTerms, Spell


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month = (h + j - 7 * m + 114) // 31
    day = (h + j - 7 * m + 114) % 31 + 1
    return date(year, month, day)


@cache
def is_danish_working_day(day: date) -> bool:
    """Whether people work that day in Denmark."""
    if day.weekday() in {5, 6}:
        return False
    offsets = {-3, -2, 0, 1, 39, 49, 50} | ({26} if day.year <= 2023 else set())
    movable = {easter(day.year) + timedelta(days=offset) for offset in offsets}
    return day not in movable and (day.month, day.day) not in {(1, 1), (12, 25), (12, 26)}


def final_day(window: CountingWindow) -> date:
    """The last day of the calendar that is walked."""
    return window.cut_off if window.cut_off < window.project.last else window.project.last


def may_count(day: date, window: CountingWindow) -> bool:
    """Whether the citizen is in the trial that day: never when referred in error, not after leaving it."""
    return not window.void and (window.ends_on is None or day <= window.ends_on)


def days_of(spell: Spell, window: CountingWindow, terms: EntitlementTerms) -> set[date]:
    """The days on which somebody is there that can count."""
    if spell.kind not in terms.counting_kinds:
        return set()
    end = spell.ended_on
    if end is None:
        end = spell.planned_end_on
    if end is None and spell.kind in {"ordinary_employment", "flex_job"}:
        end = date(9999, 1, 1)
    if end is None:
        return set()
    first = window.span.first
    calendar = [first + timedelta(days=n) for n in range(max(0, (final_day(window) - first).days + 1))]
    return {d for d in calendar if spell.starts_on <= d <= end and may_count(d, window)}


def company_on(spell: Spell, day: date) -> str:
    """The company that the spell's company is on that day, after whatever take-overs there were."""
    company = spell.company
    for on, successor, _all_workplaces in spell.take_overs:
        if day >= on:
            company = successor
    return company


def present_days(spells: list[Spell], window: CountingWindow, terms: EntitlementTerms) -> list[set[date]]:
    """The days of the spells that belong together, for each company with what became of it.

    Spells belong together when nothing but days that may be bridged lies between them, and they are at one
    company or at one workplace that went over to another. What lies apart stays apart.
    """
    groups: list[set[date]] = []
    for root in spells:
        of_root = []
        for spell in spells:
            days = days_of(spell, window, terms)
            days = {day for day in days if company_on(spell, day) == company_on(root, day)}
            if days:
                of_root.append((spell, days))
        while of_root:
            group = [of_root.pop()]
            grown = True
            while grown:
                grown = False
                for item in list(of_root):
                    if any(belongs_together(root, item, other, terms) for other in group):
                        of_root.remove(item)
                        group.append(item)
                        grown = True
            groups.append({day for _spell, days in group for day in days})
    return groups


def belongs_together(
    root: Spell,
    one_part: tuple[Spell, set[date]],
    other_part: tuple[Spell, set[date]],
    terms: EntitlementTerms,
) -> bool:
    """Whether two spells of what became of a company make one row."""
    (before, days_before), (after, days_after) = sorted(
        (one_part, other_part), key=lambda part: (min(part[1]), part[0].id)
    )
    between = []
    walk = max(days_before) + timedelta(days=1)
    while walk < min(days_after):
        between.append(walk)
        walk += timedelta(days=1)
    idle = terms.bridge_non_working_days and not any(is_danish_working_day(day) for day in between)
    if between and not idle and len(between) > terms.tolerance_days:
        return False
    crossed = [
        take_over for take_over in root.take_overs if max(days_before) < take_over[0] <= min(days_after)
    ]
    if not crossed:
        return True
    if after.starts_on < crossed[0][0]:
        return False
    if before.workplace != after.workplace:
        return False
    return before.workplace != "" or all(all_workplaces for _on, _successor, all_workplaces in crossed)


def days_in_a_row(present: set[date], day: date, terms: EntitlementTerms) -> int:
    """How many days that count the unbroken row ending on `day` has; 0 when the day does not count."""
    one_day = timedelta(days=1)
    if not present or not min(present) <= day <= max(present):
        return 0

    def hole_around(inside: date) -> list[date]:
        first = inside
        while first - one_day not in present:
            first -= one_day
        last = inside
        while last + one_day not in present:
            last += one_day
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    count, walk = 0, day
    while walk >= min(present):
        if walk in present:
            count += 1
        else:
            hole = hole_around(walk)
            if terms.bridge_non_working_days and not any(is_danish_working_day(d) for d in hole):
                count += 1
            elif len(hole) > terms.tolerance_days or walk == day:
                break
        walk -= one_day
    return count


def days_known_on(present: set[date], day: date) -> list[date]:
    """The day, and those of the hole before it: only now is it certain that they do not break the row."""
    if day not in present:
        return []
    hole = []
    walk = day - timedelta(days=1)
    while walk > min(present) and walk not in present:
        hole.append(walk)
        walk -= timedelta(days=1)
    return [*hole, day]


def second_reckoning(
    spells: list[Spell], window: CountingWindow, rows: list[EntitlementTerms]
) -> list[tuple[str, date, Decimal]]:
    """The events earned, as (kind, date, amount): on each day of the calendar what is known on that day."""
    events: list[tuple[str, date, Decimal]] = []
    by_terms = [(row, present_days(spells, window, row)) for row in rows]

    def in_force(day: date) -> EntitlementTerms | None:
        begun = [row for row in rows if row.valid_from <= day]
        return max(begun, key=lambda row: row.valid_from) if begun else None

    started_on = None
    day = window.span.first
    while day <= final_day(window):
        if started_on is None:
            for row, companies in by_terms:
                if row is in_force(day) and any(day in present for present in companies):
                    started_on = day
                    events.append(("start", day, row.start_amount))
        if started_on is not None:
            completed = [
                ("completion", known, row.completion_amount)
                for row, companies in by_terms
                for present in companies
                for known in days_known_on(present, day)
                if known >= started_on
                and row is in_force(known)
                and days_in_a_row(present, known, row) >= row.completion_days
            ]
            if completed:
                return [*events, min(completed)]
        day += timedelta(days=1)
    return events
