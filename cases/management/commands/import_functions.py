"""import_functions FILE: who holds which function of a course (FORMATS, D8)."""

from cases import exchange
from jobfirst.exchange import Table
from jobfirst.exchange.command import ImportCommand, Report


class Command(ImportCommand):
    """A later row ends the earlier holder the day before."""

    help = "Put people into the four functions of courses from a CSV or XLSX file."
    columns = exchange.FUNCTION_COLUMNS

    def load(self, table: Table) -> Report:
        """Assign them all, or none when a row is bad."""
        return exchange.import_functions(table)
