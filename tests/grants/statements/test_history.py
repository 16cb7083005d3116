"""The history: a snapshot shows a draft again exactly, and who saw it."""

import hashlib
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Project
from accounts.roles import Role
from audit.models import AccessRecord
from cases.models import Course
from companies.models import Company
from grants.models import Award, Document, GrantTerms, Showing, Snapshot, SnapshotKind
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.reckoning.doubts import with_doubts
from grants.statements import documents
from grants.storage import snapshots
from jobfirst import clock
from jobfirst.database.owner import as_owner
from tests.factories import CourseFactory, PlacementFactory
from tests.grants.snapshot_pages import IN_2016, NOON, PROJECT_URL, page_body, page_texts, snapshot_url
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import END_2016, approved_statement


def change_everything(trial, bridged_course):
    """Change spells, names, terms, award, target count, course and statements."""
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    recompute_events()
    bridged_course.placements.filter(kind="sniffing").delete()
    PlacementFactory(course=trial.started, starts_on=date(2016, 6, 1), planned_end_on=date(2016, 12, 1))
    Company.objects.update(name="Et nyt navn")
    Project.objects.filter(slug="aalborg").update(name="Nyt Aalborg", target_count=7)
    agent = trial.agency
    Award.objects.create(
        project=trial.aalborg, valid_from=date(2016, 8, 15), target_count=9, reason="Ny", entered_by=agent
    )
    old = GrantTerms.objects.latest("valid_from")
    fields = {field.name: getattr(old, field.name) for field in old._meta.fields}
    fields |= {"id": None, "valid_from": date(2016, 5, 1), "start_amount": Decimal(1), "reason": "Nye vilkår"}
    GrantTerms.objects.create(**fields)
    Course.objects.filter(pk=trial.started.pk).update(project=trial.aarhus)
    recompute_events()
    approved_statement(trial.aalborg, END_2016)


def download_files(get_as, role, address, query=None):
    """Return the bytes of JSON and CSV, and the cells of the workbook."""
    contents = {name: get_as(role, address(name), query).content for name in ("json", "csv", "xlsx")}
    book = load_workbook(io.BytesIO(contents["xlsx"]))
    contents["xlsx"] = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    return contents


@pytest.fixture
def corrected_trial(trial):
    """The trial with an approved statement of July and a later correction of one of its events."""
    approved_statement(trial.aalborg, date(2016, 7, 31))
    trial.completed.placements.update(ended_on=date(2016, 6, 1))
    recompute_events()
    return trial


def test_a_projects_files_are_the_same_whatever_has_happened_since(corrected_trial, get_as, bridged_course):
    def draft_url(name):
        return reverse("grants:project_download", args=["aalborg", name])

    contents_then = download_files(get_as, "leader", draft_url, IN_2016)
    snapshot = Snapshot.objects.get()

    change_everything(corrected_trial, bridged_course)

    def snapshot_file_url(name):
        return snapshot_url("kept_download", snapshot, name)

    assert download_files(get_as, "leader", snapshot_file_url) == contents_then
    assert download_files(get_as, "leader", draft_url, IN_2016) != contents_then


def test_a_projects_pages_are_the_same_whatever_has_happened_since(corrected_trial, get_as, bridged_course):
    course = bridged_course.public_id
    get_as("leader", PROJECT_URL, IN_2016)
    snapshot = Snapshot.objects.get()
    draft_explanation = page_body(
        get_as("leader", reverse("grants:explain", args=["aalborg", course]), IN_2016)
    )
    draft_unused = page_body(get_as("leader", reverse("grants:unused", args=["aalborg"]), IN_2016))
    urls = [
        snapshot_url("kept", snapshot),
        snapshot_url("kept_unused", snapshot),
        snapshot_url("kept_explain", snapshot, course),
    ]
    pages_then = [page_body(get_as("leader", url)) for url in urls]
    assert Snapshot.objects.get() == snapshot

    change_everything(corrected_trial, bridged_course)

    assert [page_body(get_as("leader", url)) for url in urls] == pages_then
    project_page, unused_page, explanation = pages_then
    unused_reason = "Denne type tæller ikke med."
    for sentence in ("2 dage regnet med i et hul", unused_reason, bridged_course.citizen.pseudonym):
        assert sentence in explanation
        assert sentence in draft_explanation
    assert unused_reason in draft_unused
    assert unused_reason in unused_page
    assert "=Aalborg" in project_page
    assert "Ikke optjent" in project_page  # an adjustment to the statement of July
    assert "tallene kan have ændret sig" in project_page


def test_a_snapshot_shows_the_same_figures_events_and_basis_as_the_draft(trial, get_as, bridged_course):
    contents_then = page_texts(get_as("agency", PROJECT_URL, IN_2016))
    again = page_texts(get_as("agency", snapshot_url("kept", Snapshot.objects.get())))
    for first, last in (
        ("2016, til og med 31. december 2016", "Til udbetaling"),
        ("Dato", "Grundlag for tallene"),
        ("Grundlag for tallene", "90 %"),
    ):
        start, end = contents_then.index(first), contents_then.index(last, contents_then.index(first))
        part = contents_then[start : end + 1]
        assert len(part) > 5
        assert part == again[again.index(first) :][: len(part)]


def test_an_overview_is_the_same_whatever_has_happened_since(trial, get_as, bridged_course):
    get_as("agency", reverse("grants:statement"), IN_2016)
    address = reverse("grants:download", args=["json"])
    contents_then = get_as("agency", address, IN_2016).content
    overview, events = Snapshot.objects.get(kind="overview"), Snapshot.objects.get(kind="events")
    page = get_as("agency", snapshot_url("kept", overview))
    assert "48.000,00" in page_body(page)
    change_everything(trial, bridged_course)
    assert page_body(get_as("agency", snapshot_url("kept", overview))) == page_body(page)
    assert get_as("agency", snapshot_url("kept_download", events, "json")).content == contents_then
    get_as("agency", snapshot_url("kept_download", overview, "json"), status=404)  # it never had events


def test_the_pdf_of_a_snapshot_is_made_from_its_content(trial, get_as, client, bridged_course, monkeypatch):
    drawn_documents = []
    monkeypatch.setattr(
        export, "as_pdf", lambda draft, *_args: drawn_documents.append(export.as_json(draft)) or b"%PDF-"
    )
    get_as("leader", PROJECT_URL, IN_2016)
    draft = compute(2016, END_2016, [trial.aalborg])
    then = export.as_json(with_doubts(draft, clock.today()))
    change_everything(trial, bridged_course)
    drawn_documents.clear()
    client.force_login(trial.leader)
    response = client.post(snapshot_url("kept_pdf", Snapshot.objects.get()))
    document = Document.objects.get(statement=None, approved=None)
    assert response.url == reverse("grants:document", args=[document.public_id])
    documents.make(document.pk)
    assert drawn_documents == [then]
    before = Showing.objects.count()
    get_as("leader", reverse("grants:document_file", args=[document.public_id]))
    assert Showing.objects.count() == before  # it was shown then, not now


def test_a_snapshot_survives_the_round_trip_through_json(trial, bridged_course):
    approved_statement(trial.aalborg, date(2016, 7, 31))
    trial.completed.placements.update(ended_on=date(2016, 6, 1))
    recompute_events()
    draft = compute(2016, END_2016, [trial.aalborg], with_spells=True)
    content = snapshots.dump(draft, SnapshotKind.PROJECT)
    again = snapshots.load(json.loads(snapshots.canonical(content)))
    assert snapshots.dump(again, SnapshotKind.PROJECT) == content
    assert again.projects[0].lines == draft.projects[0].lines
    assert again.projects[0].adjustments == draft.projects[0].adjustments
    assert set(again.projects[0].spells_by_citizen[0].unused) == set(
        draft.projects[0].spells_by_citizen[0].unused
    )
    assert export.basis(again) == export.basis(draft)


def test_a_snapshot_has_no_name_and_no_cpr_number(trial, bridged_course, get_as):
    get_as("leader", PROJECT_URL, IN_2016)
    content = Snapshot.objects.get().content
    for course in (trial.completed, trial.started, bridged_course):
        assert course.citizen.pseudonym in content
        assert course.citizen_name not in content
        assert course.citizen.cpr not in content


# Written once.


def test_the_hash_is_that_of_the_content(trial, get_as):
    get_as("leader", PROJECT_URL, IN_2016)
    snapshot = Snapshot.objects.get()
    assert hashlib.sha256(snapshot.content.encode()).hexdigest() == snapshot.sha256
    snapshot.pk, snapshot.content = None, snapshot.content + " "
    snapshot.sha256 = "0" * 64
    with pytest.raises(DatabaseError, match="not that of its content"), transaction.atomic():
        snapshot.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["grants_snapshot", "grants_showing"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_not_even_the_owner_of_the_tables_changes_or_removes_a_snapshot(trial, get_as, table, sql):
    get_as("leader", PROJECT_URL, IN_2016)
    with as_owner(), connection.cursor() as cursor, pytest.raises(DatabaseError, match="pgtrigger"):
        cursor.execute(sql.format(table))
    assert Showing.objects.count() == 1


# Who sees it.


def test_a_leader_never_sees_another_project_through_an_overview(trial, get_as):
    for role in ("agency", "leader"):
        get_as(role, reverse("grants:statement"), IN_2016)
        get_as(role, reverse("grants:download", args=["json"]), IN_2016)
    own_overview, national_overview = Snapshot.objects.filter(kind="overview").order_by("earned_to_date")
    get_as("leader", snapshot_url("kept", own_overview))
    foreign = get_as("leader", snapshot_url("kept", national_overview), status=404)
    nowhere = get_as(
        "leader", reverse("grants:kept", args=["00000000-0000-4000-8000-000000000000"]), status=404
    )
    assert foreign.content == nowhere.content
    page = page_body(get_as("leader", reverse("grants:history")))
    assert own_overview.short in page
    assert national_overview.short not in page
    contents = page_body(get_as("leader", reverse("grants:history"), {"hash": national_overview.sha256}))
    assert snapshot_url("kept", national_overview) not in contents
    everything = Snapshot.objects.get(kind="events", projects__len=2)
    get_as("leader", snapshot_url("kept_download", everything, "json"), status=404)
    assert AccessRecord.objects.filter(outcome="refused", action="grants.kept").count() == 3


def test_a_leader_who_left_the_project_no_longer_sees_its_history(trial, get_as):
    get_as("leader", PROJECT_URL, IN_2016)
    snapshot = Snapshot.objects.get()
    trial.leader.memberships.all().delete()
    trial.leader = type(trial.leader).objects.get(pk=trial.leader.pk)
    get_as("leader", snapshot_url("kept", snapshot), status=403)


def test_a_pdf_of_a_project_is_closed_to_who_no_longer_leads_it(trial, get_as, client):
    other = trial.leader.memberships.create(project=trial.aarhus, role=Role.PROJECT_LEADER)
    client.force_login(trial.leader)
    client.post(reverse("grants:order_pdf"), IN_2016)
    document = Document.objects.get()
    documents.make(document.pk)
    page = reverse("grants:document_file", args=[document.public_id])
    get_as("leader", page)
    other.delete()
    trial.leader = type(trial.leader).objects.get(pk=trial.leader.pk)
    get_as("leader", page, status=404)


def test_only_the_leader_sees_the_companies_names(trial, get_as, bridged_course):
    get_as("agency", PROJECT_URL, IN_2016)
    snapshot = Snapshot.objects.get()
    company = bridged_course.placements.first().company
    page = snapshot_url("kept_explain", snapshot, bridged_course.public_id)
    assert company.name not in page_body(get_as("agency", page))
    assert company.cvr in page_body(get_as("agency", page))
    assert company.name in page_body(get_as("leader", page))


def test_every_page_of_a_snapshot_records_its_citizens(trial, get_as, bridged_course):
    get_as("leader", PROJECT_URL, IN_2016)
    snapshot = Snapshot.objects.get()
    everybody = {course.citizen.public_id for course in (trial.completed, trial.started, bridged_course)}
    pages = {
        snapshot_url("kept", snapshot): everybody,
        snapshot_url("kept_download", snapshot, "csv"): everybody,
        snapshot_url("kept_explain", snapshot, bridged_course.public_id): {bridged_course.citizen.public_id},
        snapshot_url("kept_unused", snapshot): {bridged_course.citizen.public_id},
    }
    for page, citizens in pages.items():
        get_as("agency", page)
        record = AccessRecord.objects.first()
        assert (record.user, set(record.citizens)) == (trial.agency, citizens), page
    get_as("agency", snapshot_url("kept_explain", snapshot, trial.aarhus_course.public_id), status=404)
    assert AccessRecord.objects.first().outcome == "refused"


# Found again.


def test_a_draft_shows_its_hash_and_is_found_by_it(trial, get_as):
    page = page_body(get_as("leader", PROJECT_URL, IN_2016))
    snapshot = Snapshot.objects.get()
    assert snapshot.short in page
    assert snapshot_url("kept", snapshot) in page
    typed = f" {snapshot.sha256[:4].upper()} {snapshot.sha256[4:9]}"
    assert snapshot_url("kept", snapshot) in page_body(
        get_as("agency", reverse("grants:history"), {"hash": typed})
    )
    assert "mindst seks" in page_body(get_as("agency", reverse("grants:history"), {"hash": "xyz"}))
    nothing = page_body(get_as("agency", reverse("grants:history"), {"hash": "0" * 64}))
    assert snapshot_url("kept", snapshot) not in nothing


def test_the_history_says_what_was_shown_when_and_to_whom(trial, get_as, time_machine):
    time_machine.move_to(NOON)
    get_as("agency", PROJECT_URL, IN_2016)
    time_machine.move_to(NOON + timedelta(days=3))
    get_as("leader", PROJECT_URL, IN_2016)
    get_as("leader", PROJECT_URL, {"year": "2017"})
    history = reverse("grants:project_history", args=["aalborg"])
    page = page_body(get_as("leader", history))
    for text in (
        "01.02.2017 kl. 12.00",
        "04.02.2017 kl. 12.00",
        "24.000,00",
        f"Anne Agent, {trial.leader.name}",
    ):
        assert text in page
    assert page.count('<td data-title="Kontrolsum"') == 2
    assert page_body(get_as("leader", history, {"year": "2017"})).count('<td data-title="Kontrolsum"') == 1
    get_as("leader", reverse("grants:project_history", args=["aarhus"]), status=404)
    copy = page_body(get_as("leader", snapshot_url("kept", Snapshot.objects.earliest("pk"))))
    assert "Anne Agent" in copy


@pytest.mark.parametrize("times", [1, 30])
def test_the_history_keeps_to_its_queries(trial, get_as, client, django_assert_max_num_queries, times):
    for number in range(times):
        get_as("agency", PROJECT_URL, {"year": "2016", "cut_off": f"2016-12-{number + 1:02}"})
        get_as("agency", reverse("grants:statement"), {"year": "2016", "cut_off": f"2016-12-{number + 1:02}"})
        placement = PlacementFactory(
            course=CourseFactory(project_for=trial.aalborg), company=company_of(trial)
        )
    assert placement
    copy = Snapshot.objects.filter(kind="project").latest("pk")
    for page in (reverse("grants:project_history", args=["aalborg"]), reverse("grants:history")):
        with django_assert_max_num_queries(8):
            client.get(page)
    for name in ("kept", "kept_unused", "kept_difference"):
        with django_assert_max_num_queries(14):
            client.get(snapshot_url(name, copy))


def company_of(trial):
    return trial.completed.placements.get().company


# What has changed since.


def test_what_has_changed_since(trial, get_as, bridged_course):
    get_as("leader", PROJECT_URL, IN_2016)
    snapshot = Snapshot.objects.get()
    difference = snapshot_url("kept_difference", snapshot)
    assert "En ny opgørelse giver de samme tal" in page_body(get_as("leader", difference))
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    bridged_course.placements.filter(starts_on=date(2016, 4, 4)).update(starts_on=date(2016, 4, 5))
    recompute_events()
    PlacementFactory(course=CourseFactory(project_for=trial.aalborg), planned_end_on=date(2016, 5, 1))
    page = page_body(get_as("leader", difference))
    for text in ("Tilføjet", "Ikke længere optjent", "Anden dato eller andet beløb", "-8.000,00"):
        assert text in page
    assert Showing.objects.filter(way="difference").count() == 2
    assert trial.completed.citizen.public_id in AccessRecord.objects.first().citizens


def test_an_overview_is_compared_by_its_figures(trial, get_as):
    get_as("agency", reverse("grants:statement"), IN_2016)
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    recompute_events()
    page = page_body(get_as("agency", snapshot_url("kept_difference", Snapshot.objects.get())))
    assert "=Aalborg" in page
    assert "Aarhus" not in page
    assert "24.000,00" in page
    assert "JF-" not in page


def test_roles_without_statements_have_no_history(trial, get_as):
    get_as("mentor", reverse("grants:history"), status=403)
