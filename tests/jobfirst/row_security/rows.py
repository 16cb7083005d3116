"""The rows of every table with a wall, by raw SQL and, reckoned in another way, by the ORM."""

from collections.abc import Collection

from django.apps import apps
from django.db import connection
from django.db.models import Model

from jobfirst.row_security.rules import OfProject, OfProjects, OfRows, Through, rule_of


def visible_keys(model: type[Model]) -> set[object]:
    """Return the keys of the rows that the database shows."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}"')
        return {key for (key,) in cursor.fetchall()}


def keys_of_projects(model: type[Model], projects: Collection[int]) -> set[object]:
    """Return the keys of the rows that belong to the projects, reckoned by the ORM from all rows."""
    rule = rule_of(model)
    rows = model._base_manager.all()
    if isinstance(rule, OfProject):
        column = model._meta.get_field(rule.field).attname
        allowed = {*projects, None} if rule.also_without else {*projects}
        return {key for key, project in rows.values_list("pk", column) if project in allowed}
    if isinstance(rule, OfProjects):
        return {key for key, ids in rows.values_list("pk", rule.field) if set(ids) <= set(projects)}
    if isinstance(rule, OfRows):
        child = apps.get_model(rule.model)
        of_projects = child._base_manager.filter(pk__in=keys_of_projects(child, projects))
        return set(of_projects.values_list(rule.field, flat=True))
    assert isinstance(rule, Through)
    field = model._meta.get_field(rule.field)
    parents = keys_of_projects(field.related_model, projects)
    return {key for key, parent in rows.values_list("pk", field.attname) if parent in parents}
