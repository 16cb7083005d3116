"""What the project leader sees of who has seen what: colleagues' openings, and a course's access log."""

from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from audit.models import AccessRecord, Outcome
from cases.models import ColleagueOpening, Course
from jobfirst.kit.tables import Column, KitTable, MomentColumn, link

MOMENT = "SHORT_DATETIME_FORMAT"


# The pages as the access records call them; the longest beginning that fits gives the words.
PAGES = {
    "course": _("The course"),
    "course.contact": _("Mentor contact"),
    "course.meeting": _("Follow-up meeting"),
    "course.function": _("Functions"),
    "course.goals": _("Job goals"),
    "course.profile": _("Profile"),
    "course.end": _("Ending the course"),
    "course.needs": _("Needs, efforts and accommodations"),
    "course.access": _("Access log"),
    "courses": _("The list of courses"),
    "my_week": _("The mentor's week"),
    "my_meetings": _("The list of meetings"),
    "find": _("Search by CPR number"),
    "open": _("Opening a colleague's course"),
    "openings": _("Colleagues' openings"),
    "referral": _("The referral"),
    "referrals": _("The list of referrals"),
    "functions": _("Functions from a file"),
    "contacts": _("Contacts from a file"),
    "placement": _("Placements"),
    "agreement": _("Work agreement"),
    "plan": _("Plans"),
    "reminders": _("Reminders"),
    "grants": _("Grant statement"),
    "draw": _("The draw"),
}


def page_in_words(action: str) -> str | Promise:
    """What the page is called; the record's own code when nobody has named it."""
    parts = action.replace(":", ".").split(".")
    for length in range(len(parts), 0, -1):
        if words := PAGES.get(".".join(parts[:length])):
            return words
    return action


# What is recorded when a project looks at its referrals of a citizen, or refers her.
REFERRAL_ACTIONS = ("referral", "referral.check", "referrals", "referrals.upload")


def access_records(course: Course) -> QuerySet[AccessRecord]:
    """Return the records of who was shown, or refused, what of the course's citizen.

    Without what other projects did with referrals of their own: that stays with them (D39). What was
    refused to their people is listed.
    """
    memberships = apps.get_model("accounts", "MembershipEvent").objects.filter(project_id=course.project_id)
    of_another_project = Q(action__in=REFERRAL_ACTIONS, outcome=Outcome.SHOWN) & ~Q(
        user_id__in=memberships.values("user_id")
    )
    records = AccessRecord.objects.filter(citizens__contains=[course.citizen.public_id])
    return records.exclude(of_another_project)


class OpeningTable(KitTable):
    """Colleagues' openings of courses that are not theirs, newest first, with the reasons they gave."""

    title = _("Colleagues' openings")

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
    """Who was shown, or refused, what of one citizen, newest first."""

    title = _("Access log")

    at = MomentColumn(verbose_name=_("When"))
    user = Column(verbose_name=_("Who"), accessor="user__name", default=_("Not signed in"))
    action = Column(verbose_name=_("Page"))
    outcome = Column(verbose_name=_("Answer"), accessor="get_outcome_display", order_by="outcome")
    reason = Column(verbose_name=_("Reason"), orderable=False)

    def render_action(self, value: str) -> str:
        return str(page_in_words(value))
