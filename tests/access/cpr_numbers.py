"""What each page and command that takes a CPR number may reveal about it, in one table (D39).

`SITUATIONS` lists what the trial may hold of the number; `NUMBER_INPUTS` the pages and commands. A line of
`NUMBER_INPUTS` divides the situations into groups: within a group the answers are the same to the byte, and
two groups never have the same answer. A test fails on a page or command that is not declared.

In every situation the same number and the same name are typed, by a user of the project `own_project`. The
name that is stored in the trial is another one in each situation.
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
from evaluation.paid_hours.exchange import PAID_HOURS_COLUMNS
from progression.exchange import COLUMNS as ANSWER_COLUMNS
from randomization.ledger.actions import record_event
from randomization.models import Allocation
from tests.factories import AllocationFactory, CourseFactory, UserFactory, cpr
from tests.scenarios.two_projects import TwoProjects

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


def make_refused(project: Project, name: str) -> None:
    assert _refer(project, name, benefit="cash_benefit").state == "refused"


def make_waiting(project: Project, name: str) -> Referral:
    referral = _refer(project, name)
    assert referral.state == "accepted"
    return referral


def make_control(project: Project, name: str) -> Allocation:
    return AllocationFactory(referral=make_waiting(project, name), arm="control", allocated_on=DRAWN_ON)


def make_withdrawn(project: Project, name: str) -> None:
    allocation = make_control(project, name)
    record_event(allocation, "withdrawn", ENDED_ON, "Ønsker ikke at være med", UserFactory())


def make_participant(project: Project, name: str) -> Course:
    referral = make_waiting(project, name)
    AllocationFactory(referral=referral, allocated_on=DRAWN_ON)
    return CourseFactory(referral=referral, project_for=project, started_on=DRAWN_ON)


def make_ended(project: Project, name: str) -> None:
    course = make_participant(project, name)
    Course.objects.filter(pk=course.pk).update(ended_on=ENDED_ON, end_reason="moved")


def make_unknown(project: Project, name: str) -> None:
    """The trial has never heard of the number."""


SITUATION_MAKERS = {
    "refused": make_refused,
    "waiting": make_waiting,
    "control": make_control,
    "withdrawn": make_withdrawn,
    "participant": make_participant,
    "ended": make_ended,
}
SITUATIONS = [
    "unknown",
    *(f"{relation} {kind}" for relation in ("own", "other") for kind in SITUATION_MAKERS),
]


def arrange(situation: str, own_project: Project, other_project: Project) -> None:
    """Store what the situation says, in the own project of the user who types, or in the other one."""
    relation, _, kind = situation.partition(" ")
    make = SITUATION_MAKERS[kind] if kind else make_unknown
    make(own_project if relation == "own" else other_project, f"{STORED_NAME} {situation}")


def lead_code(project: Project) -> str:
    """The code of the project's first municipality."""
    return project.places.get(is_lead=True).municipality_id


# What is sent


@dataclass(frozen=True)
class Sender:
    """Sends numbers to pages and commands, as the users of `own_project`."""

    two_projects: TwoProjects
    own_project: Project

    def post(self, role: str, name: str, data: dict[str, object]) -> HttpResponse:
        return self.two_projects.clients[role].post(reverse(name), data)

    def upload(self, role: str, name: str, columns: tuple[str, ...], row: str) -> list[HttpResponse]:
        file = SimpleUploadedFile("levering.csv", csv(columns, row))
        return [self.post(role, name, {"file": file})]

    def referral_form(self, **changes: str) -> dict[str, str]:
        return {
            "cpr": NUMBER,
            "name": TYPED_NAME,
            "municipality": lead_code(self.own_project),
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
        code = lead_code(self.own_project)
        facts = "resource_programme;resource_programme_benefit;2013-01-01;nej;nej;2016-04-15"
        return f"{NUMBER};{TYPED_NAME};{code};{facts}"

    def function_row(self) -> str:
        return f"{NUMBER};mentor;{self.two_projects.users['mentor'].email};2016-05-01"


CONTACT_ROW = f"{NUMBER};mentor_contact;2016-06-10;ja"
ANSWER_ROW = f"{NUMBER};2016-06-10;progression;belief_manage;6;citizen"
PAID_HOURS_ROW = f"{NUMBER};2016-05;37,5"
PLACEMENT_ROW = f"{NUMBER};10150817;Testfirma;;sniffing;2016-05-02;2016-05-15;;20;0"


def csv(columns: tuple[str, ...], row: str) -> bytes:
    return f"{';'.join(columns)}\n{row}\n".encode()


def check_referral(sender: Sender) -> list[HttpResponse]:
    """The answer before saving, as a page and as the fragment that htmx puts into it."""
    form = sender.referral_form(check="1")
    client = sender.two_projects.clients["coordinating_caseworker"]
    path = reverse("cases:new_referral")
    return [client.post(path, form), client.post(path, form, headers={"HX-Request": "true"})]


def save_referral(sender: Sender) -> list[HttpResponse]:
    """The answer of saving, and the page of the saved referral, twice: with and without its message."""
    saved = sender.post("coordinating_caseworker", "cases:new_referral", sender.referral_form())
    client = sender.two_projects.clients["coordinating_caseworker"]
    return [saved, client.get(saved["Location"]), client.get(saved["Location"])]


def upload_referral(sender: Sender) -> list[HttpResponse]:
    """The report of a file, its report when it is sent in again, and the page of the saved referral."""
    role, name = "coordinating_caseworker", "cases:upload_referrals"
    reports = [
        *sender.upload(role, name, REFERRAL_COLUMNS, sender.referral_row()),
        *sender.upload(role, name, REFERRAL_COLUMNS, sender.referral_row()),
    ]
    newest = Referral.objects.latest("pk")
    return [
        *reports,
        sender.two_projects.clients[role].get(reverse("cases:referral", args=[newest.public_id])),
    ]


def replace_number(sender: Sender) -> list[HttpResponse]:
    """The answer to a new number of a drawn citizen of the own project."""
    referral = sender.two_projects.ids["referral"]["own"]
    path = reverse("cases:replace_number", args=[referral])
    data = {"cpr": NUMBER, "version": "0", "correction_reason": "Nyt nummer"}
    return [sender.two_projects.clients["coordinating_caseworker"].post(path, data)]


def run_command(name: str, columns: tuple[str, ...], row: str, *options: str) -> str:
    """Run a command; return its exit code and both output streams as one text."""
    stdout, stderr, code = io.StringIO(), io.StringIO(), 0
    with TemporaryDirectory() as folder, redirect_stdout(stdout), redirect_stderr(stderr):
        path = Path(folder) / "levering.csv"
        path.write_bytes(csv(columns, row))
        try:
            call_command(name, str(path), *options, stdout=stdout, stderr=stderr)
        except SystemExit as exit_error:
            code = int(exit_error.code or 0)
    return f"{code}\n{stdout.getvalue()}\n{stderr.getvalue()}".replace(folder, "")


def import_with(name: str, columns: tuple[str, ...], row: Callable[[Sender], str]) -> "Send":
    """Return a function that runs the command three times: checked only, with the JSON document, as text."""

    def send(sender: Sender) -> list[str]:
        text = row(sender)
        return [
            run_command(name, columns, text, "--dry-run"),
            run_command(name, columns, text, "--format", "json"),
            run_command(name, columns, text),
        ]

    return send


# What is answered

Send = Callable[[Sender], list[HttpResponse] | list[str]]


@dataclass(frozen=True)
class NumberInput:
    """A page (by its URL name) or a command that takes a CPR number.

    `different` are the groups of situations that have an answer of their own; all other situations are
    answered like an unknown number.
    """

    name: str
    send: Send
    different: tuple[frozenset[str], ...]

    def __str__(self) -> str:
        return f"{self.name}-{getattr(self.send, '__name__', '')}"

    @property
    def groups(self) -> set[frozenset[str]]:
        rest = frozenset(SITUATIONS).difference(*self.different)
        return {rest, *self.different}


def in_either_project(*kinds: str) -> frozenset[str]:
    return frozenset(f"{relation} {kind}" for relation in ("own", "other") for kind in kinds)


# A citizen of the trial is "already in the trial"; one who was only refused counts as unknown.
IN_TRIAL = (in_either_project("waiting", "control", "withdrawn", "participant", "ended"),)
# A page knows the courses of the user's own projects only.
OWN_COURSE = (frozenset({"own participant", "own ended"}),)
OWN_COURSE_ENDED_APART = (frozenset({"own participant"}), frozenset({"own ended"}))
# The operator's commands work on the whole trial.
ANY_COURSE = (in_either_project("participant"), in_either_project("ended"))
# Both arms have paid hours; nobody has who is not drawn. The agency and the operator may know who is drawn.
DRAWN = (in_either_project("control", "withdrawn", "participant", "ended"),)

NUMBER_INPUTS = [
    NumberInput("cases:new_referral", check_referral, IN_TRIAL),
    NumberInput("cases:new_referral", save_referral, IN_TRIAL),
    NumberInput("cases:upload_referrals", upload_referral, IN_TRIAL),
    NumberInput(
        "import_referrals", import_with("import_referrals", REFERRAL_COLUMNS, Sender.referral_row), IN_TRIAL
    ),
    NumberInput(
        "cases:find", lambda sender: [sender.post("mentor", "cases:find", {"cpr": NUMBER})], OWN_COURSE
    ),
    # Whoever replaces a number is asked whether somebody in the trial is the same person, and no more.
    NumberInput("cases:replace_number", replace_number, IN_TRIAL),
    NumberInput(
        "cases:upload_functions",
        lambda sender: sender.upload(
            "project_leader", "cases:upload_functions", FUNCTION_COLUMNS, sender.function_row()
        ),
        OWN_COURSE,
    ),
    NumberInput(
        "cases:upload_contacts",
        lambda sender: sender.upload("project_leader", "cases:upload_contacts", CONTACT_COLUMNS, CONTACT_ROW),
        OWN_COURSE_ENDED_APART,
    ),
    NumberInput(
        "companies:import",
        lambda sender: sender.upload("project_leader", "companies:import", PLACEMENT_COLUMNS, PLACEMENT_ROW),
        OWN_COURSE,
    ),
    NumberInput(
        "import_functions",
        import_with("import_functions", FUNCTION_COLUMNS, Sender.function_row),
        (*OWN_COURSE, frozenset({"other participant", "other ended"})),  # the mentor is of `own_project`
    ),
    NumberInput(
        "import_contacts", import_with("import_contacts", CONTACT_COLUMNS, lambda _: CONTACT_ROW), ANY_COURSE
    ),
    NumberInput(
        "import_placements",
        import_with("import_placements", PLACEMENT_COLUMNS, lambda _: PLACEMENT_ROW),
        (in_either_project("participant", "ended"),),
    ),
    NumberInput(
        "progression:upload",
        lambda sender: sender.upload("project_leader", "progression:upload", ANSWER_COLUMNS, ANSWER_ROW),
        OWN_COURSE_ENDED_APART,
    ),
    NumberInput(
        "import_progression",
        import_with("import_progression", ANSWER_COLUMNS, lambda _: ANSWER_ROW),
        ANY_COURSE,
    ),
    NumberInput(
        "evaluation:upload_paid_hours",
        lambda sender: sender.upload(
            "agency", "evaluation:upload_paid_hours", PAID_HOURS_COLUMNS, PAID_HOURS_ROW
        ),
        DRAWN,
    ),
    NumberInput(
        "import_paid_hours",
        import_with("import_paid_hours", PAID_HOURS_COLUMNS, lambda _: PAID_HOURS_ROW),
        DRAWN,
    ),
]
