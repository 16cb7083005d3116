"""The periodic tasks of the audit log. The database says what is due: they may run twice or late."""

from celery import shared_task

from audit.chain import head_mail
from audit.chain.sealing import seal
from jobfirst import mode
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.row_security.context import all_projects


@shared_task
@all_projects("the log is that of all projects")
def seal_audit_log() -> None:
    """Seal what is new in the audit log."""
    with run_exclusively("audit.seal_audit_log") as is_alone:
        if is_alone:
            seal()


@shared_task
@all_projects("the log is that of all projects")
def mail_audit_head() -> None:
    """Mail the head of the log's chain, once a day."""
    mode.confirm()
    head_mail.mail_head()
