"""What a version of the plan for job holds is written once, in the model, and is final (D21, D37)."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Municipality, TrialTerms
from cases.models import Course, FunctionHolding
from jobfirst.pdf.documents import render_pdf
from plans.forms import PlanForm
from plans.models import PlanForJob
from tests.companies.test_agreement_copies import rename_citizen
from tests.documents import as_printed, changed_values
from tests.factories import CourseFactory, UserFactory
from tests.pdf_text import pdf_text
from tests.plans.test_actions import MADE_ON, make

pytestmark = pytest.mark.django_db


def write(**fields: object):
    """Somebody writes something else in the form."""
    return lambda course: fields


def hand_over(function: str):
    """Give the function to somebody else, called after it."""

    def change(course: Course) -> dict:
        holdings = FunctionHolding.objects.filter(course=course, function=function)
        holdings.update(user=UserFactory(name=f"Vikar for {function}"))
        return {}

    return change


def rename_municipality(course: Course) -> dict:
    Municipality.objects.filter(pk=course.municipality_id).update(name="Nykommune")
    return {}


def lengthen_plans(course: Course) -> dict:
    TrialTerms.objects.create(valid_from=MADE_ON, plan_months=7)
    return {}


END = {"mentor_continues": False, "mentor_end_reason": "Klarer sig selv"}
#: For each field of the content: what changes it before the plan is saved once more.
CHANGES = {
    "citizen_name": lambda course: rename_citizen(course) or {},
    "municipality_name": rename_municipality,
    "mentor_name": hand_over("mentor"),
    "course_owner_name": hand_over("course_owner"),
    "coordinating_caseworker_name": hand_over("coordinating_caseworker"),
    "starts_on": write(starts_on=datetime.date(2016, 8, 2)),
    "ends_on": lengthen_plans,
    "model": write(model="ladder"),
    "job_goal": write(job_goal="Konditor"),
    "flex_job_considered": write(flex_job_considered=False),
    "flex_job_note": write(flex_job_note="Først til sommer"),
    "effort": write(effort="wage_subsidy"),
    "tasks_and_times": write(tasks_and_times="Bage hver dag"),
    "ordinary_hours_aim": write(ordinary_hours_aim=Decimal(9)),
    "ordinary_hours": write(ordinary_hours=Decimal(4)),
    "wage": write(wage=""),
    "mentor_continues": write(**END),
    "mentor_until": write(mentor_until=datetime.date(2017, 1, 15)),
    "mentor_tasks": write(mentor_tasks="Et opkald om ugen"),
    "mentor_end_reason": write(**END),
    "last_meeting": write(last_meeting="Det gik skidt"),
}


def test_every_field_is_content_or_bookkeeping() -> None:
    names = {field.name for field in PlanForJob._meta.concrete_fields}
    assert set(CHANGES) == names - PlanForJob.BOOKKEEPING
    assert set(PlanForJob.content_names()) == set(CHANGES)
    assert names >= PlanForJob.BOOKKEEPING


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_of_any_content_makes_a_new_version(course, internship, field) -> None:
    first = make(course)
    was = getattr(first, field)
    changes = CHANGES[field](course)
    second = make(course, **changes)
    assert second.number == 2
    first.refresh_from_db()
    assert getattr(first, field) == was
    assert getattr(second, field) != was


def test_the_form_asks_in_its_sections_for_all_that_people_write() -> None:
    form = PlanForm(instance=PlanForJob(version=0))
    assert set(PlanForJob.written_names()) <= set(form.fields)
    assert {pointer.name for pointer in form.layout.get_field_names()} == set(form.fields)


@pytest.mark.parametrize("mentor", ["continues", "ends"])
def test_the_document_prints_all_content(course, internship, mentor) -> None:
    for function in ("mentor", "course_owner", "coordinating_caseworker"):
        hand_over(function)(course)
    plan = make(course, flex_job_note="Til sommer", **(END if mentor == "ends" else {}))
    text = pdf_text(render_pdf("plans/plan_pdf.html", {"plan": plan.printed()}))
    printed = plan.printed()
    assert set(printed) - {"number", "made_on"} == set(CHANGES)
    if mentor == "ends":
        del printed["mentor_name"]  # nobody from then on
    for name, value in printed.items():
        assert as_printed(value) in text, name


def test_the_database_refuses_every_change_of_a_version(course, internship) -> None:
    plan = make(course, by=UserFactory())
    row = PlanForJob.objects.filter(pk=plan.pk)
    values = changed_values(plan, {"course": CourseFactory(), "made_by": UserFactory()})
    assert values.keys() == {field.name for field in PlanForJob._meta.concrete_fields}
    acts = [lambda name=name, value=value: row.update(**{name: value}) for name, value in values.items()]
    for act in [*acts, lambda: row._raw_delete(row.db)]:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()
