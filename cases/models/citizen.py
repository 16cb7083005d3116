"""The citizen and the referral to the trial (D1, D5)."""

import uuid
from collections.abc import Iterable

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project, User
from accounts.policy import led_or_referring_project_ids
from audit.history import tracked
from cases.models.shut_outs import open_to
from jobfirst.encryption import crypto
from jobfirst.models import Erasable, Record
from jobfirst.row_security.rules import OfProject, OfRows


class CitizenQuerySet(models.QuerySet["Citizen"]):
    def with_cpr(self, digits: str) -> "CitizenQuerySet":
        """Return the citizens with this CPR number (ten digits), now or earlier (D40), found by its keyed
        hash."""
        return self.filter(pk__in=self.by_lookup([crypto.lookup_hash(digits)]).values())

    @staticmethod
    def by_lookup(hashes: Iterable[crypto.LookupHash]) -> dict[bytes, int]:
        """Return the ids of the citizens by the keyed hashes of their numbers, earlier ones included (D40).

        A number that is stored with an older key is found, too, and returned by its current hash. Two
        queries; for many hashes call it in batches.
        """
        chosen = crypto.stored_hashes(hashes)
        present = Citizen.objects.filter(cpr_lookup__in=list(chosen)).values_list("cpr_lookup", "pk")
        earlier = EarlierNumber.objects.filter(cpr_lookup__in=list(chosen))
        rows = [*present, *earlier.values_list("cpr_lookup", "citizen_id")]
        return {chosen[bytes(stored)]: pk for stored, pk in rows}


@tracked(exclude=["cpr_cipher", "cpr_lookup"])
class Citizen(Erasable):
    """A person.

    The CPR number is read only through `cpr`; pages use the public id, and data for other organisations the
    pseudonym. Numbers that she had before are `EarlierNumber` (D40). The name is stored on each project's
    referral (D39). Of a citizen who was erased by the rules of retention (`erased_on`) the row stays for the
    ledger and the counts: no hash finds it any more, and its number is made up but for the year of birth.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pseudonym = models.CharField(max_length=20, unique=True, editable=False)
    cpr_cipher = models.BinaryField(editable=False)
    cpr_lookup = models.BinaryField(unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CitizenQuerySet.as_manager()

    jobfirst_projects = OfRows("cases.Referral", "citizen")

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")

    def __str__(self) -> str:
        return self.pseudonym

    @classmethod
    def new(cls, digits: str, public_id: uuid.UUID | None = None) -> "Citizen":
        """Return an unsaved citizen with the ten-digit CPR number encrypted."""
        citizen = cls(public_id=public_id or uuid.uuid4())
        row = citizen.public_id.bytes
        citizen.cpr_cipher = crypto.encrypt(digits, row)
        citizen.cpr_lookup = crypto.lookup_hash(digits)
        citizen.pseudonym = crypto.pseudonym(row)
        return citizen

    @property
    def cpr(self) -> str:
        """The ten digits, decrypted. Only for a page about this citizen; the caller records the access."""
        return crypto.decrypt(bytes(self.cpr_cipher), self.public_id.bytes)


class EarlierNumber(models.Model):
    """A CPR number that a citizen had before (D40): it still finds her. The row is never removed."""

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="earlier_numbers")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cpr_cipher = models.BinaryField(editable=False)
    cpr_lookup = models.BinaryField(unique=True, editable=False)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("earlier CPR number")
        verbose_name_plural = _("earlier CPR numbers")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.public_id)

    @classmethod
    def new(cls, citizen: Citizen, digits: str) -> "EarlierNumber":
        """Return an unsaved row with the ten-digit CPR number encrypted."""
        number = cls(citizen=citizen, public_id=uuid.uuid4())
        number.cpr_cipher = crypto.encrypt(digits, number.public_id.bytes)
        number.cpr_lookup = crypto.lookup_hash(digits)
        return number

    @property
    def cpr(self) -> str:
        """The ten digits, decrypted, as `Citizen.cpr`."""
        return crypto.decrypt(bytes(self.cpr_cipher), self.public_id.bytes)


class TargetGroup(models.TextChoices):
    RESOURCE_PROGRAMME = "resource_programme", _("A: resource programme")
    ACTIVITY_READY = "activity_ready", _("B: activity-ready")


class Benefit(models.TextChoices):
    RESOURCE_PROGRAMME_BENEFIT = "resource_programme_benefit", _("Resource programme benefit")
    CASH_BENEFIT = "cash_benefit", _("Cash benefit")
    INTEGRATION_BENEFIT = "integration_benefit", _("Integration benefit")


class ReferralState(models.TextChoices):
    ACCEPTED = "accepted", _("Eligible")
    REFUSED = "refused", _("Not eligible")
    WITHDRAWN = "withdrawn", _("Taken back")


class ReferralQuerySet(models.QuerySet["Referral"]):
    def accepted(self) -> "ReferralQuerySet":
        return self.filter(state=ReferralState.ACCEPTED)

    def visible_to(self, user: User) -> "ReferralQuerySet":
        """Return the referrals of the projects where the user is coordinating caseworker or leader; none of
        citizens who were erased or from whom the user is shut out."""
        return self.filter(open_to(user), project_id__in=led_or_referring_project_ids(user))


@tracked()
class Referral(Record):
    """What was stated about a citizen on the day of referral, and the result with every reason (D1).

    `name` is what the referring project typed; only that project sees it (D39). A refused referral is stored
    too. `project` is empty when the municipality is not in the trial, and `municipality` when its code is
    unknown. Until it is drawn it may be corrected and taken back (D41, `CaseCorrection`); `stated_facts` are
    the facts before the first correction, so that a file that delivers them again is known (D42). `source_id`
    is the row's id in the system that delivered it, empty without one.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="referrals")
    name = models.CharField(_("name"), max_length=150)
    municipality_code = models.CharField(_("municipality code"), max_length=4)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("municipality")
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="referrals")
    target_group = models.CharField(_("target group"), max_length=20, choices=TargetGroup)
    benefit = models.CharField(_("benefit"), max_length=30, choices=Benefit)
    public_support_since = models.DateField(_("on public support since"))
    activity_ready = models.BooleanField(_("activity-ready"))
    in_integration_programme = models.BooleanField(_("in the integration programme"))
    referred_on = models.DateField(_("referred on"))
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("answer"), max_length=10, choices=ReferralState)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    flags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    stated_facts = models.JSONField(null=True, blank=True, editable=False)
    source_id = models.CharField(max_length=100, blank=True, default="", editable=False)

    objects = ReferralQuerySet.as_manager()

    jobfirst_projects = OfProject("project")

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-referred_on", "-pk"]
        indexes = [
            models.Index(fields=["project", "state", "referred_on", "id"], name="cases_referral_queue")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"],
                condition=Q(state=ReferralState.ACCEPTED),
                name="cases_referral_once_in_trial",
                violation_error_message=_("The citizen is already in the trial."),
            ),
            models.CheckConstraint(
                condition=Q(state=ReferralState.ACCEPTED, reasons__len=0, project__isnull=False)
                | Q(state=ReferralState.REFUSED, reasons__len__gt=0)
                | Q(state=ReferralState.WITHDRAWN, reasons__len=0),
                name="cases_referral_reasons",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def initials(self) -> str:
        """The first letters of the first and the last name: all that a mail may say of a citizen (D34)."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
