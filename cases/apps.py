from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        """Register what the app adds to lower floors, and its own part of the course pages."""
        from cases import navigation, policy
        from cases.protected import warn_before_list_leaves
        from jobfirst.extension_points import add_permissions, add_to_menu, listen_to_exports

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        listen_to_exports(warn_before_list_leaves)
        _add_mail_queue()
        _add_duties()
        _add_reminders()
        _add_course_pages()
        _add_core_elements()


def _add_mail_queue() -> None:
    """Register the messages about meetings among the mails that wait."""
    from cases.models.messages import AppointmentMessage, MeetingInvitation
    from jobfirst.messaging.waiting import queue_of
    from jobfirst.monitoring.extension_points import add_mail_queue

    add_mail_queue("appointment_messages", queue_of(AppointmentMessage))
    add_mail_queue("meeting_invitations", queue_of(MeetingInvitation))


def _add_duties() -> None:
    """Register what a user holds in courses, which ends with the user's role."""
    from accounts.extension_points import Duties, add_duties
    from cases.actions import duties

    add_duties(
        Duties(
            count=duties.count_held,
            end=duties.end_held,
            count_left=duties.count_left_vacant,
            give_back=duties.give_back_vacant,
            lock=duties.lock_held,
        )
    )


def _add_reminders() -> None:
    """Register courses as a subject of deadlines, the kinds about them, notices, and booked meetings."""
    from cases.deadlines import kinds, subjects
    from cases.notices import APPOINTMENT_NOT_SENT, CITIZEN_CANNOT_COME, COURSE_TAKEN_OVER, UNUSUAL_USE
    from cases.presentation.calendar import booked_meetings
    from reminders.extension_points import (
        Subjects,
        add_calendar_events,
        add_kinds,
        add_notice_kinds,
        add_subjects,
    )
    from reminders.models import SubjectType

    add_subjects(
        SubjectType.COURSE,
        Subjects(
            subjects.course_keys,
            subjects.describe_courses,
            subjects.function_holders,
            subjects.closed_courses,
        ),
    )
    add_kinds(*kinds.KINDS)
    add_notice_kinds(COURSE_TAKEN_OVER, CITIZEN_CANNOT_COME, APPOINTMENT_NOT_SENT, UNUSUAL_USE)
    add_calendar_events(booked_meetings)


def _add_course_pages() -> None:
    """Register the app's sections, requirements, gap closer, agenda topics and what ends with a course."""
    from cases.actions.course_endings import ENDINGS
    from cases.actions.support_endings import ENDINGS as SUPPORT_ENDINGS
    from cases.agenda import add_agenda_topic
    from cases.extension_points import add_requirement, add_section, end_with_course
    from cases.gap_closers import PAUSE, add_gap_closer
    from cases.presentation.agenda_topics import TOPICS
    from cases.presentation.course_sections import SECTIONS
    from cases.presentation.phase_requirements import REQUIREMENTS

    for section in SECTIONS:
        add_section(section)
    for requirement in REQUIREMENTS:
        add_requirement(requirement)
    add_gap_closer(PAUSE)
    for topic in TOPICS:
        add_agenda_topic(topic)
    for ending in (*ENDINGS, *SUPPORT_ENDINGS):
        end_with_course(ending)


def _add_core_elements() -> None:
    """Register the rules of core elements, and the nightly check of what is stored of them."""
    from cases.elements import course_elements, stored
    from cases.extension_points import add_element
    from jobfirst.stored.checks import StoredRows, add_stored_rows

    for element in course_elements.ELEMENTS:
        add_element(element)
    add_stored_rows(
        StoredRows(stored.NAME, stored.described_differences, stored.recompute, _("Core elements"))
    )
