from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "grants"

    def ready(self) -> None:
        from accounts.extension_points import guard_projects, listen_to_projects
        from cases.extension_points import add_section
        from companies.extension_points import listen_to_placements
        from grants import navigation, policy
        from grants.expenses.files import FOLDER
        from grants.presentation import course_section
        from grants.statements import notices
        from grants.statements.project_guard import object_to_changes
        from grants.storage import approvals, stored_events
        from jobfirst.backup.extension_points import add_file_folder
        from jobfirst.extension_points import add_permissions, add_to_menu
        from jobfirst.stored.checks import StoredRows, add_stored_rows
        from randomization.extension_points import listen_to_events
        from reminders.extension_points import add_notice_kinds

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_file_folder(FOLDER)
        guard_projects(object_to_changes)
        listen_to_projects(stored_events.bring_projects_up_to_date)
        listen_to_placements(stored_events.bring_up_to_date)
        listen_to_events(stored_events.bring_up_to_date)
        earned = (stored_events.differences, stored_events.recompute, _("Earned parts of the grant"))
        add_stored_rows(StoredRows("earned events", *earned))
        approved = (approvals.differences, approvals.leave_as_they_are, _("Approved statements"))
        add_stored_rows(StoredRows("approved statements", *approved))
        add_section(course_section.SECTION)
        add_notice_kinds(*notices.KINDS)
