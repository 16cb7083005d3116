from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "reminders"

    def ready(self) -> None:
        from jobfirst.extension_points import add_permissions, add_to_menu
        from reminders import navigation, policy, subjects
        from reminders.extension_points import describe_with
        from reminders.models import SubjectType

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        describe_with(SubjectType.PROJECT, subjects.describe_projects)
