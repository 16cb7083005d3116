"""import_contacts FILE: mentor contacts and held follow-up meetings (docs/formats.md, D9, D17, D18)."""

from cases import exchange
from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    """A meeting without the citizen is an error; a contact without the citizen is stored as an attempt."""

    help = "Record mentor contacts and follow-up meetings from a CSV or XLSX file."
    columns = exchange.CONTACT_COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        """Record all rows, or none when one is wrong."""
        return exchange.import_contacts(table, not_after=None if mode.is_rehearsal() else clock.today())
