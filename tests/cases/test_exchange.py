"""Import of referrals, functions and contacts by command (docs/formats.md): what is stored and refused."""

import datetime
import io
import json

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from accounts.roles import Role
from cases import exchange
from cases.models import Citizen, FollowUpMeeting, FunctionHolding, MentorContact, Referral
from cases.models.course import CourseFunction
from jobfirst.exchange import read_table
from jobfirst.exchange.reading import BadFile
from tests.factories import DRAWN_ON, CitizenFactory, CourseFactory, ProjectFactory, UserFactory, cpr

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


class CommandRun:
    """A command run on a file: its exit code, output and error lines."""

    def __init__(self, command: str, path, *options: str) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code = 0
        try:
            call_command(command, str(path), *options, stdout=out, stderr=err, no_color=True)
        except SystemExit as stopped:
            self.code = int(stopped.code or 0)
        self.out, self.err = out.getvalue(), err.getvalue()
        self.path = path

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def errors(self) -> list[str]:
        """The error lines without the file name."""
        return [line.removeprefix(f"{self.path}:") for line in self.err.splitlines()]


@pytest.fixture
def run_import(tmp_path):
    def run_import(command: str, columns: tuple[str, ...], rows: list[str], *options: str) -> CommandRun:
        path = tmp_path / "delivery.csv"
        path.write_text("\n".join([";".join(columns), *rows]) + "\n", encoding="utf-8")
        return CommandRun(command, path, *options)

    return run_import


@pytest.fixture
def import_referrals(run_import):
    return lambda *rows, options=(): run_import(
        "import_referrals", exchange.REFERRAL_COLUMNS, list(rows), "--format", "json", *options
    )


@pytest.fixture
def odense():
    return ProjectFactory(slug="odense", codes=["0461"])


A = "resource_programme;resource_programme_benefit"
B = "activity_ready;cash_benefit"


def referral_row(
    number: int, facts: str = f"{B};2014-01-01;true;false;2016-06-01", code: str = "0461"
) -> str:
    return f"{cpr(number)};Testborger Nummer{number};{code};{facts}"


# import_referrals


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
        f"{number};;461;group_c;cash;01-01-2014;maybe;;2016-02-30",
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


# import_functions


@pytest.fixture
def staff(odense):
    """One person per function, in Odense, and a course there."""
    users = {function: UserFactory(project=odense, roles=[function]) for function in CourseFunction.values}
    users["second"] = UserFactory(project=odense, roles=[Role.MENTOR])
    return users


@pytest.fixture
def course(odense):
    return CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(1)))


@pytest.fixture
def import_functions(run_import):
    return lambda *rows, options=(): run_import(
        "import_functions", exchange.FUNCTION_COLUMNS, list(rows), "--format", "json", *options
    )


def test_functions_are_assigned_and_a_later_row_ends_the_earlier_holder(
    course, staff, import_functions
) -> None:
    rows = [
        f"{cpr(1)};mentor;{staff['second'].email};2016-05-01",
        *(f"{cpr(1)};{function};{staff[function].email};2016-04-04" for function in CourseFunction.values),
    ]
    assert import_functions(*rows).json == {"assigned": 5, "unchanged": 0}
    holdings = FunctionHolding.objects.filter(course=course, function="mentor").order_by("from_on")
    assert [(holding.user, holding.from_on, holding.until_on) for holding in holdings] == [
        (staff["mentor"], DRAWN_ON, datetime.date(2016, 4, 30)),
        (staff["second"], datetime.date(2016, 5, 1), None),
    ]
    assert import_functions(*rows).json == {"assigned": 0, "unchanged": 5}
    assert FunctionHolding.objects.count() == 5


def test_an_address_is_found_in_any_case(course, staff, import_functions) -> None:
    result = import_functions(f"{cpr(1)};mentor;{staff['mentor'].email.upper()};2016-04-04")
    assert result.json["assigned"] == 1


def test_bad_functions_are_listed_by_column_and_nothing_is_saved(course, staff, import_functions) -> None:
    mentor = staff["mentor"].email
    result = import_functions(
        f"{cpr(1)};mentor;{mentor};2016-04-04",
        f"{cpr(2)};mentor;{mentor};2016-04-04",
        f"{cpr(1)};mentor;nobody@example.invalid;2016-04-04",
        f"{cpr(1)};course_owner;{mentor};2016-04-04",
        f"{cpr(1)};mentor;{mentor};2016-04-03",
        f"{cpr(1)};leader;{mentor};2016-04-05",
        f"{cpr(1)};mentor;{staff['second'].email};2016-04-04",
    )
    assert (result.code, result.out) == (1, "")
    assert result.errors == [
        "3: cpr: the citizen has no course",
        "4: email: nobody has this address",
        "5: email: The person does not have that role in the project.",
        "6: from_on: The day lies before the course's start.",
        "7: function: must be one of: coordinating_caseworker, course_owner, job_consultant, mentor",
        "8: email: somebody else begins on the same day in line 2",
    ]
    assert not FunctionHolding.objects.exists()


def test_many_functions_take_few_queries(odense, staff, tmp_path, django_assert_max_num_queries) -> None:
    rows = []
    for number in range(40):
        CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(number)))
        rows += [f"{cpr(number)};mentor;{staff['mentor'].email};2016-04-04"]
        rows += [f"{cpr(number)};mentor;{staff['second'].email};2016-06-01"]
    text = "\n".join([";".join(exchange.FUNCTION_COLUMNS), *rows])
    table = read_table(io.BytesIO(text.encode()), exchange.FUNCTION_COLUMNS)
    with django_assert_max_num_queries(12):
        exchange.import_functions(table)
    assert FunctionHolding.objects.count() == 80


# import_contacts


@pytest.fixture
def import_contacts(run_import):
    return lambda *rows, options=(): run_import(
        "import_contacts", exchange.CONTACT_COLUMNS, list(rows), "--format", "json", *options
    )


def test_contacts_and_meetings_are_recorded_once(course, import_contacts) -> None:
    rows = [
        f"{cpr(1)};mentor_contact;2016-04-04;true",
        f"{cpr(1)};mentor_contact;2016-04-11;false",
        f"{cpr(1)};mentor_contact;2016-04-11;ja",
        f"{cpr(1)};follow_up_meeting;2016-05-02;true",
        f"{cpr(1)};follow_up_meeting;2016-05-02;true",
    ]
    assert import_contacts(*rows).json == {"created": 4, "unchanged": 1}
    assert import_contacts(*rows).json == {"created": 0, "unchanged": 5}
    assert MentorContact.objects.count() == 3
    assert MentorContact.objects.counting().count() == 2
    meeting = FollowUpMeeting.objects.get()
    assert (meeting.state, meeting.held_on) == ("held", datetime.date(2016, 5, 2))


def test_a_meeting_booked_for_the_day_is_the_one_that_was_held(course, import_contacts) -> None:
    at = datetime.datetime(2016, 5, 2, 22, 30, tzinfo=datetime.UTC)  # 3 May, half past midnight in Copenhagen
    booked = FollowUpMeeting.objects.create(course=course, planned_at=at)
    import_contacts(f"{cpr(1)};follow_up_meeting;2016-05-03;true")
    meeting = FollowUpMeeting.objects.get()
    assert (meeting, meeting.state, meeting.held_on) == (booked, "held", datetime.date(2016, 5, 3))


def test_bad_contacts_are_listed_by_column_and_nothing_is_saved(course, import_contacts) -> None:
    result = import_contacts(
        f"{cpr(1)};mentor_contact;2016-04-04;true",
        f"{cpr(1)};follow_up_meeting;2016-05-02;false",
        f"{cpr(1)};mentor_contact;2016-04-03;true",
        f"{cpr(2)};mentor_contact;2016-04-04;true",
        f"{cpr(1)};call;2016-04-04;maybe",
    )
    assert (result.code, result.out) == (1, "")
    assert result.errors == [
        "3: citizen_present: A meeting is not held without the citizen.",
        "4: held_on: The day lies before the course's start.",
        "5: cpr: the citizen has no course",
        "6: citizen_present: must be true, false, ja or nej",
        "6: kind: must be one of: mentor_contact, follow_up_meeting",
    ]
    assert not MentorContact.objects.exists()


def test_a_citizen_without_a_course_is_bad_data_also_when_referred(
    odense, import_referrals, import_contacts
) -> None:
    import_referrals(referral_row(9))
    assert import_contacts(f"{cpr(9)};mentor_contact;2016-06-08;true").errors == [
        "2: cpr: the citizen has no course"
    ]


def test_days_ahead_are_bad_data_in_a_real_system_only(
    course, import_contacts, settings, time_machine
) -> None:
    time_machine.move_to(datetime.datetime(2016, 4, 10, 12, tzinfo=datetime.UTC))
    row = f"{cpr(1)};mentor_contact;2016-04-11;true"
    settings.JOBFIRST_MODE = "real"
    assert import_contacts(row).errors == ["2: held_on: The day lies in the future."]
    settings.JOBFIRST_MODE = "rehearsal"
    assert import_contacts(row).code == 0


def test_a_course_elsewhere_is_answered_as_none(course, odense) -> None:
    elsewhere = ProjectFactory()
    text = "\n".join([";".join(exchange.CONTACT_COLUMNS), f"{cpr(1)};mentor_contact;2016-04-04;true"])
    table = read_table(io.BytesIO(text.encode()), exchange.CONTACT_COLUMNS)
    with pytest.raises(BadFile) as caught:
        exchange.import_contacts(table, projects={elsewhere.pk})
    assert [error.column for error in caught.value.errors] == ["cpr"]


def test_many_contacts_take_few_queries(odense, django_assert_max_num_queries) -> None:
    rows = []
    for number in range(30):
        CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(number)))
        rows += [f"{cpr(number)};mentor_contact;2016-{month:02d}-05;true" for month in range(5, 12)]
    text = "\n".join([";".join(exchange.CONTACT_COLUMNS), *rows])
    table = read_table(io.BytesIO(text.encode()), exchange.CONTACT_COLUMNS)
    with django_assert_max_num_queries(12):
        exchange.import_contacts(table)
    assert MentorContact.objects.count() == 210
