"""The lists of the kit: order, cells, headings, sums below, and the form that narrows them."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation
from django.utils.safestring import SafeString

from accounts.models import Municipality
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn
from jobfirst.templatetags.lists import filter_input
from tests.kit.sample import SampleTable


class TotalColumn(NumberColumn):
    def footer_text(self, name, records):
        return sum(getattr(record, name) for record in records)


class PersonTable(KitTable):
    title = "People"
    default_order = ("-age",)

    name = Column(
        verbose_name="name", accessor="person__name", order_by=("person__name", "-age"), footer="In all"
    )
    age = TotalColumn(verbose_name="Age")
    born_on = DayColumn(verbose_name="Born")
    shout = Column(verbose_name="Shout", has_value=False)

    def render_shout(self, record):
        return SafeString(f"<b>{record.age}</b>")


class OlderPeopleTable(PersonTable):
    column_order = ("age", "name")


def person(name, age, born_on=None):
    return SimpleNamespace(person=name and SimpleNamespace(name=name), age=age, born_on=born_on)


@pytest.fixture
def table():
    return PersonTable([person("Bo", 30), person("Al", 20), person("Bo", 40), person(None, 25)])


def ages(table):
    return [record.age for record in table.records]


def test_without_a_wish_it_has_its_own_order(table):
    table.configure(QueryDict())
    assert ages(table) == [40, 30, 25, 20]


@pytest.mark.parametrize(("sort", "expected"), [("name", [20, 40, 30, 25]), ("-name", [25, 30, 40, 20])])
def test_it_is_sorted_by_several_keys_and_nothing_comes_last(table, sort, expected):
    table.configure(QueryDict(f"sort={sort}"))
    assert ages(table) == expected


@pytest.mark.parametrize("sort", ["shout", "person", "__class__", "-", "--age", "name,age"])
def test_what_cannot_be_sorted_by_is_passed_over(table, sort):
    table.configure(QueryDict(f"sort={sort}"))
    assert ages(table) == [40, 30, 25, 20]


def test_a_queryset_is_sorted_by_the_database(db):
    class MunicipalityTable(KitTable):
        name = Column(verbose_name="Name", order_by=("name", "-code"))

    table = MunicipalityTable(Municipality.objects.all())
    table.configure(QueryDict("sort=-name"))
    expected = Municipality.objects.order_by("-name", "code").values_list("code", flat=True)[:25]
    assert [row.code for row in table.records] == list(expected)
    assert table.total == Municipality.objects.count()


def test_the_page_is_cut_after_sorting(table):
    table.configure(QueryDict("page=2"), page_size=3)
    assert ages(table) == [20]
    assert [number for number, _ in table.page_links()] == [1, 2]


def test_a_heading_sorts_the_other_way_and_keeps_the_rest_of_the_address(table):
    table.configure(QueryDict("sort=name&q=æ&page=1"))
    name, age, _, shout = table.headings()
    assert (name.text, name.direction) == ("Name", "ascending")
    assert QueryDict(name.url[1:]).dict() == {"sort": "-name", "q": "æ"}
    assert QueryDict(age.url[1:])["sort"] == "age"
    assert shout.url == ""


def directions(table):
    return {heading.text: heading.direction for heading in table.headings() if heading.direction}


def test_the_heading_shows_the_order_that_a_list_has_by_itself(table):
    table.configure(QueryDict())
    assert directions(table) == {"Age": "descending"}
    assert QueryDict(table.headings()[1].url[1:])["sort"] == "age"


def test_the_heading_shows_the_order_in_which_the_data_came():
    class NewestPeopleTable(PersonTable):
        default_order = ()
        given_order = "born_on"

    table = NewestPeopleTable([person("Bo", 30), person("Al", 40)])
    table.configure(QueryDict())
    assert (ages(table), directions(table)) == ([30, 40], {"Born": "ascending"})
    table.configure(QueryDict("sort=-age"))
    assert (ages(table), directions(table)) == ([40, 30], {"Age": "descending"})


def test_of_several_columns_the_first_shows_the_order():
    class SortedTwiceTable(PersonTable):
        default_order = ("name", "-age")

    table = SortedTwiceTable([person("Bo", 30), person("Bo", 40)])
    table.configure(QueryDict())
    assert (ages(table), directions(table)) == ([40, 30], {"Name": "ascending"})


def test_a_cell_without_a_value_says_so(table):
    row = PersonTable([person(None, 25)]).rows()[0]
    assert row == (
        '<tr><td data-title="Name">–</td><td data-title="Age" class="jf-number">25</td>'
        '<td data-title="Born" class="jf-nowrap">–</td><td data-title="Shout"><b>25</b></td></tr>\n'
    )


def test_text_is_escaped_in_cells_and_titles():
    class HostileTable(KitTable):
        name = Column(verbose_name='"><script>')

    row = HostileTable([SimpleNamespace(name="<i>&")]).rows()[0]
    assert row == '<tr><td data-title="&quot;&gt;&lt;script&gt;">&lt;i&gt;&amp;</td></tr>\n'


def test_numbers_are_written_as_the_reader_does():
    row = SimpleNamespace(name="Bo", phase="x", count=Decimal("1234.5"))
    with translation.override("en"):
        assert "1234.5" in SampleTable([row]).rows()[0]


def test_sums_stand_below_all_pages(table):
    table.configure(QueryDict(), page_size=1)
    assert [text for _, text in table.footers()] == ["In all", 115, "", ""]
    assert SampleTable([]).footers() == []


def test_a_list_made_from_another_has_its_own_order_of_columns(table):
    assert list(OlderPeopleTable([]).columns) == ["age", "name"]
    assert list(table.columns) == ["name", "age", "born_on", "shout"]


class NarrowingForm(forms.Form):
    arm = forms.ChoiceField(choices=[("", "Alle"), ("a", "A & B")], required=False, label="Arm")


def test_a_select_of_a_filter_has_its_choices_and_its_error():
    assert filter_input(NarrowingForm({"arm": "a"})["arm"]) == (
        '<select class="form-select" id="id_arm" name="arm"><option value="">Alle</option>'
        '<option value="a" selected>A &amp; B</option></select>'
    )
    assert '<option value="" selected>' in filter_input(NarrowingForm({})["arm"])
    wrong = NarrowingForm({"arm": "x"})
    assert not wrong.is_valid()
    assert 'aria-describedby="id_arm_error" aria-invalid="true"' in filter_input(wrong["arm"])


@pytest.mark.django_db
def test_rows_that_sort_alike_have_one_place(django_assert_num_queries):
    class MunicipalityTable(KitTable):
        name = Column(verbose_name="Name")

    table = MunicipalityTable(Municipality.objects.all())
    table.configure(QueryDict("sort=name"))
    assert table.in_order().query.order_by == ("name", "pk")


def test_a_compact_list_marks_the_cells_without_a_value():
    class CompactTable(PersonTable):
        is_compact = True

    row = CompactTable([person(None, 25)]).rows()[0]
    assert '<td data-title="Name" class="jf-no-value">–</td>' in row
    assert '<td data-title="Age" class="jf-number">25</td>' in row
