"""Every column with text, and why it is not encrypted at rest. Printed for docs/privacy.md:
`python -m tests.access.text_columns`."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jobfirst.encryption.encrypted_text import EncryptedTextField

CODE = "a code, number or fixed word of the system or of a register, written by no person in their own words"
SEARCHED = "searched or sorted by the database: names of persons, projects, companies, workplaces"
REACH = "an address, telephone number or name to which the system sends, or which it compares"
SHORT = (
    "one line of at most 500 letters: what to do, where, or why a row was withdrawn. Encrypted it is longer "
    "than its column; it needs another type of column first"
)
SIGNED = (
    "part of a signed or submitted document: its hash covers the text, and seals must be checked without "
    "the keys of the data"
)
SEALED = "the audit log or the ledger, sealed by a chain of hashes over the text; it has no id to bind to"
COMPANY = (
    "about companies, workplaces, accounts of staff, meetings of organisations or money, not a citizen's"
)
HASH = "a hash, key, file or ciphertext already"
COPY = "JSON that a page compares by its keys: drafts and corrections with both values of a field"
NO_ID = "its rows have no public_id, to which a text could be bound"

#: Reason by column, or by all columns with text of a model (`*`), unless the column has its own.
REASONS: dict[str, str] = {}


def declare(reason: str, *columns: str) -> None:
    REASONS.update(dict.fromkeys(columns, reason))


declare(
    CODE,
    *(
        "accounts.Identity.*",
        "accounts.Municipality.*",
        "accounts.SignedLink.*",
        "cases.AppointmentMessage.*",
        "cases.CourseElement.*",
    ),
    *(
        "cases.CoursePause.suspended",
        "cases.DeliveredContact.*",
        "cases.Citizen.pseudonym",
        "cases.Referral.*",
    ),
    *("cases.MeetingInvitation.*", "cases.MeetingMinute.topic", "cases.MinuteCorrection.topic"),
    *("companies.PostalArea.*", "companies.JobOpening.times", "evaluation.PublishedFigure.*"),
    *("evaluation.Reckoning.*", "evaluation.StoredFigure.*", "evaluation.EvaluatorPackage.*"),
    *("grants.EarnedEvent.*", "grants.GrantTerms.*", "jobfirst.StoredCheck.*", "jobfirst.MuteChange.*"),
    *("progression.Category.*", "progression.CategorySelection.*", "progression.Question.*"),
    *("progression.Questionnaire.*", "progression.QuestionnaireVersion.*", "progression.Scale.*"),
    *("progression.ScaleStep.*", "randomization.Stratum.*", "reminders.*", "companies.Placement.delivered"),
    *("accounts.User.mail_return_status", "accounts.DeliveredUser.roles", "grants.StatementLine.*"),
)
declare(
    SEARCHED,
    *("accounts.Project.*", "accounts.User.name", "accounts.DeliveredUser.name", "cases.Referral.name"),
    *("companies.Company.*", "companies.Workplace.*", "companies.CompanyContact.name"),
)
declare(
    REACH,
    *("accounts.User.email", "accounts.User.phone", "cases.CitizenContact.*", "companies.CompanyContact.*"),
    *("companies.Placement.representative_name", "companies.Placement.end_reported_by"),
    *("companies.AnnexReply.answered_by_name", "companies.ClosingAssessment.given_by_name"),
    *("companies.PlacementReport.reported_by_name", "cases.ParallelEffort.coordinator"),
    *("plans.CitizenWord.recorded_by_name", "evaluation.SteeringInvitation.*", "evaluation.SteeringMember.*"),
)
declare(
    SHORT,
    *("cases.Accommodation.withdrawn_reason", "cases.CvEntry.*", "cases.FollowUpMeeting.place"),
    *("cases.MeetingCorrection.reason", "cases.MeetingDecision.*", "cases.MentorContact.withdrawn_reason"),
    *("cases.MinuteCorrection.reason", "cases.ParallelEffort.withdrawn_reason"),
    *("cases.UncoveredNeed.withdrawn_reason", "companies.AttendanceWeek.*", "companies.DialogueEntry.*"),
    *("companies.Dialogue.*", "companies.Match.*", "companies.Placement.*", "plans.ActivityLine.*"),
    *("evaluation.Deviation.withdrawn_reason", "cases.Course.outcome"),
)
declare(
    SIGNED,
    *("companies.AgreementDecline.*", "companies.AgreementSeal.*", "companies.AgreementSignature.*"),
    *("companies.AgreementSignatureVoid.*", "companies.WorkAgreement.*", "companies.SealedPdf.*"),
    *("plans.PlanForJob.*", "plans.PlanSignature.*", "plans.SignatureVoid.*", "grants.Document.*"),
    *("grants.Snapshot.*", "grants.Statement.*", "grants.StatementApproval.*", "grants.StatementSpell.*"),
)
declare(SEALED, "audit.*", "randomization.Allocation.*", "randomization.AllocationEvent.*")
declare(
    COMPANY,
    "accounts.AccountRequest.*",
    *("companies.CompanyAcquaintance.*", "companies.CompanyCall.*", "companies.CompanyMerge.*"),
    *("companies.CompanyNote.*", "companies.JobOpening.*", "companies.Succession.*"),
    *("companies.WorkplaceMerge.*", "evaluation.AddedPoint.*", "evaluation.FidelityThreshold.*"),
    *(
        "evaluation.SteeringDecision.*",
        "evaluation.SteeringMeeting.*",
        "evaluation.SteeringMeetingCorrection.*",
    ),
    *("evaluation.SteeringMinute.*", "evaluation.SteeringMinuteCorrection.*", "grants.Application.*"),
    *("grants.Award.*", "grants.DoubtAnswer.*", "grants.Voucher.*"),
)
declare(
    HASH,
    *("accounts.LinkRequest.*", "accounts.LinkSecret.*", "accounts.User.password", "cases.Citizen.*"),
    *("cases.EarlierNumber.*", "evaluation.PackageOrder.*", "randomization.Commitment.*"),
)
declare(COPY, "cases.CaseCorrection.changes", "cases.CaseCorrection.effects", "plans.PlanDraft.*")
declare(NO_ID, "cases.CaseCorrection.reason", "cases.ColleagueOpening.*")


declare(
    "a reason of the leader's in a few words, without names, that people read on lists",
    *("cases.ShutOut.*", "rights.LegalHold.*", "rights.RetentionRule.*"),
)
declare(CODE, "rights.ErasureRun.*", "rights.ErasureItem.*", "audit.ErasedRows.*")
declare(HASH, "rights.Erasure.*")


def text_columns() -> Iterator[tuple[str, "models.Field"]]:
    """Yield the columns with text of our tables, but for those of the history, which copy them."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)
    for model in apps.get_models():
        if getattr(model, "pgh_tracked_model", None) or model.__module__.startswith(
            ("allauth", "django", "pgh")
        ):
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, kinds) and not field.choices:
                yield f"{model._meta.label}.{field.name}", field


def is_encrypted(field: "models.Field") -> bool:
    return isinstance(field, EncryptedTextField)


def reason(column: str) -> str | None:
    """Return why the column is not encrypted; None when nothing is declared."""
    app, model, _ = column.split(".")
    return next((REASONS[key] for key in (column, f"{app}.{model}.*", f"{app}.*") if key in REASONS), None)


def table() -> str:
    """Return the tables of docs/privacy.md."""
    encrypted: dict[str, list[str]] = {}
    others: dict[str, dict[str, list[str]]] = {}
    for column, field in sorted(text_columns(), key=lambda item: item[0]):
        model, _, name = column.rpartition(".")
        if is_encrypted(field):
            encrypted.setdefault(model, []).append(name)
        else:
            others.setdefault(reason(column) or "?", {}).setdefault(model, []).append(name)
    lines = ["| table | encrypted columns |", "|---|---|"]
    lines += [f"| {model} | {', '.join(names)} |" for model, names in encrypted.items()]
    lines += ["", "| not encrypted, because it is | columns |", "|---|---|"]
    for why, models_of in sorted(others.items()):
        columns = "; ".join(f"{model}: {', '.join(names)}" for model, names in models_of.items())
        lines.append(f"| {why} | {columns} |")
    return "\n".join(lines)


if __name__ == "__main__":
    import django

    django.setup()
    print(table())
