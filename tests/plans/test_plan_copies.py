"""A plan for job does not change when names change elsewhere (D21, D37)."""

import re

import pytest
from django.urls import reverse

from tests.pdf_text import pdf_text
from tests.scenarios.changed_names import rename_citizen
from tests.scenarios.course_plans import save_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def text_of(client, plan) -> str:
    """Return the text of the plan's PDF."""
    response = client.get(reverse("plans:plan_pdf", args=[plan.public_id]))
    assert response.status_code == 200
    return pdf_text(response.content)


def plan_as_shown(client, plan) -> tuple[str, str]:
    """Return the text of the plan's PDF, and its facts on the course page."""
    page = client.get(reverse("cases:course_plan", args=[plan.course.public_id])).content.decode()
    panel = re.search(r"Version 1, [^<]*", page)
    assert panel
    return text_of(client, plan), panel[0]


def test_names_changed_later_leave_the_plan_as_it_was(client, course, holder, internship) -> None:
    plan = save_plan(course, by=holder)
    client.force_login(holder)
    pages_before = plan_as_shown(client, plan)
    assert "Testborger Ågesen" in pages_before[0]
    assert "Mette Mentor" in pages_before[0]
    assert "Mette Mentor" in pages_before[1]
    rename_citizen(course)
    holder.name = "Mette Nygift"
    holder.save()
    assert plan_as_shown(client, plan) == pages_before
    second = save_plan(course, by=holder)
    assert second.number == 2
    text = text_of(client, second)
    assert "Rettet Navn" in text
    assert "Mette Nygift" in text
