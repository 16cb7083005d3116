from accounts.exchange import PROJECT_COLUMNS, import_projects
from jobfirst.exchange import Table
from jobfirst.exchange.command import ImportCommand, Report


class Command(ImportCommand):
    help = "Create or update the projects of the trial and their municipalities."
    columns = PROJECT_COLUMNS

    def load(self, table: Table) -> Report:
        return Report(import_projects(table))
