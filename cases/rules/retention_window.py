"""The retention window (D19): until when mentor and course owner follow up.

Durations are arguments, from the terms of the trial. The last day is included: three months from 1 March end
on 31 May.
"""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from jobfirst.values.dates import DAY, WEEK


def retention_window_end(
    internship_from: date | None,
    *,
    weeks: int,
    months: int,
    extended_to: date | None = None,
    ended_on: date | None = None,
) -> date | None:
    """Return the last day of the retention window (D19), or None while it is open-ended.

    The later of `weeks` and `months` from the first internship's start. `extended_to` (from a plan for job)
    can only lengthen it, and the end of the course only shorten it.
    """
    last = None
    if internship_from is not None:
        last = max(internship_from + weeks * WEEK, internship_from + relativedelta(months=months)) - DAY
        if extended_to is not None:
            last = max(last, extended_to)
    if ended_on is not None:
        last = ended_on if last is None else min(last, ended_on)
    return last
