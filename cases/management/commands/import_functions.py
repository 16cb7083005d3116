"""import_functions FILE: who holds which function of a course (docs/formats.md, D8)."""

from cases import exchange
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    """A later row ends the earlier holder the day before."""

    help = "Put people into the four functions of courses from a CSV or XLSX file."
    columns = exchange.FUNCTION_COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        """Assign all rows, or none when one is wrong."""
        return exchange.import_functions(table)
