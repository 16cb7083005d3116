from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "grants"

    def ready(self) -> None:
        from accounts.extension_points import guard_projects
        from cases.extension_points import add_section
        from grants import navigation, policy
        from grants.presentation import course_section
        from grants.statements import notices
        from grants.statements.project_guard import object_to_changes
        from jobfirst.extension_points import add_permissions, add_to_menu
        from reminders.extension_points import add_notice_kinds

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        guard_projects(object_to_changes)
        add_section(course_section.SECTION)
        add_notice_kinds(*notices.KINDS)
