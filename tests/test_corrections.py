"""Each record with history says how it is corrected: the table "Corrections" in docs/rules.md (D41)."""

import re
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from audit.history import Event
from audit.withdrawals import Withdrawable


class Line(NamedTuple):
    """A line of the table: the names of the models, and who, until when and how."""

    models: tuple[str, ...]
    cells: tuple[str, ...]


def lines_of_the_table() -> list[Line]:
    text = (settings.BASE_DIR / "docs/rules.md").read_text("utf-8")
    section = text.split("\n## Corrections\n")[1].split("\n## ")[0]
    lines = []
    for row in re.findall(r"^\| (`.*) \|$", section, re.M):
        first, *cells = row.split(" | ")
        lines.append(Line(tuple(re.findall(r"`(\w+)`", first)), tuple(cells)))
    return lines


def tracked_models() -> set[str]:
    """The models of our apps whose changes a history table keeps."""
    events = [model for model in apps.get_models() if issubclass(model, Event)]
    return {model.pgh_tracked_model.__name__ for model in events}


def names_of_addresses(resolver=None, prefix="") -> set[str]:
    """All URL names with their namespaces."""
    names = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            names |= names_of_addresses(pattern, inner)
        elif pattern.name:
            names.add(f"{prefix}{pattern.name}")
    return names


def test_every_record_with_history_says_how_it_is_corrected():
    in_the_table = [name for line in lines_of_the_table() for name in line.models]
    assert len(in_the_table) == len(set(in_the_table)), "a record stands twice"
    assert set(in_the_table) == tracked_models()


def test_each_line_says_who_until_when_and_how():
    lines = lines_of_the_table()
    assert len(lines) > 30
    assert [line for line in lines if len(line.cells) != 3 or not all(line.cells)] == []


def test_each_page_of_the_table_exists():
    how = " ".join(line.cells[2] for line in lines_of_the_table())
    pages = set(re.findall(r"`([a-z_]+(?::[a-z_]+)?)`", how))
    assert len(pages) > 30
    assert pages - names_of_addresses() == set()


def test_what_is_withdrawn_names_who_did_it():
    """Each withdrawable table has the constraint that ties who and why to when."""
    models = [
        model
        for model in apps.get_models()
        if issubclass(model, Withdrawable) and not issubclass(model, Event)
    ]
    assert len(models) > 5
    for model in models:
        constraints = {constraint.name for constraint in model._meta.constraints}
        assert any(name.endswith("_withdrawn") for name in constraints), model
