"""Lists by the wrong person, changed after they were approved, and made or carried out twice at once."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from accounts.models import User
from jobfirst.database.owner import as_owner
from rights.erasure import carrying_out, runs
from rights.erasure.carrying_out import carry_out
from rights.erasure.lists import list_path, read_list
from rights.models import Erasure, ErasureItem, ErasureRun, RunState
from rights.models.runs import hash_of_subject
from tests.concurrency import run_at_once
from tests.factories import CitizenFactory, ProjectFactory, ReferralFactory, UserFactory
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


@pytest.fixture
def stopped(refused, approve, monkeypatch):
    """An approved list of three whose erasure was stopped after the first."""
    run = approve()
    first = run.items.first()
    carry_out_citizen = carrying_out._carry_out_citizen

    def stop_after_one(run, item, *arguments):
        if item != first:
            raise KeyboardInterrupt
        carry_out_citizen(run, item, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(carrying_out, "_carry_out_citizen", stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            erase()
    assert run.items.filter(state="erased").count() == 1
    return run


def test_a_list_that_was_stopped_on_the_way_goes_on(stopped):
    """Whoever was erased stands on it without an id: that is no other list."""
    assert erase().erased == 2


def add_somebody(run):
    stranger = CitizenFactory()
    ErasureItem.objects.create(
        run=run, kind="refused", subject=stranger.public_id, begins_on=LONG_AFTER, due_on=LONG_AFTER
    )


def take_somebody_off(run):
    run.items.filter(state="listed").first().delete()


def move_a_day(run):
    run.items.filter(state="listed").update(begins_on=LONG_AFTER)


def pretend_an_erasure(run):
    """Mark the next one as erased, with the right hash, although nobody was."""
    item = run.items.filter(state="listed").first()
    run.items.filter(pk=item.pk).update(state="erased", subject=None, subject_hash=item.hash_of_subject)


@pytest.mark.parametrize("tamper", [add_somebody, take_somebody_off, move_a_day, pretend_an_erasure])
def test_the_rest_of_a_stopped_list_is_left_when_it_is_another_one_than_was_approved(stopped, tamper):
    tamper(stopped)
    outcome = erase()
    assert (outcome.erased, outcome.left) == (0, {f"list {stopped.public_id}": "another_list"})
    assert set(stopped.items.filter(subject__isnull=False).values_list("state", "note")) == {
        ("left", "another_list")
    }


def test_who_is_added_after_the_list_was_compared_is_not_erased(project, refused, approve, monkeypatch):
    added = ReferralFactory(project=project, state="refused", reasons=["under_30"]).citizen
    monkeypatch.setattr(runs, "MOST_ON_A_LIST", 3)  # she is due, and not on the list
    run = approve()
    assert added.public_id not in run.items.values_list("subject", flat=True)
    is_another_list = carrying_out._is_another_list

    def compare_and_add(run, items):
        verdict = is_another_list(run, items)
        ErasureItem.objects.create(
            run=run, kind="refused", subject=added.public_id, begins_on=LONG_AFTER, due_on=LONG_AFTER
        )
        return verdict

    monkeypatch.setattr(carrying_out, "_is_another_list", compare_and_add)
    assert erase().erased == 3
    added.refresh_from_db()
    assert added.erased_on is None


def test_no_list_is_made_while_an_erasure_is_carried_out_and_the_page_says_so_at_once(
    project, refused, approve, administrator, client, monkeypatch
):
    """The command holds its lock for as long as it runs: a request that waited for it would hang."""
    approve()
    ReferralFactory(project=project, state="refused", reasons=["under_30"])
    client.force_login(administrator)
    answers = []
    carry_out_run = carrying_out._carry_out_run

    def post_meanwhile(*arguments):
        def post():
            return client.post("/opbevaring/forslag/", {"project": project.slug}, follow=True)

        answers.extend(run_at_once([post]))
        carry_out_run(*arguments)

    monkeypatch.setattr(carrying_out, "_carry_out_run", post_meanwhile)
    assert erase().erased == 3
    (answer,) = answers
    assert "En sletning er i gang lige nu." in answer.content.decode()
    assert ErasureRun.objects.filter(state="proposed").count() == 0
    client.post("/opbevaring/forslag/", {"project": project.slug})
    assert ErasureRun.objects.filter(state="proposed").count() == 1


def test_an_approved_list_can_be_withdrawn_until_it_is_carried_out(refused, approve, administrator, client):
    run = approve()
    client.force_login(administrator)
    page = client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    assert "/fortryd/" in page
    assert "/godkend/" not in page
    client.post(f"/opbevaring/forslag/{run.public_id}/fortryd/")
    assert erase().erased == 0
    run.refresh_from_db()
    assert (run.state, run.withdrawn_by) == (RunState.WITHDRAWN, administrator)


def test_who_approved_a_list_still_stands_on_it_once_it_is_withdrawn(
    refused, approve, administrator, leader, client
):
    run = approve()
    approved_at = run.decided_at
    client.force_login(administrator)
    client.post(f"/opbevaring/forslag/{run.public_id}/fortryd/")
    run.refresh_from_db()
    assert (run.decided_by, run.decided_at, run.withdrawn_by) == (leader, approved_at, administrator)
    page = client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    assert f"<dt>Afgjort af</dt><dd>{leader.name}" in page
    assert f"<dt>Annulleret af</dt><dd>{administrator.name}" in page


def test_a_list_withdrawn_while_it_waited_names_who_did_so_once(
    project, refused, administrator, leader, client
):
    run = runs.propose(administrator, project.pk, LONG_AFTER)
    runs.decide(run, leader, RunState.WITHDRAWN, "")
    client.force_login(administrator)
    page = client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    assert f"<dt>Annulleret af</dt><dd>{leader.name}" in page
    assert "Afgjort af" not in page


def test_a_list_that_was_withdrawn_while_another_one_was_carried_out_erases_nobody(
    refused, approve, administrator, monkeypatch
):
    run = approve()
    write_list = carrying_out.write_list

    def withdraw_first():
        (outcome,) = run_at_once([lambda: runs.decide(run, administrator, RunState.WITHDRAWN, "")])
        assert isinstance(outcome, ErasureRun | ValidationError)
        return write_list()

    begun = carrying_out._begun
    monkeypatch.setattr(carrying_out, "_begun", lambda pk: (withdraw_first(), begun(pk))[1])
    assert erase().erased == 0
    run.refresh_from_db()
    assert run.state == RunState.WITHDRAWN


def test_a_list_that_has_begun_is_not_withdrawn(stopped, administrator, client):
    with pytest.raises(ValidationError):
        runs.decide(stopped, administrator, RunState.WITHDRAWN, "")
    client.force_login(administrator)
    assert "/fortryd/" not in client.get(f"/opbevaring/forslag/{stopped.public_id}/").content.decode()


def test_a_list_that_was_stopped_under_an_earlier_version_is_not_withdrawn_either(stopped, administrator):
    """That version did not store the moment at which a list was begun."""
    ErasureRun.objects.filter(pk=stopped.pk).update(begun_at=None)
    importlib.import_module("rights.migrations.0011_hashes_of_waiting_lists").state_begun(apps, None)
    stopped.refresh_from_db()
    assert stopped.begun_at == Erasure.objects.get().erased_at
    with pytest.raises(ValidationError):
        runs.decide(stopped, administrator, RunState.WITHDRAWN, "")


def test_an_approved_list_of_which_nobody_was_erased_has_not_begun(refused, approve):
    run = approve()
    importlib.import_module("rights.migrations.0011_hashes_of_waiting_lists").state_begun(apps, None)
    run.refresh_from_db()
    assert run.begun_at is None


def test_an_erasure_takes_the_id_off_the_other_lists_too(refused, approve, administrator):
    first = approve()
    runs.decide(first, administrator, RunState.WITHDRAWN, "")
    approve()
    assert erase().erased == 3
    assert list(first.items.values_list("subject", flat=True)) == [None] * 3
    assert {bytes(stored_hash) for stored_hash in first.items.values_list("subject_hash", flat=True)} == {
        hash_of_subject(citizen.public_id) for citizen in refused
    }


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


def test_of_two_people_at_once_who_withdraws_the_list_decides(project, refused, administrator, leader):
    """Whichever comes first: what is approved can be withdrawn, and what is withdrawn is not approved."""
    run = runs.propose(administrator, project.pk, LONG_AFTER)
    other = UserFactory(roles=["administrator"])
    run_at_once(
        [
            lambda: runs.decide(run, leader, RunState.APPROVED, run.content_hash),
            lambda: runs.decide(run, other, RunState.WITHDRAWN, ""),
        ]
    )
    run.refresh_from_db()
    assert (run.state, run.withdrawn_by) == (RunState.WITHDRAWN, other)


def test_a_list_is_approved_once_by_two_people_at_once(project, refused, administrator, leader):
    run = runs.propose(administrator, project.pk, LONG_AFTER)
    other = UserFactory(roles=["administrator"])
    outcomes = run_at_once(
        [lambda by=by: runs.decide(run, by, RunState.APPROVED, run.content_hash) for by in (leader, other)]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ErasureRun", "ValidationError"]


def test_each_list_is_written_down_outside_the_database_before_the_next_one(refused, approve, monkeypatch):
    approve()
    other = ProjectFactory()
    ReferralFactory(project=other, state="refused", reasons=["under_30"])
    approve(project_id=other.pk)
    lines = []
    begun = carrying_out._begun

    def count_lines(pk):
        lines.append(len(read_list(list_path())))
        return begun(pk)

    monkeypatch.setattr(carrying_out, "_begun", count_lines)
    erase()
    assert lines == [0, 3]
    assert len(read_list(list_path())) == 4
