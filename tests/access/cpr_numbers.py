"""Whom a CPR number may belong to, and every page and command that takes one, in one table (D39).

`SITUATIONS` says what the trial may hold of the number; `TAKERS` what each page and command answers. A line
of `TAKERS` parts the situations into groups: within a group the answers are the same to the byte, and two
groups never have the same answer. A page or command that takes a CPR number and is not declared fails.

In every situation the same number and the same name are typed, by somebody of the project `here`. The name
that stands in the trial is another one in each situation.
"""

import datetime
import io
import uuid
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Project
from cases import actions
from cases.actions import ReferralData
from cases.exchange import CONTACT_COLUMNS, FUNCTION_COLUMNS, REFERRAL_COLUMNS
from cases.models import Course, Referral
from companies.exchange import COLUMNS as PLACEMENT_COLUMNS
from randomization.ledger.actions import record_event
from randomization.models import Allocation
from tests.access.world import World
from tests.factories import AllocationFactory, CourseFactory, UserFactory, cpr

NUMBER = cpr(3999)
TYPED_NAME = "Tastet Navn"
STORED_NAME = "Gemt Borger"  # the beginning of every name that stands in the trial

DRAWN_ON = datetime.date(2016, 4, 4)
ENDED_ON = datetime.date(2016, 6, 1)


# What the trial may hold of the number


def _refer(project: Project, name: str, benefit: str = "resource_programme_benefit") -> Referral:
    data = ReferralData(
        digits=NUMBER,
        name=name,
        municipality_code=lead_code(project),
        target_group="resource_programme",
        benefit=benefit,
        public_support_since=datetime.date(2012, 1, 1),
        activity_ready=False,
        in_integration_programme=False,
        referred_on=datetime.date(2016, 3, 20),
    )
    return actions.refer(data).referral


def refused(project: Project, name: str) -> None:
    assert _refer(project, name, benefit="cash_benefit").state == "refused"


def waiting(project: Project, name: str) -> Referral:
    referral = _refer(project, name)
    assert referral.state == "accepted"
    return referral


def control(project: Project, name: str) -> Allocation:
    return AllocationFactory(referral=waiting(project, name), arm="control", allocated_on=DRAWN_ON)


def withdrawn(project: Project, name: str) -> None:
    allocation = control(project, name)
    record_event(allocation, "withdrawn", ENDED_ON, "Ønsker ikke at være med", UserFactory())


def participant(project: Project, name: str) -> Course:
    referral = waiting(project, name)
    AllocationFactory(referral=referral, allocated_on=DRAWN_ON)
    return CourseFactory(referral=referral, project_for=project, started_on=DRAWN_ON)


def ended(project: Project, name: str) -> None:
    course = participant(project, name)
    Course.objects.filter(pk=course.pk).update(ended_on=ENDED_ON, end_reason="moved")


def unknown(project: Project, name: str) -> None:
    """The trial has never heard of the number."""


KINDS = {
    "refused": refused,
    "waiting": waiting,
    "control": control,
    "withdrawn": withdrawn,
    "participant": participant,
    "ended": ended,
}
SITUATIONS = ["unknown", *(f"{where} {kind}" for where in ("own", "other") for kind in KINDS)]


def arrange(situation: str, here: Project, elsewhere: Project) -> None:
    """Store what the situation says, in the project of whoever asks (`own`) or in another one."""
    where, _, kind = situation.partition(" ")
    build = KINDS[kind] if kind else unknown
    build(here if where == "own" else elsewhere, f"{STORED_NAME} {situation}")


def lead_code(project: Project) -> str:
    """The code of the project's first municipality."""
    return project.places.get(is_lead=True).municipality_id


# What is asked


@dataclass(frozen=True)
class Asking:
    """The world, and the project whose people ask."""

    world: World
    here: Project

    def post(self, role: str, name: str, data: dict[str, object]) -> HttpResponse:
        return self.world.clients[role].post(reverse(name), data)

    def upload(self, role: str, name: str, columns: tuple[str, ...], row: str) -> list[HttpResponse]:
        file = SimpleUploadedFile("levering.csv", csv(columns, row))
        return [self.post(role, name, {"file": file})]

    def referral_form(self, **changes: str) -> dict[str, str]:
        return {
            "cpr": NUMBER,
            "name": TYPED_NAME,
            "municipality": lead_code(self.here),
            "target_group": "resource_programme",
            "benefit": "resource_programme_benefit",
            "public_support_since": "2013-01-01",
            "activity_ready": "false",
            "in_integration_programme": "false",
            "referred_on": "2016-04-15",
            "submission": str(uuid.uuid4()),
            **changes,
        }

    def referral_row(self) -> str:
        code = lead_code(self.here)
        facts = "resource_programme;resource_programme_benefit;2013-01-01;nej;nej;2016-04-15"
        return f"{NUMBER};{TYPED_NAME};{code};{facts}"

    def function_row(self) -> str:
        return f"{NUMBER};mentor;{self.world.users['mentor'].email};2016-05-01"


CONTACT_ROW = f"{NUMBER};mentor_contact;2016-06-10;ja"
PLACEMENT_ROW = f"{NUMBER};10150817;Testfirma;;sniffing;2016-05-02;2016-05-15;;20;0"


def csv(columns: tuple[str, ...], row: str) -> bytes:
    return f"{';'.join(columns)}\n{row}\n".encode()


def check_referral(asking: Asking) -> list[HttpResponse]:
    """The answer before saving, as a page and as the fragment that htmx puts into it."""
    form = asking.referral_form(check="1")
    client = asking.world.clients["coordinating_caseworker"]
    path = reverse("cases:new_referral")
    return [client.post(path, form), client.post(path, form, headers={"HX-Request": "true"})]


def save_referral(asking: Asking) -> list[HttpResponse]:
    """The answer of saving, and the page of the saved referral, twice: with and without its message."""
    saved = asking.post("coordinating_caseworker", "cases:new_referral", asking.referral_form())
    client = asking.world.clients["coordinating_caseworker"]
    return [saved, client.get(saved["Location"]), client.get(saved["Location"])]


def upload_referral(asking: Asking) -> list[HttpResponse]:
    """The report of a file, its report when it is sent in again, and the page of the saved referral."""
    role, name = "coordinating_caseworker", "cases:upload_referrals"
    reports = [
        *asking.upload(role, name, REFERRAL_COLUMNS, asking.referral_row()),
        *asking.upload(role, name, REFERRAL_COLUMNS, asking.referral_row()),
    ]
    newest = Referral.objects.latest("pk")
    return [*reports, asking.world.clients[role].get(reverse("cases:referral", args=[newest.public_id]))]


def command(name: str, columns: tuple[str, ...], row: str, *options: str) -> str:
    """What a command says on both streams, with its exit code."""
    stdout, stderr, code = io.StringIO(), io.StringIO(), 0
    with TemporaryDirectory() as folder, redirect_stdout(stdout), redirect_stderr(stderr):
        path = Path(folder) / "levering.csv"
        path.write_bytes(csv(columns, row))
        try:
            call_command(name, str(path), *options, stdout=stdout, stderr=stderr)
        except SystemExit as exit_:
            code = int(exit_.code or 0)
    return f"{code}\n{stdout.getvalue()}\n{stderr.getvalue()}".replace(folder, "")


def import_with(name: str, columns: tuple[str, ...], row: Callable[[Asking], str]) -> "Ask":
    """Ask a command: checked only, saved with the JSON document, and once more in words."""

    def ask(asking: Asking) -> list[str]:
        text = row(asking)
        return [
            command(name, columns, text, "--dry-run"),
            command(name, columns, text, "--format", "json"),
            command(name, columns, text),
        ]

    return ask


# What is answered

Ask = Callable[[Asking], list[HttpResponse] | list[str]]


@dataclass(frozen=True)
class Taker:
    """A page (by its URL name) or a command that takes a CPR number.

    `different` are the groups of situations that have an answer of their own; all other situations are
    answered like an unknown number.
    """

    name: str
    ask: Ask
    different: tuple[frozenset[str], ...]

    def __str__(self) -> str:
        return f"{self.name}-{getattr(self.ask, '__name__', '')}"

    @property
    def groups(self) -> set[frozenset[str]]:
        rest = frozenset(SITUATIONS).difference(*self.different)
        return {rest, *self.different}


def both(*kinds: str) -> frozenset[str]:
    return frozenset(f"{where} {kind}" for where in ("own", "other") for kind in kinds)


# Somebody the trial knows is "already in the trial", whoever she is; who was only refused is unknown.
IN_TRIAL = (both("waiting", "control", "withdrawn", "participant", "ended"),)
# A page knows the courses of one's own projects and nobody else.
OWN_COURSE = (frozenset({"own participant", "own ended"}),)
OWN_COURSE_ENDED_APART = (frozenset({"own participant"}), frozenset({"own ended"}))
# The operator's commands work on the whole trial.
ANY_COURSE = (both("participant"), both("ended"))

TAKERS = [
    Taker("cases:new_referral", check_referral, IN_TRIAL),
    Taker("cases:new_referral", save_referral, IN_TRIAL),
    Taker("cases:upload_referrals", upload_referral, IN_TRIAL),
    Taker(
        "import_referrals", import_with("import_referrals", REFERRAL_COLUMNS, Asking.referral_row), IN_TRIAL
    ),
    Taker("cases:find", lambda asking: [asking.post("mentor", "cases:find", {"cpr": NUMBER})], OWN_COURSE),
    Taker(
        "cases:upload_functions",
        lambda asking: asking.upload(
            "project_leader", "cases:upload_functions", FUNCTION_COLUMNS, asking.function_row()
        ),
        OWN_COURSE,
    ),
    Taker(
        "cases:upload_contacts",
        lambda asking: asking.upload("project_leader", "cases:upload_contacts", CONTACT_COLUMNS, CONTACT_ROW),
        OWN_COURSE_ENDED_APART,
    ),
    Taker(
        "companies:import",
        lambda asking: asking.upload("project_leader", "companies:import", PLACEMENT_COLUMNS, PLACEMENT_ROW),
        OWN_COURSE,
    ),
    Taker(
        "import_functions",
        import_with("import_functions", FUNCTION_COLUMNS, Asking.function_row),
        (*OWN_COURSE, frozenset({"other participant", "other ended"})),  # the mentor is of `here`
    ),
    Taker(
        "import_contacts", import_with("import_contacts", CONTACT_COLUMNS, lambda _: CONTACT_ROW), ANY_COURSE
    ),
    Taker(
        "import_placements",
        import_with("import_placements", PLACEMENT_COLUMNS, lambda _: PLACEMENT_ROW),
        (both("participant", "ended"),),
    ),
]
