from accounts.exchange import PROJECT_COLUMNS, import_projects
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    help = "Create or update the projects of the trial and their municipalities."
    columns = PROJECT_COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        return import_projects(table)
