"""Which tables hold data of a citizen, found by the models' relations (docs/privacy.md).

A table belongs to the citizen when a foreign key leads from it to her, directly or over other tables of hers;
so a new table is in the report by itself. A table that names her without a foreign key is in `BY_VALUE`.
Every other table stands in `NOT_PERSONAL` with a reason; a test fails for one that stands nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db.models import Field, Model

from audit.history import event_models

CITIZEN = "cases.Citizen"

#: Tables that name the citizen or a row of hers by an id, not by a foreign key (`gathering.rows_by_value`).
BY_VALUE = (
    "audit.AccessRecord",
    "audit.Correction",
    "accounts.SignedLink",
    "reminders.Deadline",
    "reminders.Reminder",
    "grants.Document",
    "grants.Snapshot",
    "grants.StatementApproval",
)

_STAFF = "about the people who work here, not about citizens"
_SYSTEM = "the system's own bookkeeping"
_PROJECT = "about a project or a municipality as a whole"
_COMPANY = "about companies; what concerns a citizen is in her placements and dialogues"
_QUESTIONS = "the questions that all citizens get; her answers are in the report"
_MONEY = "sums and papers of whole projects; her part is in the statement lines"
_STEERING = "the steering group's own papers, which speak of the project as a whole"
_FIGURES = "counts of whole projects"

#: Tables with nothing about a citizen, by reason. Their history tables go with them.
NOT_PERSONAL = {
    **dict.fromkeys(("auth.Permission", "auth.Group_permissions", "auth.Group"), _SYSTEM),
    **dict.fromkeys(("contenttypes.ContentType", "jobfirst.Installation", "jobfirst.MuteChange"), _SYSTEM),
    **dict.fromkeys(("jobfirst.StoredCheck", "reminders.Round", "evaluation.Reckoning"), _SYSTEM),
    "evaluation.RefreshOrder": _SYSTEM,
    "sessions.Session": "sign-ins of the people who work here",
    "audit.SecurityRecord": "sign-ins and roles of the people who work here",
    **dict.fromkeys(("audit.SealedBatch", "audit.ChainHead", "audit.ErasedRows"), _SYSTEM),
    **dict.fromkeys(("rights.RetentionRule", "rights.Erasure"), _SYSTEM),
    **dict.fromkeys(
        ("rights.ErasureRun", "rights.ErasureItem"), "lists of citizens to be erased, until they are"
    ),
    "pghistory.Context": "who made a change, and on which page: in the report with each change",
    **dict.fromkeys(("account.EmailAddress", "account.EmailConfirmation", "mfa.Authenticator"), _STAFF),
    "usersessions.UserSession": "sign-ins of the people who work here",
    **dict.fromkeys(("accounts.User", "accounts.User_groups", "accounts.User_user_permissions"), _STAFF),
    **dict.fromkeys(("accounts.Membership", "accounts.Absence", "accounts.DeliveredUser"), _STAFF),
    **dict.fromkeys(("accounts.AccountRequest", "accounts.Identity"), _STAFF),
    **dict.fromkeys(("reminders.DigestPreference", "reminders.CalendarFeed"), _STAFF),
    **dict.fromkeys(("cases.DefaultTeamMember", "companies.CompanyAcquaintance"), _STAFF),
    **dict.fromkeys(
        ("reminders.Digest", "reminders.ReturnedDigest"), "mails to staff about all their citizens"
    ),
    "accounts.LinkRequest": "a hash of a lost link's secret; who asked is not known",
    **dict.fromkeys(("accounts.Municipality", "accounts.Project", "accounts.ProjectMunicipality"), _PROJECT),
    **dict.fromkeys(("accounts.TrialTerms", "evaluation.OutcomeTerms", "grants.GrantTerms"), _PROJECT),
    **dict.fromkeys(("evaluation.FidelityThreshold", "evaluation.TargetGroupCount"), _PROJECT),
    **dict.fromkeys(("progression.Questionnaire", "progression.QuestionnaireVersion"), _QUESTIONS),
    **dict.fromkeys(("progression.Category", "progression.Scale", "progression.ScaleStep"), _QUESTIONS),
    "progression.Question": _QUESTIONS,
    **dict.fromkeys(("companies.Company", "companies.Workplace", "companies.CompanyContact"), _COMPANY),
    **dict.fromkeys(("companies.CompanyNote", "companies.CompanyCall", "companies.JobOpening"), _COMPANY),
    **dict.fromkeys(("companies.CompanyMerge", "companies.WorkplaceMerge"), _COMPANY),
    **dict.fromkeys(("companies.Succession", "companies.PostalArea"), _COMPANY),
    **dict.fromkeys(
        ("randomization.Commitment", "randomization.Stratum"), "the lists of the draw, without citizens"
    ),
    "randomization.HeadMail": _STAFF,
    **dict.fromkeys(("grants.Statement", "grants.Award", "grants.FixedGrant", "grants.BudgetLine"), _MONEY),
    **dict.fromkeys(("grants.Application", "grants.Voucher"), _MONEY),
    **dict.fromkeys(("evaluation.Publication", "evaluation.PublishedFigure"), _FIGURES),
    "evaluation.StoredFigure": _FIGURES,
    "evaluation.PackageOrder": "that a package was ordered, and for a day its pseudonymised file",
    "evaluation.EvaluatorPackage": "that a package was made; whom it held is in the access records",
    **dict.fromkeys(("evaluation.SteeringMeeting", "evaluation.SteeringMeetingCorrection"), _STEERING),
    **dict.fromkeys(("evaluation.SteeringMember", "evaluation.SteeringInvitation"), _STEERING),
    **dict.fromkeys(("evaluation.AddedPoint", "evaluation.SteeringMinute"), _STEERING),
    **dict.fromkeys(("evaluation.SteeringMinuteCorrection", "evaluation.SteeringDecision"), _STEERING),
}

#: Columns that are not in the report, and why.
LEFT_OUT = {
    "cpr_cipher": "the CPR number, encrypted: it stands in no file that leaves the system",
    "cpr_lookup": "a keyed hash of the CPR number",
    "secret_hash": "the hash of a link's secret",  # nosec B105 - no secret
    "submission": "the token of a form",
    "audit.AccessRecord.ip": "the network address of whoever works here",
    "audit.AccessRecord.session": "the session of whoever works here",
    "audit.AccessRecord.citizens": "the ids of others who stood on the same page",
    "grants.Document.citizens": "the ids of others in the same document",
    "grants.Document.content": "the statement of a whole project; her part is in the statement lines",
    "grants.Snapshot.content": "a draft of whole projects; her entries are in the report as `entries`",
    "grants.Snapshot.projects": "the ids of the projects",
    "grants.StatementApproval.content": "a whole statement; her entries are in the report as `entries`",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """A foreign key that leads from a row of the citizen's to another one of hers."""

    field: str
    target: type[Model]


def is_history(model: type[Model]) -> bool:
    """Whether the table holds the history of another one (django-pghistory)."""
    return model in event_models()


def tracked_model(model: type[Model]) -> type[Model]:
    """Return the model whose history this table holds; the model itself when it holds none."""
    tracked: type[Model] = getattr(model, "pgh_tracked_model", model)
    return tracked


def stored_models() -> list[type[Model]]:
    """Return all models with a table of their own."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


@cache
def edges() -> dict[type[Model], list[Edge]]:
    """Return the citizen's tables with the keys that lead to her, those nearer to her first."""
    roots = [apps.get_model(label) for label in (CITIZEN, *BY_VALUE)]
    reached: dict[type[Model], list[Edge]] = {model: [] for model in roots}
    is_growing = True
    while is_growing:
        is_growing = False
        for model in stored_models():
            for edge in _edges_to(model, reached):
                if edge not in reached.setdefault(model, []):
                    reached[model].append(edge)
                    is_growing = True
    return reached


def _edges_to(model: type[Model], reached: dict[type[Model], list[Edge]]) -> Iterator[Edge]:
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(target, type) and target in reached and target is not model:
            yield Edge(field.name, target)


def covered_labels() -> set[str]:
    """Return the tables that are in the report."""
    return {model._meta.label for model in edges()}


def reason_to_leave_out(model: type[Model], field: "Field[object, object]") -> str:
    """Return why the column is not in the report; empty when it is."""
    owner = tracked_model(model)._meta.label
    return LEFT_OUT.get(f"{owner}.{field.name}") or LEFT_OUT.get(field.name, "")
