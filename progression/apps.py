from django.apps import AppConfig


class ProgressionConfig(AppConfig):
    name = "progression"

    def ready(self) -> None:
        from cases.agenda import add_agenda_topic
        from cases.extension_points import add_element, add_requirement, add_section
        from jobfirst.extension_points import add_permissions, add_to_menu
        from progression import elements, navigation, policy
        from progression.deadlines import progression_missing
        from progression.presentation import agenda, course_section
        from reminders.extension_points import add_kinds

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_section(course_section.SECTION)
        add_requirement(course_section.FIRST_ANSWERS)
        add_agenda_topic(agenda.TOPIC)
        add_kinds(progression_missing.KIND)
        for element in elements.ELEMENTS:
            add_element(element)
