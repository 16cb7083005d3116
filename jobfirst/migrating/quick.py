"""Migrations without what makes an empty database slow: models that are rendered again and again.

What is left out never reaches the database: `make schemas` compares the two resulting schemas, and how long
both took.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.apps.registry import Apps

from jobfirst.migrating.groups import operations_rendered_in_groups
from jobfirst.migrating.triggers import triggers_without_rendering


@contextmanager
def quick_migrations() -> Iterator[None]:
    """Apply migrations quickly inside the block."""
    with triggers_without_rendering(), operations_rendered_in_groups(), swapped_models_remembered():
        yield


@contextmanager
def swapped_models_remembered() -> Iterator[None]:
    """Look through the models of the installed apps once for each model that a foreign key may point to.

    Each foreign key that is rendered asks whether its model stands for a setting (AUTH_USER_MODEL). Django
    remembers the answer too, but forgets it with every model that is rendered, although those of the
    installed apps stay. That was two fifths of what was left.
    """
    ask = Apps.get_swappable_settings_name
    names: dict[str, str | None] = {}

    def remember(registry: Apps, model: str) -> str | None:
        if registry is not apps:
            return ask(registry, model)
        if model not in names:
            names[model] = ask(registry, model)
        return names[model]

    remember.cache_clear = ask.cache_clear  # type: ignore[attr-defined]  # called by `Apps.clear_cache`
    Apps.get_swappable_settings_name = remember  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        Apps.get_swappable_settings_name = ask  # type: ignore[method-assign]
