"""Statements in every state, and their lines, for tests."""

import datetime
import hashlib
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from grants.expenses import files
from grants.models import Award, Document, GrantTerms, Statement, StatementLine, StatementState, Voucher
from grants.storage import approvals
from tests.factories import CourseFactory, ProjectFactory, UserFactory

AT = datetime.datetime(2017, 1, 20, 9, 0, tzinfo=datetime.UTC)


def pdf() -> bytes:
    """A whole PDF of one empty page."""
    import io

    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


class StatementFactory(DjangoModelFactory):
    """A statement of 2016 being prepared; `state=` takes it through its life step by step.

    Without lines it has earned nothing; `events=n` gives it n starts of 8,000 kroner.
    """

    class Meta:
        model = Statement
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    year = 2016
    cut_off = datetime.date(2016, 12, 31)
    terms = factory.LazyFunction(lambda: GrantTerms.objects.earliest("valid_from"))
    target_count = factory.SelfAttribute("project.target_count")
    ceiling = Decimal("1440000.00")
    starts = 0
    completions = 0
    earned_to_date = Decimal("0.00")
    paid_before = Decimal("0.00")
    approved_unpaid = Decimal("0.00")
    another_reason = "Endnu en opgørelse"  # asked for only when the year has an approved one
    payable = factory.LazyAttribute(
        lambda s: min(s.earned_to_date, s.ceiling) - s.paid_before - s.approved_unpaid
    )
    paid = factory.LazyAttribute(lambda s: max(s.payable, Decimal("0.00")))
    submitted_by = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class, *args, state="preparing", events=0, **kwargs):
        if events:
            earned = Decimal(8000 * events)
            kwargs |= {"starts": events, "earned_to_date": earned}
            kwargs["payable"] = min(earned, kwargs["ceiling"]) - kwargs["paid_before"]
            kwargs["payable"] -= kwargs["approved_unpaid"]
            kwargs["paid"] = max(kwargs["payable"], Decimal(0))
        statement = super()._create(model_class, *args, **kwargs)
        for _number in range(events):
            StatementLineFactory(statement=statement, course__project_for=statement.project)
        return advance(statement, state)


def advance(statement, state):
    """Take the statement to the state, each step by a person of its own."""
    steps = ["submitted", "checked", "approved", "paid"]
    for step in steps[: steps.index(state) + 1] if state in steps else []:
        statement.state = StatementState(step)
        if step == "submitted":
            statement.submitted_at, statement.declaration, statement.content_hash = AT, "Ja", "0" * 64
        elif step == "checked":
            statement.checked_by, statement.checked_at = UserFactory(), AT
        elif step == "approved":
            approvals.store(statement, f'{{"doubts": [], "statement": "{statement.public_id}"}}')
            statement.approved_by, statement.approved_at = UserFactory(), AT
            statement.pdf_sha256 = "1" * 64
        else:
            statement.paid_by, statement.paid_at = UserFactory(), AT
            statement.paid_on, statement.payment_reference = AT.date(), "REF"
        statement.save()
        statement.refresh_from_db()  # the database writes the names
    return statement


class StatementLineFactory(DjangoModelFactory):
    """A start in a statement that is being prepared."""

    class Meta:
        model = StatementLine

    statement = factory.SubFactory(StatementFactory)
    course = factory.SubFactory(CourseFactory)
    citizen = factory.LazyAttribute(lambda line: line.course.citizen.pseudonym)
    kind = "start"
    on = datetime.date(2016, 4, 4)
    amount = Decimal("8000.00")
    terms = factory.LazyFunction(lambda: GrantTerms.objects.earliest("valid_from"))


class AwardFactory(DjangoModelFactory):
    """An award of the project's target count, without budget."""

    class Meta:
        model = Award

    project = factory.SubFactory(ProjectFactory)
    valid_from = factory.SelfAttribute("project.starts_on")
    target_count = factory.SelfAttribute("project.target_count")
    reason = "A test"
    entered_by = factory.SubFactory(UserFactory)


class DocumentFactory(DjangoModelFactory):
    """A draft that waits; `is_made=True` for one that is made."""

    class Meta:
        model = Document

    class Params:
        is_made = factory.Trait(
            state="done",
            content=factory.LazyFunction(pdf),
            sha256="2" * 64,
            name="x.pdf",
            progress=100,
            made_at=factory.LazyFunction(timezone.now),
        )

    year = 2016
    cut_off = datetime.date(2016, 12, 31)
    requested_by = factory.SubFactory(UserFactory)


class VoucherFactory(DjangoModelFactory):
    """A cost of 1,000 kroner with a whole PDF, kept where the files of vouchers lie."""

    class Meta:
        model = Voucher

    project = factory.SubFactory(ProjectFactory)
    municipality = factory.LazyAttribute(lambda v: v.project.municipalities.first())
    category = "teaching"
    on = datetime.date(2016, 5, 2)
    amount = Decimal("1000.00")
    what = "Kursus"
    entered_by = factory.SubFactory(UserFactory)
    file_type = "pdf"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        content = pdf()
        file = files.CheckedFile("pdf", content, hashlib.sha256(content).hexdigest())
        files.store(file)
        kwargs |= {"file_sha256": file.sha256, "file_size": len(content)}
        return super()._create(model_class, *args, **kwargs)
