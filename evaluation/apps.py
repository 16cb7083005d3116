from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"

    def ready(self) -> None:
        from cases.extension_points import add_section
        from evaluation import navigation, policy
        from evaluation.deadlines import enrolment_behind, steering_group_due
        from evaluation.deviations import draw_section
        from evaluation.paid_hours import course_section
        from evaluation.steering.models import SteeringInvitation
        from evaluation.steering.returned import record_returned
        from evaluation.summaries import orders, stored
        from jobfirst.extension_points import add_permissions, add_to_menu, listen_to_imports
        from jobfirst.messaging.waiting import queue_of
        from jobfirst.monitoring.extension_points import add_mail_queue
        from jobfirst.stored.checks import add_stored_rows
        from randomization.extension_points import add_draw_section
        from reminders.extension_points import add_kinds, add_returned_mail_reader

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_kinds(enrolment_behind.KIND, steering_group_due.KIND)
        add_returned_mail_reader(record_returned)
        add_mail_queue("steering_invitations", queue_of(SteeringInvitation))
        add_section(course_section.SECTION)
        add_stored_rows(stored.STORED_ROWS)
        listen_to_imports(orders.order_refresh)
        add_draw_section(draw_section.SECTION)
