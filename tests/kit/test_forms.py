"""The crispy template pack: each field kind with its label, hint, error and the right keyboard."""

import re

import pytest
from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from jobfirst.kit.forms import form_helper
from jobfirst.kit.layout import Folded
from jobfirst.templatetags.kit import filter_fields
from tests.kit.sample import SampleForm
from tests.loops import some

FIELDS = ["name", "cpr", "kind", "way", "inline", "many", "agree", "first", "hours", "note", "upload"]


@pytest.fixture
def refused():
    """Return the page of a form that was sent empty."""
    with translation.override("da"):
        return render_crispy_form(SampleForm(data={}))


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_kind_shows_its_error_beside_the_field(refused, name):
    assert f'id="id_{name}_error"' in refused


@pytest.mark.parametrize("name", FIELDS)
def test_the_summary_links_to_each_field_in_error(refused, name):
    anchor = re.search(rf'<a href="#(id_{name}(?:_0)?)">', refused)
    assert anchor
    assert f'id="{anchor[1]}"' in refused


@pytest.mark.parametrize("name", ["name", "cpr", "kind", "agree", "first", "hours", "note", "upload"])
def test_a_field_in_error_is_tied_to_its_message(refused, name):
    control = re.search(rf"<(?:input|select|textarea)[^>]*\bid=\"id_{name}\"[^>]*>", refused)[0]
    assert 'aria-invalid="true"' in control
    assert f"id_{name}_error" in re.search(r'aria-describedby="([^"]*)"', control)[1]


@pytest.mark.parametrize("name", ["way", "inline", "many"])
def test_a_group_in_error_is_tied_to_its_message(refused, name):
    group = re.search(rf'<div id="div_id_{name}".*?<fieldset([^>]*)>', refused, re.S)[1]
    assert f"id_{name}_error" in group


def test_every_visible_control_has_a_label(refused):
    controls = r'<(?:input(?![^>]*type="hidden")|select|textarea)[^>]*\bid="([^"]+)"'
    for control in some(re.findall(controls, refused)):
        assert f'for="{control}"' in refused, control


def test_hint_and_required_mark(refused):
    assert '<span class="form-hint" id="id_name_helptext">For- og efternavn</span>' in refused
    label = re.search(r'<label for="id_name"[^>]*>(.*?)</label>', refused, re.S)[1]
    assert "jf-required" in label
    optional = re.search(r'<label for="id_last"[^>]*>(.*?)</label>', refused, re.S)[1]
    assert "jf-required" not in optional


def test_phone_keyboards():
    page = render_crispy_form(SampleForm())
    assert re.search(r'<input type="text" name="cpr" inputmode="numeric" autocomplete="off"', page)
    assert re.search(r'<input type="text" name="hours" inputmode="decimal"', page)
    assert re.search(r'<input type="date" name="first"', page)


def test_nothing_typed_is_lost_on_an_error():
    data = {"name": "Æble <b>", "kind": "b", "way": "c", "many": ["a", "c"], "agree": "on"}
    data["first"] = "2016-03-01"
    page = render_crispy_form(SampleForm(data=data))
    assert 'value="Æble &lt;b&gt;"' in page
    assert '<option value="b" selected>' in page
    assert re.search(r'name="way" id="id_way_2" value="c" checked', page)
    assert re.search(r'name="many" id="id_many_0" value="a" checked', page)
    assert re.search(r'name="many" id="id_many_2" value="c" checked', page)
    assert re.search(r'name="agree"[^>]*checked', page)
    assert 'value="2016-03-01"' in page


def test_a_valid_form_shows_no_error():
    data = {
        "name": "A", "cpr": "1", "kind": "a", "way": "a", "inline": "a", "many": ["a"], "agree": "on",
        "first": "2016-03-01", "hours": "3", "note": "n",
    }  # fmt: skip
    form = SampleForm(data=data, files={"upload": SimpleUploadedFile("f.csv", b"x")})
    page = render_crispy_form(form)
    assert "form-error" not in page
    assert 'enctype="multipart/form-data"' in page


def test_a_form_that_posts_carries_its_token_and_is_not_checked_by_the_browser(rf):
    page = render_crispy_form(SampleForm(), context={"csrf_token": "the-token"})
    assert "the-token" in page
    assert "novalidate" in page
    assert 'href="/liste/"' in page


class FoldedForm(forms.Form):
    name = forms.CharField(required=False)
    note = forms.CharField(required=False, max_length=3)


@pytest.mark.parametrize(
    ("data", "initial", "is_open"),
    [
        (None, {}, False),
        (None, {"note": "x"}, True),
        ({"note": "long"}, {}, True),
        ({"name": "x"}, {}, False),
    ],
)
def test_rarely_needed_fields_are_folded_until_one_is_filled_in_or_refused(data, initial, is_open):
    form = FoldedForm(data, initial=initial)
    html = render_crispy_form(form, form_helper(layout=Layout("name", Folded("More", "note"))))
    assert ('<details class="jf-details" open>' in html) == is_open
    assert "<summary>More</summary>" in html


@pytest.mark.parametrize(("data", "is_open"), [(None, False), ({"note": "x"}, False), ({"note": "y"}, True)])
def test_fields_with_their_usual_values_stay_folded_until_one_is_changed(data, is_open):
    form = FoldedForm(data, initial={"note": "x"})
    layout = Layout("name", Folded("More", "note", has_usual_values=True))
    html = render_crispy_form(form, form_helper(layout=layout))
    assert ('<details class="jf-details" open>' in html) == is_open


class LongFilter(forms.Form):
    name, state, kind, place, day = (forms.CharField(required=False) for _ in range(5))


@pytest.mark.parametrize(
    ("data", "more_are_used"), [({}, False), ({"name": "x"}, False), ({"day": "x"}, True)]
)
def test_a_long_filter_is_folded_after_its_third_field_unless_the_rest_is_used(data, more_are_used):
    fields = filter_fields(LongFilter(data))
    assert [field.name for field in fields.first] == ["name", "state", "kind"]
    assert [field.name for field in fields.more] == ["place", "day"]
    assert fields.more_are_used == more_are_used
