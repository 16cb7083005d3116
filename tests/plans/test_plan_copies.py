"""A made plan for job stays as it was made, whatever is changed elsewhere afterwards (D21, D37)."""

import re

import pytest
from django.urls import reverse

from tests.companies.test_agreement_copies import rename_citizen
from tests.pdf_text import pdf_text
from tests.plans.test_actions import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def text_of(client, plan) -> str:
    """The text of the plan's PDF."""
    answer = client.get(reverse("plans:plan_pdf", args=[plan.public_id]))
    assert answer.status_code == 200
    return pdf_text(answer.content)


def plan_as_shown(client, plan) -> tuple[str, str]:
    """The text of the plan's PDF, and its facts on the course's page."""
    page = client.get(reverse("cases:course", args=[plan.course.public_id])).content.decode()
    panel = re.search(r"Version 1, [^<]*", page)
    assert panel
    return text_of(client, plan), panel[0]


def test_names_changed_later_leave_the_plan_as_it_was(client, course, holder, internship) -> None:
    plan = make(course, by=holder)
    client.force_login(holder)
    before = plan_as_shown(client, plan)
    assert "Testborger Ågesen" in before[0]
    assert "Jonna Jobkonsulent" in before[0]
    assert "Jonna Jobkonsulent" in before[1]
    rename_citizen(course)
    holder.name = "Jonna Nygift"
    holder.save()
    assert plan_as_shown(client, plan) == before
    second = make(course, by=holder)
    assert second.number == 2
    text = text_of(client, second)
    assert "Rettet Navn" in text
    assert "Jonna Nygift" in text
