"""import_placements FILE (docs/formats.md)."""

from companies.exchange import COLUMNS, load_placements
from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    help = "Load placements from a CSV or XLSX file."
    columns = COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        return load_placements(table, not_after=None if mode.is_rehearsal() else clock.today())
