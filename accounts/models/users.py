"""Users, their roles in projects, and their absences."""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.projects import Project
from accounts.roles import TRIAL_WIDE, Role
from audit.history import tracked
from jobfirst.models import CLOSED, DateRange, Erasable, Record
from jobfirst.row_security.rules import Shared
from jobfirst.values.dates import DateSpan
from jobfirst.values.phone_numbers import MAX_LENGTH, phone_validator

#: The domain of the address that an account has once the rules of retention erased it: nobody's (RFC 2606).
ERASED_DOMAIN = "@erased.invalid"


#: Every request asks this, and as a query set it took longer to put together than to be answered.
RIGHTS = """
    SELECT "project_id", "role", NULL::bigint, NULL::date, NULL::date
      FROM "accounts_membership" WHERE "user_id" = %(user)s
    UNION ALL
    SELECT "project_id", '', "user_id", "first_on", "last_on"
      FROM "accounts_absence" WHERE "stand_in_id" = %(user)s
"""


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

    def with_returned_mail(self, project: "Project | models.OuterRef") -> "models.QuerySet[User]":
        """Users of the project with an open account whose mails come back (D52), by name."""
        users = self.filter(is_active=True, mail_returned_at__isnull=False, memberships__project=project)
        return users.distinct().order_by("name", "email")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin, Erasable):
    """A person who signs in. Permissions follow from the memberships.

    `session_epoch` is part of the session's hash: raising it (a role was given or taken, the account closed)
    ends every open session of the user, and every access that was given until the end of the day.
    `mail_returned_at` is set while mails to the address come back for good (D52), with the status of the
    report (RFC 3463); no reminders are mailed meanwhile. Of somebody who was erased (`erased_on`) the closed
    account stays under a number.
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
        with connection.cursor() as cursor:
            cursor.execute(RIGHTS, {"user": self.pk})
            return list(cursor.fetchall())

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


@tracked()
class Membership(models.Model):
    """A role of a user, in a project; the agency and the administrators belong to none."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    jobfirst_projects = Shared("which projects a person may see follows from it: read before that is known")

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

    jobfirst_projects = Shared(
        "read together with the roles: a stand-in has the functions of the absent person"
    )

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
