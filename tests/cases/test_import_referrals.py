"""Import of referrals by command (docs/formats.md): what is stored and refused."""

import datetime
import io

import pytest
from django.conf import settings
from openpyxl import Workbook

from cases import exchange
from cases.models import Citizen, Referral
from jobfirst.database.bulk_copy import FEW, PIECE
from jobfirst.exchange import read_table
from jobfirst.exchange.reading import BadFile
from tests.databases import owner_connection
from tests.factories import ProjectFactory, cpr
from tests.scenarios.import_files import ACTIVITY_READY, CommandRun, referral_row

pytestmark = pytest.mark.django_db

A = "resource_programme;resource_programme_benefit"
B = ACTIVITY_READY


def test_referrals_are_accepted_and_refused_with_their_reasons(odense, import_referrals) -> None:
    result = import_referrals(
        referral_row(1),
        referral_row(2, f"{A};2016-01-01;nej;ja;2016-06-01"),
        referral_row(3, f"{B};2015-06-02;false;true;2016-06-01"),
        referral_row(4, code="0147"),
        referral_row(5, f"{B};2015-06-01;ja;nej;2016-06-01"),
    )
    assert (result.code, result.err) == (0, "")
    assert result.json == {
        "accepted": 3,
        "unchanged": 0,
        "refused": [
            {
                "line": 4,
                "reasons": [
                    "not_activity_ready",
                    "public_support_under_one_year",
                    "in_integration_programme",
                ],
            },
            {"line": 5, "reasons": ["municipality_not_in_trial"]},
        ],
        "flagged": [{"line": 6, "flags": ["public_support_exactly_one_year"]}],
    }
    assert Referral.objects.filter(state="accepted").count() == 3


@pytest.fixture
def no_temporary_tables():
    """The right that a system which was migrated takes from the application."""
    database = settings.DATABASES["default"]["NAME"]
    with owner_connection() as owner:
        owner.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
        yield
        owner.execute(f"GRANT TEMPORARY ON DATABASE {database} TO PUBLIC")


def test_a_large_file_is_stored_in_pieces(odense, import_referrals, no_temporary_tables) -> None:
    count = FEW + PIECE + 1
    result = import_referrals(*[referral_row(number) for number in range(1, count + 1)])
    assert (result.code, result.json["accepted"]) == (0, count)
    last = Referral.objects.select_related("citizen").latest("pk")
    assert Citizen.objects.with_cpr(last.citizen.cpr).get() == last.citizen
    assert last.citizen.cpr == cpr(count)
    assert import_referrals(referral_row(count)).json["unchanged"] == 1


def test_the_same_file_again_changes_nothing(odense, import_referrals) -> None:
    rows = [
        referral_row(1),
        referral_row(2, code="0147"),
        referral_row(3, f"{B};2016-01-01;true;false;2016-06-01"),
    ]
    assert len(import_referrals(*rows).json["refused"]) == 2
    second_report = import_referrals(*rows).json
    assert (second_report["accepted"], second_report["unchanged"], second_report["refused"]) == (0, 3, [])
    assert Referral.objects.count() == 3


def test_a_citizen_already_in_the_trial_is_refused_wherever_that_was(odense, import_referrals) -> None:
    ProjectFactory(slug="aarhus", codes=["0751"])
    import_referrals(referral_row(1))
    result = import_referrals(referral_row(1, code="0751"))
    assert result.json["refused"] == [{"line": 2, "reasons": ["already_referred"]}]
    assert "odense" not in result.out.lower()
    assert "0461" not in result.out


def test_a_dry_run_answers_and_saves_nothing(odense, import_referrals) -> None:
    assert import_referrals(referral_row(1), options=("--dry-run",)).json["accepted"] == 1
    assert not Referral.objects.exists()
    assert not Citizen.objects.exists()


def test_every_bad_row_is_listed_and_nothing_is_saved(odense, import_referrals) -> None:
    number = cpr(7)
    result = import_referrals(
        referral_row(1),
        "12345;X;0461;activity_ready;cash_benefit;2014-01-01;true;false;2016-06-01",
        f"{number};;461;group_c;cash;1/1/2014;maybe;;2016-02-30",
        f"{number[:6]}-{number[6:]};Y;0461;{B};2014-01-01;true;false;2016-06-01",
        referral_row(8) + ";too;many",
        "3113701234;Z;0461;activity_ready;cash_benefit;2014-01-01;true;false;2016-06-01",
    )
    assert (result.code, result.out) == (1, "")
    assert result.errors == [
        "3: cpr: must be ten digits, DDMMYYSSSS, with or without a hyphen",
        "4: activity_ready: must be true, false, ja or nej",
        "4: benefit: must be one of: resource_programme_benefit, cash_benefit, integration_benefit",
        "4: in_integration_programme: must be filled in",
        "4: municipality_code: must be a municipality code of four digits",
        "4: name: must be filled in",
        "4: public_support_since: must be a date written as 2016-03-01",
        "4: referred_on: must be a date written as 2016-03-01",
        "4: target_group: must be one of: resource_programme, activity_ready",
        "5: cpr: the same citizen stands in line 4",
        "6: referred_on: the line has 11 fields, not 9",
        "7: cpr: the first six digits are not a birth date",
    ]
    assert not Referral.objects.exists()
    for digits in (number, cpr(1), cpr(8), "12345", "3113701234"):
        assert digits not in result.out + result.err


def test_a_number_that_fails_modulus_11_and_a_hyphen_are_fine(odense, import_referrals) -> None:
    numbers = [f"170570-{running:04d}" for running in range(1, 11)]
    rows = [f"{number};Testborger;0461;{B};2014-01-01;true;false;2016-06-01" for number in numbers]
    assert import_referrals(*rows).json["accepted"] == 10


def test_the_words_of_the_command_name_lines_and_reasons_only(odense, run_import) -> None:
    rows = [referral_row(1), referral_row(2, f"{A};2016-01-01;nej;ja;2019-06-01")]
    result = run_import("import_referrals", exchange.REFERRAL_COLUMNS, rows)
    assert result.out == "accepted: 1, unchanged: 0, refused: 1\nline 3: enrolment_closed\n"


def test_a_workbook_says_the_same(odense, tmp_path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(list(exchange.REFERRAL_COLUMNS))
    day = datetime.datetime(2016, 6, 1)
    sheet.append(
        [cpr(1), "Testborger", "0461", *B.split(";"), datetime.datetime(2014, 1, 1), True, False, day]
    )
    sheet.append([cpr(2), "Testborger", "0461", *B.split(";"), "2014-01-01", "ja", "nej", "2016-06-01"])
    book.save(tmp_path / "delivery.xlsx")
    result = CommandRun("import_referrals", tmp_path / "delivery.xlsx", "--format", "json")
    assert result.json["accepted"] == 2


def test_a_file_for_one_project_names_no_other_municipality(odense, tmp_path) -> None:
    ProjectFactory(slug="aarhus", codes=["0751"])
    text = "\n".join([";".join(exchange.REFERRAL_COLUMNS), referral_row(1), referral_row(2, code="0751")])
    table = read_table(io.BytesIO(text.encode()), exchange.REFERRAL_COLUMNS)
    with pytest.raises(BadFile) as caught:
        exchange.import_referrals(table, projects={odense.pk})
    assert [(error.line, error.column) for error in caught.value.errors] == [(3, "municipality_code")]


def test_in_a_real_system_nobody_is_referred_ahead_of_the_clock(
    odense, import_referrals, settings, time_machine
) -> None:
    settings.JOBFIRST_MODE = "real"
    time_machine.move_to(datetime.datetime(2016, 5, 31, 12, tzinfo=datetime.UTC))
    assert import_referrals(referral_row(1)).errors == ["2: referred_on: lies in the future"]
    time_machine.move_to(datetime.datetime(2016, 6, 1, 12, tzinfo=datetime.UTC))
    assert import_referrals(referral_row(1)).code == 0


@pytest.mark.parametrize(
    ("content", "first_error"),
    [
        (b"", "1: header: the file is empty"),
        (b"cpr,name\n", "1: header: the separator must be ;"),
        (b"cpr;name\n", "1: header: missing columns: "),
        ("cpr;name\næ".encode("latin-1"), "2: file: is not UTF-8; save it as CSV UTF-8"),
        (b"PK\x03\x04nonsense", "1: file: is not a workbook that can be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_clear_message(tmp_path, content: bytes, first_error: str) -> None:
    path = tmp_path / "delivery.csv"
    path.write_bytes(content)
    result = CommandRun("import_referrals", path)
    assert result.code == 1
    assert result.errors[0].startswith(first_error)


def test_a_cpr_number_inside_a_name_is_refused_with_the_line(odense, import_referrals) -> None:
    row = referral_row(1)
    number, name, rest = row.split(";", 2)
    result = import_referrals(f"{number};{name} {cpr(2)};{rest}", referral_row(3))
    assert (result.code, result.errors) == (1, ["2: name: holds what looks like a CPR number"])
    assert not Referral.objects.exists()
