"""Complete lists of what each app registers in lower apps, and of the periodic tasks."""

import inspect
from dataclasses import replace

import pytest
import rules
from django.conf import settings

from accounts import extension_points as accounts
from accounts.links.purposes import link_purposes
from accounts.roles import Role
from cases import agenda, gap_closers
from cases import extension_points as cases
from cases.course_pages import CoursePage
from companies import extension_points as companies
from jobfirst import extension_points as frame
from jobfirst.celery import app
from jobfirst.stored import checks as stored_checks
from progression import extension_points as review
from randomization import extension_points as randomization
from reminders import extension_points as reminders
from reminders.models import SubjectType
from tests.loops import some

MENU = [
    ("evaluation:dashboard", 10),
    ("cases:my_week", 40),
    ("cases:my_meetings", 20),
    ("companies:my_placements", 30),
    ("cases:courses", 90),
    ("cases:gaps", None),
    ("cases:referrals", 50),
    ("companies:companies", None),
    ("companies:successions", None),
    ("randomization:waiting", None),
    ("randomization:ledger", None),
    ("grants:statement", 60),
    ("evaluation:steering", None),
    ("evaluation:trial", None),
    ("progression:versions", None),
    ("reminders:mine", None),
    ("cases:people", None),
    ("cases:openings", None),
    ("cases:unusual_use", None),
    ("user_list", 70),
    ("project_list", None),
    ("rights:retention", None),
    ("operations:overview", None),
]

PERMISSIONS = {
    "accounts": {"list_absences", "manage_absence", "manage_projects", "manage_users"},
    "cases": {
        "assign_function",
        "correct_contact",
        "correct_referral",
        "end_course",
        "find_citizen",
        "list_courses",
        "list_referrals",
        "manage_activities",
        "manage_citizen_contact",
        "manage_meetings",
        "manage_needs",
        "manage_placements",
        "manage_plans",
        "my_meetings",
        "my_week",
        "oversee",
        "refer",
        "register_contact",
        "reopen_course",
        "replace_number",
        "see_access_log",
        "see_address",
        "see_citizen_contact",
        "see_unusual_use",
        "shut_out",
        "upload",
        "view_course",
        "work_on_course",
    },
    "companies": {
        "decline_agreement",
        "edit_agreement",
        "host_agreement",
        "arrange_companies",
        "arrange_shared_companies",
        "import_placements",
        "list_companies",
        "list_dialogues",
        "manage_companies",
        "my_placements",
        "see_agreement",
        "send_agreement",
        "sign_agreement",
        "sign_for_agreement",
        "void_agreement",
        "write_of_companies",
    },
    "evaluation": {
        "enter_target_groups",
        "import_paid_hours",
        "manage_steering",
        "make_packages",
        "set_thresholds",
        "record_deviation",
        "record_trial_deviation",
        "view_dashboard",
        "view_trial",
    },
    "grants": {
        "decide_statement",
        "enter_awards",
        "enter_vouchers",
        "submit_statement",
        "view_statements",
    },
    "plans": {"sign_as_coordinating_caseworker", "sign_as_course_owner", "sign_for_citizen"},
    "progression": {"answer", "manage_questionnaires", "upload", "view_answers"},
    "randomization": {"draw", "record_event", "view_drawn", "view_ledger"},
    "reminders": {"list_own", "operate"},
    "rights": {"place_hold", "see_retention", "set_retention"},
}

# Seconds, or minute, hour, day of month, month and weekday.
BEAT = {
    "accounts.tasks.send_due_invitations": "600",
    "accounts.tasks.send_waiting_links": "60",
    "audit.tasks.mail_audit_head": "10 6-20/2 * * *",
    "audit.tasks.seal_audit_log": "60",
    "cases.tasks.report_unusual_use": "30 5 * * *",
    "cases.tasks.send_meeting_messages": "60",
    "companies.tasks.keep_missing_pdfs": "300",
    "companies.tasks.send_company_links": "20 8-15 * * mon-fri",
    "evaluation.tasks.publish_figures": "10 4 * * *",
    "evaluation.tasks.send_invitations": "60",
    "evaluation.tasks.refresh_figures": "10 3 * * *",
    "evaluation.tasks.draw_charts": "300",
    "evaluation.tasks.refresh_ordered": "300",
    "evaluation.tasks.tend_packages": "300",
    "grants.tasks.make_waiting_documents": "*/5 * * * *",
    "jobfirst.tasks.check_stored": "30 3 * * *",
    "jobfirst.tasks.heartbeat": "60",
    "randomization.tasks.mail_head": "10 6-20/2 * * *",
    "reminders.tasks.read_bounces": "600",
    "reminders.tasks.tick": "*/15 7-23 * * mon-fri",
}


def test_the_menu_and_where_one_lands():
    assert [(entry.url_name, entry.landing) for entry in frame.menu_entries()] == MENU


def test_every_role_has_words():
    assert [value for value, _label in frame.role_choices()] == list(Role.values)


def test_the_permissions():
    declared = {f"{app}.{name}" for app, names in PERMISSIONS.items() for name in names}
    assert set(rules.permissions.permissions) == declared


def test_what_ends_with_a_role_or_a_course_and_what_guards_a_project():
    assert [duties.end.__module__ for duties in accounts._duties] == ["cases.actions.duties"]
    assert [guard.__module__ for guard in accounts._project_guards] == ["grants.statements.project_guard"]
    ending_with_courses = [ending.code for ending in cases.endings()]
    assert ending_with_courses == [
        *("placement", "agreement", "activity", "dialogue", "meeting", "promise", "function"),
        *("effort", "accommodation", "pause"),
    ]


def test_what_moves_when_two_records_of_a_company_are_put_together():
    assert [model._meta.label for model in companies.moving_rows()] == ["plans.ActivityLine"]


def test_what_follows_when_projects_placements_or_allocations_change_or_lists_leave_and_files_come():
    listeners = {
        "projects": accounts._project_listeners,
        "accounts": accounts._account_listeners,
        "placements": companies._placement_listeners,
        "allocation events": randomization._event_listeners,
        "exported lists": frame._export_listeners,
        "files sent in": frame._upload_listeners,
        "imported files": frame._import_listeners,
    }
    names = {
        subject: [f"{listener.__module__}.{listener.__name__}" for listener in registered]
        for subject, registered in listeners.items()
    }
    assert names == {
        "projects": [
            "reminders.deadlines.bring_projects_up_to_date",
            "grants.storage.stored_events.bring_projects_up_to_date",
        ],
        "accounts": ["reminders.own_reminders.revoke_calendar_address"],
        "placements": ["grants.storage.stored_events.bring_up_to_date"],
        "allocation events": ["grants.storage.stored_events.bring_up_to_date"],
        "exported lists": ["audit.access.record_export", "cases.protected.warn_before_list_leaves"],
        "files sent in": ["audit.downloads.record_upload"],
        "imported files": ["evaluation.summaries.orders.order_refresh"],
    }


def test_the_sections_of_the_courses_pages():
    keys = {page.name: [section.key for section in cases.sections(page)] for page in CoursePage}
    assert keys == {
        "OVERVIEW": [
            "handover-notes",
            "start",
            "deadlines",
            "next-phase",
            "citizen",
            "functions",
            "timeline",
            "core-elements",
        ],
        "PROGRESSION": ["progression"],
        "PLAN": ["activities", "plan", "goals", "cv"],
        "COMPANY": [
            "placements",
            "dialogues",
            "annex",
            "reports",
            "closings",
            "attendance",
            "hours",
            "grant",
        ],
        "MEETINGS": ["meetings", "promises", "contacts"],
        "SUPPORT": ["support", "pauses"],
        "HISTORY": ["phases", "function-history", "earlier", "corrections", "openings", "access-and-end"],
    }


def test_what_the_phases_of_a_course_require():
    assert [(requirement.key, requirement.phase.value) for requirement in cases.requirements()] == [
        ("team", "sniffing"),
        ("first_meeting", "sniffing"),
        ("profile", "sniffing"),
        ("cv", "sniffing"),
        ("job_goals", "internship"),
        ("first_answers", "sniffing"),
        ("match", "internship"),
        ("internship", "internship"),
        ("work_agreement", "internship"),
        ("plan_for_job", "continued"),
    ]


def test_the_topics_of_a_meetings_agenda():
    assert [topic.code for topic in agenda.agenda_topics()] == [
        "progression",
        "promises",
        "cv",
        "job_goal",
        "work_agreement",
        "plan",
        "follow_up",
        "other",
    ]
    with pytest.raises(ValueError, match="called cv"):
        agenda.add_agenda_topic(agenda.AgendaTopic("cv", "Another", 1))


def test_the_parts_of_the_monthly_review():
    assert [part.key for part in review.review_parts()] == ["annex"]
    with pytest.raises(ValueError, match="called annex"):
        review.add_review_part(replace(review.review_parts()[0], template="none.html"))


def test_the_core_elements_and_what_their_rules_follow():
    assert [(element.number, element.judge_of.__module__) for element in cases.core_elements()] == [
        (1, "cases.elements.course_elements"),
        (2, "progression.elements"),
        (3, "plans.elements"),
        (4, "progression.elements"),
        (5, "companies.elements"),
        (6, "cases.elements.course_elements"),
        (7, "companies.elements"),
        (8, "plans.elements"),
        (9, "cases.elements.course_elements"),
    ]
    kinds = {kind.code for kind in reminders.registered_kinds()}
    assert all(set(element.follows) <= kinds for element in some(cases.core_elements()))
    sections = {section.key for section in cases.sections()}
    for element in some(cases.core_elements()):
        assert {element.section, *(reason.section for reason in element.reasons)} <= sections


def test_what_closes_gaps():
    assert [closer.key for closer in gap_closers.gap_closers()] == ["activity", "placement", "pause"]
    with pytest.raises(ValueError, match="called pause"):
        gap_closers.add_gap_closer(gap_closers.GapCloser("pause", "Another", "cases:find", "cases.refer", 1))


def test_the_kinds_of_reminders_and_who_names_their_subjects():
    assert [kind.code for kind in reminders.registered_kinds()] == [
        "agreement_ending",
        "agreement_unsigned",
        "annex_missing",
        "contact_lost",
        "empty_week_ahead",
        "enrolment_behind",
        "function_unfilled",
        "meeting_not_booked",
        "meeting_overdue",
        "other_channel_due",
        "plan_for_job_due",
        "progression_missing",
        "promise_due_coordinating_caseworker",
        "promise_due_course_owner",
        "promise_due_job_consultant",
        "promise_due_mentor",
        "retention_ending",
        "steering_group_due",
        "weekly_contact_missing",
        "weekly_contact_overdue",
    ]
    assert set(reminders._subjects) == set(SubjectType.values)


def test_the_kinds_of_notices_and_the_appointments_of_calendars():
    assert [kind.code for kind in reminders.registered_notice_kinds()] == [
        "agreement_declined",
        "agreement_link_lost",
        "agreement_ready",
        "annex_link_lost",
        "appointment_not_sent",
        "citizen_cannot_come",
        "closing_link_lost",
        "company_reported",
        "course_taken_over",
        "report_link_lost",
        "statement_approved",
        "statement_checked",
        "statement_doubts",
        "statement_doubts_answered",
        "statement_returned",
        "statement_submitted",
        "unusual_use",
    ]
    assert [finder.__module__ for finder in reminders._event_finders] == ["cases.presentation.calendar"]
    assert [reader.__module__ for reader in reminders.returned_mail_readers()] == [
        "evaluation.steering.returned"
    ]


def test_the_purposes_of_signed_links():
    assert [purpose.code for purpose in link_purposes()] == [
        "agreement.read",
        "agreement.sign",
        "annex.answer",
        "placement.closing",
        "placement.report",
    ]


def test_what_is_stored_and_checked():
    assert [rows.name for rows in stored_checks.registered_rows()] == [
        "approved statements",
        "core elements",
        "deadlines",
        "earned events",
        "evaluation figures",
    ]


def test_what_beat_runs_and_when():
    schedules = {
        entry["task"]: str(entry["schedule"]).removeprefix("<crontab: ").removesuffix(" (m/h/dM/MY/d)>")
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert schedules == BEAT
    assert app.conf.beat_schedule == settings.CELERY_BEAT_SCHEDULE


def test_every_task_of_the_schedule_exists_and_every_task_without_arguments_is_in_it():
    """A periodic task takes no arguments: the database stores what there is to do."""
    app.loader.import_default_modules()
    own_tasks = {
        name: task for name, task in app.tasks.items() if name.partition(".")[0] in settings.INSTALLED_APPS
    }
    periodic = {name for name, task in own_tasks.items() if not inspect.signature(task.run).parameters}
    assert periodic == {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=lambda entry: entry["task"])
def test_a_queued_task_expires_before_it_piles_up(entry):
    assert not entry.get("args")
    assert 0 < entry["options"]["expires"] <= 60 * 60
