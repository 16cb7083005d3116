"""The trial's own terms."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from jobfirst.models import DatedQuerySet


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
    steering_lead_days = models.PositiveSmallIntegerField(
        _("before the steering group is due, days"), default=30
    )
    enrolment_slack_percent = models.PositiveSmallIntegerField(_("slack in enrolment, per cent"), default=10)
    # D23: given is that answers are needed before a meeting; from when they are missed is our own choice.
    progression_lead_days = models.PositiveSmallIntegerField(
        _("progression answers before a meeting, days"), default=7
    )
    # D23: in how many selected categories the latest answer is higher than the first ("progressed").
    progressed_categories = models.PositiveSmallIntegerField(
        _("categories with progress, at least"), default=1
    )
    # D33 gives the week after which the mentor is told; from when one is asked is the project's own choice.
    annex_lead_days = models.PositiveSmallIntegerField(_("annex before a meeting, days"), default=10)
    annex_mentor_days = models.PositiveSmallIntegerField(_("annex missing until the mentor, days"), default=7)
    # The project's own choice, too.
    failed_attempts = models.PositiveSmallIntegerField(_("failed attempts in a row"), default=3)  # D49
    # How long an unread hand-over note stands first on the course page (D57): the project's own choice.
    handover_note_days = models.PositiveSmallIntegerField(_("hand-over note, days"), default=30)

    # How long signed links are good, and for how long the company is asked after a placement's end (D44, D48,
    # D54): the project's own choice.
    link_days = models.PositiveSmallIntegerField(_("a signed link, days"), default=14)
    reporting_link_days = models.PositiveSmallIntegerField(_("a link to report absence, days"), default=120)
    closing_days = models.PositiveSmallIntegerField(
        _("the company is asked how it went, days after the end"), default=14
    )

    # From when a participant without any contact, meeting or placement is suggested as one who never started
    # (D59): the project's own choice.
    never_started_days = models.PositiveSmallIntegerField(_("never started, days after the draw"), default=91)
    # Fewer citizens than this are never shown to the agency: the project's own choice.
    smallest_count = models.PositiveSmallIntegerField(
        _("smallest number of citizens shown"), default=5, validators=[MinValueValidator(1)]
    )
    # From how far a project's share lies from that of all, the agency's overview names it: likewise.
    points_apart = models.PositiveSmallIntegerField(_("named when so many points apart"), default=10)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of the trial")
        verbose_name_plural = _("terms of the trial")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from}"
