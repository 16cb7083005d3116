"""Every list that can be sorted shows by an arrow how it is sorted when it is opened."""

import pytest
from django.urls import reverse

from jobfirst.kit.tables import KitTable
from tests.factories import ProjectFactory, UserFactory
from tests.loops import if_any, some

#: Lists whose order is none of a single column, with that order.
OTHER_ORDERS = {
    "StatementTable": "what the agency has to decide on first",
    "UnusedTable": "by course, then by spell",
    "StatementProjectTable": "the projects of a draft",
}


def tables(base: type[KitTable] = KitTable):
    """Yield the lists of the house that are sorted from the URL."""
    for table in base.__subclasses__():
        yield from tables(table)
        is_base = bool(table.__subclasses__()) or table.__module__.startswith("tests.")
        if not is_base and table.orderable and any(column.orderable for column in table.declared.values()):
            yield table


@pytest.fixture(scope="module", autouse=True)
def _pages():
    """Import every list, as the URLs do."""
    from django.urls import get_resolver

    assert get_resolver().url_patterns


def test_each_list_names_the_column_of_its_order():
    without = {table.__name__ for table in tables() if not table.default_order and not table.given_order}
    assert without == set(OTHER_ORDERS)


@pytest.mark.django_db
def test_the_course_list_shows_that_the_newest_stand_first(client):
    user = UserFactory(project=ProjectFactory(), roles=["project_leader"])
    client.force_login(user)
    headings = client.get(reverse("cases:courses")).context["table"].headings()
    assert {heading.text: heading.direction for heading in headings if heading.direction} == {
        "Startet": "descending"
    }


def test_the_named_columns_can_be_sorted_by():
    for table in some(tables()):
        for name in if_any(filter(None, (*table.default_order, table.given_order))):
            assert table.declared[name.removeprefix("-")].orderable, table
