"""Import of functions by command (docs/formats.md): what is stored and refused."""

import datetime
import io

import pghistory
import pytest

from cases import exchange
from cases.actions import assign_function
from cases.models import FunctionHolding
from cases.models.course import CourseFunction
from jobfirst.exchange import read_table
from tests.factories import DRAWN_ON, CitizenFactory, CourseFactory, UserFactory, cpr

pytestmark = pytest.mark.django_db


@pytest.fixture
def import_functions(run_import):
    return lambda *rows, options=(): run_import(
        "import_functions", exchange.FUNCTION_COLUMNS, list(rows), "--format", "json", *options
    )


def test_functions_are_assigned_and_a_later_row_ends_the_earlier_holder(
    odense_course, odense_staff, import_functions
) -> None:
    rows = [
        f"{cpr(1)};mentor;{odense_staff['second'].email};2016-05-01",
        *(
            f"{cpr(1)};{function};{odense_staff[function].email};2016-04-04"
            for function in CourseFunction.values
        ),
    ]
    assert import_functions(*rows).json == {"assigned": 5, "unchanged": 0}
    holdings = FunctionHolding.objects.filter(course=odense_course, function="mentor").order_by("from_on")
    assert [(holding.user, holding.from_on, holding.until_on) for holding in holdings] == [
        (odense_staff["mentor"], DRAWN_ON, datetime.date(2016, 4, 30)),
        (odense_staff["second"], datetime.date(2016, 5, 1), None),
    ]
    assert import_functions(*rows).json == {"assigned": 0, "unchanged": 5}
    assert FunctionHolding.objects.count() == 5


def test_an_address_is_found_in_any_case(odense_course, odense_staff, import_functions) -> None:
    result = import_functions(f"{cpr(1)};mentor;{odense_staff['mentor'].email.upper()};2016-04-04")
    assert result.json["assigned"] == 1


def test_bad_functions_are_listed_by_column_and_nothing_is_saved(
    odense_course, odense_staff, import_functions
) -> None:
    mentor = odense_staff["mentor"].email
    result = import_functions(
        f"{cpr(1)};mentor;{mentor};2016-04-04",
        f"{cpr(2)};mentor;{mentor};2016-04-04",
        f"{cpr(1)};mentor;nobody@example.invalid;2016-04-04",
        f"{cpr(1)};course_owner;{mentor};2016-04-04",
        f"{cpr(1)};mentor;{mentor};2016-04-03",
        f"{cpr(1)};leader;{mentor};2016-04-05",
        f"{cpr(1)};mentor;{odense_staff['second'].email};2016-04-04",
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


def give_by_hand(course, user) -> None:
    """A person gives the function of mentor to somebody else, from the same day on."""
    with pghistory.context(user=1, url="/borgere/funktion/"):
        assign_function(course, function="mentor", user=user, from_on=DRAWN_ON)


def test_a_row_again_does_not_take_back_what_a_person_has_changed(
    odense, odense_course, odense_staff, import_functions
) -> None:
    row = f"{cpr(1)};mentor;{odense_staff['mentor'].email};{DRAWN_ON}"
    import_functions(row)
    give_by_hand(odense_course, odense_staff["second"])
    assert import_functions(row).json == {"assigned": 0, "unchanged": 1}
    third = UserFactory(project=odense, roles=["mentor"])
    report = import_functions(row.replace(odense_staff["mentor"].email, third.email)).json
    assert [(entry["line"], entry["column"]) for entry in report["contradicted"]] == [(2, "email")]
    assert FunctionHolding.objects.get(function="mentor").user == odense_staff["second"]


def test_a_file_may_correct_what_a_file_said(odense_course, odense_staff, import_functions) -> None:
    first = f"{cpr(1)};mentor;{odense_staff['mentor'].email};{DRAWN_ON}"
    second = first.replace(odense_staff["mentor"].email, odense_staff["second"].email)
    for row in (first, second, first):
        assert import_functions(row).json == {"assigned": 1, "unchanged": 0}
    assert FunctionHolding.objects.get(function="mentor").user == odense_staff["mentor"]


def test_many_functions_take_few_queries(
    odense, odense_staff, tmp_path, django_assert_max_num_queries
) -> None:
    rows = []
    for number in range(40):
        CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(number)))
        rows += [f"{cpr(number)};mentor;{odense_staff['mentor'].email};2016-04-04"]
        rows += [f"{cpr(number)};mentor;{odense_staff['second'].email};2016-06-01"]
    text = "\n".join([";".join(exchange.FUNCTION_COLUMNS), *rows])
    table = read_table(io.BytesIO(text.encode()), exchange.FUNCTION_COLUMNS)
    # Whatever the rows; some of them update the deadlines, and with them the core elements;
    # one asks who of the people is shut out from whom (D51).
    with django_assert_max_num_queries(21):
        exchange.import_functions(table)
    assert FunctionHolding.objects.count() == 80
