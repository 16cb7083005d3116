from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"

    def ready(self) -> None:
        from accounts.extension_points import listen_to_accounts, listen_to_projects
        from jobfirst.extension_points import add_permissions, add_to_menu
        from jobfirst.monitoring.extension_points import add_gauges, add_health_checks, add_mail_queue
        from jobfirst.stored.checks import StoredRows, add_stored_rows
        from reminders import deadlines, navigation, own_reminders, policy, subjects
        from reminders.extension_points import Subjects, add_subjects
        from reminders.models import SubjectType
        from reminders.operations import monitoring

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_mail_queue("digests", monitoring.waiting_digests)
        add_gauges(*monitoring.GAUGES)
        add_health_checks(*monitoring.CHECKS)
        listen_to_projects(deadlines.bring_projects_up_to_date, after_others=True)
        listen_to_accounts(own_reminders.revoke_calendar_address)
        add_subjects(SubjectType.PROJECT, Subjects(subjects.project_slugs, subjects.describe_projects))
        add_stored_rows(
            StoredRows(deadlines.NAME, deadlines.described_differences, deadlines.recompute, _("Deadlines"))
        )
