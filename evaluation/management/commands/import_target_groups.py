"""import_target_groups FILE: the municipalities' own target groups, which both arms should mirror (D4)."""

from evaluation.trial.target_groups import TARGET_GROUP_COLUMNS, import_target_groups
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    """One line for each municipality and day; importing the same day again corrects it."""

    help = "Save how many citizens each municipality has in the target groups, from a CSV or XLSX file."
    columns = TARGET_GROUP_COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        """Save all lines, or none when a row is bad."""
        return ImportReport(import_target_groups(table))
