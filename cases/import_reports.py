"""What the imports of referrals, functions and contacts report."""

import uuid
from collections.abc import Iterable
from typing import Any

from cases.actions.referral import ReferralResult
from jobfirst.exchange.command import ImportReport


class CitizenImportReport(ImportReport):
    """An import report that also has the public ids of the file's citizens, for the access log."""

    def __init__(self, citizens: Iterable[uuid.UUID] = (), **counts: Any) -> None:
        super().__init__(**counts)
        self.citizens = list(citizens)


class ReferralReport(CitizenImportReport):
    """The report of imported referrals; its text names the line and the reasons of every refusal."""

    @property
    def line(self) -> str:
        """Counts, then one line for each refusal."""
        counts = (
            f"accepted: {self['accepted']}, unchanged: {self['unchanged']}, refused: {len(self['refused'])}"
        )
        refusals = [f"line {refusal['line']}: {', '.join(refusal['reasons'])}" for refusal in self["refused"]]
        corrections = [f"line {entry['line']}: corrected" for entry in self.get("corrected", [])]
        return "\n".join([counts, *corrections, *refusals, *self.contradiction_lines])

    def add(self, line: int, result: ReferralResult, *, is_corrected: bool) -> None:
        """Count the referral of a line; `corrected` is there when rows correct stored referrals (D41)."""
        referral = result.referral
        if is_corrected:
            self.setdefault("corrected", []).append({"line": line})
        elif not result.created:
            self["unchanged"] += 1
            return
        if referral.reasons:
            self["refused"].append({"line": line, "reasons": referral.reasons})
        elif not is_corrected:
            self["accepted"] += 1
        if referral.flags and not referral.reasons:
            self["flagged"].append({"line": line, "flags": referral.flags})
