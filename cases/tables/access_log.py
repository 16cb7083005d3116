"""The project leader's tables: openings by colleagues, and the access log of a course."""

from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.links.purposes import link_purposes
from audit.models import AccessOutcome, AccessRecord
from cases.course_pages import SUBJECT_PAGES
from cases.models import ColleagueOpening, Course, Referral
from jobfirst.kit.tables import WORKBOOK_ACTION, Column, KitTable, MomentColumn, link

#: The end of the code when a command has read it, not a page.
COMMAND_ACTION = ".command"

VOUCHER_CODES = ("expenses", "new_voucher", "voucher_file", "withdraw_voucher")
USER_STEPS = (
    *("take_role", "deactivate", "reactivate", "give_back", "invite_again"),
    *("change_address", "confirm_address", "reset_second_step", "forget_identity", "roles_seen_to"),
    *("requests", "request_confirm", "request_refuse", "end_sessions"),
)

# Page codes of the access records, with their names; the longest prefix of a code that is listed applies.
PAGES = {
    **dict.fromkeys(("erasure", "rights"), _("Retention and erasure")),
    "erasure.hold": _("Legal hold"),
    "erasure.holds": _("Legal holds"),
    "referral.shut_out": _("Who may not see the citizen"),
    "protected.warned": _("Warning about a protected citizen, read before something left the system"),
    "course": _("The course"),
    **{page.action: format_lazy("{}: {}", _("The course"), page.label) for page in SUBJECT_PAGES},
    "course.citizen_contact": _("Contact information"),
    "course.contact": _("Mentor contact"),
    "course.meeting": _("Follow-up meeting"),
    "course.appointment": _("The citizen's answer about a meeting"),
    "course.promise": _("Promise from a meeting"),
    "course.function": _("Functions"),
    "course.goals": _("Job goals"),
    "course.profile": _("Profile"),
    "course.cv": _("CV"),
    "course.cv.print": _("The printed CV"),
    "course.start": _("Start of the course"),
    "course.end": _("Ending the course"),
    "course.end.correct": _("The end of the course corrected"),
    "course.end.reopen": _("The course reopened"),
    "course.pause": _("Pauses"),
    "course.needs": _("Needs, efforts and accommodations"),
    "course.access": _("Access log"),
    "course.find": _("Search by CPR number"),
    **dict.fromkeys(("course.open", "course.open_asked"), _("Opening a colleague's course")),
    "course.match": _("The match"),
    "course.dialogue": _("Dialogue with companies"),
    "course.suggestions": _("Suggested companies"),
    "course.placement": _("Placements"),
    "course.agreement": _("Work agreement"),
    "course.agreement.copy": _("Work agreement, copy to who has signed here"),
    "course.activity": _("Activity plan"),
    "course.plan": _("Plan for job"),
    "course.word": _("The citizen's word"),
    "course.attendance": _("Attendance"),
    "course.annex": _("The annex"),
    "course.report": _("Reports from the company"),
    "course.closing": _("Closing assessment"),
    "course.progression": _("Progression"),
    "courses": _("The list of courses"),
    "gaps": _("The list of gaps"),
    "agreement.check": _("Check a work agreement"),
    "my_week": _("The mentor's week"),
    "my_meetings": _("The list of meetings"),
    "my_placements": _("The list of placements"),
    "my_dialogues": _("The list of dialogues"),
    "opening_citizens": _("Citizens whom an opening would fit"),
    "company": _("A company"),
    "dashboard": _("The project leader's dashboard"),
    "measure": _("The list behind a figure"),
    "elements": _("Core elements"),
    "openings": _("Colleagues' openings"),
    "hand_over": _("Hand-over of courses"),
    "referral": _("The referral"),
    "referral.name": _("The name corrected"),
    "referral.number": _("The CPR number replaced"),
    "referral.correct": _("The referral corrected"),
    "referral.withdraw": _("The referral taken back"),
    "referral.restore": _("The referral standing again"),
    **dict.fromkeys(("referral.log", "referral.log.pdf"), _("Access log")),
    "referral.check": _("Check before a referral"),
    "referrals": _("The list of referrals"),
    "referrals.upload": _("Referrals from a file"),
    "functions": _("Functions from a file"),
    "contacts": _("Contacts from a file"),
    "progression.upload": _("Progression answers from a file"),
    "reminders": _("Reminders"),
    "calendar": _("Calendar"),
    "grants": _("Grant statement"),
    **dict.fromkeys(("grants.award", "grants.new_award"), _("Award")),
    "grants.application": _("Application"),
    "grants.forecast": _("Forecast"),
    **dict.fromkeys((f"grants.{code}" for code in VOUCHER_CODES), _("Expenses and vouchers")),
    **dict.fromkeys(
        ("grants.explain", "grants.explain_stored", "grants.kept_explain"),
        _("How a citizen's grant is made up"),
    ),
    "randomization": _("The draw"),
    "randomization.waiting": _("Citizens who wait for the draw"),
    "randomization.drawn": _("The list of the drawn"),
    "randomization.allocation": _("How the citizen was drawn"),
    "randomization.certificate": _("The certificate of the draw"),
    "randomization.correct": _("What happened after the draw"),
    "randomization.take_back": _("A correction after the draw taken back"),
    "randomization.ledger": _("Ledger of the draw"),
    "randomization.export": _("The ledger as a file"),
    "evaluation": _("The trial"),
    "evaluation.steering": _("Steering group"),
    "paid_hours": _("Paid hours from a file"),
    **dict.fromkeys(("deviations", "trial_deviations"), _("Deviations from the protocol")),
    **dict.fromkeys(("packages", "packages.make", "packages.fetch"), _("Evaluator's package")),
    "deviations.record": _("A deviation recorded"),
    "deviations.correct": _("A deviation corrected"),
    "deviations.withdraw": _("A deviation marked as entered in error"),
    "access_report": _("The citizen's access report"),
    "backup": _("Backup"),
    "link": _("A page by link"),
    "list": _("A list as a file"),
    "search.name": _("Search by name"),
    "download": _("A file fetched"),
    "upload": _("A file sent in"),
    "limit": _("Stopped by a limit"),
    # A page that was refused as a whole is recorded by the name of its address.
    "cases": _("Courses"),
    "companies": _("Companies"),
    "plans": _("Plans"),
    "progression": _("Progression"),
    "operations": _("Operations"),
    **dict.fromkeys(("absences", "new_absence", "correct_absence", "end_absence"), _("Absences")),
    **dict.fromkeys(("project_list", "project_import"), _("Projects")),
    **dict.fromkeys(("user_list", "user_new", "user_import", "user_detail"), _("Users")),
    "security_log": _("Sign-ins and roles"),
    **dict.fromkeys((f"user_{code}" for code in USER_STEPS), _("Users")),
}


def page_in_words(action: str) -> str | Promise:
    """Return the name of the page; the code in the access record when it has no name."""
    if action.endswith(WORKBOOK_ACTION):
        return format_lazy("{} (Excel)", page_in_words(action.removesuffix(WORKBOOK_ACTION)))
    if action.endswith(COMMAND_ACTION):
        return format_lazy("{} ({})", page_in_words(action.removesuffix(COMMAND_ACTION)), _("command"))
    names = PAGES | {f"link.{purpose.code}": purpose.page_name for purpose in link_purposes()}
    parts = action.replace(":", ".").split(".")
    for length in range(len(parts), 0, -1):
        if words := names.get(".".join(parts[:length])):
            return words
    return action


def person_in_words(name: str | None, action: str) -> str:
    """Return who is named in an access record, or the words for nobody: a command, or a page by link."""
    if name:
        return name
    return str(_("Operation of the system") if action.endswith(COMMAND_ACTION) else _("Not signed in"))


# Page codes recorded when a project looks at its own referrals of a citizen, or refers the citizen.
REFERRAL_ACTIONS = (
    "referral",
    "referral.name",
    "referral.number",
    "referral.correct",
    "referral.withdraw",
    "referral.restore",
    "referral.check",
    "referrals",
    f"referrals{WORKBOOK_ACTION}",
    "referrals.upload",
    "referral.log",
    "referral.log.pdf",
)


def access_records(subject: Course | Referral) -> QuerySet[AccessRecord]:
    """Return the access records of the citizen of a course or referral of a project, granted and refused.

    Leaves out what other projects did with referrals of their own (D39). Refused attempts of other projects'
    users are listed.
    """
    memberships = apps.get_model("accounts", "MembershipEvent").objects.filter(project_id=subject.project_id)
    of_another_project = Q(action__in=REFERRAL_ACTIONS, outcome=AccessOutcome.SHOWN) & ~Q(
        user_id__in=memberships.values("user_id")
    )
    records = AccessRecord.objects.filter(citizens__contains=[subject.citizen.public_id])
    return records.exclude(of_another_project)


class OpeningTable(KitTable):
    """Openings of courses by colleagues, newest first, with their reasons."""

    title = _("Colleagues' openings")
    given_order = "-opened_at"

    opened_at = MomentColumn(verbose_name=_("When"))
    user = Column(verbose_name=_("Who"), accessor="user__name")
    citizen = Column(
        verbose_name=_("Citizen"),
        accessor="course__citizen_name",
        order_by="course__referral__name",
    )
    reason = Column(verbose_name=_("Reason"), orderable=False)

    def render_citizen(self, record: ColleagueOpening, value: str) -> SafeString:
        """The name, leading to who else has seen the course."""
        return link(reverse("cases:access_log", args=[record.course.public_id]), value)


class AccessTable(KitTable):
    """Granted and refused accesses to one citizen's data, newest first."""

    title = _("Access log")
    given_order = "-at"

    at = MomentColumn(verbose_name=_("When"))
    # Made of a value that is always there: a record without a user has somebody in words, too.
    user = Column(verbose_name=_("Who"), accessor="action", order_by="user__name")
    action = Column(verbose_name=_("Page"))
    outcome = Column(verbose_name=_("Access"), accessor="get_outcome_display", order_by="outcome")
    reason = Column(verbose_name=_("Reason"), orderable=False)

    def render_user(self, record: AccessRecord) -> str:
        return person_in_words(str(record.user or ""), record.action)

    def render_action(self, value: str) -> str:
        return str(page_in_words(value))
