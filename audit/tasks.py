"""The periodic tasks of the audit log. The database says what is due: they may run twice or late."""

from celery import shared_task

from audit.chain.sealing import seal
from jobfirst.one_at_a_time import run_exclusively


@shared_task
def seal_audit_log() -> None:
    """Seal what is new in the audit log."""
    with run_exclusively("audit.seal_audit_log") as is_alone:
        if is_alone:
            seal()
