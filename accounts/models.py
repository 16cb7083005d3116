"""Users, municipalities, projects, memberships, and the trial's own terms."""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import TRIAL_WIDE, Role
from audit.history import tracked
from jobfirst.dates import DateSpan
from jobfirst.models import CLOSED, DatedQuerySet, DateRange, Record
from jobfirst.phone_numbers import MAX_LENGTH, phone_validator


class StandingIn(NamedTuple):
    """That a user stands in for another one in a project, on the days of the absence."""

    user_id: int
    project_id: int
    span: DateSpan


class UserManager(BaseUserManager["User"]):
    """Users are identified by their e-mail address, in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def active_with_role(self, role: str, project_id: int) -> "models.QuerySet[User]":
        """Users with an open account and the role in the project, by name."""
        users = self.filter(is_active=True, memberships__role=role, memberships__project_id=project_id)
        return users.distinct().order_by("name", "email")

    def with_returned_mail(self, project: "Project") -> "models.QuerySet[User]":
        """Users of the project with an open account whose mails come back (D52), by name."""
        users = self.filter(is_active=True, mail_returned_at__isnull=False, memberships__project=project)
        return users.distinct().order_by("name", "email")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Permissions follow from the memberships.

    `session_epoch` is part of the session's hash: raising it (a role was given or taken, the account closed)
    ends every open session of the user, and every access that was given until the end of the day.
    `mail_returned_at` is set while mails to the address come back for good (D52), with the status of the
    report (RFC 3463); no reminders are mailed meanwhile.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=MAX_LENGTH, blank=True, validators=[phone_validator])
    is_active = models.BooleanField(_("active"), default=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    invited_at = models.DateTimeField(null=True, editable=False)
    mail_returned_at = models.DateTimeField(null=True, editable=False)
    mail_return_status = models.CharField(max_length=11, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
            # A superuser would pass every predicate of the policies: there is none.
            models.CheckConstraint(condition=Q(is_superuser=False), name="accounts_user_no_superuser"),
            models.CheckConstraint(
                condition=Q(mail_returned_at__isnull=True, mail_return_status="")
                | (Q(mail_returned_at__isnull=False) & ~Q(mail_return_status="")),
                name="accounts_user_mail_returned",
            ),
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="accounts_user_email_lower"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def _rights(self) -> list[tuple[Any, ...]]:
        """The rows of `held_roles` and of `stood_in_for`, in one query: project id, role, and of an absence
        the user id and both days."""
        memberships = self.memberships.values_list(
            "project_id",
            "role",
            Value(None, models.BigIntegerField()),
            Value(None, models.DateField()),
            Value(None, models.DateField()),
        )
        absences = self.absences_covered.values_list(
            "project_id", Value(""), "user_id", "first_on", "last_on"
        )
        return list(memberships.order_by().union(absences.order_by(), all=True))

    @cached_property
    def held_roles(self) -> frozenset[tuple[int | None, str]]:
        """The project id (or None) and the role of every membership, fetched once per request."""
        return frozenset((project_id, role) for project_id, role, *_absence in self._rights if role)

    def stood_in_for(self, day: datetime.date) -> list[StandingIn]:
        """Return for whom the user stands in on the day, fetched together with the roles.

        Of their functions, the user has those of his or her own roles in the project.
        """
        return [
            StandingIn(user_id, project_id, DateSpan(first, last))
            for project_id, _role, user_id, first, last in self._rights
            if user_id is not None and first <= day <= last
        ]

    def acts_for(self, holder_id: int, role: str, project_id: int, day: datetime.date) -> bool:
        """Whether the user is the holder of a function of this role, or stands in for the holder."""
        return holder_id == self.pk or (
            role in self.roles_in(project_id)
            and any(
                (absence.user_id, absence.project_id) == (holder_id, project_id)
                for absence in self.stood_in_for(day)
            )
        )

    def roles_in(self, project_id: int) -> frozenset[str]:
        """Return the roles that the user holds in the project."""
        return frozenset(role for project, role in self.held_roles if project == project_id)

    def has_role(self, *roles: str, project_id: int | None = None) -> bool:
        """Whether the user holds one of the roles, in that project or (project_id None) anywhere."""
        return any(
            role in roles and (project_id is None or project == project_id)
            for project, role in self.held_roles
        )

    def project_ids(self, *roles: str) -> frozenset[int]:
        """Return the ids of the projects where the user holds one of the roles (without roles: any role)."""
        return frozenset(
            project_id
            for project_id, role in self.held_roles
            if project_id is not None and (not roles or role in roles)
        )

    def get_session_auth_hash(self) -> str:
        """Django's hash of the password, with the epoch, so that a change of role ends the sessions."""
        return f"{super().get_session_auth_hash()}{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}{self.session_epoch}"


#: The highest target count that is accepted; more is a typing error.
MOST_PARTICIPANTS = 100_000


class Municipality(models.Model):
    """A Danish municipality by its official four-digit code (reference data, loaded by migration)."""

    code = models.CharField(
        _("municipality code"), max_length=4, primary_key=True, validators=[RegexValidator(r"^\d{4}$")]
    )
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Project(models.Model):
    """One project of the trial: one municipality or several together (D2), with its own dates (D3)."""

    slug = models.SlugField(_("project"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    target_count = models.PositiveIntegerField(_("target count"))
    municipalities: "models.ManyToManyField[Municipality, ProjectMunicipality]" = models.ManyToManyField(
        Municipality, through="ProjectMunicipality", related_name="projects", verbose_name=_("municipalities")
    )

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="accounts_project_dates",
                violation_error_message=_("The project must end after it starts."),
            ),
            models.CheckConstraint(condition=Q(target_count__gt=0), name="accounts_project_target"),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectMunicipality(models.Model):
    """A municipality as part of a project; it belongs to at most one project of the trial."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="places")
    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, related_name="place")
    is_lead = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_lead", "municipality_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_lead=True), name="accounts_project_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.municipality_id}"


@tracked()
class Membership(models.Model):
    """A role of a user, in a project; the agency and the administrators belong to none."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "project", "role"], nulls_distinct=False, name="accounts_membership_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(TRIAL_WIDE), project__isnull=True)
                | (~Q(role__in=sorted(TRIAL_WIDE)) & Q(project__isnull=False)),
                name="accounts_membership_project",
                violation_error_message=_(
                    "The agency and administrators belong to no project, others to one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.project_id or '-'}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def covering(self, day: datetime.date) -> "AbsenceQuerySet":
        """Return those that the day belongs to."""
        return self.filter(first_on__lte=day, last_on__gte=day)

    def meeting(self, span: DateSpan) -> "AbsenceQuerySet":
        """Return those that have a day in common with the span."""
        return self.filter(first_on__lte=span.last_day, last_on__gte=span.first)

    def not_over(self, day: datetime.date) -> "AbsenceQuerySet":
        """Return those that run on the day or begin later."""
        return self.filter(last_on__gte=day)

    def visible_to(self, user: User) -> "AbsenceQuerySet":
        """Return the user's own, those in which the user stands in, and those of the projects led."""
        led = user.project_ids(Role.PROJECT_LEADER)
        return self.filter(Q(user=user) | Q(stand_in=user) | Q(project__in=led))


@tracked()
class Absence(Record):
    """A person is away from a project, and a colleague stands in for the functions held there.

    Both days belong to it. It ends by itself: whoever asks for a day gets those of that day. Why somebody is
    away is not stored.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="absences", verbose_name=_("absent person")
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="absences_covered", verbose_name=_("stand-in")
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_on", "pk"]
        constraints = [
            ExclusionConstraint(
                name="accounts_absence_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("project", RangeOperators.EQUAL),
                    (DateRange("first_on", "last_on", CLOSED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("An absence is entered for one of these days already."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="accounts_absence_days",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(stand_in=F("user")),
                name="accounts_absence_somebody_else",
                violation_error_message=_("Nobody stands in for themselves. Choose a colleague."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_on}"

    @property
    def span(self) -> DateSpan:
        """The days of the absence."""
        return DateSpan(self.first_on, self.last_on)


@tracked()
class TrialTerms(models.Model):
    """The trial's own numbers, dated: a change applies from `valid_from` and never alters the past.

    Values that the sources leave open are marked as the project's own choice where they are shown
    (docs/rules.md).
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    minimum_age = models.PositiveSmallIntegerField(_("minimum age, years"), default=30)  # D1
    public_support_months = models.PositiveSmallIntegerField(_("public support, months"), default=12)  # D1
    enrolment_months = models.PositiveSmallIntegerField(_("enrolment, months"), default=12)  # D3
    minimum_per_arm = models.PositiveSmallIntegerField(_("minimum per arm"), default=100)  # D3
    sniffing_weeks = models.PositiveSmallIntegerField(_("sniffing period, weeks"), default=13)  # D12
    internship_max_days = models.PositiveSmallIntegerField(_("internship, days at most"), default=91)  # D14
    meeting_interval_days = models.PositiveSmallIntegerField(_("between meetings, days"), default=31)  # D18
    retention_weeks = models.PositiveSmallIntegerField(_("retention window, weeks"), default=13)  # D19
    retention_months = models.PositiveSmallIntegerField(_("retention window, months"), default=3)  # D19
    plan_months = models.PositiveSmallIntegerField(_("plan for job, months"), default=6)  # D21
    # When reminders begin (D33): the first four are given, the last five the project's own choice.
    contact_weekday = models.PositiveSmallIntegerField(_("reminder of the contact, weekday"), default=4)
    booking_lead_days = models.PositiveSmallIntegerField(_("before a meeting is due, days"), default=7)
    agreement_lead_days = models.PositiveSmallIntegerField(_("before an agreement ends, days"), default=14)
    plan_lead_days = models.PositiveSmallIntegerField(_("before the plan for job is due, days"), default=14)
    retention_lead_days = models.PositiveSmallIntegerField(_("before the window ends, days"), default=14)
    empty_week_lead_days = models.PositiveSmallIntegerField(_("before an empty week, days"), default=7)
    escalation_days = models.PositiveSmallIntegerField(
        _("overdue until the leader is told, days"), default=14
    )
    snooze_days = models.PositiveSmallIntegerField(_("a reminder is put off, days at most"), default=14)
    enrolment_slack_percent = models.PositiveSmallIntegerField(_("slack in enrolment, per cent"), default=10)
    # D23: given is that answers are needed before a meeting; from when they are missed is our own choice.
    progression_lead_days = models.PositiveSmallIntegerField(
        _("progression answers before a meeting, days"), default=7
    )
    # D23: in how many selected categories the latest answer is higher than the first ("progressed").
    progressed_categories = models.PositiveSmallIntegerField(
        _("categories with progress, at least"), default=1
    )
    # The project's own choice, too.
    failed_attempts = models.PositiveSmallIntegerField(_("failed attempts in a row"), default=3)  # D49
    # How long an unread hand-over note stands first on the course page (D57): the project's own choice.
    handover_note_days = models.PositiveSmallIntegerField(_("hand-over note, days"), default=30)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of the trial")
        verbose_name_plural = _("terms of the trial")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from}"
