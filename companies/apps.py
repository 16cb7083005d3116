from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "companies"

    def ready(self) -> None:
        from cases.agenda import add_agenda_topic
        from cases.extension_points import (
            add_element,
            add_requirement,
            add_section,
            end_with_course,
        )
        from cases.gap_closers import add_gap_closer
        from companies import elements, navigation, policy
        from companies.actions.course_ending import ENDINGS
        from companies.deadlines import agreement_ending, agreement_unsigned
        from companies.links import registration as link_registration
        from companies.matching import course_section as dialogues
        from companies.presentation import agenda, attendance, course_section
        from companies.signing import policy as signing_policy
        from jobfirst.extension_points import add_permissions, add_to_menu
        from reminders.extension_points import add_kinds

        add_permissions(policy.PERMISSIONS)
        add_permissions(signing_policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_section(course_section.SECTION)
        add_section(attendance.SECTION)
        add_section(dialogues.SECTION)
        for requirement in course_section.REQUIREMENTS:
            add_requirement(requirement)
        add_gap_closer(course_section.CLOSES_GAPS)
        add_agenda_topic(agenda.TOPIC)
        for ending in ENDINGS:
            end_with_course(ending)
        add_kinds(agreement_ending.KIND, agreement_unsigned.KIND)
        link_registration.register()
        for element in elements.ELEMENTS:
            add_element(element)
