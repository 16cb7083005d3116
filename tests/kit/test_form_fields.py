"""A form changes the fields that it names, and none that only the system may set."""

from django import forms
from django.db import models
from django.forms.models import BaseModelForm

from tests.kit.all_forms import all_form_classes

#: Fields that follow from an act: no form of ours offers one.
OF_THE_SYSTEM = {
    *("id", "public_id", "password", "is_superuser", "is_staff", "is_active", "last_login"),
    *("created_by", "created_at", "project", "role", "pseudonym", "lookup_hash", "sha256"),
}


def model_forms():
    return [form for form in all_form_classes() if issubclass(form, BaseModelForm) and form._meta.model]


def test_every_form_of_a_model_names_its_fields():
    assert len(model_forms()) > 20
    assert [
        form.__name__
        for form in model_forms()
        if form._meta.fields in (None, forms.ALL_FIELDS) or form._meta.exclude
    ] == []


def test_no_form_sets_what_only_the_system_may_set():
    offered = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in model_forms()
        for name in form._meta.fields or ()
        if name in OF_THE_SYSTEM
        and isinstance(form._meta.model._meta.get_field(name), models.Field)
        and not getattr(form.base_fields.get(name), "disabled", False)
    }
    assert offered == set()
