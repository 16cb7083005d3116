"""Records of who saw which citizens, of sign-ins and of corrections with their reasons, and the chain that
seals them. (Changes as such are recorded in the event tables of django-pghistory.)"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobfirst.models import append_only, only_growing


def dated_by_the_database() -> pgtrigger.Trigger:
    """Return the trigger that dates a record by the database's clock, so that no caller can date it back."""
    return pgtrigger.Trigger(
        name="dated",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="NEW.at := clock_timestamp(); RETURN NEW;",
    )


class AccessOutcome(models.TextChoices):
    SHOWN = "shown", _("Shown")
    REFUSED = "refused", _("Access refused")


class AccessRecord(models.Model):
    """A page, export or refusal that concerned citizens. Written in the same request as the answer.

    `citizens` holds public ids, never names or CPR numbers. `asked_for` is the id in the address of a refused
    request, which may not exist; of a list, the names of the filters that were used. `at` is the time of the
    database. Outside requests `ip` and `session` (the beginning of the hash of the session's key) are empty.
    """

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=AccessOutcome)
    citizens = ArrayField(models.UUIDField(), default=list)
    asked_for = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    ip = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=16, blank=True, default="", db_default="")

    jobfirst_append_only = True

    class Meta:
        ordering = ["-pk"]
        indexes = [
            GinIndex(fields=["citizens"], name="audit_access_citizens"),
            models.Index(fields=["user", "-at"], name="audit_access_user"),
        ]
        triggers = [*append_only(), dated_by_the_database()]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.outcome}"


class SecurityKind(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    LOCKED_OUT = "locked_out", _("Sign-in closed after repeated failures")
    SIGNED_OUT = "signed_out", _("Signed out")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    SECOND_STEP_ADDED = "second_step_added", _("Second step of sign-in added")
    SECOND_STEP_REMOVED = "second_step_removed", _("Second step of sign-in removed")
    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_TAKEN = "role_taken", _("Role taken away")
    ROLES_NOT_STATED = "roles_not_stated", _("The municipality stated no roles")
    ROLES_SEEN_TO = "roles_seen_to", _("An administrator said that the roles are right")
    ROLE_ASKED = "role_asked", _("Role asked for")
    ROLE_REFUSED = "role_refused", _("Role turned down")
    RESET_ASKED = "reset_asked", _("Reset of the second step asked for")
    RESET_REFUSED = "reset_refused", _("Reset of the second step turned down")
    IDENTITY_LINKED = "identity_linked", _("Identity of the municipality linked")
    IDENTITY_REMOVED = "identity_removed", _("Identity of the municipality removed")
    ADDRESS_CHANGED = "address_changed", _("E-mail address changed")
    SESSION_ENDED = "session_ended", _("Session ended from another one")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")
    ACCOUNT_OPENED = "account_opened", _("Account opened again")


class SecurityRecord(models.Model):
    """A sign-in, a failed one, or a change of what somebody may do.

    `user` is who did it (None: nobody signed in, or a command), `subject` whose account it concerns; of a
    failed sign-in the account of the address that was typed, if there is one. No address is stored.
    `detail` is a code: a role with its project, or the way of signing in.
    """

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=20, choices=SecurityKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=16, blank=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject", "-at"], name="audit_security_subject"),
            models.Index(fields=["-at"], name="audit_security_newest"),
        ]
        triggers = [*append_only(), dated_by_the_database()]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class SealedBatch(models.Model):
    """A link of the chain: which rows of a table of the audit log there were, each with its hash.

    `number` counts from 1 without gaps. The fields are those of `audit.chain.hashing.BatchContent`, and the
    hashes before and after. A row that is erased by the rules of retention leaves its hash here.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    after = models.BigIntegerField(null=True)
    upto = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    row_ids = ArrayField(models.BigIntegerField())
    row_hashes = models.BinaryField()
    previous_hash = models.BinaryField(max_length=32)
    batch_hash = models.BinaryField(max_length=32)

    jobfirst_append_only = True

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["table", "-number"], name="audit_batch_of_table")]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.number}: {self.table} up to {self.upto}"


class ErasedRows(models.Model):
    """That rows of a table of the audit log were erased by the rules of retention (docs/audit.md).

    `row_hashes` has for each row the SHA-256 of its text as it is afterwards, or 32 zero bytes when it was
    removed. `run` is the run of erasure that two persons approved, `reason` the kind of data. A restored
    backup may not have the persons' accounts: then they are in the list of erasures alone.
    """

    at = models.DateTimeField(auto_now_add=True)
    run = models.UUIDField()
    table = models.CharField(max_length=63)
    row_ids = ArrayField(models.BigIntegerField())
    row_hashes = models.BinaryField()
    reason = models.CharField(max_length=40)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    jobfirst_append_only = True
    #: The application's role cannot insert: the command `erase` writes, as the owner of the tables.
    jobfirst_written_by_owner = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["table"], name="audit_erased_table")]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.table} {len(self.row_ids)}"


class HeadKind(models.TextChoices):
    SEALED = "sealed", _("Sealed")
    VERIFIED = "verified", _("Verified")
    MAILED = "mailed", _("Mailed")


class ChainHead(models.Model):
    """The last batch when rows were sealed, when the chain was verified, or when its head was mailed.

    A second copy of the head, by which a verification sees that the end of the chain is missing. `findings`
    is the number of differences that a verification found.
    """

    kind = models.CharField(max_length=10, choices=HeadKind)
    number = models.PositiveBigIntegerField()
    batch_hash = models.BinaryField(max_length=32)
    findings = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="audit_head_last")]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class CorrectionAct(models.TextChoices):
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn as entered in error")
    RESTORED = "restored", _("Stands again")


class Correction(models.Model):
    """That somebody corrected, withdrew or restored a row, and why (D41).

    `label` names its model and `subject` is its public id. `before` are the values that were replaced, by
    field. The reason is empty only for a slip of one's own.
    """

    label = models.CharField(max_length=80)
    subject = models.UUIDField()
    act = models.CharField(max_length=10, choices=CorrectionAct)
    reason = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject"], name="audit_correction_subject")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.label} {self.act}"
