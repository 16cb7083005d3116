"""import_referrals FILE: refer the citizens of a file (FORMATS, D1)."""

from cases import exchange
from jobfirst import clock, mode
from jobfirst.exchange import Table
from jobfirst.exchange.command import ImportCommand, Report


class Command(ImportCommand):
    """Stores every referral with its answer; an ineligible citizen is refused, not bad data."""

    help = "Refer citizens to the trial from a CSV or XLSX file; the ineligible are stored as refused."
    columns = exchange.REFERRAL_COLUMNS

    def load(self, table: Table) -> Report:
        """Refer them all, or none when a row is bad."""
        return exchange.import_referrals(table, not_after=None if mode.is_rehearsal() else clock.today())
