"""The content of a plan's version is declared once, in the model, and never changes (D21, D37)."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Municipality, TrialTerms
from cases.models import Course, Referral
from jobfirst.pdf.documents import render_pdf
from plans.forms.job import PlanForm
from plans.models import PlanForJob
from plans.presentation.signatures import signatures_of
from tests.documents import as_printed, changed_values, fields_printed_by
from tests.factories import CourseFactory, UserFactory
from tests.loops import some
from tests.pdf_text import pdf_text
from tests.scenarios.changed_names import hand_over, rename_citizen
from tests.scenarios.course_plans import MADE_ON, save_plan

pytestmark = pytest.mark.django_db


def with_fields(**fields: object):
    """Return a change of the form's fields."""
    return lambda course: fields


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
    "mentor_name": lambda course: hand_over(course, "mentor") or {},
    "course_owner_name": lambda course: hand_over(course, "course_owner") or {},
    "coordinating_caseworker_name": lambda course: hand_over(course, "coordinating_caseworker") or {},
    "starts_on": with_fields(starts_on=datetime.date(2016, 8, 2)),
    "ends_on": lengthen_plans,
    "model": with_fields(model="ladder"),
    "job_goal": with_fields(job_goal="Konditor"),
    "flex_job_considered": with_fields(flex_job_considered=False),
    "flex_job_note": with_fields(flex_job_note="Først til sommer"),
    "effort": with_fields(effort="wage_subsidy"),
    "workplace": with_fields(workplace="Konditoriet"),
    "extended_until": with_fields(extended_until=datetime.date(2016, 11, 30)),
    "new_workplace_how": with_fields(effort="new_workplace", new_workplace_how="Jobkonsulenten ringer"),
    "subsidy_from": with_fields(effort="wage_subsidy", subsidy_from=datetime.date(2016, 9, 1)),
    "subsidy_until": with_fields(effort="wage_subsidy", subsidy_until=datetime.date(2017, 1, 1)),
    "employment_from": with_fields(effort="ordinary_employment", employment_from=datetime.date(2016, 9, 1)),
    "employment_is_flex_job": with_fields(effort="ordinary_employment", employment_is_flex_job=True),
    "tasks_and_times": with_fields(tasks_and_times="Bage hver dag"),
    "ordinary_hours_aim": with_fields(ordinary_hours_aim=Decimal(9)),
    "ordinary_hours": with_fields(ordinary_hours=Decimal(4)),
    "wage": with_fields(wage=""),
    "mentor_continues": with_fields(**END),
    "mentor_until": with_fields(mentor_until=datetime.date(2017, 1, 15)),
    "mentor_tasks": with_fields(mentor_tasks="Et opkald om ugen"),
    "mentor_end_reason": with_fields(**END),
    "last_meeting": with_fields(last_meeting="Det gik skidt"),
}


def test_every_field_is_content_or_bookkeeping() -> None:
    names = {field.name for field in PlanForJob._meta.concrete_fields}
    assert set(CHANGES) == names - PlanForJob.BOOKKEEPING
    assert set(PlanForJob.content_names()) == set(CHANGES)
    assert names >= PlanForJob.BOOKKEEPING


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_of_any_content_makes_a_new_version(course, internship, field) -> None:
    first = save_plan(course)
    first_value = getattr(first, field)
    changes = CHANGES[field](course)
    second = save_plan(course, **changes)
    assert second.number == 2
    first.refresh_from_db()
    assert getattr(first, field) == first_value
    assert getattr(second, field) != first_value


def test_the_form_asks_in_its_sections_for_all_that_people_write() -> None:
    course = Course(referral=Referral(name="Anna Berg"))
    form = PlanForm(instance=PlanForJob(course=course, version=0), terms=TrialTerms(plan_months=6))
    assert set(PlanForJob.written_names()) <= set(form.fields)
    assert {pointer.name for pointer in form.layout.get_field_names()} == set(form.fields)


@pytest.mark.parametrize("mentor", ["continues", "ends"])
def test_the_document_prints_all_content(course, internship, mentor) -> None:
    for function in ("mentor", "course_owner", "coordinating_caseworker"):
        hand_over(course, function)
    plan = save_plan(course, flex_job_note="Til sommer", **(END if mentor == "ends" else {}))
    text = pdf_text(
        render_pdf("plans/plan_pdf.html", {"plan": plan.printed(), "signatures": signatures_of(plan)})
    )
    printed = plan.printed()
    assert set(printed) - {"number", "made_on"} == set(CHANGES)
    if mentor == "ends":
        del printed["mentor_name"]  # nobody from then on
    for name, value in some(printed.items()):
        assert as_printed(value) in text, name


def test_the_template_of_the_pdf_reads_every_field() -> None:
    """Booleans, too, which have no text of their own to look for."""
    wanted = set(PlanForJob.content_names())
    printed = fields_printed_by("plans/plan_pdf.html", "plan")
    printed |= fields_printed_by("plans/_plan_sections.html", "plan")
    assert wanted - printed == set()


def test_the_database_refuses_every_change_of_a_version(course, internship) -> None:
    plan = save_plan(course, by=UserFactory())
    row = PlanForJob.objects.filter(pk=plan.pk)
    values = changed_values(plan, {"course": CourseFactory(), "made_by": UserFactory()})
    assert values.keys() == {field.name for field in PlanForJob._meta.concrete_fields}
    acts = [lambda name=name, value=value: row.update(**{name: value}) for name, value in values.items()]
    for act in [*acts, lambda: row._raw_delete(row.db)]:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()
