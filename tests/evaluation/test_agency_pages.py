"""The agency's pages and files of the trial, whatever it chooses on them: nothing of few citizens can be
subtracted, and nothing that anybody wrote, no name and no CPR number is on them."""

import datetime
import io
import random
import re
import zipfile

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from cases.elements import stored
from cases.models import Citizen, Course, Referral
from evaluation.fidelity.agency_grid import GridState
from evaluation.models import OutcomeTerms, PaidHours
from evaluation.outcomes import results
from evaluation.publication.actions import publish_due
from evaluation.publication.models import Publication
from evaluation.trial import few_withheld
from randomization.ledger.actions import record_event
from randomization.models import Allocation
from tests.evaluation.agency_documents import PageNumbers, Reading, readings_of, text_of_pdf
from tests.evaluation.factories import DeviationFactory
from tests.evaluation.outcome_trials import drawn, paid
from tests.factories import ProjectFactory, ReferralFactory, UserFactory
from tests.loops import some
from tests.scenarios.sharing_projects import WORD, build

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PAIRS = 500
#: So many pages and files are opened; the pairs are made of them.
DOCUMENTS = 90
FEW = range(1, 5)
#: Numbers that hold the drawn, who are known exactly, and others, who are rounded.
WITH_THE_DRAWN = {"Assessed", "assessed", "Eligible", "eligible"}
ON = datetime.datetime(2017, 1, 16, 9, tzinfo=datetime.UTC)
#: Each page with its files.
FILES = {
    "trial": [("download_trial", "csv"), ("download_trial", "pdf")],
    "results": [("download_results", "csv"), ("download_results", "xlsx")],
    "comparison": [("download_comparison", "xlsx"), ("download_comparison", "pdf")],
    "second_results": [],
    "trial_elements": [],
    "paid_hours": [],
}
#: Beside the drawn it has shares, which are no numbers of citizens.
MAY_BE_WITHOUT_NUMBERS = reverse("evaluation:download_comparison", args=["pdf"])


@pytest.fixture
def agency(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def seeded_trial(db):
    """Three projects with draws of eight months, and few citizens in most that is counted of them."""
    chance = random.Random(14)
    leader = UserFactory()
    OutcomeTerms.objects.create(valid_from=datetime.date(2016, 1, 1), redraws=99)
    for size in (44, 30, 24):
        project = ProjectFactory()
        for number in range(size):
            arm = "participant" if number % 2 else "control"
            day = datetime.date(2016, 4, 4) + datetime.timedelta(days=chance.randrange(230))
            group = chance.choice(["activity_ready", "resource_programme"])
            row = drawn(project, arm, group=group, on=day)
            _add_fate(row, chance, leader)
        for _number in range(size // 6):
            day = datetime.date(2016, 4, 4) + datetime.timedelta(days=chance.randrange(280))
            state = chance.choice(["refused", "withdrawn", "accepted", "accepted"])
            reasons = ["under_30"] if state == "refused" else []
            ReferralFactory(project=project, state=state, reasons=reasons, referred_on=day)
    stored.recompute()
    with time_machine.travel(ON, tick=False):
        publish_due(ON.date())
        yield


def _add_fate(row, chance, leader):
    """Deliver some months of hours; let a few leave, deviate, or end their course."""
    first = (row.allocated_on.replace(day=1) + datetime.timedelta(days=32)).strftime("%Y-%m")
    months = max(0, 12 - int(first[5:]) + 1) if first.startswith("2016") else 0
    if chance.random() < 0.93:
        hours = [None if chance.random() < 0.05 else chance.choice([0, 0, 20, 60]) for _ in range(months)]
        paid(row, first, *hours)
    has_event = chance.random() < 0.1
    if has_event:
        kind = chance.choice(["withdrawn", "moved", "died"])
        record_event(row, kind, row.allocated_on + datetime.timedelta(days=9), "x", leader)
    if chance.random() < 0.1:
        DeviationFactory(allocation=row, kind="other", happened_on=row.allocated_on)
    if row.arm == "participant" and not has_event and chance.random() < 0.25:
        ended = row.allocated_on + datetime.timedelta(days=chance.randrange(5, 60))
        Course.objects.filter(citizen=row.citizen).update(ended_on=ended, end_reason="moved")


class AgencyReader:
    """Opens pages and files as the agency, each with its numbers."""

    def __init__(self, client, seed: int) -> None:
        self.client = client
        self.chance = random.Random(seed)
        self.readings: dict[str, list[Reading]] = {}
        self.choices: dict[str, dict[str, list[str]]] = {}
        self.sorts: dict[str, list[str]] = {}

    def open(self, address: str) -> list[Reading]:
        if address not in self.readings:
            response = self.client.get(address)
            assert response.status_code == 200, address
            self.readings[address] = readings_of(response.content, response["Content-Type"])
        return self.readings[address]

    def learn(self, page: str) -> None:
        """Read what may be chosen on a page: its fields, and the links that sort it or choose a state."""
        response = self.client.get(reverse(f"evaluation:{page}"))
        numbers = PageNumbers(response.content.decode())
        self.choices[page] = numbers.choices
        self.sorts[page] = sorted({link for link in numbers.links if re.match(r"\?(sort|state)=", link)})

    def documents_without_numbers(self) -> set[str]:
        """Return the pages and files in which no number was found, or that were never opened."""
        addresses = {reverse(f"evaluation:{page}") for page in FILES}
        addresses |= {
            reverse(f"evaluation:{name}", args=[ending]) for files in FILES.values() for name, ending in files
        }
        return addresses - {address.split("?")[0] for address, numbers in self.readings.items() if numbers}

    def random_address(self) -> str:
        """An address that the agency can choose: a page or one of its files, with any of the choices."""
        page = self.chance.choice(list(FILES))
        chosen = {name: self.chance.choice(values) for name, values in self.choices[page].items()}
        query = "&".join(f"{name}={value}" for name, value in chosen.items())
        name, *args = self.chance.choice([(page,), (page,), *FILES[page]])
        if name == page and self.sorts[page] and self.chance.random() < 0.5:
            query = self.chance.choice(self.sorts[page])[1:]
        if "pdf" in args:  # they are slow to draw: a few of them
            query = "&".join(f"{key}={values[-1]}" for key, values in self.choices[page].items())
        return f"{reverse(f'evaluation:{name}', args=args)}?{query}"


def small_numbers(readings: list[Reading]) -> set[Reading]:
    """Return the numbers that are of few citizens as they stand, or are rounded to no multiple of five."""
    return {
        reading
        for reading in readings
        if not reading.is_public
        and (
            (not reading.sign and reading.number in FEW)
            or (reading.sign == "≤" and reading.number % 5 and not WITH_THE_DRAWN & set(reading.place))
        )
    }


def subtracted(first: list[Reading], second: list[Reading]) -> set[tuple[Reading, Reading]]:
    """Return the pairs of numbers at the same place whose difference is certainly one of few citizens."""
    by_place = {reading.place: reading for reading in first if not reading.is_public}
    pairs = set()
    for reading in second:
        other = by_place.get(reading.place)
        if other is None or reading.is_public:
            continue
        differences = {abs(before - now) for before in other.span for now in reading.span}
        if len(differences) == 1 and differences & set(FEW):
            pairs.add((other, reading))
    return pairs


def rests(readings: list[Reading]) -> set[tuple[Reading, int]]:
    """Return the numbers whose rest of those drawn is certainly of few citizens."""
    by_place = {reading.place: reading.number for reading in readings}
    found_rests = set()
    for reading in readings:
        place = list(reading.place)
        for name in ("analysed", "Analysed as drawn", "With outcome"):
            if name in place and not reading.is_public:
                drawn_at = [
                    {"analysed": "drawn"}.get(part, "Drawn") if part == name else part for part in place
                ]
                whole = by_place.get(tuple(drawn_at))
                if whole is not None and reading.number and (whole - reading.number) % 5:
                    found_rests.add((reading, whole))
    return found_rests


def test_no_pair_of_pages_gives_few_citizens_away(agency, seeded_trial):
    reader = AgencyReader(agency, seed=1)
    for page in FILES:
        reader.learn(page)
    assert len(reader.choices["trial"]["on"]) == 1 + Publication.objects.count() > 5

    addresses = [reader.random_address() for _number in range(DOCUMENTS)]
    few, pairs = set(), set()
    for _number in range(PAIRS):
        first, second = reader.chance.choices(addresses, k=2)
        readings = [reader.open(address) for address in (first, second)]
        few |= {(first, reading) for reading in small_numbers(readings[0])}
        few |= {(first, rest) for rest in rests(readings[0])}
        pairs |= {(first, second, *pair) for pair in subtracted(*readings)}

    assert (sorted(few, key=str)[:10], sorted(pairs, key=str)[:10]) == ([], [])
    assert len(reader.readings) > DOCUMENTS / 2
    assert reader.documents_without_numbers() <= {MAY_BE_WITHOUT_NUMBERS}
    assert sum(not reading.is_public for readings in reader.readings.values() for reading in readings) > 1000


def test_the_reader_finds_what_is_not_rounded(agency, seeded_trial, monkeypatch):
    """Without the rounding the same pairs of the trial's page give few citizens away, in page and file."""
    monkeypatch.setattr(few_withheld, "at_most", lambda count, limit: count)
    reader = AgencyReader(agency, seed=1)
    days = Publication.objects.order_by("cut_off").values_list("cut_off", flat=True)
    for address in (reverse("evaluation:trial"), reverse("evaluation:download_trial", args=["csv"])):
        readings = [reader.open(f"{address}?on={day}") for day in days]
        assert any(small_numbers(of_day) for of_day in some(readings))


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_reader_finds_what_is_not_rounded_in_the_files_of_the_results(
    agency, seeded_trial, monkeypatch, file_format
):
    monkeypatch.setattr(results, "at_least", lambda count, whole, limit: count)
    address = reverse("evaluation:download_results", args=[file_format])
    assert rests(AgencyReader(agency, seed=1).open(address))


# What people wrote


def texts_of(content: bytes, content_type: str) -> str:
    """The text of a page or file, a workbook's with all its parts."""
    if content_type.startswith("application/pdf"):
        return text_of_pdf(content)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return content.decode("utf-8-sig")


ADDRESSES = [
    *(reverse(f"evaluation:{name}") for name in FILES),
    *(reverse(f"evaluation:{name}", args=[ending]) for files in FILES.values() for name, ending in files),
    *(
        reverse(f"evaluation:{name}")
        for name in (
            *("trial_deviations", "packages", "target_groups", "new_threshold"),
            *("record_trial_deviation", "upload_paid_hours"),
        )
    ),
    reverse("evaluation:trial_deviations") + "?show=suggested",
    *(reverse("evaluation:trial_elements") + f"?state={state}" for state in GridState),
]


def test_no_page_or_file_has_a_name_a_number_or_a_word_that_somebody_wrote(client):
    world, words = build()
    assert len(words.field_by_word) > 100
    for allocation in Allocation.objects.all():
        month = (allocation.allocated_on.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
        PaidHours.objects.get_or_create(citizen=allocation.citizen, month=month, defaults={"hours": 12})
    publish_due(datetime.date(2017, 1, 16))
    staff = User.objects.exclude(memberships__role=Role.AGENCY)
    secrets = {
        *(
            cpr
            for citizen in Citizen.objects.all()
            for cpr in (citizen.cpr, f"{citizen.cpr[:6]}-{citizen.cpr[6:]}")
        ),
        *Referral.objects.values_list("name", flat=True),
        *staff.values_list("email", flat=True),
        WORD,
    } - {""}
    assert len(secrets) > 10
    client.force_login(world.users[Role.AGENCY])

    leaks = set()
    for address in some(ADDRESSES):
        response = client.get(address)
        if response.status_code == 404:  # nothing is published of the two small projects
            assert "download_comparison" in address or "projekter/hent" in address, address
            continue
        assert response.status_code == 200, address
        text = texts_of(response.content, response["Content-Type"])
        leaks |= {(address, secret) for secret in secrets if secret in text}

    assert leaks == set()
