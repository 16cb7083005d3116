from django.apps import AppConfig


class ProgressionConfig(AppConfig):
    name = "progression"

    def ready(self) -> None:
        from cases.extension_points import add_element, add_section
        from jobfirst.extension_points import add_permissions, add_to_menu
        from progression import elements, navigation, policy
        from progression.deadlines import progression_missing
        from progression.presentation import course_section
        from reminders.extension_points import add_kinds

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_section(course_section.SECTION)
        add_kinds(progression_missing.KIND)
        for element in elements.ELEMENTS:
            add_element(element)
