from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"

    def ready(self) -> None:
        from cases.agenda import add_agenda_topic
        from cases.extension_points import add_element, add_requirement, add_section, end_with_course
        from cases.gap_closers import add_gap_closer
        from companies.extension_points import move_with_companies
        from jobfirst.extension_points import add_permissions
        from plans import elements, policy
        from plans.actions.course_ending import ENDING
        from plans.deadlines import empty_week_ahead, plan_for_job_due
        from plans.models import ActivityLine
        from plans.presentation import agenda, course_sections
        from reminders.extension_points import add_kinds

        add_permissions(policy.PERMISSIONS)
        move_with_companies(ActivityLine)
        add_section(course_sections.ACTIVITY_PLAN)
        add_section(course_sections.PLAN_FOR_JOB)
        add_requirement(course_sections.PLAN_REQUIREMENT)
        add_gap_closer(course_sections.CLOSES_GAPS)
        add_agenda_topic(agenda.TOPIC)
        end_with_course(ENDING)
        add_kinds(empty_week_ahead.KIND, plan_for_job_due.KIND)
        for element in elements.ELEMENTS:
            add_element(element)
