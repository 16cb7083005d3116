"""All forms of our apps: their classes, their fields, and where their code makes fields."""

import ast
import importlib
import pathlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings

OUR_APPS = [
    config for config in apps.get_app_configs() if str(config.path).startswith(f"{settings.BASE_DIR}/")
]
OUR_APPS = [config for config in OUR_APPS if "site-packages" not in config.path]


def all_subclasses(base: type) -> Iterator[Any]:
    for subclass in base.__subclasses__():
        yield subclass
        yield from all_subclasses(subclass)


def all_form_classes() -> list[Any]:
    """Return all classes of forms in our apps."""
    for config in OUR_APPS:
        for module in pkgutil.walk_packages([config.path], f"{config.name}."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)
    names = {config.name for config in OUR_APPS}
    classes = {form for form in all_subclasses(forms.BaseForm) if form.__module__.partition(".")[0] in names}
    assert len(classes) > 100
    return sorted(classes, key=lambda form: f"{form.__module__}.{form.__name__}")


def fields(form_classes: list[Any]) -> Iterator[tuple[str, Any, str, forms.Field]]:
    for form in form_classes:
        for name, field in getattr(form, "base_fields", {}).items():
            yield f"{form.__module__}.{form.__name__}.{name}", form, name, field


def calls_of_forms(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of `forms.<name>` in our apps, with its place."""
    for config in OUR_APPS:
        for path in sorted(pathlib.Path(config.path).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == f"forms.{name}":
                    yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", node
