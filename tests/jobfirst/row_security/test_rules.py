"""Every table with a project's data has a wall, or stands here with its reason."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models

from accounts.models import Project
from cases.models import Course
from jobfirst.row_security import rules
from jobfirst.row_security.policies import POLICY
from jobfirst.row_security.rules import OfProject, Shared, Through, rule_of, shared_models, walled_models
from tests.loops import some

#: Tables that lead to a project and have no wall. The reason of each stands at its model.
WITHOUT_WALL = {
    "accounts_absence",
    "accounts_absenceevent",
    "accounts_accountrequest",
    "accounts_accountrequestevent",
    "accounts_delivereduser",
    "accounts_membership",
    "accounts_membershipevent",
    "accounts_projectmunicipality",
    "evaluation_targetgroupcount",
    "evaluation_targetgroupcountevent",
    "grants_document",
    "randomization_stratum",
    "rights_erasureitem",
    "rights_erasurerun",
}

POLICIES = """
    SELECT relname, relrowsecurity, relforcerowsecurity,
           array(SELECT polroles::regrole[]::text || ' ' || polcmd::text || ' ' || polname
                   FROM pg_policy WHERE polrelid = c.oid)
      FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def test_each_table_that_leads_to_a_project_has_a_rule():
    """A new table cannot be forgotten: without a rule this fails, and so does `migrate`."""
    for model in some(apps.get_models(include_auto_created=True)):
        rule_of(model)
    assert set(shared_models()) == WITHOUT_WALL
    assert all(len(reason) > 20 for reason in some(shared_models().values()))
    assert len(list(walled_models())) > 100


def test_a_model_that_leads_to_a_project_by_an_optional_key_must_have_a_rule():
    class Remark(models.Model):  # noqa: DJ008
        course = models.ForeignKey(Course, null=True, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "cases"
            apps = Apps()

    with pytest.raises(ImproperlyConfigured, match=r"cases\.Remark leads to a project"):
        rule_of(Remark)


def test_the_rule_of_a_new_model_follows_from_its_required_keys():
    class Remark(models.Model):  # noqa: DJ008
        course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "cases"
            apps = Apps()

    class Budget(models.Model):  # noqa: DJ008
        project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "cases"
            apps = Apps()

    assert rule_of(Remark) == Through("course")
    assert rule_of(Budget) == OfProject("project")


@pytest.mark.django_db
def test_each_table_with_a_wall_has_one_policy_for_the_application_and_no_other_has():
    with connection.cursor() as cursor:
        cursor.execute(POLICIES)
        tables = {table: tuple(facts) for table, *facts in cursor.fetchall()}
    walled = {model._meta.db_table for model in walled_models()}
    assert walled <= set(tables)
    for table, facts in some(tables.items()):
        policies = [f"{{jobfirst_app}} * {POLICY}"] if table in walled else []
        assert facts == (table in walled, False, policies), table


def test_the_tables_of_people_and_companies_are_no_projects():
    """What leads to a user alone has no wall: neither has the person's account."""
    for label in ("accounts.User", "reminders.Digest", "companies.Company", "audit.AccessRecord"):
        assert rule_of(apps.get_model(label)) is None
    assert isinstance(rule_of(apps.get_model("accounts.Membership")), Shared)
    assert rules.is_walled(apps.get_model("cases.Citizen"))
