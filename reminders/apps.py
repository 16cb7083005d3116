from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"

    def ready(self) -> None:
        from accounts.extension_points import listen_to_accounts, listen_to_projects
        from jobfirst.extension_points import add_permissions, add_to_menu
        from jobfirst.stored_checks import StoredRows, add_stored_rows
        from reminders import deadlines, navigation, policy, subjects, wishes
        from reminders.extension_points import Subjects, add_subjects
        from reminders.models import SubjectType

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        listen_to_projects(deadlines.bring_projects_up_to_date, after_others=True)
        listen_to_accounts(wishes.revoke_calendar_address)
        add_subjects(SubjectType.PROJECT, Subjects(subjects.project_slugs, subjects.describe_projects))
        add_stored_rows(
            StoredRows(deadlines.NAME, deadlines.described_differences, deadlines.recompute, _("Deadlines"))
        )
