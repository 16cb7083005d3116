"""What was shown of a draft can be shown again exactly, whatever has happened since; and to whom."""

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
from grants.statements import documents
from grants.storage import snapshots
from jobfirst.owner import as_owner
from tests.factories import CourseFactory, PlacementFactory
from tests.grants.kept import IN_2016, NOON, PROJECT, body, kept, words
from tests.grants.life import approved
from tests.grants.reckoning.test_statement import END_2016


def turn_the_world_over(trial, bridged):
    """Everything that can change, changes: spells, names, terms, award, target, course, statements."""
    trial.done.placements.update(ended_on=date(2016, 4, 20))
    bridged.placements.filter(kind="sniffing").delete()
    PlacementFactory(course=trial.begun, starts_on=date(2016, 6, 1), planned_end_on=date(2016, 12, 1))
    Company.objects.update(name="Et nyt navn")
    Project.objects.filter(slug="aalborg").update(name="Nyt Aalborg", target_count=7)
    agent = trial.agency
    Award.objects.create(
        project=trial.first, valid_from=date(2016, 8, 15), target_count=9, reason="Ny", entered_by=agent
    )
    old = GrantTerms.objects.latest("valid_from")
    fields = {field.name: getattr(old, field.name) for field in old._meta.fields}
    fields |= {"id": None, "valid_from": date(2016, 5, 1), "start_amount": Decimal(1), "reason": "Nye satser"}
    GrantTerms.objects.create(**fields)
    Course.objects.filter(pk=trial.begun.pk).update(project=trial.second)
    approved(trial.first, END_2016)


def files(see, who, address, query=None):
    """The two files whose bytes are the same, and the workbook's cells."""
    found = {name: see(who, address(name), query).content for name in ("json", "csv", "xlsx")}
    book = load_workbook(io.BytesIO(found["xlsx"]))
    found["xlsx"] = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    return found


def test_a_projects_pages_and_files_are_the_same_whatever_has_happened_since(trial, see, bridged):
    approved(trial.first, date(2016, 7, 31))
    trial.done.placements.update(ended_on=date(2016, 6, 1))
    shown = files(
        see, "leader", lambda name: reverse("grants:project_download", args=["aalborg", name]), IN_2016
    )
    see("leader", PROJECT, IN_2016)
    snapshot = Snapshot.objects.get()
    explained = see("leader", reverse("grants:explain", args=["aalborg", bridged.public_id]), IN_2016)
    listed = see("leader", reverse("grants:unused", args=["aalborg"]), IN_2016)
    pages = {name: see("leader", kept(name, snapshot)) for name in ("kept", "kept_unused")}
    again = see("leader", kept("kept_explain", snapshot, bridged.public_id))
    assert Snapshot.objects.get() == snapshot

    turn_the_world_over(trial, bridged)

    assert files(see, "leader", lambda name: kept("kept_download", snapshot, name)) == shown
    assert (
        files(see, "leader", lambda name: reverse("grants:project_download", args=["aalborg", name]), IN_2016)
        != shown
    )
    for name, page in pages.items():
        assert body(see("leader", kept(name, snapshot))) == body(page), name
    after = body(see("leader", kept("kept_explain", snapshot, bridged.public_id)))
    assert after == body(again)
    for sentence in ("2 dage talt med i et hul", "Denne art tæller ikke med.", bridged.citizen.pseudonym):
        assert sentence in after
        assert sentence in body(explained)
    assert "Et nyt navn" not in after
    assert "Denne art tæller ikke med." in body(listed)
    page = body(pages["kept"])
    assert "=Aalborg" in page
    assert "Ikke optjent" in page  # an adjustment to the statement of July
    assert "ikke aktuelt" in page


def test_the_kept_copy_says_what_the_page_said(trial, see, bridged):
    """Figures, events and basis to the letter."""
    shown = words(see("agency", PROJECT, IN_2016))
    again = words(see("agency", kept("kept", Snapshot.objects.get())))
    for first, last in (
        ("2016, til og med 31. december 2016", "Til udbetaling"),
        ("Dato", "Det bygger tallene på"),
        ("Det bygger tallene på", "90 %"),
    ):
        start, end = shown.index(first), shown.index(last, shown.index(first))
        part = shown[start : end + 1]
        assert len(part) > 5
        assert part == again[again.index(first) :][: len(part)]


def test_an_overview_is_the_same_whatever_has_happened_since(trial, see, bridged):
    see("agency", reverse("grants:statement"), IN_2016)
    address = reverse("grants:download", args=["json"])
    shown = see("agency", address, IN_2016).content
    overview, events = Snapshot.objects.get(kind="overview"), Snapshot.objects.get(kind="events")
    page = see("agency", kept("kept", overview))
    assert "48.000,00" in body(page)
    turn_the_world_over(trial, bridged)
    assert body(see("agency", kept("kept", overview))) == body(page)
    assert see("agency", kept("kept_download", events, "json")).content == shown
    see("agency", kept("kept_download", overview, "json"), status=404)  # it never had events


def test_the_pdf_is_made_again_from_what_was_kept(trial, see, client, bridged, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        export, "as_pdf", lambda draft, *_said: drawn.append(export.as_json(draft)) or b"%PDF-"
    )
    see("leader", PROJECT, IN_2016)
    then = export.as_json(compute(2016, END_2016, [trial.first]))
    turn_the_world_over(trial, bridged)
    drawn.clear()
    client.force_login(trial.leader)
    answer = client.post(kept("kept_pdf", Snapshot.objects.get()))
    document = Document.objects.get(statement=None)
    assert answer.url == reverse("grants:document", args=[document.public_id])
    documents.make(document.pk)
    assert drawn == [then]
    before = Showing.objects.count()
    see("leader", reverse("grants:document_file", args=[document.public_id]))
    assert Showing.objects.count() == before  # it was shown then, not now


def test_written_and_read_back_it_is_the_same(trial, bridged):
    approved(trial.first, date(2016, 7, 31))
    trial.done.placements.update(ended_on=date(2016, 6, 1))
    draft = compute(2016, END_2016, [trial.first], with_accounts=True)
    content = snapshots.dump(draft, SnapshotKind.PROJECT)
    again = snapshots.load(json.loads(snapshots.canonical(content)))
    assert snapshots.dump(again, SnapshotKind.PROJECT) == content
    assert again.projects[0].lines == draft.projects[0].lines
    assert again.projects[0].adjustments == draft.projects[0].adjustments
    assert set(again.projects[0].accounts[0].unused) == set(draft.projects[0].accounts[0].unused)
    assert export.basis(again) == export.basis(draft)


def test_no_name_and_no_number_of_a_citizen_is_in_it(trial, bridged, see):
    see("leader", PROJECT, IN_2016)
    content = Snapshot.objects.get().content
    for course in (trial.done, trial.begun, bridged):
        assert course.citizen.pseudonym in content
        assert course.citizen_name not in content
        assert course.citizen.cpr not in content


# Written once.


def test_the_hash_is_that_of_the_content(trial, see):
    see("leader", PROJECT, IN_2016)
    snapshot = Snapshot.objects.get()
    assert hashlib.sha256(snapshot.content.encode()).hexdigest() == snapshot.sha256
    snapshot.pk, snapshot.content = None, snapshot.content + " "
    snapshot.sha256 = "0" * 64
    with pytest.raises(DatabaseError, match="not that of its content"), transaction.atomic():
        snapshot.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["grants_snapshot", "grants_showing"])
@pytest.mark.parametrize("what", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_not_even_the_owner_changes_or_removes_it(trial, see, table, what):
    see("leader", PROJECT, IN_2016)
    with as_owner(), connection.cursor() as cursor, pytest.raises(DatabaseError, match="pgtrigger"):
        cursor.execute(what.format(table))
    assert Showing.objects.count() == 1


# Who sees it.


def test_a_leader_never_sees_another_project_through_an_overview(trial, see):
    for who in ("agency", "leader"):
        see(who, reverse("grants:statement"), IN_2016)
        see(who, reverse("grants:download", args=["json"]), IN_2016)
    own, all_ = Snapshot.objects.filter(kind="overview").order_by("earned_to_date")
    see("leader", kept("kept", own))
    foreign = see("leader", kept("kept", all_), status=404)
    nowhere = see("leader", reverse("grants:kept", args=["00000000-0000-4000-8000-000000000000"]), status=404)
    assert foreign.content == nowhere.content
    page = body(see("leader", reverse("grants:history")))
    assert own.short in page
    assert all_.short not in page
    found = body(see("leader", reverse("grants:history"), {"hash": all_.sha256}))
    assert kept("kept", all_) not in found
    everything = Snapshot.objects.get(kind="events", projects__len=2)
    see("leader", kept("kept_download", everything, "json"), status=404)
    assert AccessRecord.objects.filter(outcome="refused", action="grants.kept").count() == 3


def test_who_has_left_the_project_sees_its_history_no_more(trial, see):
    see("leader", PROJECT, IN_2016)
    snapshot = Snapshot.objects.get()
    trial.leader.memberships.all().delete()
    trial.leader = type(trial.leader).objects.get(pk=trial.leader.pk)
    see("leader", kept("kept", snapshot), status=403)


def test_a_pdf_of_projects_that_one_no_longer_leads_is_closed(trial, see, client):
    other = trial.leader.memberships.create(project=trial.second, role=Role.PROJECT_LEADER)
    client.force_login(trial.leader)
    client.post(reverse("grants:order_pdf"), IN_2016)
    document = Document.objects.get()
    documents.make(document.pk)
    page = reverse("grants:document_file", args=[document.public_id])
    see("leader", page)
    other.delete()
    trial.leader = type(trial.leader).objects.get(pk=trial.leader.pk)
    see("leader", page, status=404)


def test_the_companies_names_are_the_leaders_alone(trial, see, bridged):
    see("agency", PROJECT, IN_2016)
    snapshot = Snapshot.objects.get()
    company = bridged.placements.first().company
    page = kept("kept_explain", snapshot, bridged.public_id)
    assert company.name not in body(see("agency", page))
    assert company.cvr in body(see("agency", page))
    assert company.name in body(see("leader", page))


def test_whoever_is_shown_again_is_recorded_again(trial, see, bridged):
    see("leader", PROJECT, IN_2016)
    snapshot = Snapshot.objects.get()
    everybody = {course.citizen.public_id for course in (trial.done, trial.begun, bridged)}
    pages = {
        kept("kept", snapshot): everybody,
        kept("kept_download", snapshot, "csv"): everybody,
        kept("kept_explain", snapshot, bridged.public_id): {bridged.citizen.public_id},
        kept("kept_unused", snapshot): {bridged.citizen.public_id},
    }
    for page, citizens in pages.items():
        see("agency", page)
        record = AccessRecord.objects.first()
        assert (record.user, set(record.citizens)) == (trial.agency, citizens), page
    see("agency", kept("kept_explain", snapshot, trial.other.public_id), status=404)
    assert AccessRecord.objects.first().outcome == "refused"


# Found again.


def test_the_page_says_under_which_hash_it_is_kept_and_is_found_by_it(trial, see):
    page = body(see("leader", PROJECT, IN_2016))
    snapshot = Snapshot.objects.get()
    assert snapshot.short in page
    assert kept("kept", snapshot) in page
    typed = f" {snapshot.sha256[:4].upper()} {snapshot.sha256[4:9]}"
    assert kept("kept", snapshot) in body(see("agency", reverse("grants:history"), {"hash": typed}))
    assert "mindst seks" in body(see("agency", reverse("grants:history"), {"hash": "xyz"}))
    nothing = body(see("agency", reverse("grants:history"), {"hash": "0" * 64}))
    assert kept("kept", snapshot) not in nothing


def test_the_history_says_what_was_shown_when_and_to_whom(trial, see, time_machine):
    time_machine.move_to(NOON)
    see("agency", PROJECT, IN_2016)
    time_machine.move_to(NOON + timedelta(days=3))
    see("leader", PROJECT, IN_2016)
    see("leader", PROJECT, {"year": "2017"})
    history = reverse("grants:project_history", args=["aalborg"])
    page = body(see("leader", history))
    for said in ("01.02.2017 12:00", "04.02.2017 12:00", "24.000,00", f"Anne Agent, {trial.leader.name}"):
        assert said in page
    assert page.count('<td data-title="Kontrolsum"') == 2
    assert body(see("leader", history, {"year": "2017"})).count('<td data-title="Kontrolsum"') == 1
    see("leader", reverse("grants:project_history", args=["aarhus"]), status=404)
    copy = body(see("leader", kept("kept", Snapshot.objects.earliest("pk"))))
    assert "Anne Agent" in copy


@pytest.mark.parametrize("times", [1, 30])
def test_the_history_keeps_to_its_queries(trial, see, client, django_assert_max_num_queries, times):
    for number in range(times):
        see("agency", PROJECT, {"year": "2016", "cut_off": f"2016-12-{number + 1:02}"})
        see("agency", reverse("grants:statement"), {"year": "2016", "cut_off": f"2016-12-{number + 1:02}"})
        placement = PlacementFactory(course=CourseFactory(project_for=trial.first), company=company_of(trial))
    assert placement
    copy = Snapshot.objects.filter(kind="project").latest("pk")
    for page in (reverse("grants:project_history", args=["aalborg"]), reverse("grants:history")):
        with django_assert_max_num_queries(8):
            client.get(page)
    for name in ("kept", "kept_unused", "kept_difference"):
        with django_assert_max_num_queries(12):
            client.get(kept(name, copy))


def company_of(trial):
    return trial.done.placements.get().company


# What has changed since.


def test_what_has_changed_since(trial, see, bridged):
    see("leader", PROJECT, IN_2016)
    snapshot = Snapshot.objects.get()
    difference = kept("kept_difference", snapshot)
    assert "En opgørelse lavet nu giver de samme tal" in body(see("leader", difference))
    trial.done.placements.update(ended_on=date(2016, 4, 20))
    bridged.placements.filter(starts_on=date(2016, 4, 4)).update(starts_on=date(2016, 4, 5))
    PlacementFactory(course=CourseFactory(project_for=trial.first), planned_end_on=date(2016, 5, 1))
    page = body(see("leader", difference))
    for said in ("Tilføjet", "Ikke længere optjent", "Anden dato eller andet beløb", "-8.000,00"):
        assert said in page
    assert Showing.objects.filter(way="difference").count() == 2
    assert trial.done.citizen.public_id in AccessRecord.objects.first().citizens


def test_an_overview_is_compared_by_its_figures(trial, see):
    see("agency", reverse("grants:statement"), IN_2016)
    trial.done.placements.update(ended_on=date(2016, 4, 20))
    page = body(see("agency", kept("kept_difference", Snapshot.objects.get())))
    assert "=Aalborg" in page
    assert "Aarhus" not in page
    assert "24.000,00" in page
    assert "JF-" not in page


def test_roles_without_statements_have_no_history(trial, see):
    see("mentor", reverse("grants:history"), status=403)
