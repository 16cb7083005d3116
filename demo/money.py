"""The demo's money: applications, awards, vouchers, and statements in every state (D25-D32).

The statements go through the same actions that the pages use, so that the demo cannot have a state that the
system would refuse. One of them is paid and corrected afterwards, so that the project's next draft has an
adjustment.
"""

import datetime
import hashlib
import io
import random
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from accounts.roles import Role
from companies.models import Placement
from demo.people import Team, random_uuid
from grants.awards import actions as award_actions
from grants.expenses import files as voucher_files
from grants.models import (
    Application,
    Category,
    Element,
    GrantScheme,
    State,
    Statement,
    Voucher,
)
from grants.reckoning.compute import compute
from grants.statements import actions, documents
from grants.storage import submitted as stored
from jobfirst import clock
from jobfirst.dates import DAY

#: Per category: share of the budget in per cent, and the chance of a voucher in a month.
SPENDING = {
    Category.MANAGEMENT: (30, 1.0),
    Category.STAFF: (42, 1.0),
    Category.TEACHING: (6, 0.3),
    Category.MATERIALS: (4, 0.3),
    Category.TRANSPORT: (5, 0.6),
    Category.RENT: (6, 0.5),
    Category.COMMUNICATION: (3, 0.2),
    Category.AUDIT: (2, 0.1),
    Category.OTHER: (2, 0.1),
}
#: The states of the statements, largest project first; the other projects have a draft only.
STATES = (State.PAID, State.SUBMITTED, State.CHECKED, State.RETURNED, State.APPROVED)


def demo_money(teams: list[Team], rng: random.Random, on: datetime.date) -> None:
    """Give every project an application, an award and vouchers, and some of them a statement.

    Does nothing for a time without terms of the grant.
    """
    if not GrantScheme.objects.begun(teams[0].project.starts_on).exists():
        return
    clerk, manager = User.objects.filter(memberships__role=Role.AGENCY).order_by("email")
    files = {category: receipt(category) for category in Category}
    vouchers: list[Voucher] = []
    for team in teams:
        budget = award(team, clerk)
        vouchers += costs(team, budget, files, rng, on)
    Voucher.objects.bulk_create(vouchers, 2000)
    cut_off = last_quarter_end(on)
    if cut_off <= teams[0].project.starts_on:
        return
    largest_first = sorted(teams, key=lambda team: (-team.project.target_count, team.project.slug))
    for team, state in zip(largest_first, STATES, strict=False):
        statement = take_to(state, submitted(team, cut_off), clerk, manager)
        if state == State.PAID:
            correct_one(statement)


def last_quarter_end(on: datetime.date) -> datetime.date:
    """Return the last day of the quarter before the one of `on`."""
    return datetime.date(on.year, on.month - (on.month - 1) % 3, 1) - DAY


def award(team: Team, clerk: User) -> dict[str, Decimal]:
    """Record the application and the award that followed; return the budget per category."""
    project = team.project
    fixed = {place: Decimal(850_000) for place in project.municipalities.all()}
    total = Decimal(16_000 * project.target_count + 850_000 * len(fixed))
    budget = {str(category): total * share / 100 for category, (share, _chance) in SPENDING.items()}
    partners = list(project.municipalities.exclude(code=team.codes[0]).values_list("name", flat=True))
    deadline = timezone.make_aware(datetime.datetime.combine(project.starts_on - 52 * DAY, datetime.time(12)))
    Application.objects.create(
        project=project,
        received_at=deadline - 3 * DAY,
        deadline=deadline,
        pages=11,
        budget=total,
        target_count=project.target_count,
        elements=[element.value for element in Element],
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


def costs(
    team: Team,
    budget: dict[str, Decimal],
    files: dict[Category, voucher_files.Checked],
    rng: random.Random,
    on: datetime.date,
) -> list[Voucher]:
    """Return unsaved vouchers for the project's past months, and one statutory (not eligible) cost."""
    project = team.project
    months = max(1, (project.ends_on - project.starts_on).days // 30)
    vouchers = []
    for number in range(months):
        day = project.starts_on + (30 * number + 27) * DAY
        if day > on:
            break
        for category, (_share, chance) in SPENDING.items():
            if rng.random() < chance:
                usual = budget[category] / months / Decimal(str(chance))
                amount = usual * Decimal(rng.randrange(70, 110)) / 100
                salary = {"for_fixed_grant": True} if category == Category.MANAGEMENT else {}
                with override("da"):
                    description = f"{category.label}, {day:%m-%Y}"
                cost = Cost(category, day, amount, description)
                vouchers.append(demo_voucher(team, cost, files[category], rng, **salary))
    talks = Cost(Category.OTHER, min(on, project.starts_on + 40 * DAY), Decimal(18_500), "Samtaler")
    vouchers.append(demo_voucher(team, talks, files[Category.OTHER], rng, statutory=True))
    return vouchers


@dataclass(frozen=True)
class Cost:
    """A cost of the project on a day."""

    category: Category
    on: datetime.date
    amount: Decimal
    description: str


def demo_voucher(
    team: Team, cost: Cost, file: voucher_files.Checked, rng: random.Random, **marks: bool
) -> Voucher:
    """Return an unsaved voucher of the cost, entered by the leader; `marks` are its boolean fields."""
    return Voucher(
        public_id=random_uuid(rng),
        project=team.project,
        municipality_id=team.codes[0] if marks.get("for_fixed_grant") else rng.choice(team.codes),
        category=cost.category,
        on=cost.on,
        amount=cost.amount.quantize(Decimal("0.01")),
        what=cost.description,
        file_type=file.kind,
        file_size=len(file.content),
        file_sha256=file.sha256,
        entered_by=team.staff[Role.PROJECT_LEADER][0],
        **marks,
    )


def receipt(category: Category) -> voucher_files.Checked:
    """Store a picture that says that it documents no expense, and return it as a voucher's file."""
    picture = Image.new("L", (720, 400), 255)
    pen = ImageDraw.Draw(picture)
    with override("da"):
        pen.text((40, 40), "Øvelsesbilag", fill=0, font=ImageFont.load_default(size=48))
        pen.text((40, 130), str(category.label), fill=60, font=ImageFont.load_default(size=26))
        pen.text((40, 180), "Dokumenterer ingen udgift.", fill=60, font=ImageFont.load_default(size=26))
    out = io.BytesIO()
    picture.save(out, "PNG")
    content = out.getvalue()
    file = voucher_files.Checked("png", content, hashlib.sha256(content).hexdigest())
    voucher_files.keep(file)
    return file


def submitted(team: Team, cut_off: datetime.date) -> Statement:
    """Submit the leader's statement up to the cut-off."""
    draft = compute(cut_off.year, cut_off, [team.project])
    with override("da"):  # the declaration is stored in the language it was read in
        return actions.submit(
            team.project,
            cut_off.year,
            cut_off,
            team.staff[Role.PROJECT_LEADER][0],
            seen=stored.content_hash(draft),
            last_day=None,
        )


def take_to(state: State, statement: Statement, clerk: User, manager: User) -> Statement:
    """Take the statement to the state by two users of the agency, or send it back."""
    if state == State.RETURNED:
        reason = "Tallene for september mangler efterregistrering af to forløb (øvelse)."
        return actions.send_back(statement, clerk, reason)
    if state in {State.CHECKED, State.APPROVED, State.PAID}:
        statement = actions.check(statement, clerk)
    if state in {State.APPROVED, State.PAID}:
        documents.make(statement.document.pk)  # done by the worker; approval needs the PDF
        statement = actions.approve(Statement.objects.get(pk=statement.pk), manager)
    if state == State.PAID and statement.paid:
        paid_on = timezone.localdate(clock.now())
        reference = _("Rehearsal") + "-0001"
        statement = actions.pay(statement, clerk, paid_on, reference, last_day=paid_on)
    return statement


@dataclass(frozen=True)
class Completion:
    """A completion of a statement, its last placement, and whether the citizen had a later placement."""

    on: datetime.date
    citizen: str
    placement: Placement
    is_followed: bool


def correct_one(statement: Statement) -> None:
    """Correct the placement of the latest completion to an earlier end.

    The next draft takes the completion back as an adjustment. A course without a later placement is
    preferred, since that one might earn the completion after all.
    """
    completions = []
    for line in statement.lines.filter(kind="completion"):
        last = Placement.objects.filter(pk__in=line.basis["spells"]).latest("starts_on")
        followed = Placement.objects.filter(course=line.course_id, starts_on__gt=last.starts_on).exists()
        completions.append(Completion(line.on, line.citizen, last, is_followed=followed))
    if completions:
        latest = max(completions, key=lambda item: (not item.is_followed, item.on, item.citizen))
        placement = latest.placement
        placement.ended_on = max(placement.starts_on, latest.on - 30 * DAY)
        placement.version += 1
        placement.save()
