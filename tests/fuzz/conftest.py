"""Prints at the end what the malformed requests were answered."""

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many answers had which status, and the errors of the server by place."""
    statuses: Counter[int] = Counter()
    errors: Counter[str] = Counter()
    for report in [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]:
        properties = dict(report.user_properties)
        statuses.update({int(status): count for status, count in properties.get("statuses", {}).items()})
        errors.update(properties.get("errors", {}))
    if statuses:
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        own_errors = sum(count for status, count in statuses.items() if status >= 500)
        terminalreporter.write_line(f"{sum(statuses.values())} malformed requests: {answers}")
        terminalreporter.write_line(f"{own_errors} × 5xx; {sum(errors.values())} errors")
        for place, count in errors.most_common():
            terminalreporter.write_line(f"  {count} × {place}")
