"""import_contacts FILE: mentor contacts and follow-up meetings that took place (FORMATS, D9, D17, D18)."""

from cases import exchange
from jobfirst import clock, mode
from jobfirst.exchange import Table
from jobfirst.exchange.command import ImportCommand, Report


class Command(ImportCommand):
    """A meeting without the citizen is bad data; a contact without the citizen is stored as an attempt."""

    help = "Record mentor contacts and follow-up meetings from a CSV or XLSX file."
    columns = exchange.CONTACT_COLUMNS

    def load(self, table: Table) -> Report:
        """Record them all, or none when a row is bad."""
        return exchange.import_contacts(table, not_after=None if mode.is_rehearsal() else clock.today())
