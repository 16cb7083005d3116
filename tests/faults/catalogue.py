"""All faults by name, in the order in which they happen."""

from importlib import import_module

from tests.faults import of_database, of_files, of_mail, of_processes, of_queue
from tests.faults.run import Fault, Run


def later(module: str, name: str) -> Fault:
    """Return the fault of a module that imports models, which it can only when Django is set up."""

    def happen(run: Run) -> None:
        fault: Fault = getattr(import_module(f"tests.faults.{module}"), name)
        fault(run)

    return happen


FAULTS: dict[str, Fault] = {
    "web-worker-killed": of_processes.web_worker_killed,
    "web-killed": of_processes.web_killed,
    "web-stopped-in-order": of_processes.web_stopped_in_order,
    "web-workers-frozen": of_processes.web_workers_frozen,
    "clients-hang-up": of_processes.clients_hang_up,
    "worker-killed": of_processes.worker_killed,
    "beat-killed": of_processes.beat_killed,
    "redis-killed": of_queue.redis_killed,
    "redis-gone": of_queue.redis_gone,
    "redis-restarted-empty": of_queue.redis_restarted_empty,
    "redis-read-only": of_queue.redis_read_only,
    "redis-full": of_queue.redis_full,
    "redis-hangs": of_queue.redis_hangs,
    "postgres-backend-killed": of_database.backend_killed,
    "postgres-killed": of_database.postmaster_killed,
    "postgres-stopped-immediately": of_database.stopped_immediately,
    "postgres-stopped-fast": of_database.stopped_fast,
    "postgres-connections-ended": of_database.connections_ended,
    "postgres-statements-cancelled": of_database.statements_cancelled,
    "postgres-frozen": of_database.frozen,
    "postgres-connections-exhausted": of_database.connections_exhausted,
    "postgres-table-locked": of_database.table_locked,
    "postgres-deadlocks": of_database.deadlocks,
    "postgres-disk-full": of_database.disk_full,
    "postgres-failover": of_database.failover,
    "mail-slow": of_mail.mail_server_is_slow,
    "mail-drops": of_mail.mail_server_drops,
    "mail-refuses-for-now": of_mail.mail_server_refuses_for_now,
    "mail-refuses-for-good": of_mail.mail_server_refuses_for_good,
    "mail-gone": of_mail.mail_server_is_gone,
    "names-unknown": later("of_gateway", "names_are_unknown"),
    "sms-slow": later("of_gateway", "sms_gateway_is_slow"),
    "sms-refuses": later("of_gateway", "sms_gateway_refuses"),
    "sms-limited": later("of_gateway", "sms_gateway_is_limited"),
    "voucher-folder-missing": later("of_uploads", "voucher_folder_is_missing"),
    "inspector-killed": later("of_uploads", "inspector_killed"),
    "worker-killed-in-a-task": of_processes.pool_killed_in_a_task,
    "clock-forward": of_processes.clock_forward,
    "clock-back": of_processes.clock_back,
    "migration-killed": of_files.migration_killed,
}
