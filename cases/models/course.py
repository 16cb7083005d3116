"""The course: its phases, the four functions, and openings by colleagues (D8–D12)."""

import datetime
from collections.abc import Callable
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Municipality, Project, User
from accounts.policy import led_project_ids
from audit.history import tracked
from cases.models.citizen import Citizen, Referral
from cases.models.shut_outs import open_to
from cases.rules.course_end import has_ended
from cases.rules.follow_up import follow_up_span
from cases.rules.phases import Phase, Transitions
from cases.rules.stand_in import StandIn
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import CLOSED, DateRange, Record, append_only
from jobfirst.values import text_limits
from jobfirst.values.dates import DateSpan


class CourseFunction(models.TextChoices):
    """The four functions of D8; the values are those of the roles that may hold them."""

    COORDINATING_CASEWORKER = "coordinating_caseworker", _("Coordinating caseworker")
    COURSE_OWNER = "course_owner", _("Course owner")
    JOB_CONSULTANT = "job_consultant", _("Job consultant")
    MENTOR = "mentor", _("Mentor")


class EndReason(models.TextChoices):
    EMPLOYMENT = "employment", _("Ordinary employment")
    FLEX_JOB = "flex_job", _("Flex job")
    EDUCATION = "education", _("Education")
    ORDINARY_EFFORT = "ordinary_effort", _("Back to the ordinary effort")
    DISABILITY_PENSION = "disability_pension", _("Disability pension")
    MOVED = "moved", _("Moved away")
    WITHDREW = "withdrew", _("Withdrew")
    DIED = "died", _("Died")
    TRIAL_ENDED = "trial_ended", _("The trial ended")
    OTHER = "other", _("Other")


def _held_by(user: User, *functions: str) -> Q:
    """The condition that the user holds one of the functions (any when none is named) today, or stands in for
    the holder."""
    holdings = FunctionHolding.objects.acted_on_by(user, timezone.localdate())
    if functions:
        holdings = holdings.filter(function__in=functions)
    return Q(pk__in=holdings.values("course_id"))


def _held_or_opened_by(user: User) -> Q:
    opened = Q(pk__in=ColleagueOpening.objects.open_for(user).values("course_id"))
    return _held_by(user) | (opened & ~Q(citizen_contact__has_protected_address=True))


def _in_led_project_or(user: User, condition: Callable[[User], Q]) -> Q:
    """The condition that the user leads the course's project, or has a role in it and `condition` holds.

    Who leads all of their projects is spared the subqueries of `condition`: they would add nothing.
    """
    led = led_project_ids(user)
    is_led = Q(project_id__in=led)
    others = user.project_ids() - led
    return is_led | (Q(project_id__in=others) & condition(user)) if others else is_led


def _still_ahead(field: str, on: datetime.date) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": on})


def _running_on(on: datetime.date) -> Q:
    return _still_ahead("ended_on", on) & Q(started_on__lte=on)


def _in_phase(phase: str, on: datetime.date) -> Q:
    if phase == Phase.ENDED:
        return Q(ended_on__lte=on)
    if phase == Phase.CONTINUED:
        return _running_on(on) & Q(continued_from__lte=on)
    not_continued = _running_on(on) & _still_ahead("continued_from", on)
    if phase == Phase.INTERNSHIP:
        return not_continued & Q(internship_from__lte=on)
    if phase == Phase.SNIFFING:
        return not_continued & _still_ahead("internship_from", on)
    return Q(started_on__gt=on)


class CourseQuerySet(models.QuerySet["Course"]):
    def held_by(self, user: User, *functions: str) -> "CourseQuerySet":
        """Return the courses where the user holds one of the functions (any when none is named) today, or
        stands in for its holder.

        Only in projects where the user still has a role: a function alone gives no access.
        """
        return self.filter(_held_by(user, *functions), open_to(user), project_id__in=user.project_ids())

    def listed_for(self, user: User) -> "CourseQuerySet":
        """Return the courses of a user's lists: those with a function held, and a leader's whole project."""
        return self.filter(_in_led_project_or(user, _held_by), open_to(user))

    def visible_to(self, user: User) -> "CourseQuerySet":
        """Return `listed_for` and the colleagues' courses that the user has open with a reason."""
        return self.filter(_in_led_project_or(user, _held_or_opened_by), open_to(user))

    def openable_by(self, user: User) -> "CourseQuerySet":
        """Return the courses that the user may find and open with a reason: of the user's projects, none from
        which the user is shut out, and of protected citizens only those that the user sees anyway (D51)."""
        is_protected = Q(citizen_contact__has_protected_address=True)
        mine = self.filter(open_to(user), project_id__in=user.project_ids())
        return mine.filter(~is_protected | _in_led_project_or(user, _held_by))

    def running(self, on: datetime.date) -> "CourseQuerySet":
        """Return the courses that have begun and not ended on that day."""
        return self.filter(_running_on(on))

    def in_phase(self, phase: str, on: datetime.date) -> "CourseQuerySet":
        """Return the courses in a phase on that day, as `cases.rules.phases` but computed by the database."""
        return self.filter(_in_phase(phase, on))

    def count_by_phase(self, on: datetime.date) -> dict[Phase, int]:
        """Return how many of the courses are in each phase on that day; one query."""
        counts = {phase.value: models.Count("pk", filter=_in_phase(phase, on)) for phase in Phase}
        return {Phase(phase): count for phase, count in self.order_by().aggregate(**counts).items()}


@tracked()
class Course(Record):
    """A participant's course. A control citizen has none (D5).

    The date of every transition is a column (D12): `started_on` is the day of the draw, `internship_from` the
    first day of the first internship, `continued_from` the day after its first weeks (a term), `ended_on` the
    day of the end. `cases.rules.phases` computes the phase of a day from them. `retention_until` is the last
    day of the retention window (D19), empty before the first internship; a plan for job may extend it.
    """

    citizen = models.OneToOneField(Citizen, on_delete=models.PROTECT, related_name="course")
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="course")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="courses")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(_("started on"))
    internship_from = models.DateField(_("internship from"), null=True, blank=True)
    continued_from = models.DateField(_("continued effort from"), null=True, blank=True)
    retention_until = models.DateField(_("retention window until"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=30, choices=EndReason, blank=True)
    outcome = EncryptedTextField(_("outcome"), max_length=text_limits.NOTE, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["-started_on", "-pk"]
        indexes = [models.Index(fields=["project", "-started_on", "-id"], name="cases_course_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    internship_from__isnull=True, continued_from__isnull=True, retention_until__isnull=True
                )
                | Q(
                    internship_from__isnull=False,
                    continued_from__isnull=False,
                    retention_until__isnull=False,
                    internship_from__gte=F("started_on"),
                    continued_from__gt=F("internship_from"),
                    retention_until__gte=F("internship_from"),
                ),
                name="cases_course_phase_dates",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="")
                | (Q(ended_on__isnull=False, ended_on__gte=F("started_on")) & ~Q(end_reason="")),
                name="cases_course_end",
                violation_error_message=_("A course ends on a day after its start, with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def citizen_name(self) -> str:
        """The citizen's name as the course's project registered it (D39). Needs `referral`."""
        return self.referral.name

    @property
    def initials(self) -> str:
        """The citizen's initials (D34). Needs `referral`."""
        return self.referral.initials

    @property
    def transitions(self) -> Transitions:
        """The transition dates as the value that `cases.rules.phases` takes."""
        return Transitions(self.started_on, self.internship_from, self.continued_from, self.ended_on)

    @property
    def follow_up(self) -> DateSpan:
        """The days of follow-up (D17-D19)."""
        return follow_up_span(self.started_on, self.retention_until, self.ended_on)

    @property
    def follow_up_until(self) -> datetime.date | None:
        """The last day of follow-up; None while it is open-ended."""
        return self.follow_up.last

    def has_ended(self, day: datetime.date) -> bool:
        """Whether the course has ended by the day: it runs until the day before its end (D41)."""
        return has_ended(self.ended_on, day)

    def staff_on(self, day: datetime.date) -> dict[str, User]:
        """Return the holder of each function on the day; an unfilled function is left out."""
        holdings = self.holdings.in_force(day).select_related("user")
        return {holding.function: holding.user for holding in holdings}


def _absences_stood_in(day: datetime.date) -> models.QuerySet[Absence]:
    """Return the absence of a holding's user on the day, if the stand-in may act: for a subquery of holdings.

    The stand-in has an open account and the role of the function.
    """
    return Absence.objects.covering(day).filter(
        user=OuterRef("user"),
        project=OuterRef("course__project"),
        stand_in__is_active=True,
        stand_in__memberships__project=OuterRef("course__project"),
        stand_in__memberships__role=OuterRef("function"),
    )


class FunctionHoldingQuerySet(models.QuerySet["FunctionHolding"]):
    def in_force(self, day: datetime.date) -> "FunctionHoldingQuerySet":
        """Those held on the day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)

    def not_over(self, day: datetime.date) -> "FunctionHoldingQuerySet":
        """Those held on the day or later."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day))

    def acted_on_by(self, user: User, day: datetime.date) -> "FunctionHoldingQuerySet":
        """Those that the user holds on the day, or in which the user stands in for the holder."""
        condition = Q(user=user)
        for absence in user.stood_in_for(day):
            condition |= Q(
                user_id=absence.user_id,
                course__project_id=absence.project_id,
                function__in=user.roles_in(absence.project_id),
            )
        return self.in_force(day).filter(condition)

    def of_present(self, day: datetime.date) -> "FunctionHoldingQuerySet":
        """Those for whose holder nobody stands in on the day."""
        return self.filter(~Exists(_absences_stood_in(day)))

    def stood_in(self, day: datetime.date) -> "FunctionHoldingQuerySet":
        """Those in which somebody stands in for the holder on the day: `user__absences__stand_in`."""
        return self.filter(
            user__absences__first_on__lte=day,
            user__absences__last_on__gte=day,
            user__absences__project=F("course__project"),
            user__absences__stand_in__is_active=True,
            user__absences__stand_in__memberships__project=F("course__project"),
            user__absences__stand_in__memberships__role=F("function"),
        )

    def names_of_actors(self, day: datetime.date) -> dict[tuple[int, str], str]:
        """Return who acts on the day, the holder or the stand-in, by course id and function."""
        name = Coalesce(
            NullIf("stand_in__name", Value("")), "stand_in__email", output_field=models.CharField()
        )
        stand_in = Subquery(_absences_stood_in(day).values(name=name))
        holdings = self.in_force(day).order_by().annotate(acting=stand_in)
        rows = holdings.values_list("course_id", "function", "acting", "user__name", "user__email")
        return {
            (course, function): acting or holder_name or holder_email
            for course, function, acting, holder_name, holder_email in rows
        }

    def with_stand_in(self, day: datetime.date) -> "FunctionHoldingQuerySet":
        """Add who acts for the holder on the day, for `FunctionHolding.stand_in`.

        The holder is absent then, and the stand-in has an open account and the role of the function. One
        subquery that returns JSON: a subquery for each column takes three times as long to write.
        """
        columns = {name: f"stand_in__{name}" for name in ("name", "email", "phone", "public_id")}
        row = JSONObject(**columns, until="last_on")
        # By name, since `FunctionHolding` declares the attribute for the type checker.
        return self.annotate(**{"stand_in_row": Subquery(_absences_stood_in(day).values(row=row))})


@tracked()
class FunctionHolding(models.Model):
    """A user holds a function of a course from a day until a day: exactly one user at a time (D8)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="holdings")
    function = models.CharField(_("function"), max_length=30, choices=CourseFunction)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("person")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    stand_in_row: dict[str, str] | None  # only on rows of `FunctionHoldingQuerySet.with_stand_in`

    objects = FunctionHoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("function")
        verbose_name_plural = _("functions")
        ordering = ["function", "from_on"]
        indexes = [models.Index(fields=["user", "function"], name="cases_holding_user")]
        constraints = [
            ExclusionConstraint(
                name="cases_holding_one_at_a_time",
                expressions=[
                    ("course", RangeOperators.EQUAL),
                    ("function", RangeOperators.EQUAL),
                    (DateRange("from_on", "until_on", CLOSED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Somebody else holds this function on one of these days."),
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="cases_holding_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.from_on}"

    @property
    def span(self) -> DateSpan:
        """The days of the holding."""
        return DateSpan(self.from_on, self.until_on)

    @property
    def stand_in(self) -> StandIn | None:
        """Who acts for the holder on the day of `FunctionHoldingQuerySet.with_stand_in`; None: nobody."""
        row = self.stand_in_row
        if row is None:
            return None
        return StandIn(row["name"], row["email"], row["phone"], datetime.date.fromisoformat(row["until"]))


class ColleagueOpeningQuerySet(models.QuerySet["ColleagueOpening"]):
    def open_for(self, user: User) -> Self:
        """Return the openings that still give the user access: of today, and made with today's roles."""
        return self.filter(user=user, session_epoch=user.session_epoch, ends_at__gt=timezone.now())


class ColleagueOpening(models.Model):
    """A colleague in the same project opened a course with a reason (docs/privacy.md).

    The project leader sees it. It gives access to the course until `ends_at`, and ends at once when a role of
    the user is given or taken or the account is closed: `session_epoch` is a copy of the user's.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    opened_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = ColleagueOpeningQuerySet.as_manager()
    jobfirst_append_only = True

    class Meta:
        ordering = ["-opened_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="cases_opening_reason")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.course_id} {self.opened_at}"
