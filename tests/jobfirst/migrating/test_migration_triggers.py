"""Migrations that are applied quickly leave the same state as Django's."""

import pgtrigger
import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from jobfirst.migrating.triggers import triggers_without_rendering

TRIGGER = pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)


@pytest.fixture
def state():
    """The state of one model, rendered."""
    state = ProjectState()
    state.add_model(ModelState("cases", "sample", [("id", models.AutoField(primary_key=True))]))
    assert state.apps.get_model("cases", "sample")
    return state


def test_adding_and_removing_a_trigger_renders_no_model_again(state):
    rendered = state.apps.get_model("cases", "sample")
    with triggers_without_rendering():
        AddTrigger("sample", TRIGGER).state_forwards("cases", state)
        assert state.models["cases", "sample"].options["triggers"] == [TRIGGER]
        assert state.apps.get_model("cases", "sample") is rendered
        RemoveTrigger("sample", "keep").state_forwards("cases", state)
    assert state.models["cases", "sample"].options["triggers"] == []
    assert state.apps.get_model("cases", "sample") is rendered


def test_outside_of_migrate_the_operations_are_as_ever(state):
    rendered = state.apps.get_model("cases", "sample")
    with pytest.raises(LookupError), triggers_without_rendering():
        raise LookupError
    AddTrigger("sample", TRIGGER).state_forwards("cases", state)
    assert state.apps.get_model("cases", "sample") is not rendered
    assert state.apps.get_model("cases", "sample")._meta.triggers == [TRIGGER]


def test_a_state_that_is_not_rendered_stays_so():
    state = ProjectState()
    state.add_model(ModelState("cases", "sample", [("id", models.AutoField(primary_key=True))]))
    with triggers_without_rendering():
        AddTrigger("sample", TRIGGER).state_forwards("cases", state)
    assert "apps" not in state.__dict__
