"""The demo's money: applications, awards, vouchers, and statements in every state of their life (D25-D32).

The statements are made by the same actions that the pages use, so that they are in no state that the system
would refuse. One of them is paid and then corrected: the next draft of that project has an adjustment.
"""

import datetime
import hashlib
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from accounts.roles import Role
from companies.models import Placement
from demo.invented import random_uuid
from demo.people.teams import Team
from grants.awards import actions as award_actions
from grants.expenses import files as voucher_files
from grants.models import (
    Application,
    CoreElement,
    CostCategory,
    GrantTerms,
    Statement,
    StatementState,
    Voucher,
)
from grants.reckoning.compute import compute
from grants.rules.doubts import DoubtKind
from grants.statements import actions, documents
from grants.statements.doubt_answers import DoubtReply, answer, open_doubts
from grants.storage import stored_events, submitted
from jobfirst import clock
from jobfirst.values.dates import DAY

#: Share of the budget per category, in per cent, and how often a month brings a voucher of it.
SPENDING = {
    CostCategory.MANAGEMENT: (30, 1.0),
    CostCategory.STAFF: (42, 1.0),
    CostCategory.TEACHING: (6, 0.3),
    CostCategory.MATERIALS: (4, 0.3),
    CostCategory.TRANSPORT: (5, 0.6),
    CostCategory.RENT: (6, 0.5),
    CostCategory.COMMUNICATION: (3, 0.2),
    CostCategory.AUDIT: (2, 0.1),
    CostCategory.OTHER: (2, 0.1),
}
#: How far the statements of the projects have come, the largest project first; the rest have a draft only.
STATES = (
    StatementState.PAID,
    StatementState.SUBMITTED,
    StatementState.CHECKED,
    StatementState.RETURNED,
    StatementState.APPROVED,
)


def demo_money(teams: list[Team], rng: random.Random, on: datetime.date) -> None:
    """Create every project's application, award and vouchers, and a statement of some of them.

    Nothing is created when the grant has no terms at the start of the first project.
    """
    if not GrantTerms.objects.begun(teams[0].project.starts_on).exists():
        return
    first, second = User.objects.filter(memberships__role=Role.AGENCY).order_by("email")
    files = {category: receipt(category) for category in CostCategory}
    vouchers: list[Voucher] = []
    for team in teams:
        budget = enter_award(team, first)
        vouchers += vouchers_of_project(team, budget, files, rng, on)
    Voucher.objects.bulk_create(vouchers, 2000)
    cut_off = last_quarter_end(on)
    if cut_off <= teams[0].project.starts_on:
        return
    largest_first = sorted(teams, key=lambda team: (-team.project.target_count, team.project.slug))
    for team, state in zip(largest_first, STATES, strict=False):
        statement = take_to_state(state, submit_statement(team, cut_off), first, second)
        if state == StatementState.PAID:
            shorten_latest_completion(statement)


def last_quarter_end(on: datetime.date) -> datetime.date:
    """Return the last day of the quarter before that of `on`."""
    return datetime.date(on.year, on.month - (on.month - 1) % 3, 1) - DAY


def enter_award(team: Team, clerk: User) -> dict[str, Decimal]:
    """Record the application and enter the award that followed it; return the budget per category."""
    project = team.project
    fixed = {place: Decimal(850_000) for place in project.municipalities.all()}
    total = Decimal(16_000 * project.target_count + 850_000 * len(fixed))
    budget = {str(category): total * share / 100 for category, (share, _often) in SPENDING.items()}
    partners = list(project.municipalities.exclude(code=team.codes[0]).values_list("name", flat=True))
    deadline = timezone.make_aware(datetime.datetime.combine(project.starts_on - 52 * DAY, datetime.time(12)))
    Application.objects.create(
        project=project,
        received_at=deadline - 3 * DAY,
        deadline=deadline,
        pages=11,
        budget=total,
        target_count=project.target_count,
        elements=[element.value for element in CoreElement],
        partners=", ".join(partners),
        reason="Ansøgningen som modtaget (øvelse).",
        entered_by=clerk,
    )
    award_actions.enter_award(
        project,
        project.starts_on,
        project.target_count,
        clerk,
        reason="Tilsagn efter ansøgningen (øvelse).",
        fixed=fixed,
        budget=budget,
    )
    return budget


def vouchers_of_project(
    team: Team,
    budget: dict[str, Decimal],
    files: dict[CostCategory, voucher_files.CheckedFile],
    rng: random.Random,
    on: datetime.date,
) -> list[Voucher]:
    """Return unsaved vouchers for the past months of the project, and one for a statutory task."""
    project = team.project
    months = max(1, (project.ends_on - project.starts_on).days // 30)
    monthly = {category: budget[category] / months for category in SPENDING}
    days = [project.starts_on + (30 * number + 27) * DAY for number in range(months)]
    vouchers = [
        monthly_voucher
        for day in days
        if day <= on
        for monthly_voucher in vouchers_of_month(team, monthly, files, rng, day)
    ]
    statutory = voucher(
        team,
        files[CostCategory.OTHER],
        rng,
        category=CostCategory.OTHER,
        on=min(on, project.starts_on + 40 * DAY),
        amount=Decimal(18_500),
        purpose="Samtaler",
        statutory=True,
    )
    return [*vouchers, statutory]


def vouchers_of_month(
    team: Team,
    monthly: dict[CostCategory, Decimal],
    files: dict[CostCategory, voucher_files.CheckedFile],
    rng: random.Random,
    day: datetime.date,
) -> Iterator[Voucher]:
    """Yield unsaved vouchers of some categories; the amounts vary around the monthly budget."""
    for category, (_share, often) in SPENDING.items():
        if rng.random() < often:
            usual = monthly[category] / Decimal(str(often))
            amount = usual * Decimal(rng.randrange(70, 110)) / 100
            salary = {"for_fixed_grant": True} if category == CostCategory.MANAGEMENT else {}
            with override("da"):
                purpose = f"{category.label}, {day:%m-%Y}"
            file = files[category]
            yield voucher(
                team, file, rng, category=category, on=day, amount=amount, purpose=purpose, **salary
            )


def voucher(
    team: Team,
    file: voucher_files.CheckedFile,
    rng: random.Random,
    *,
    category: CostCategory,
    on: datetime.date,
    amount: Decimal,
    purpose: str,
    **marks: bool,
) -> Voucher:
    """Return an unsaved voucher entered by the project's leader."""
    return Voucher(
        public_id=random_uuid(rng),
        project=team.project,
        municipality_id=team.codes[0] if marks.get("for_fixed_grant") else rng.choice(team.codes),
        category=category,
        on=on,
        amount=amount.quantize(Decimal("0.01")),
        what=purpose,
        file_type=file.kind,
        file_size=len(file.content),
        file_sha256=file.sha256,
        entered_by=team.staff[Role.PROJECT_LEADER][0],
        **marks,
    )


def receipt(category: CostCategory) -> voucher_files.CheckedFile:
    """Store and return a picture that says that it documents no expense."""
    picture = Image.new("L", (720, 400), 255)
    pen = ImageDraw.Draw(picture)
    with override("da"):
        pen.text((40, 40), "Øvelsesbilag", fill=0, font=ImageFont.load_default(size=48))
        pen.text((40, 130), str(category.label), fill=60, font=ImageFont.load_default(size=26))
        pen.text((40, 180), "Dokumenterer ingen udgift.", fill=60, font=ImageFont.load_default(size=26))
    out = io.BytesIO()
    picture.save(out, "PNG")
    content = out.getvalue()
    file = voucher_files.CheckedFile("png", content, hashlib.sha256(content).hexdigest())
    voucher_files.store(file)
    return file


def submit_statement(team: Team, cut_off: datetime.date) -> Statement:
    """Submit the leader's statement up to the cut-off."""
    draft = compute(cut_off.year, cut_off, [team.project])
    with override("da"):  # the declaration is kept in the words it was read in
        return actions.submit(
            team.project,
            cut_off.year,
            cut_off,
            team.staff[Role.PROJECT_LEADER][0],
            seen=submitted.content_hash(draft),
            last_day=None,
        )


#: What the leaders answer to each sort of doubt.
ANSWERS = {
    DoubtKind.UNSIGNED_AGREEMENT: "Aftalen er indgået mundtligt og bliver underskrevet i denne uge (øvelse).",
    DoubtKind.UNCONFIRMED_END: "Virksomheden har bekræftet, at praktikken varede perioden ud (øvelse).",
    DoubtKind.PENDING_CORRECTION: "Vi har talt med virksomheden: meldingen ændrer ikke perioden (øvelse).",
    DoubtKind.ABSENCE: "Fraværet er aftalt med virksomheden, og forløbet fortsatte bagefter (øvelse).",
}


def answer_doubts(statement: Statement) -> None:
    """Let the leader answer each sort of doubt about a submitted statement once."""
    today = clock.today()
    for kind, text in ANSWERS.items():
        doubts = open_doubts(statement.project, statement.cut_off, today).doubts
        key = next((row.key for row in doubts if row.answer is None and row.doubt.about.kind is kind), None)
        if key:
            reply = DoubtReply(key, text, to_all=True)
            answer(statement.project, statement.cut_off, reply, statement.submitted_by, today)


def take_to_state(state: StatementState, statement: Statement, first: User, second: User) -> Statement:
    """Let two people of the agency take the statement to the state."""
    if state == StatementState.RETURNED:
        reason = "Tallene for september mangler efterregistrering af to forløb (øvelse)."
        return actions.send_back(statement, first, reason)
    if state in {StatementState.CHECKED, StatementState.APPROVED, StatementState.PAID}:
        statement = actions.check(statement, first)
    if state in {StatementState.APPROVED, StatementState.PAID}:
        answer_doubts(statement)
        documents.make(statement.document.pk)  # what the worker does; an approval wants the PDF made
        statement = actions.approve(Statement.objects.get(pk=statement.pk), second)
        documents.make(statement.approved_document.pk)
    if state == StatementState.PAID and statement.paid:
        paid_on = timezone.localdate(clock.now())
        reference = _("Rehearsal") + "-0001"
        statement = actions.pay(statement, first, paid_on, reference, last_day=paid_on)
    return statement


@dataclass(frozen=True)
class Completion:
    """A completion of a statement, the last placement it rests on, and whether another followed."""

    on: datetime.date
    citizen: str
    placement: Placement
    is_followed: bool


@transaction.atomic
def shorten_latest_completion(statement: Statement) -> None:
    """Record that the spell of the latest completion ended early, so that the next draft has an adjustment.

    A course without a later placement is preferred, since that might earn the completion instead.
    """
    completions = []
    for line in statement.lines.filter(kind="completion"):
        last_placement = Placement.objects.filter(pk__in=line.basis["spells"]).latest("starts_on")
        is_followed = Placement.objects.filter(
            course=line.course_id, starts_on__gt=last_placement.starts_on
        ).exists()
        completions.append(Completion(line.on, line.citizen, last_placement, is_followed=is_followed))
    if completions:
        latest = max(completions, key=lambda item: (not item.is_followed, item.on, item.citizen))
        placement = latest.placement
        placement.ended_on = max(placement.starts_on, latest.on - 30 * DAY)
        placement.version += 1
        placement.save()
        stored_events.bring_up_to_date([placement.course_id])
