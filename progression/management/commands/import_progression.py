"""import_progression FILE: answers to the progression tool (docs/formats.md, D23)."""

from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport
from progression import exchange


class Command(ImportCommand):
    """An answer outside the scale, or to a question that is not in force on the day, is an error."""

    help = "Record progression answers from a CSV or XLSX file."
    columns = exchange.COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        """Record all rows, or none when one is wrong."""
        return exchange.import_progression(table, not_after=mode.last_day_allowed(clock.today()))
