"""import_paid_hours FILE: the paid hours of citizens of both arms, by month (D20, docs/formats.md)."""

from evaluation.paid_hours.exchange import PAID_HOURS_COLUMNS, import_paid_hours
from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    """One line for each citizen and month; other hours for the same month correct it."""

    help = "Save the paid hours of drawn citizens from a CSV or XLSX file."
    columns = PAID_HOURS_COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        """Save all lines, or none when a row is bad."""
        return import_paid_hours(table, not_after=mode.last_day_allowed(clock.today()))
