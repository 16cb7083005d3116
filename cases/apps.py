from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from accounts.extension_points import end_with_role
        from cases import navigation, policy, reminder_kinds
        from cases.actions.functions import vacate
        from jobfirst.extension_points import add_permissions, add_to_menu
        from reminders.extension_points import add_kinds, describe_with
        from reminders.models import SubjectType

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        end_with_role(vacate)
        describe_with(SubjectType.COURSE, reminder_kinds.describe_courses)
        add_kinds(*reminder_kinds.KINDS)
