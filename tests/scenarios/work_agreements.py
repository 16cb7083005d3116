"""Work agreements of an internship: content, a week, the form's data, and saving a version."""

import datetime
import uuid

from django.urls import reverse

from companies.actions import agreements
from companies.models import CompanyContact
from companies.rules.weekly_schedule import WorkPeriod

SIGNED_ON = datetime.date(2016, 5, 18)
CONTENT = {
    "tasks": "Pakke brød og feje",
    "goals": "Møde hver dag",
    "subgoals": "Møde tre dage om ugen",
    "support_needs": "En fast kollega",
    "accommodations": "Ingen tunge løft",
}


def time(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


def work_period(weekday: int, first: str, last: str, kind: str = "internship") -> WorkPeriod:
    return WorkPeriod(weekday, time(first), time(last), kind)


def form_data(contact: CompanyContact | None, version: int = 0, **fields: str) -> dict[str, str]:
    """Return the browser's form data: CONTENT, and a week with Monday and Tuesday filled in."""
    week = {
        "week-TOTAL_FORMS": "7",
        "week-INITIAL_FORMS": "7",
        "week-0-internship_from": "08:30",
        "week-0-internship_to": "12:00",
        "week-0-ordinary_from": "12:30",
        "week-0-ordinary_to": "14:00",
        "week-1-internship_from": "09:00",
        "week-1-internship_to": "13:15",
    }
    return {
        **CONTENT,
        **week,
        "version": str(version),
        "submission": str(uuid.uuid4()),
        "company_contact": str(contact.pk) if contact else "",
        **fields,
    }


def save_agreement(internship, **changes):
    values = {
        "content": CONTENT,
        "contact": internship.company.contacts.first(),
        "schedule": [work_period(1, "08:30", "12:00")],
        "made_on": SIGNED_ON,
        **changes,
    }
    return agreements.save_agreement(internship, **values)


def agreement_url(internship) -> str:
    return reverse("companies:agreement", args=[internship.public_id])
