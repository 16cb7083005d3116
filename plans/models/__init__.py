"""The activity plan, the plan for job with its signatures and drafts, and the citizen's word on both."""

from plans.models.activity import ActivityKind, ActivityLine, Companion
from plans.models.draft import PlanDraft
from plans.models.job import PlanEffort, PlanForJob, PlanModel
from plans.models.signature import PlanParty, PlanSignature, SignatureVoid
from plans.models.word import CitizenWord, PlanSubject, WordAnswer

__all__ = [
    "ActivityKind",
    "ActivityLine",
    "CitizenWord",
    "Companion",
    "PlanDraft",
    "PlanEffort",
    "PlanForJob",
    "PlanModel",
    "PlanParty",
    "PlanSignature",
    "PlanSubject",
    "SignatureVoid",
    "WordAnswer",
]
