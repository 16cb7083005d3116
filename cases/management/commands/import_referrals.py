"""import_referrals FILE: refer the citizens of a file (docs/formats.md, D1)."""

from cases import exchange
from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    """Stores every referral with its result; an ineligible citizen is refused, which is not an error."""

    help = "Refer citizens to the trial from a CSV or XLSX file; the ineligible are stored as refused."
    columns = exchange.REFERRAL_FILE_COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        """Refer all rows, or none when one is wrong."""
        return exchange.import_referrals(table, not_after=None if mode.is_rehearsal() else clock.today())
