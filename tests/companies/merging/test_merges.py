"""Two records of one company put together: what moves, what is refused, and what comes back."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.roles import Role
from companies.actions import placements
from companies.actions.matches import record_match
from companies.actions.renewals import renew_placement
from companies.actions.withdrawals import withdraw_as_error
from companies.matching.actions import open_dialogue, take_step
from companies.matching.entries import StepTaken
from companies.merging.actions import merge_companies, undo_merge
from companies.merging.lookup import remaining_company
from companies.merging.rows import moving_models, workplace_models
from companies.models import (
    Company,
    CompanyAcquaintance,
    CompanyContact,
    CompanyMerge,
    CompanyNote,
    Dialogue,
    JobOpening,
    Match,
    Placement,
    Succession,
    Workplace,
    WorkplaceMerge,
)
from grants.models import EarnedEvent
from grants.storage.stored_events import differences
from jobfirst.values.dates import DAY
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CompanyContactFactory,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
    WorkAgreementFactory,
)

pytestmark = pytest.mark.django_db

TERMS = {"kind": "internship", "internship_hours": 15, "ordinary_hours": 0}


@pytest.fixture
def agency():
    return UserFactory(roles=[Role.AGENCY])


@pytest.fixture
def pair():
    return CompanyFactory(name="Bageren"), CompanyFactory(name="Bageren ApS")


@pytest.fixture
def merge(agency, pair):
    """Puts the first company of the pair at the second."""
    return lambda by=agency, **fields: merge_companies(*pair, reason="Samme firma", by=by, **fields)


def rows_of(company):
    """Return the kinds of the rows at the company, withdrawn placements included."""
    models = (Placement, Match, Dialogue, Workplace, CompanyContact, JobOpening, CompanyNote)
    return sorted(model.__name__ for model in models if model._base_manager.filter(company=company).exists())


def make_everything_at(company):
    """Make one row of every kind that moves."""
    workplace = Workplace.objects.create(company=company, p_number="1003257424", name="Hovedgaden")
    placement = PlacementFactory(company=company, workplace=workplace)
    project = placement.course.project
    course = CourseFactory(project_for=project)
    taken = StepTaken("contacted", DRAWN_ON, note="Ringet")
    open_dialogue(course, company, taken)
    CompanyContactFactory(company=company, project=project)
    CompanyNote.objects.create(company=company, project=project, text="Lukket om mandagen")
    JobOpening.objects.create(company=company, project=project, workplace=workplace, job_function="Bager")
    return placement


def test_everything_moves_and_comes_back(agency, pair, merge):
    duplicate, remaining = pair
    placement = make_everything_at(duplicate)
    kinds = rows_of(duplicate)
    merged = merge()
    assert (rows_of(duplicate), rows_of(remaining)) == ([], kinds)
    placement.refresh_from_db()
    assert placement.match.company == placement.workplace.company == remaining
    undo_merge(merged, by=agency)
    assert (rows_of(duplicate), rows_of(remaining)) == (kinds, [])
    placement.refresh_from_db()
    assert placement.match.company == placement.workplace.company == duplicate


def test_the_number_leads_to_the_company_that_remains_until_it_is_undone(agency, pair, merge):
    merged = merge()
    assert remaining_company(pair[0]) == pair[1]
    undo_merge(merged, by=agency)
    assert remaining_company(pair[0]) == pair[0]


def test_the_same_merge_again_and_undone_again_change_nothing(agency, merge):
    token = uuid.uuid4()
    merged = merge(submission=token)
    assert merge(submission=token) == merge() == merged
    undone = undo_merge(merged, by=agency).undone_at
    assert undo_merge(merged, by=agency).undone_at == undone
    assert CompanyMerge.objects.count() == 1


def test_of_two_matches_of_a_citizen_the_older_one_stays_and_undoing_restores_the_other(agency, pair, merge):
    older = MatchFactory(company=pair[0], matched_on=DRAWN_ON - DAY, why="Den første")
    placement = PlacementFactory(course=older.course, company=pair[1], starts_on=DRAWN_ON + DAY)
    newer = placement.match
    merged = merge()
    placement.refresh_from_db()
    assert placement.match == older
    assert list(older.course.matches.values_list("pk", "company")) == [(older.pk, pair[1].pk)]
    undo_merge(merged, by=agency)
    placement.refresh_from_db()
    assert placement.match == newer
    newer_now = Match.objects.get(pk=newer.pk)
    assert (newer_now.company, newer_now.public_id) == (pair[1], newer.public_id)
    assert newer_now.created_at == newer.created_at
    assert Match.objects.get(pk=older.pk).company == pair[0]


def test_two_dialogues_with_a_citizen_become_one_with_the_steps_of_both(agency, pair, merge):
    course = CourseFactory()
    first, second = (
        open_dialogue(course, company, StepTaken("contacted", DRAWN_ON + days * DAY, note=f"{days}"))
        for days, company in enumerate(pair)
    )
    merged = merge()
    dialogue = course.dialogues.get()
    assert (dialogue.pk, dialogue.company, dialogue.step_on) == (first.pk, pair[1], DRAWN_ON + DAY)
    assert [entry.note for entry in dialogue.entries.all()] == ["1", "0"]
    undo_merge(merged, by=agency)
    assert set(course.dialogues.values_list("pk", "company", "step_on")) == {
        (first.pk, pair[0].pk, DRAWN_ON),
        (second.pk, pair[1].pk, DRAWN_ON + DAY),
    }


def test_a_step_taken_after_the_merge_stays_with_the_dialogue(agency, pair, merge):
    course = CourseFactory()
    first, second = (open_dialogue(course, company, StepTaken("contacted", DRAWN_ON)) for company in pair)
    merged = merge()
    take_step(course.dialogues.get(), StepTaken("visit", DRAWN_ON + DAY))
    undo_merge(merged, by=agency)
    assert dict(course.dialogues.values_list("pk", "step")) == {first.pk: "visit", second.pk: "contacted"}


def test_a_workplace_with_the_same_p_number_becomes_that_of_the_company_that_remains(agency, pair, merge):
    theirs, other = (Workplace.objects.create(company=company, p_number="1003257424") for company in pair)
    placement = PlacementFactory(company=pair[0], workplace=theirs)
    merged = merge()
    placement.refresh_from_db()
    assert placement.workplace == other
    assert Workplace.objects.get(pk=theirs.pk).is_closed
    undo_merge(merged, by=agency)
    placement.refresh_from_db()
    assert placement.workplace == theirs
    assert not Workplace.objects.get(pk=theirs.pk).is_closed


def test_who_knows_both_companies_knows_the_one_that_remains_once(agency, pair, merge):
    user = UserFactory(project=ProjectFactory())
    project = user._factory_project
    for company in pair:
        CompanyAcquaintance.objects.create(company=company, project=project, user=user, how=company.name)
    merged = merge()
    assert [row.how for row in CompanyAcquaintance.objects.all()] == ["Bageren ApS"]
    undo_merge(merged, by=agency)
    assert {row.company: row.how for row in CompanyAcquaintance.objects.all()} == {
        company: company.name for company in pair
    }


def test_a_placement_registered_at_both_is_in_the_way_and_named_to_those_who_see_the_citizen(pair, merge):
    leader = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
    course = CourseFactory(project_for=leader._factory_project)
    for company in pair:
        PlacementFactory(course=course, company=company)
    with pytest.raises(ValidationError, match=course.citizen_name):
        merge(leader)
    with pytest.raises(ValidationError) as refusal:
        merge()
    assert course.citizen_name not in str(refusal.value)
    assert not CompanyMerge.objects.exists()


def test_a_withdrawn_placement_is_not_in_the_way_and_moves(agency, pair, merge):
    course = CourseFactory()
    for company in pair:
        PlacementFactory(course=course, company=company)
    withdrawn = course.placements.get(company=pair[0])
    withdraw_as_error(withdrawn, reason="Dobbelt", by=agency)
    merged = merge()
    moved = Placement.everything.get(pk=withdrawn.pk)
    assert (moved.company, moved.match.company) == (pair[1], pair[1])
    undo_merge(merged, by=agency)
    assert Placement.everything.get(pk=withdrawn.pk).company == pair[0]


def test_nothing_else_of_a_withdrawn_placement_changes(agency, pair):
    placement = PlacementFactory(company=pair[0])
    withdraw_as_error(placement, reason="Dobbelt", by=agency)
    rows = Placement.everything.filter(pk=placement.pk)
    for values in ({"withdrawn_reason": "andet"}, {"company": pair[1], "starts_on": DRAWN_ON + DAY}):
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            rows.update(**values)


def test_what_was_ended_withdrawn_and_renewed_since_is_put_back_as_it_is_now(agency, pair, merge):
    ended, withdrawn, renewed = (PlacementFactory(company=pair[0]) for _number in range(3))
    merged = merge()
    for placement in (ended, withdrawn, renewed):
        placement.refresh_from_db()
    placements.end_placement(ended, ended_on=DRAWN_ON + 9 * DAY, today=date(2017, 1, 1))
    withdraw_as_error(withdrawn, reason="Fejl", by=agency)
    first = DRAWN_ON + 91 * DAY
    renewal = renew_placement(
        renewed,
        today=renewed.starts_on,
        starts_on=first,
        planned_end_on=first + DAY,
        internship_hours=15,
        ordinary_hours=0,
    )
    undo_merge(merged, by=agency)
    companies = dict(Placement.everything.values_list("pk", "company"))
    assert companies == {
        **dict.fromkeys((ended.pk, withdrawn.pk, renewed.pk), pair[0].pk),
        renewal.pk: pair[1].pk,
    }
    assert Placement.objects.get(pk=ended.pk).ended_on == DRAWN_ON + 9 * DAY
    renewal.refresh_from_db()
    assert (renewal.match.company, renewal.renews) == (pair[1], None)
    assert differences() == []


def test_a_placement_made_since_keeps_a_workplace_of_its_company(agency, pair, merge):
    workplace = Workplace.objects.create(company=pair[0], name="Hovedgaden")
    merged = merge()
    placement = PlacementFactory(company=pair[1], workplace=Workplace.objects.get(pk=workplace.pk))
    undo_merge(merged, by=agency)
    placement.refresh_from_db()
    assert (placement.company, placement.workplace.company) == (pair[1], pair[1])
    assert placement.workplace.name == "Hovedgaden"
    assert Workplace.objects.get(pk=workplace.pk).company == pair[0]


def test_days_at_both_records_are_days_at_one_company_and_earn_together(agency, pair, merge):
    course = PlacementFactory(company=pair[0], planned_end_on=DRAWN_ON + 44 * DAY).course
    PlacementFactory(course=course, company=pair[1], starts_on=DRAWN_ON + 45 * DAY)
    PlacementFactory(course=course, company=pair[1], starts_on=DRAWN_ON + 400 * DAY)
    later = EarnedEvent.objects.get(kind="completion").earned_on
    merged = merge()
    assert EarnedEvent.objects.get(kind="completion").earned_on == DRAWN_ON + 90 * DAY
    assert course.placements.order_by("starts_on")[1].renews.company == pair[1]
    assert differences() == []
    undo_merge(merged, by=agency)
    assert EarnedEvent.objects.get(kind="completion").earned_on == later
    assert differences() == []


def test_a_work_agreement_keeps_its_copies(pair, merge):
    placement = PlacementFactory(company=pair[0])
    contact = CompanyContactFactory(company=pair[0])
    agreement = WorkAgreementFactory(placement=placement, company_contact=contact, company_name="Bageren")
    number = agreement.company_cvr
    merge()
    agreement.refresh_from_db()
    assert (agreement.company_name, agreement.company_cvr) == ("Bageren", number)
    assert agreement.placement.company == pair[1]


def test_merges_are_undone_last_first(agency, pair, merge):
    merged = merge()
    later = merge_companies(pair[1], CompanyFactory(), reason="x", by=agency)
    with pytest.raises(ValidationError, match=f"Bageren ApS → {later.remaining}"):
        undo_merge(merged, by=agency)
    undo_merge(later, by=agency)
    assert undo_merge(merged, by=agency).undone_at


def test_companies_that_cannot_be_put_together_are_refused(agency, pair, merge):
    with pytest.raises(ValidationError):
        merge_companies(pair[0], pair[0], reason="x", by=agency)
    merge()
    for other in (CompanyFactory(), pair[1]):
        with pytest.raises((ValidationError, AssertionError)):
            assert merge_companies(pair[0], other, reason="x", by=agency) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        CompanyMerge.objects.create(
            duplicate=pair[0], remaining=CompanyFactory(), reason="x", merged_by=agency
        )


def test_a_leader_puts_together_what_only_the_own_project_uses(pair, merge):
    leader = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
    PlacementFactory(company=pair[0], course=CourseFactory(project_for=leader._factory_project))
    assert merge(leader).merged_by == leader


@pytest.mark.parametrize("kind", ["placement", "dialogue", "contact", "note"])
@pytest.mark.parametrize("number", [0, 1])
def test_what_another_project_keeps_at_either_is_left_to_the_agency(pair, merge, kind, number):
    leader = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
    company = pair[number]
    make = {
        "placement": lambda: PlacementFactory(company=company),
        "dialogue": lambda: open_dialogue(CourseFactory(), company, StepTaken("contacted", DRAWN_ON)),
        "contact": lambda: CompanyContactFactory(company=company, project=ProjectFactory()),
        "note": lambda: CompanyNote.objects.create(company=company, project=ProjectFactory(), text="x"),
    }
    make[kind]()
    with pytest.raises(ValidationError, match="STAR"):
        merge(leader)
    merged = merge()
    with pytest.raises(ValidationError, match="STAR"):
        undo_merge(merged, by=leader)


def test_what_moved_can_never_be_written_anew(agency, merge):
    merged = merge()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        CompanyMerge.objects.filter(pk=merged.pk).update(changes=[{"x": 1}])
    undo_merge(merged, by=agency)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        CompanyMerge.objects.filter(pk=merged.pk).update(reason="andet")


def keys_to(model):
    """Return the models of all apps with a key to the model, but for histories."""
    relations = (field for field in model._meta.get_fields(include_hidden=True) if field.one_to_many)
    return {
        relation.related_model
        for relation in relations
        if not relation.related_model.__name__.endswith("Event")
    }


def test_every_key_to_a_company_is_moved_or_named_here():
    """A new table with a company must say what a merge does with it."""
    assert keys_to(Company) - {CompanyMerge} == {*moving_models(), Succession}


def test_every_key_to_a_workplace_is_moved():
    """A new table with a workplace must say what a merge does with it."""
    assert keys_to(Workplace) - {WorkplaceMerge} == set(workplace_models())


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_in_both_directions_make_one():
    agency = UserFactory(roles=[Role.AGENCY])
    pair = [CompanyFactory(), CompanyFactory()]
    PlacementFactory(company=pair[0])
    outcomes = run_at_once(
        [
            lambda: merge_companies(*pair, reason="x", by=agency),
            lambda: merge_companies(*reversed(pair), reason="x", by=agency),
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CompanyMerge", "ValidationError"]


@pytest.mark.django_db(transaction=True)
def test_what_begins_meanwhile_is_at_the_company_that_remains():
    agency = UserFactory(roles=[Role.AGENCY])
    pair = [CompanyFactory(), CompanyFactory()]
    courses = [CourseFactory() for _number in range(3)]
    MatchFactory(course=courses[0], company=pair[0])
    days = {"starts_on": DRAWN_ON, "planned_end_on": DRAWN_ON + 90 * DAY}
    outcomes = run_at_once(
        [
            lambda: merge_companies(*pair, reason="x", by=agency),
            lambda: placements.start_placement(courses[0], pair[0], **days, **TERMS),
            lambda: record_match(courses[1], pair[0], matched_on=DRAWN_ON),
            lambda: open_dialogue(courses[2], pair[0], StepTaken("contacted", DRAWN_ON)),
        ]
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    connection.close()
    assert rows_of(pair[0]) == []
    assert rows_of(pair[1]) == ["Dialogue", "Match", "Placement"]
    assert differences() == []
