"""The dialogues as pages show them: by step, how long since the last step, and what is next."""

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Course
from companies.models import Company, Dialogue, DialogueQuerySet, DialogueStep
from companies.rules.dialogues import OPEN_STEPS, steps_after, usual_step_after
from jobfirst.values.danish_order import danish_key

#: What a button that leads to the form of a step is called.
STEP_BUTTONS = {
    DialogueStep.CONTACTED: _("Contacted again"),
    DialogueStep.VISIT: _("Register a visit"),
    DialogueStep.OFFER: _("Register an offer"),
    DialogueStep.MATCH: _("Record a match"),
    DialogueStep.ENDED: _("It came to nothing"),
}
#: The colour of a step's badge.
BADGES = {DialogueStep.MATCH: "success", DialogueStep.ENDED: "", DialogueStep.OFFER: "warning"}


@dataclass(frozen=True)
class StepButton:
    """A step that may be taken, with the words of its button."""

    step: str
    label: str | Promise


@dataclass(frozen=True)
class DialogueLine:
    """A dialogue on a day."""

    dialogue: Dialogue
    on: datetime.date
    may: bool = False  # whether the user may register the next step

    @property
    def goes_on(self) -> bool:
        """Whether the dialogue goes on: also the course has not ended. Reads `dialogue.course`."""
        return self.dialogue.goes_on and not self.dialogue.course.has_ended(self.on)

    @property
    def days(self) -> int:
        """How many days ago the last step was."""
        return (self.on - self.dialogue.step_on).days

    @property
    def is_late(self) -> bool:
        """Whether the day of what is next has passed."""
        return self.dialogue.next_on is not None and self.dialogue.next_on < self.on

    @property
    def is_due(self) -> bool:
        """Whether what is next is to be done on the day."""
        return self.dialogue.next_on == self.on

    @property
    def badge(self) -> str:
        """The colour of the step."""
        return BADGES.get(DialogueStep(self.dialogue.step), "info")

    @property
    def usual_step(self) -> StepButton | None:
        """The step that usually comes next."""
        step = usual_step_after(self.dialogue.step)
        return StepButton(step, STEP_BUTTONS[DialogueStep(step)]) if step else None

    @property
    def other_steps(self) -> list[StepButton]:
        """The other steps that may be taken."""
        usual = usual_step_after(self.dialogue.step)
        steps = [step for step in steps_after(self.dialogue.step) if step != usual]
        return [StepButton(step, STEP_BUTTONS[DialogueStep(step)]) for step in steps]


def lines_of(dialogues: Iterable[Dialogue], on: datetime.date) -> list[DialogueLine]:
    """Return the dialogues as of a day."""
    return [DialogueLine(dialogue, on) for dialogue in dialogues]


def for_user(lines: Iterable[DialogueLine], user: User) -> list[DialogueLine]:
    """Return the lines with whether the user may go on with each. Reads `course.holdings`; prefetch them."""
    return [
        replace(line, may=user.has_perm("cases.manage_placements", line.dialogue.course)) for line in lines
    ]


@dataclass(frozen=True)
class StepCount:
    """How many dialogues stand on a step."""

    step: str
    title: str | Promise
    number: int


@dataclass(frozen=True)
class DialogueGroup:
    """The dialogues of a page that stand on the same step."""

    step: str
    title: str | Promise
    lines: Sequence[DialogueLine]


def listed_dialogues(user: User, on: datetime.date) -> DialogueQuerySet:
    """Return the dialogues of the running courses in which the user holds a function; of a leader those of
    the project."""
    courses = Course.objects.listed_for(user).running(on)
    return Dialogue.objects.filter(course__in=courses.values("pk"))


def step_counts(steps: Iterable[str]) -> list[StepCount]:
    """Return how many of these dialogues stand on each open step, in order."""
    counts = Counter(steps)
    return [StepCount(step, DialogueStep(step).label, counts[step]) for step in OPEN_STEPS]


def grouped(lines: Sequence[DialogueLine]) -> list[DialogueGroup]:
    """Return the lines by step, the one nearest to a match first; steps without a line are left out."""
    order = (DialogueStep.OFFER, DialogueStep.VISIT, DialogueStep.CONTACTED)
    groups = [
        DialogueGroup(step, step.label, [line for line in lines if line.dialogue.step == step])
        for step in order
    ]
    return [group for group in groups if group.lines]


def dialogues_at(company: Company, user: User, on: datetime.date) -> list[DialogueLine]:
    """Return the dialogues with a company about the citizens whose courses the user may see; those that go on
    first. One query."""
    dialogues = (
        company.dialogues.visible_to(user)
        .select_related("course__citizen", "course__referral", "company")
        .order_by("-step_on", "-pk")[:100]
    )
    return sorted(lines_of(dialogues, on), key=lambda line: not line.goes_on)


#: The dialogues of a course that go on, for the short view on the landing page: no query of its own.
PIPELINE_ROWS = ArraySubquery(
    Dialogue.objects.going_on()
    .filter(course=OuterRef("pk"))
    .values(
        row=JSONObject(
            id="public_id",
            company="company__name",
            step="step",
            next_action="next_action",
            next_on="next_on",
        )
    )
)


@dataclass(frozen=True)
class DueStep:
    """What is next in a dialogue, and when."""

    dialogue: str
    company: str
    course: Course
    next_action: str
    next_on: datetime.date

    @property
    def url(self) -> str:
        """The page of the dialogue."""
        return reverse("companies:dialogue", args=[self.dialogue])


@dataclass(frozen=True)
class Pipeline:
    """How many dialogues stand on each step, and the first steps that are due."""

    counts: Sequence[StepCount]
    due: Sequence[DueStep]

    @property
    def total(self) -> int:
        """How many dialogues go on."""
        return sum(count.number for count in self.counts)

    @property
    def citizens(self) -> set[uuid.UUID]:
        """The citizens who are named."""
        return {step.course.citizen.public_id for step in self.due}


MOST_DUE = 5


def pipeline(courses: Iterable[Course], on: datetime.date) -> Pipeline:
    """Return the dialogues of the courses in short. Reads `pipeline_rows`, annotated as PIPELINE_ROWS."""
    rows = [(course, row) for course in courses for row in getattr(course, "pipeline_rows", ())]
    due = [
        DueStep(row["id"], row["company"], course, row["next_action"], next_on)
        for course, row in rows
        if row["next_on"] and (next_on := datetime.date.fromisoformat(row["next_on"])) <= on
    ]
    due.sort(key=lambda step: (step.next_on, danish_key(step.company)))
    return Pipeline(step_counts(row["step"] for _course, row in rows), due[:MOST_DUE])
