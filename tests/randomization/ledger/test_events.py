"""Corrections, which never change the draw; the page of a draw and its certificate."""

import datetime
import io
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Project
from accounts.roles import Role
from audit.models import AccessRecord
from grants.models import EarnedEvent
from jobfirst.values.dates import DAY
from randomization.draw.actions import draw_project
from randomization.ledger import export, verify_draw
from randomization.ledger.actions import record_event, take_event_back
from randomization.models import Allocation, AllocationEvent
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)
from tests.loops import some

LATER = DRAWN_ON + datetime.timedelta(days=30)


@pytest.fixture
def allocations(aalborg, refer_citizens, demonstration):
    refer_citizens(8)
    return draw_project(aalborg, DRAWN_ON, shares=demonstration).allocations


@pytest.fixture
def caseworker(aalborg):
    return UserFactory(project=aalborg, roles=[Role.COORDINATING_CASEWORKER])


@pytest.fixture
def caseworker_client(client, caseworker):
    client.force_login(caseworker)
    return client


def draw_path(allocation, tail=""):
    return f"/lodtraekning/{allocation.referral.public_id}/{tail}"


def test_a_correction_changes_nothing_of_the_draw(
    allocations, caseworker, aalborg, refer_citizens, demonstration
):
    allocation = allocations[2]
    before = Allocation.objects.values().get(pk=allocation.pk)

    event = record_event(allocation, "referred_in_error", LATER, "Forkert kommune", caseworker)

    assert Allocation.objects.values().get(pk=allocation.pk) == before
    assert (event.number, event.allocation, event.recorded_by) == (1, allocation, caseworker)
    refer_citizens(1)
    assert draw_project(aalborg, LATER, shares=demonstration).allocations[0].slot == 9


def test_corrections_are_chained_and_verified_from_outside(allocations, caseworker):
    for number, kind in enumerate(("withdrawn", "moved", "died")):
        record_event(allocations[number], kind, LATER, f"Begrundelse {number}", caseworker)
    document = json.loads(json.dumps(export.ledger_document(export.ledger_rows())))

    assert [event["number"] for event in document["events"]] == [1, 2, 3]
    assert "Begrundelse" not in json.dumps(document)
    assert verify_draw.verify(document) == []
    for name, value in (("kind", "died"), ("happened_on", "2016-01-01"), ("reason_hash", "00" * 32)):
        changed = json.loads(json.dumps(document))
        changed["events"][1][name] = value
        assert [(item.code, item.detail) for item in verify_draw.verify(changed)] == [("event", "2")]
    del document["events"][0]
    assert verify_draw.verify(document)[0].code == "event"


def test_one_projects_corrections_verify_too(allocations, caseworker, aalborg):
    other = ReferralFactory(project=ProjectFactory(codes=["0751"]))
    record_event(allocations[0], "moved", LATER, "x", caseworker)
    record_event(allocations[1], "moved", LATER, "x", caseworker)

    assert verify_draw.verify(export.ledger_document(export.ledger_rows(aalborg), aalborg)) == []
    part = export.ledger_document(export.ledger_rows(other.project), other.project)
    assert part["events"] == []


def test_the_same_form_is_one_correction(allocations, caseworker):
    token = uuid.uuid4()
    for _ in range(2):
        record_event(allocations[0], "died", LATER, "x", caseworker, submission=token)

    assert AllocationEvent.objects.count() == 1


@pytest.mark.parametrize("change", [{"reason": ""}, {"kind": "undone"}])
def test_the_database_refuses_what_is_no_correction(allocations, caseworker, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        record_event(
            **{
                "allocation": allocations[0],
                "kind": "moved",
                "happened_on": LATER,
                "reason": "x",
                "actor": caseworker,
                **change,
            }
        )


def test_the_draws_page_and_its_corrections(
    caseworker_client, allocations, caseworker, django_assert_max_num_queries
):
    allocation = allocations[3]
    with django_assert_max_num_queries(20):
        assert allocation.referral.name in caseworker_client.get(draw_path(allocation)).content.decode()

    answer = caseworker_client.post(
        draw_path(allocation, "rettelse/"),
        {"kind": "withdrawn", "happened_on": "2016-05-04", "reason": "Ønsker ikke at deltage"},
        follow=True,
    )

    assert answer.redirect_chain == [(draw_path(allocation), 302)]
    assert "Ønsker ikke at deltage" in answer.content.decode()
    event = AllocationEvent.objects.get()
    assert (event.allocation, event.kind, event.recorded_by) == (allocation, "withdrawn", caseworker)
    record = AccessRecord.objects.filter(action="randomization.allocation").first()
    assert record.citizens == [allocation.citizen.public_id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"kind": ""}, "kind"),
        ({"happened_on": "2016-04-03"}, "happened_on"),
        ({"happened_on": "i går"}, "happened_on"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(caseworker_client, allocations, changes, field):
    values = {"kind": "moved", "happened_on": "2016-05-04", "reason": "Flyttet", **changes}

    answer = caseworker_client.post(draw_path(allocations[0], "rettelse/"), values)

    assert field in answer.context["form"].errors
    assert not AllocationEvent.objects.exists()


def test_a_day_in_the_future_is_refused_in_a_real_trial(caseworker_client, allocations, monkeypatch):
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)

    answer = caseworker_client.post(
        draw_path(allocations[0], "rettelse/"), {"kind": "moved", "happened_on": "2199-01-01", "reason": "x"}
    )

    assert "happened_on" in answer.context["form"].errors


def test_who_is_not_drawn_has_no_draw_to_see(caseworker_client, aalborg):
    waiting = ReferralFactory(project=aalborg)

    assert caseworker_client.get(f"/lodtraekning/{waiting.public_id}/").status_code == 404


def test_the_certificate_holds_this_draw_and_no_other_citizen(caseworker_client, allocations):
    allocation = allocations[4]

    answer = caseworker_client.get(draw_path(allocation, "bevis/"))

    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join(part.extract_text() for part in reader.pages)
    squeezed = "".join(text.split())
    for value in (allocation.referral.name, allocation.pseudonym, "aalborg", "04.04.2016", "Øvelse"):
        assert "".join(value.split()).lower() in squeezed.lower()
    for value in (allocation.row_hash, allocation.previous_hash, allocation.nonce, allocation.stratum.root):
        assert bytes(value).hex() in squeezed
    assert allocation.citizen.cpr not in squeezed
    for other in some(allocations):
        if other.pk != allocation.pk:
            assert other.pseudonym not in squeezed
            assert other.referral.name.replace(" ", "") + "(" not in squeezed
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "no-store" in answer["Cache-Control"]
    assert AccessRecord.objects.filter(action="randomization.certificate").count() == 1


def test_the_certificate_prints_the_values_that_the_ledger_holds_after_a_project_is_renamed(
    caseworker_client, allocations, aalborg
):
    Project.objects.filter(pk=aalborg.pk).update(name="Himmerland")

    answer = caseworker_client.get(draw_path(allocations[0], "bevis/"))

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Himmerland (aalborg)" in " ".join(text.split())
    assert bytes(allocations[0].row_hash).hex() in "".join(text.split())


def withdrawn(allocation, caseworker) -> AllocationEvent:
    return record_event(allocation, "withdrawn", LATER, "Trak sig", caseworker)


def test_a_withdrawal_by_mistake_is_taken_back_and_both_stay_in_the_chain(allocations, caseworker):
    event = withdrawn(allocations[0], caseworker)
    taking_back = take_event_back(event, "Det var en anden borger", caseworker)
    assert list(AllocationEvent.objects.standing()) == []
    assert (taking_back.kind, taking_back.takes_back, taking_back.happened_on) == ("taken_back", event, LATER)
    assert bytes(taking_back.previous_hash) == bytes(event.row_hash)


@pytest.mark.django_db
def test_the_grant_follows_a_withdrawal_that_is_taken_back():
    caseworker = UserFactory()
    allocation = AllocationFactory()
    course = CourseFactory(referral=allocation.referral)
    PlacementFactory(course=course, starts_on=DRAWN_ON)
    kinds = EarnedEvent.objects.order_by("kind").values_list("kind", flat=True)
    earned = list(kinds)
    event = record_event(allocation, "withdrawn", DRAWN_ON + DAY, "Trak sig", caseworker)
    bounded = list(kinds.all())
    take_event_back(event, "Ved en fejl", caseworker)
    assert (len(bounded) < len(earned), list(kinds.all())) == (True, earned)


def test_only_the_latest_that_stands_is_taken_back(allocations, caseworker):
    first = withdrawn(allocations[0], caseworker)
    second = record_event(allocations[0], "moved", LATER, "Flyttet", caseworker)
    with pytest.raises(ValidationError):
        take_event_back(first, "Ved en fejl", caseworker)
    take_event_back(second, "Ved en fejl", caseworker)
    with pytest.raises(ValidationError):
        take_event_back(second, "Ved en fejl", caseworker)
    take_event_back(first, "Ved en fejl", caseworker)
    assert not AllocationEvent.objects.standing().exists()


def test_a_correction_is_taken_back_on_its_page_with_a_reason(allocations, caseworker, caseworker_client):
    withdrawn(allocations[0], caseworker)
    address = reverse("randomization:take_back", args=[allocations[0].referral.public_id])
    page = caseworker_client.get(address)
    assert "Trak sig" in page.content.decode()
    shown_number = page.context["form"]["number"].value()
    assert caseworker_client.post(address, {"reason": "", "number": shown_number}).status_code == 200
    data = {"reason": "Forkert borger", "number": shown_number, "submission": str(uuid.uuid4())}
    assert caseworker_client.post(address, data).status_code == 302
    assert not AllocationEvent.objects.standing().exists()


def test_the_page_takes_back_the_correction_that_it_showed_and_no_other(
    allocations, caseworker, caseworker_client
):
    earlier, later = withdrawn(allocations[0], caseworker), withdrawn(allocations[0], caseworker)
    address = reverse("randomization:take_back", args=[allocations[0].referral.public_id])
    shown_number = caseworker_client.get(address).context["form"]["number"].value()
    assert shown_number == later.number
    take_event_back(later, "En anden var hurtigere", caseworker)
    data = {"reason": "Forkert borger", "number": shown_number, "submission": str(uuid.uuid4())}
    answer = caseworker_client.post(address, data)
    assert "En anden har registreret eller ophævet en rettelse imens." in answer.content.decode()
    assert list(AllocationEvent.objects.standing()) == [earlier]


def test_a_reason_with_a_cpr_number_is_kept_out_of_the_ledger(allocations, caseworker_client):
    address = reverse("randomization:correct", args=[allocations[0].referral.public_id])
    data = {"kind": "withdrawn", "happened_on": LATER.isoformat(), "reason": "Det var 010170-1234"}
    assert caseworker_client.post(address, data | {"submission": str(uuid.uuid4())}).status_code == 200
    assert not AllocationEvent.objects.exists()
