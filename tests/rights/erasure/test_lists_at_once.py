"""Lists by the wrong person, changed after they were approved, and made or carried out twice at once."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from jobfirst.database.owner import as_owner
from rights.erasure import runs
from rights.erasure.carrying_out import carry_out
from rights.models import ErasureItem, ErasureRun, RunState
from tests.concurrency import run_at_once
from tests.factories import CitizenFactory, ReferralFactory, UserFactory
from tests.loops import some
from tests.rights.erasure.conftest import LONG_AFTER

pytestmark = pytest.mark.django_db(transaction=True)


def erase():
    with as_owner():
        return carry_out(LONG_AFTER)


@pytest.fixture
def refused(project):
    """Three refused citizens of the project, who are due."""
    rows = [ReferralFactory(project=project, state="refused", reasons=["under_30"]) for _number in range(3)]
    return [row.citizen for row in rows]


def test_two_lists_at_once_name_nobody_twice(project, refused, administrator):
    other = UserFactory(roles=["administrator"])
    outcomes = run_at_once(
        [lambda by=by: runs.propose(by, project.pk, LONG_AFTER) for by in (administrator, other)]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ErasureRun", "ValidationError"]
    assert ErasureItem.objects.count() == 3


def test_two_commands_at_once_erase_everybody_once(refused, approve):
    run = approve()
    with as_owner():
        outcomes = run_at_once([lambda: carry_out(LONG_AFTER)] * 2)
    assert sorted(outcome.erased for outcome in outcomes) == [0, 3]
    assert [outcome.left for outcome in outcomes] == [{}, {}]
    assert set(run.items.values_list("state", "note")) == {("erased", "")}


def test_nobody_is_erased_by_a_list_to_which_somebody_was_added_after_the_approval(refused, approve):
    run = approve()
    stranger = CitizenFactory()
    ErasureItem.objects.create(
        run=run, kind="refused", subject=stranger.public_id, begins_on=LONG_AFTER, due_on=LONG_AFTER
    )
    outcome = erase()
    assert (outcome.erased, outcome.left) == (0, {f"list {run.public_id}": "another_list"})
    for citizen in some(refused):
        citizen.refresh_from_db()
        assert citizen.erased_on is None


def test_a_list_that_was_stopped_on_the_way_goes_on(refused, approve, monkeypatch):
    """Whoever was erased stands on it without an id: that is no other list."""
    run = approve()
    with monkeypatch.context() as patch:
        patch.setattr("rights.erasure.carrying_out._is_another_list", _stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            erase()
    assert run.items.filter(state="erased").count() == 1
    assert erase().erased == 2


def _stop_after_one(run):
    from rights.erasure import carrying_out

    item = run.items.first()
    carrying_out._carry_out_citizen(run, item, LONG_AFTER, carrying_out.ErasureOutcome())
    raise KeyboardInterrupt


@pytest.fixture
def left(db):
    """A member of staff whose account is closed, and who is due."""
    user = UserFactory(is_active=False)
    User.objects.filter(pk=user.pk).update(created_at="2000-01-01T00:00+00:00", last_login=None)
    return user


def test_a_leader_neither_makes_nor_approves_a_list_of_staff(left, leader, administrator, client):
    later = LONG_AFTER.replace(year=2095)
    run = runs.propose(administrator, None, later)
    assert list(run.items.values_list("subject", flat=True)) == [left.public_id]
    client.force_login(leader)
    assert client.post("/opbevaring/forslag/", {"project": ""}).status_code == 404
    for page in ("godkend/", "fortryd/"):
        answer = client.post(f"/opbevaring/forslag/{run.public_id}/{page}", {"hash": run.content_hash})
        assert answer.status_code == 404
    run.refresh_from_db()
    assert (run.state, run.decided_by) == (RunState.PROPOSED, None)


@pytest.mark.parametrize(
    "role", ["mentor", "course_owner", "job_consultant", "coordinating_caseworker", "agency"]
)
def test_nobody_else_makes_or_approves_a_list(role, project, refused, administrator, client):
    run = runs.propose(administrator, project.pk, LONG_AFTER)
    client.force_login(UserFactory(project=None if role == "agency" else project, roles=[role]))
    answers = [
        client.post("/opbevaring/forslag/", {"project": project.slug}),
        client.post(f"/opbevaring/forslag/{run.public_id}/godkend/", {"hash": run.content_hash}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert ErasureRun.objects.get().state == RunState.PROPOSED


def test_one_person_does_not_approve_in_two_windows(project, refused, administrator, client):
    run = runs.propose(administrator, project.pk, LONG_AFTER)
    outcomes = run_at_once([lambda: runs.decide(run, administrator, RunState.APPROVED, run.content_hash)] * 2)
    assert {type(outcome) for outcome in outcomes} == {ValidationError}


def test_a_list_is_decided_once_by_two_people_at_once(project, refused, administrator, leader):
    run = runs.propose(administrator, project.pk, LONG_AFTER)
    other = UserFactory(roles=["administrator"])
    outcomes = run_at_once(
        [
            lambda: runs.decide(run, leader, RunState.APPROVED, run.content_hash),
            lambda: runs.decide(run, other, RunState.WITHDRAWN, ""),
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ErasureRun", "ValidationError"]
