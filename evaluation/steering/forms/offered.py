"""Choices of members that the page has read already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from evaluation.steering.models import SteeringMember


def offer_members(form: forms.BaseForm, name: str, members: Iterable[SteeringMember]) -> None:
    """Show the members as the choices of a field, without a query; its queryset still checks the answer."""
    field: Any = form.fields[name]
    empty = [] if field.empty_label is None else [("", field.empty_label)]
    field.choices = [*empty, *((member.pk, field.label_from_instance(member)) for member in members)]
