"""Two workplaces of one company put together: what moves, what is refused, what comes back, and the pages."""

import io
import uuid
from contextlib import closing

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.roles import Role
from companies.actions.companies import save_workplace, workplace_by_number
from companies.exchange import COLUMNS, load_placements
from companies.matching.actions import open_dialogue
from companies.matching.entries import StepTaken
from companies.merging.actions import merge_companies, undo_merge
from companies.merging.workplaces import merge_workplaces, undo_workplace_merge
from companies.models import Dialogue, Placement, Workplace, WorkplaceMerge
from grants.storage.stored_events import differences
from jobfirst.exchange import read_table
from jobfirst.values.dates import DAY
from tests.companies.factories import JobOpeningFactory, WorkplaceFactory
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
)
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = pytest.mark.django_db

MISTYPED, RIGHT = "1003257424", "1003257425"


@pytest.fixture
def agency():
    return UserFactory(roles=[Role.AGENCY])


@pytest.fixture
def leader():
    return UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])


@pytest.fixture
def pair():
    company = CompanyFactory(name="Bageren")
    return tuple(
        WorkplaceFactory(company=company, p_number=number, name=name)
        for number, name in ((MISTYPED, "Hovedgaden"), (RIGHT, "Hovedgaden 1"))
    )


@pytest.fixture
def merge(agency, pair):
    """Puts the first workplace of the pair at the second."""
    return lambda by=agency, **fields: merge_workplaces(*pair, reason="Samme plads", by=by, **fields)


def test_everything_moves_and_comes_back(agency, pair, merge):
    placement = PlacementFactory(company=pair[0].company, workplace=pair[0])
    opening = JobOpeningFactory(company=pair[0].company, workplace=pair[0], project=placement.course.project)
    course = CourseFactory(project_for=placement.course.project)
    open_dialogue(course, pair[0].company, StepTaken("contacted", DRAWN_ON), opening=opening)
    merged = merge()
    rows = (*Placement.objects.all(), opening.__class__.objects.get(), Dialogue.objects.get())
    assert {row.workplace for row in rows} == {pair[1]}
    assert Workplace.objects.get(pk=pair[0].pk).is_closed
    undo_workplace_merge(merged, by=agency)
    for row in rows:
        row.refresh_from_db()
    assert {row.workplace for row in rows} == {pair[0]}
    assert not Workplace.objects.get(pk=pair[0].pk).is_closed


def test_the_one_that_remains_gets_the_facts_that_it_lacks_and_gives_them_back(agency, pair, merge):
    Workplace.objects.filter(pk=pair[1].pk).update(p_number="", street="", postal_code="", town="")
    merged = merge()
    remaining = Workplace.objects.get(pk=pair[1].pk)
    assert (remaining.p_number, remaining.street, remaining.name) == (MISTYPED, "Torvet 1", "Hovedgaden 1")
    undo_workplace_merge(merged, by=agency)
    numbers = dict(Workplace.objects.values_list("pk", "p_number"))
    assert numbers == {pair[0].pk: MISTYPED, pair[1].pk: ""}


def test_the_old_p_number_leads_to_the_one_that_remains(pair, merge):
    merge()
    assert workplace_by_number(pair[0].company, MISTYPED) == pair[1]


def test_a_file_with_the_old_p_number_changes_nothing(pair, merge):
    course = CourseFactory()
    row = placement_row(course, cvr=pair[0].company.cvr, company="Bageren", p_number=MISTYPED)

    def deliver():
        with closing(read_table(io.BytesIO(f"{HEADER}\n{row}".encode()), COLUMNS)) as table:
            return load_placements(table)

    deliver()
    merge()
    assert deliver() == {"created": 0, "updated": 0, "unchanged": 1}
    assert Placement.objects.get().workplace == pair[1]


def test_two_placements_on_the_same_days_are_in_the_way(pair, merge):
    course = CourseFactory()
    for workplace in pair:
        PlacementFactory(course=course, company=workplace.company, workplace=workplace)
    with pytest.raises(ValidationError) as refusal:
        merge()
    assert refusal.value.code == "in_the_way"


def test_internships_at_both_become_renewals_and_part_again(agency, pair, merge):
    course = PlacementFactory(
        company=pair[0].company, workplace=pair[0], planned_end_on=DRAWN_ON + 44 * DAY
    ).course
    later = PlacementFactory(
        course=course, company=pair[0].company, workplace=pair[1], starts_on=DRAWN_ON + 45 * DAY
    )
    merged = merge()
    later.refresh_from_db()
    assert later.renews is not None
    assert differences() == []
    undo_workplace_merge(merged, by=agency)
    later.refresh_from_db()
    assert later.renews is None
    assert differences() == []


def test_workplaces_of_two_companies_and_the_same_one_are_refused(agency, pair):
    for other in (pair[0], WorkplaceFactory()):
        with pytest.raises(ValidationError):
            merge_workplaces(pair[0], other, reason="x", by=agency)


def test_the_same_merge_again_and_undone_again_change_nothing(agency, merge):
    token = uuid.uuid4()
    merged = merge(submission=token)
    assert merge(submission=token) == merge() == merged
    undone = undo_workplace_merge(merged, by=agency).undone_at
    assert undo_workplace_merge(merged, by=agency).undone_at == undone


def test_one_that_was_put_together_is_not_corrected(pair, merge):
    merge()
    duplicate = Workplace.objects.get(pk=pair[0].pk)
    with pytest.raises(ValidationError):
        save_workplace(duplicate.company, {"is_closed": False}, duplicate, version=duplicate.version)


def test_a_leader_merges_what_only_the_own_project_uses(leader, pair, merge):
    PlacementFactory(company=pair[0].company, course=CourseFactory(project_for=leader._factory_project))
    assert merge(leader).merged_by == leader


def test_what_another_project_uses_is_left_to_the_agency(leader, pair, merge):
    PlacementFactory(company=pair[0].company)
    with pytest.raises(ValidationError, match="STAR"):
        merge(leader)
    merged = merge()
    with pytest.raises(ValidationError, match="STAR"):
        undo_workplace_merge(merged, by=leader)


def test_merges_of_companies_and_workplaces_are_undone_the_latest_first(agency, pair, merge):
    merged = merge()
    later = merge_companies(pair[0].company, CompanyFactory(name="Brødet"), reason="x", by=agency)
    with pytest.raises(ValidationError, match="Bageren → Brødet"):
        undo_workplace_merge(merged, by=agency)
    undo_merge(later, by=agency)
    assert undo_workplace_merge(merged, by=agency).undone_at


def test_a_company_is_not_taken_apart_before_its_workplaces_are(agency, pair, merge):
    earlier = merge_companies(CompanyFactory(), pair[0].company, reason="x", by=agency)
    merged = merge()
    with pytest.raises(ValidationError, match="Hovedgaden → Hovedgaden 1"):
        undo_merge(earlier, by=agency)
    undo_workplace_merge(merged, by=agency)
    assert undo_merge(earlier, by=agency).undone_at


def test_a_p_number_that_a_third_workplace_has_got_stands_in_the_way_of_undoing(agency, pair, merge):
    Workplace.objects.filter(pk=pair[1].pk).update(p_number="")
    merged = merge()
    Workplace.objects.filter(pk=pair[1].pk).update(p_number=RIGHT)
    WorkplaceFactory(company=pair[0].company, p_number=MISTYPED, name="Torvet")
    with pytest.raises(ValidationError, match="Torvet"):
        undo_workplace_merge(merged, by=agency)


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_in_both_directions_make_one(settings):
    agency = UserFactory(roles=[Role.AGENCY])
    company = CompanyFactory()
    pair = [WorkplaceFactory(company=company) for _number in range(2)]
    outcomes = run_at_once(
        [
            lambda: merge_workplaces(*pair, reason="x", by=agency),
            lambda: merge_workplaces(*reversed(pair), reason="x", by=agency),
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ValidationError", "WorkplaceMerge"]


def test_a_leader_merges_and_undoes_it_by_the_pages(client, leader, pair):
    course = CourseFactory(project_for=leader._factory_project)
    placement = PlacementFactory(company=pair[0].company, workplace=pair[0], course=course)
    client.force_login(leader)
    company_page = client.get(reverse("companies:company", args=[pair[0].company.cvr])).content.decode()
    url = reverse("companies:new_workplace_merge", args=[pair[0].public_id])
    assert f'href="{url}"' in company_page
    assert str(pair[1].public_id) in client.get(url).content.decode()
    preview = f"{url}?remaining={pair[1].public_id}"
    assert "<dd>1</dd>" in client.get(preview).content.decode()
    answer = client.post(preview, {"reason": "Tastefejl", "submission": str(uuid.uuid4())}, follow=True)
    undo_url = reverse("companies:undo_workplace_merge", args=[WorkplaceMerge.objects.get().public_id])
    assert f'href="{undo_url}"' in answer.content.decode()
    placement.refresh_from_db()
    assert placement.workplace == pair[1]
    assert client.get(url).status_code == 404
    assert client.post(undo_url, {"version": "1"}).status_code == 302
    placement.refresh_from_db()
    assert placement.workplace == pair[0]


def test_a_leader_reads_no_number_of_what_another_project_uses(client, leader, pair):
    PlacementFactory(company=pair[0].company, workplace=pair[0])
    client.force_login(leader)
    url = reverse("companies:new_workplace_merge", args=[pair[0].public_id])
    page = client.get(f"{url}?remaining={pair[1].public_id}").content.decode()
    assert "ikke ændre denne virksomhed alene" in page
    assert "<dd>" not in page


def test_the_agency_finds_the_workplaces_by_the_cvr_number(client, agency, pair):
    client.force_login(agency)
    page = client.get(reverse("companies:workplace_merges"), {"cvr": pair[0].company.cvr}).content.decode()
    assert reverse("companies:new_workplace_merge", args=[pair[0].public_id]) in page
