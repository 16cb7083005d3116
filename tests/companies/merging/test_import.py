"""Placements delivered under the number of a record that was merged."""

import io
from contextlib import closing

import pytest

from companies.exchange import COLUMNS, load_placements
from companies.merging.actions import merge_companies
from companies.models import Company, Placement
from jobfirst.exchange import BadFile, read_table
from tests.factories import CompanyFactory, CourseFactory, UserFactory
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = pytest.mark.django_db


def deliver(*rows):
    text = "\n".join([HEADER, *rows])
    with closing(read_table(io.BytesIO(text.encode()), COLUMNS)) as table:
        return load_placements(table)


def test_a_file_under_the_old_number_changes_nothing_when_it_is_delivered_again():
    duplicate, remaining = CompanyFactory(name="Bageren"), CompanyFactory(name="Bageren ApS")
    row = placement_row(CourseFactory(), cvr=duplicate.cvr, company="Bageren")
    deliver(row)
    merge_companies(duplicate, remaining, reason="x", by=UserFactory(roles=["agency"]))
    assert deliver(row) == {"created": 0, "updated": 0, "unchanged": 1}
    assert Placement.objects.get().company == remaining
    assert set(Company.objects.values_list("name", flat=True)) == {"Bageren", "Bageren ApS"}


def test_one_placement_under_both_numbers_is_refused():
    duplicate, remaining = CompanyFactory(name="Bageren"), CompanyFactory(name="Bageren ApS")
    merge_companies(duplicate, remaining, reason="x", by=UserFactory(roles=["agency"]))
    course = CourseFactory()
    rows = [placement_row(course, cvr=row.cvr, company=row.name) for row in (duplicate, remaining)]
    with pytest.raises(BadFile):
        deliver(*rows)
    assert not Placement.objects.exists()
