from accounts.exchange import USER_COLUMNS, import_users
from jobfirst import clock
from jobfirst.exchange import FileTable
from jobfirst.exchange.command import ImportCommand, ImportReport


class Command(ImportCommand):
    help = "Invite users and bring their roles up to date; new ones get a link by mail, never a password."
    columns = USER_COLUMNS

    def load(self, table: FileTable) -> ImportReport:
        return import_users(table, clock.today())
