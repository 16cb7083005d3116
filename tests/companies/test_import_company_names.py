"""import_placements: the name of a company that a person or the register has given stays (D42)."""

import io
from contextlib import closing
from datetime import date

import pytest

from companies.actions.companies import save_company
from companies.exchange import COLUMNS, load_placements
from companies.models import Company, Placement
from jobfirst.exchange import read_table
from tests.factories import CompanyFactory, CourseFactory, cvr
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = pytest.mark.django_db

TODAY, ENDED = date(2016, 12, 1), date(2016, 5, 2)


def load_rows(*rows):
    """Import rows; return the report."""
    with closing(read_table(io.BytesIO("\n".join([HEADER, *rows]).encode()), COLUMNS)) as table:
        return load_placements(table)


@pytest.fixture
def load(db):
    course = CourseFactory()
    return lambda **fields: load_rows(placement_row(course, **fields))


def test_a_company_that_a_person_renamed_keeps_its_name_when_the_file_comes_again(load) -> None:
    load()
    save_company(cvr(1), name="Bageren A/S")
    assert load() == {"created": 0, "updated": 0, "unchanged": 1}
    assert Company.objects.get().name == "Bageren A/S"


def test_a_third_name_is_listed_and_the_rest_of_the_row_applied(load) -> None:
    load()
    save_company(cvr(1), name="Bageren A/S")
    report = load(company="Brødbageren", ended_on="2016-05-02")
    assert (report["updated"], [entry["column"] for entry in report["contradicted"]]) == (1, ["company"])
    assert (Company.objects.get().name, Placement.objects.get().ended_on) == ("Bageren A/S", ENDED)
    assert load(company="Brødbageren", ended_on="2016-05-02") == {"created": 0, "updated": 0, "unchanged": 1}


def test_a_name_of_the_public_register_is_not_a_file_s(load) -> None:
    CompanyFactory(cvr=cvr(1), name="BAGEREN A/S", register_read_on=TODAY)
    assert [entry["column"] for entry in load()["contradicted"]] == ["company"]
    assert Company.objects.get().name == "BAGEREN A/S"


def test_two_sources_that_spell_a_company_differently_do_not_rename_it_in_turn(load) -> None:
    other = CourseFactory()

    def load_other():
        return load_rows(placement_row(other, company="Bager Hansen"))

    load()
    load_other()
    name = Company.objects.get().name
    assert [load()["unchanged"], load_other()["unchanged"], load()["unchanged"]] == [1, 1, 1]
    assert Company.objects.get().name == name
