"""The evaluator's package: what is in it, that it verifies itself, and that it names nobody."""

import csv
import datetime
import hashlib
import io
import json
import os
import subprocess
import sys
import uuid
import zipfile

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from evaluation.models import EvaluatorPackage, PaidHours
from evaluation.packages.actions import make_package
from evaluation.packages.counts import count_contents
from evaluation.packages.tables import TABLES
from randomization.draw.actions import draw_project
from randomization.models import Allocation
from tests.evaluation.factories import DeviationFactory
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CitizenFactory,
    CourseFactory,
    FollowUpMeetingFactory,
    MentorContactFactory,
    PlacementFactory,
    ReferralFactory,
    UserFactory,
    cpr,
)
from tests.loops import some
from tests.progression.factories import AnswerFactory

pytestmark = pytest.mark.django_db

AS_OF = datetime.date(2016, 9, 15)
DAY = datetime.timedelta(days=1)


def open_package(as_of=AS_OF):
    made = make_package(by=UserFactory(roles=[Role.AGENCY]), as_of=as_of)
    with made.archive.file as file:
        return made.package, zipfile.ZipFile(io.BytesIO(file.read()))


def table(archive, name):
    text = archive.read(f"data/{name}.csv").decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def small_trial(aalborg):
    """A participant with a contact, a meeting, a placement and answers; a control; hours of both."""
    citizen = CitizenFactory(cpr=cpr(7, datetime.date(1970, 3, 31)))
    referral = ReferralFactory(
        project=aalborg,
        citizen=citizen,
        referred_on=DRAWN_ON - 4 * DAY,
        public_support_since=DRAWN_ON - 735 * DAY,
    )
    course = CourseFactory(referral=referral)
    participant = AllocationFactory(referral=referral)
    MentorContactFactory(course=course, held_on=DRAWN_ON + 3 * DAY)
    MentorContactFactory(course=course, held_on=DRAWN_ON + 4 * DAY, citizen_present=False)
    FollowUpMeetingFactory(course=course, state="held", held_on=DRAWN_ON + 31 * DAY, citizen_present=True)
    PlacementFactory(course=course, starts_on=DRAWN_ON + 40 * DAY, internship_hours=12, ordinary_hours=2)
    AnswerFactory(sheet__course=course, sheet__finished=True, sheet__answered_on=DRAWN_ON + DAY)
    control = AllocationFactory(referral=ReferralFactory(project=aalborg), arm="control")
    DeviationFactory(allocation=control, kind="control_given_course", happened_on=DRAWN_ON + 9 * DAY)
    PaidHours.objects.create(citizen=participant.citizen, month=datetime.date(2016, 5, 1), hours="12.5")
    PaidHours.objects.create(citizen=participant.citizen, month=datetime.date(2016, 7, 1), hours=0)
    PaidHours.objects.create(citizen=control.citizen, month=datetime.date(2016, 6, 1), hours=3)
    return participant, control


def test_the_tables_hold_what_was_registered(small_trial):
    _package, archive = open_package()

    arms = {row["citizen"]: row for row in table(archive, "allocations")}
    (participant,) = (name for name, row in arms.items() if row["arm"] == "participant")
    (control,) = (name for name, row in arms.items() if row["arm"] == "control")
    assert arms[participant]["stratum"] == "0851/resource_programme"
    assert arms[participant]["draw_month"] == "2016-04"
    (baseline,) = (row for row in table(archive, "baseline") if row["citizen"] == participant)
    assert (baseline["age_years"], baseline["public_support_years"]) == ("46", "2.0")
    assert baseline["days_to_draw"] == "4"
    hours = [(row["citizen"], row["month"], row["paid_hours"]) for row in table(archive, "outcomes")]
    assert [row[1:] for row in hours if row[0] == participant] == [
        ("2016-05", "12.5"),
        ("2016-06", ""),
        ("2016-07", "0.0"),
    ]
    assert [row[1:] for row in hours if row[0] == control] == [
        ("2016-05", ""),
        ("2016-06", "3.0"),
        ("2016-07", ""),
    ]
    assert table(archive, "deviations") == [{"citizen": control, "kind": "control_given_course", "day": "9"}]
    contacts = [tuple(row.values())[1:] for row in table(archive, "contacts")]
    assert contacts == [("2016-04", "1", "1", "0", "0", "0"), ("2016-05", "0", "0", "1", "0", "0")]
    (placement,) = table(archive, "placements")
    assert (placement["start_day"], placement["internship_hours"], placement["latest_ordinary_hours"]) == (
        "40",
        "12.0",
        "2.0",
    )
    (answer,) = table(archive, "progression")
    assert (answer["citizen"], answer["day"], answer["answers"]) == (participant, "1", "1")


def test_parquet_holds_the_same_as_csv(small_trial):
    import pyarrow.parquet as pq

    _package, archive = open_package()

    for name in some([package_table.name for package_table in TABLES]):
        rows = pq.read_table(io.BytesIO(archive.read(f"data/{name}.parquet"))).to_pylist()
        as_text = [
            {
                key: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
                for key, value in row.items()
            }
            for row in rows
        ]
        assert as_text == table(archive, name), name


def test_the_codebook_explains_every_column(small_trial):
    _package, archive = open_package()

    lines = list(csv.DictReader(io.StringIO(archive.read("codebook.csv").decode()), delimiter=";"))

    explained = {
        (line["table"], line["column"]) for line in lines if line["meaning_da"] and line["meaning_en"]
    }
    for name in some([package_table.name for package_table in TABLES]):
        header = archive.read(f"data/{name}.csv").decode().split("\n")[0].split(";")
        assert {(name, column) for column in header} <= explained
    assert "Gruppen, der blev trukket" in archive.read("codebook.md").decode()


def run_in_a_bare_folder(folder, *arguments):
    """Run Python without our packages and settings."""
    environment = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-I", "-S", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def unpacked(tmp_path, aalborg, refer_citizens, demonstration):
    """A package of a real draw of twelve citizens, unpacked in an empty folder."""
    refer_citizens(8)
    refer_citizens(4, "activity_ready")
    draw_project(aalborg, DRAWN_ON, UserFactory(), shares=demonstration)
    _package, archive = open_package()
    archive.extractall(tmp_path)
    return tmp_path


def test_a_stranger_verifies_package_and_draw_with_the_standard_library_alone(unpacked):
    package = run_in_a_bare_folder(unpacked, "check_package.py")
    draw = run_in_a_bare_folder(
        unpacked, "ledger/verify_draw.py", "ledger/ledger.json", "--published", "ledger/commitments.json"
    )

    assert (package.returncode, package.stderr) == (0, "")
    assert package.stdout.startswith("All agrees: 12 citizens")
    assert (draw.returncode, draw.stderr) == (0, "")
    sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=unpacked, check=False)
    assert sums.returncode == 0


@pytest.mark.parametrize("name", ["data/outcomes.parquet", "ledger/ledger.json", "README.md"])
def test_a_changed_file_is_named(unpacked, name):
    (unpacked / name).write_bytes((unpacked / name).read_bytes() + b" ")

    answer = run_in_a_bare_folder(unpacked, "check_package.py")

    assert (answer.returncode, answer.stderr) == (1, f"{name}: the file was changed\n")


def test_another_arm_in_the_data_is_named_even_with_new_hashes(unpacked):
    data = unpacked / "data/allocations.csv"
    data.write_text(data.read_text().replace(";participant;", ";control;", 1))
    sums = unpacked / "SHA256SUMS"
    lines = [line for line in sums.read_text().splitlines() if not line.endswith("data/allocations.csv")]
    lines.append(f"{hashlib.sha256(data.read_bytes()).hexdigest()}  data/allocations.csv")
    sums.write_text("\n".join(lines) + "\n")

    answer = run_in_a_bare_folder(unpacked, "check_package.py")

    assert answer.returncode == 1
    assert "in the data" in answer.stderr


def test_two_packages_share_no_pseudonym_and_none_is_the_ledgers(small_trial):
    pseudonyms = []
    for _number in range(2):
        _package, archive = open_package()
        rows = [*table(archive, "allocations"), *table(archive, "placements")]
        pseudonyms.append({row["citizen"] for row in rows} | {row.get("company", "") for row in rows} - {""})

    assert pseudonyms[0].isdisjoint(pseudonyms[1])
    of_ledger = set(Allocation.objects.values_list("pseudonym", flat=True))
    assert (pseudonyms[0] | pseudonyms[1]).isdisjoint(of_ledger)
    data = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("data/"))
    assert not [pseudonym for pseudonym in of_ledger if pseudonym.encode() in data]


def test_the_order_of_the_rows_is_not_that_of_the_draw(aalborg):
    for number in range(12):
        row = AllocationFactory(referral=ReferralFactory(project=aalborg), arm="control")
        DeviationFactory(allocation=row, happened_on=DRAWN_ON + number * DAY)
    _package, archive = open_package()

    for name in ("allocations", "baseline", "deviations"):
        names = [row["citizen"] for row in table(archive, name)]
        assert names == sorted(names)
    assert [row["day"] for row in table(archive, "deviations")] != [str(number) for number in range(12)]


def test_the_record_has_the_hash_of_the_file_and_the_access_log_every_citizen(small_trial):
    made = make_package(by=UserFactory(roles=[Role.AGENCY]), as_of=AS_OF)

    with made.archive.file as file:
        content = file.read()
    package = EvaluatorPackage.objects.get()
    assert package.sha256 == hashlib.sha256(content).hexdigest()
    assert (package.citizens, package.rows["allocations"], package.rows["outcomes"]) == (2, 2, 6)
    record = AccessRecord.objects.get(action="packages.make")
    assert set(record.citizens) == {row.citizen.public_id for row in small_trial}
    with pytest.raises(DatabaseError), transaction.atomic():
        EvaluatorPackage.objects.update(size=1)


@pytest.fixture
def agency_client(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


def test_the_page_says_in_numbers_what_will_be_in_the_package(
    agency_client, small_trial, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        answer = agency_client.get(reverse("evaluation:packages"))

    assert [count.number for count in answer.context["counts"]][:2] == [1, 1]
    _package, archive = open_package(answer.context["today"])
    contacts = table(archive, "contacts")
    numbers = [count.number for count in count_contents(answer.context["today"])]
    assert numbers[2] == sum(1 for row in table(archive, "outcomes") if row["paid_hours"])
    assert numbers[4] == sum(int(row["contacts"]) + int(row["attempts"]) for row in contacts)
    assert numbers[5] == sum(int(row["meetings_held"]) for row in contacts)
    assert numbers[6] == len(table(archive, "placements"))


def test_the_form_makes_one_package_and_returns_the_file(agency_client, small_trial):
    address, token = reverse("evaluation:packages"), {"submission": str(uuid.uuid4()), "is_confirmed": "on"}

    answer = agency_client.post(address, token)
    again = agency_client.post(address, token)
    unconfirmed = agency_client.post(address, {"submission": str(uuid.uuid4())})

    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith('attachment; filename="evaluatorpakke-oevelse-')
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("manifest.json"))
    package = EvaluatorPackage.objects.get()
    assert (manifest["package"], manifest["rows"]) == (str(package.public_id), package.rows)
    assert again.url == address
    assert "is_confirmed" in unconfirmed.context["form"].errors
    assert str(package.public_id) in agency_client.get(address).content.decode()
