"""Every day that a form takes lies in a known century, and every text has a limit that fits its purpose."""

import datetime
from typing import Any

import django_filters
import pytest
from django import forms
from django.apps import apps
from django.db import models

from companies.forms.companies import valid_cvr
from jobfirst.kit.fields import DayField, MomentField
from tests.kit.all_forms import OUR_APPS, all_form_classes, all_subclasses, calls_of_forms, fields


@pytest.fixture(scope="module")
def form_classes() -> list[Any]:
    return all_form_classes()


def test_every_day_of_a_form_has_limits(form_classes):
    days = {
        where: field
        for where, _form, _name, field in fields(form_classes)
        if isinstance(field, forms.DateField | forms.DateTimeField)
    }
    assert len(days) > 80
    assert [where for where, field in days.items() if not isinstance(field, DayField | MomentField)] == []


def test_every_day_of_a_filter_has_limits(form_classes):
    filters = [
        (f"{filter_set.__module__}.{filter_set.__name__}.{name}", one_filter.field_class)
        for filter_set in all_subclasses(django_filters.FilterSet)
        for name, one_filter in filter_set.base_filters.items()
    ]
    assert len(filters) > 20
    days = (forms.DateField, forms.DateTimeField)
    limited = (DayField, MomentField)
    assert [
        place for place, kind in filters if issubclass(kind, days) and not issubclass(kind, limited)
    ] == []


def has_limit(field: forms.CharField) -> bool:
    is_pattern = isinstance(field, forms.RegexField) or valid_cvr in field.validators
    is_password = isinstance(field.widget, forms.PasswordInput)
    return field.max_length is not None or is_pattern or is_password or isinstance(field, forms.UUIDField)


def test_every_text_of_a_form_has_a_limit(form_classes):
    texts = [
        (where, field)
        for where, _form, _name, field in fields(form_classes)
        if isinstance(field, forms.CharField)
    ]
    assert len(texts) > 150
    assert [where for where, field in texts if not has_limit(field)] == []


def test_the_limits_of_form_model_and_page_are_the_same(form_classes):
    different = []
    for where, form, name, field in fields(form_classes):
        model = getattr(getattr(form, "_meta", None), "model", None)
        columns = {column.name: column for column in model._meta.fields} if model else {}
        most = getattr(columns.get(name), "max_length", None)
        if not isinstance(field, forms.CharField) or isinstance(field, forms.RegexField) or most is None:
            continue
        on_page = field.widget.attrs.get("maxlength")
        if field.max_length not in {most, None} or (on_page and int(on_page) != most):
            different.append(f"{where}: {field.max_length}, {on_page}, {most}")
    assert different == []


#: Written by the system: the reason of an opening in the access log, copies, and the agency's declaration.
WRITTEN_BY_THE_SYSTEM = [
    "audit.AccessRecord.reason",
    "grants.Snapshot.content",
    "grants.Statement.declaration",
    "grants.StatementApproval.content",
]


def test_every_text_that_people_write_has_a_limit_in_its_model():
    unlimited = [
        str(column)
        for model in apps.get_models()
        if model._meta.app_config in OUR_APPS and not model.__name__.endswith("Event")
        for column in model._meta.fields
        if isinstance(column, models.TextField) and column.editable and column.max_length is None
    ]
    assert sorted(unlimited) == WRITTEN_BY_THE_SYSTEM


@pytest.mark.parametrize("name", ["DateField", "DateTimeField"])
def test_no_field_of_django_takes_a_day(name):
    assert [place for place, _call in calls_of_forms(name)] == []


def test_every_text_field_that_is_made_anywhere_says_its_limit():
    unlimited = [
        place
        for place, call in calls_of_forms("CharField")
        if not {"max_length", "validators"} & {keyword.arg for keyword in call.keywords}
    ]
    assert unlimited == []


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2999-01-01", "2100-01-01", "1899-12-31"])
def test_a_day_of_another_century_is_refused_with_the_reason(typed):
    for field, value in ((DayField(), typed), (MomentField(), f"{typed}T10:00")):
        with pytest.raises(forms.ValidationError) as refusal:
            field.clean(value)
        assert refusal.value.messages == ["Kontrollér årstallet. Det skal ligge mellem 1900 og 2099."]


@pytest.mark.parametrize("typed", ["1900-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_are_taken(typed):
    assert DayField().clean(typed) == datetime.date.fromisoformat(typed)
    assert MomentField().clean(f"{typed}T10:00").date() == datetime.date.fromisoformat(typed)
