"""Whose signatures a change of the work agreement voids (D45): a declaration for every field of its content.

The jobcentre signs last. So whatever voids the signature of an outside party voids the jobcentre's, too.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementParty(models.TextChoices):
    """Who makes the work agreement, and signs it; in the order in which they are shown."""

    CITIZEN = "citizen", _("The citizen")
    COMPANY = "company", _("The company")
    JOBCENTRE = "jobcentre", _("The jobcentre")


#: The parties without an account: they sign by link, or on the phone of somebody of the team.
OUTSIDE_PARTIES = (AgreementParty.CITIZEN, AgreementParty.COMPANY)

EVERYBODY = frozenset(AgreementParty)
CITIZEN_AND_JOBCENTRE = frozenset({AgreementParty.CITIZEN, AgreementParty.JOBCENTRE})
COMPANY_AND_JOBCENTRE = frozenset({AgreementParty.COMPANY, AgreementParty.JOBCENTRE})
NOBODY: frozenset[AgreementParty] = frozenset()

#: The name under which the weekly schedule stands among the fields: it has rows of its own.
SCHEDULE = "schedule"

#: Whose signatures a change voids, by field of the content.
VOIDS: dict[str, frozenset[AgreementParty]] = {
    # What is to be done, when and where: all three
    "tasks": EVERYBODY,
    SCHEDULE: EVERYBODY,
    "internship_hours": EVERYBODY,
    "ordinary_hours": EVERYBODY,
    "placement_kind": EVERYBODY,
    "valid_from": EVERYBODY,
    "starts_on": EVERYBODY,
    "ends_on": EVERYBODY,
    "company_cvr": EVERYBODY,
    "p_number": EVERYBODY,
    "workplace_address": EVERYBODY,
    # What the workplace is to keep to, and the citizen to rely on: all three
    "support_needs": EVERYBODY,
    "accommodations": EVERYBODY,
    "progression_questions": EVERYBODY,
    # Between citizen and jobcentre: the company promises nothing by them
    "goals": CITIZEN_AND_JOBCENTRE,
    "subgoals": CITIZEN_AND_JOBCENTRE,
    # That the company keeps the reasonableness requirement: between company and jobcentre
    "representative_name": COMPANY_AND_JOBCENTRE,
    "representative_confirmed_on": COMPANY_AND_JOBCENTRE,
    # Names and contact details: the same parties, called otherwise
    "citizen_name": NOBODY,
    "company_name": NOBODY,
    "workplace_name": NOBODY,
    "company_contact": NOBODY,
    "company_contact_name": NOBODY,
    "company_contact_title": NOBODY,
    "company_contact_phone": NOBODY,
    "company_contact_email": NOBODY,
    "municipality_name": NOBODY,
    "mentor_name": NOBODY,
    "job_consultant_name": NOBODY,
    "questions_are_own_choice": NOBODY,
}
