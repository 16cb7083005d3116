from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit.access import record_backup, record_export
        from audit.chain import lag
        from audit.downloads import record_upload
        from jobfirst.backup.extension_points import listen_to_backups
        from jobfirst.extension_points import listen_to_exports, listen_to_uploads
        from jobfirst.monitoring.extension_points import add_gauges

        listen_to_exports(record_export)
        listen_to_uploads(record_upload)
        listen_to_backups(record_backup)
        add_gauges(*lag.GAUGES)
