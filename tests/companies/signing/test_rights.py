"""Who may do what with a work agreement: every cell of the table, and the pages that ask it (D15)."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cases.models import ColleagueOpening, FunctionHolding
from companies.models import AgreementParty, AgreementState
from companies.models.amendments import EVERYBODY, VOIDS
from companies.signing.policy import RIGHTS, AgreementAct, AgreementRole, may, roles_of
from companies.signing.status import AgreementStatus, status_of
from tests.factories import UserFactory
from tests.loops import some
from tests.scenarios.signing import decline, fresh, sign, sign_all
from tests.scenarios.work_agreements import CONTENT, save_agreement

TODAY = datetime.date(2016, 5, 18)
OUTSIDE = ("citizen", "company")
MANAGERS = ("job_consultant", "course_owner", "project_leader")
READERS = ("coordinating_caseworker", "reader")
#: The table once more, by hand: status, role, what may be done.
CELLS = {
    ("draft", OUTSIDE): "",
    ("draft", MANAGERS): "see edit send",
    ("draft", ("mentor",)): "see",
    ("awaiting", OUTSIDE): "see sign decline",
    ("awaiting", MANAGERS): "see edit send sign host sign_for decline",
    ("awaiting", ("mentor",)): "see send host sign_for decline",
    ("partly_signed", OUTSIDE): "see sign decline",
    ("partly_signed", MANAGERS): "see edit send sign host sign_for decline void",
    ("partly_signed", ("mentor",)): "see send host sign_for decline void",
    ("signed", OUTSIDE): "see",
    ("signed", MANAGERS): "see edit send",
    ("signed", ("mentor",)): "see send",
    ("declined", OUTSIDE): "",
    ("declined", MANAGERS): "see edit send",
    ("declined", ("mentor",)): "see",
    ("replaced", OUTSIDE): "",
    ("replaced", MANAGERS): "see",
    ("replaced", ("mentor",)): "see",
    ("ended", OUTSIDE): "see",
    ("ended", MANAGERS): "see",
    ("ended", ("mentor",)): "see",
    **{(status, READERS): "see" for status in AgreementStatus.values},
    **{(status, ("other",)): "" for status in AgreementStatus.values},
}


def test_every_cell_of_the_table() -> None:
    expected = {
        (status, role): set(acts.split()) for (status, roles), acts in CELLS.items() for role in roles
    }
    assert expected.keys() == {(status, role) for status in AgreementStatus for role in AgreementRole}
    for (status, role), acts in some(expected.items()):
        allowed = {act for act in AgreementAct if may(act, AgreementStatus(status), AgreementRole(role))}
        assert allowed == acts, (status, role)


def test_the_table_has_every_status_and_every_role() -> None:
    assert set(RIGHTS) == set(AgreementStatus)
    assert all(set(row) == set(AgreementRole) for row in RIGHTS.values())


def test_whatever_voids_an_outside_signature_voids_the_jobcentres() -> None:
    for voided in VOIDS.values():
        assert voided <= EVERYBODY
        assert not voided or AgreementParty.JOBCENTRE in voided


@pytest.mark.django_db
def test_the_roles_of_a_user(course, holder, leader, colleague) -> None:
    assert set(roles_of(holder, course)) == {
        "coordinating_caseworker",
        "course_owner",
        "job_consultant",
        "mentor",
    }
    assert roles_of(leader, course) == ("project_leader",)
    assert roles_of(colleague, course) == ("reader",)


# Each status, as it is reached


def draft(internship, holder):
    return save_agreement(internship, is_draft=True)


def awaiting(internship, holder):
    return save_agreement(internship)


def partly_signed(internship, holder):
    agreement = save_agreement(internship)
    sign(agreement, "citizen", holder)
    return agreement


def signed(internship, holder):
    return sign_all(save_agreement(internship), holder)


def declined(internship, holder):
    agreement = save_agreement(internship)
    decline(agreement, "company")
    return agreement


def replaced(internship, holder):
    agreement = save_agreement(internship)
    save_agreement(internship, content={**CONTENT, "tasks": "Andet"})
    return agreement


def ended(internship, holder):
    agreement = save_agreement(internship)
    internship.ended_on = TODAY - datetime.timedelta(days=1)
    internship.save()
    return agreement


STATES = (draft, awaiting, partly_signed, signed, declined, replaced, ended)
#: The pages of an act, by the URL name and the party in the address.
PAGES = {
    "send": ("put_up_agreement", None),
    "host": ("sign_agreement", "company"),
    "sign_for": ("sign_agreement_for", "company"),
    "decline": ("decline_agreement", "company"),
    "void": ("void_agreement_signature", "citizen"),
}


@pytest.fixture
def people(course, project, holder, leader):
    """A browser of each role of the jobcentre: the holder's functions are given to one person each."""
    users = {"project_leader": leader}
    for function in ("job_consultant", "course_owner", "mentor", "coordinating_caseworker"):
        users[function] = UserFactory(project=project, roles=[function])
        FunctionHolding.objects.filter(course=course, function=function).update(user=users[function])
    reader = UserFactory(project=project, roles=["mentor"])
    ColleagueOpening.objects.create(
        course=course, user=reader, reason="Afløser", ends_at=timezone.now() + datetime.timedelta(hours=1)
    )
    users["reader"] = reader
    clients = {role: Client() for role in users}
    for role, user in users.items():
        clients[role].force_login(user)
    return clients


@pytest.mark.django_db
@pytest.mark.usefixtures("wednesday")
@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__)
def test_pages_and_buttons_keep_to_the_table(reach, internship, leader, people) -> None:
    agreement = fresh(reach(internship, leader))
    status = status_of(agreement, TODAY)
    assert status == reach.__name__
    for role, client in some(people.items()):
        page = client.get(reverse("companies:agreement_page", args=[agreement.public_id]))
        assert page.status_code == 200
        for act, (name, party) in PAGES.items():
            args = [agreement.public_id] if party is None else [agreement.public_id, party]
            url = reverse(f"companies:{name}", args=args)
            is_allowed = may(AgreementAct(act), status, AgreementRole(role))
            if act == "send":
                has_button = is_allowed and status in ("draft", "declined")
                assert (f'"{url}"' in page.content.decode()) is has_button, (role, act)
                continue
            is_offered = act != "void" or status == "partly_signed"
            assert (f'"{url}"' in page.content.decode()) is (is_allowed and is_offered), (role, act)
            assert (client.get(url).status_code == 200) is (is_allowed and is_offered), (role, act)


def test_a_declined_agreement_has_a_word_of_its_own() -> None:
    """In Danish it is not the word for a citizen who declined a contact."""
    with translation.override("da"):
        assert AgreementStatus.DECLINED.label == AgreementState.DECLINED.label == "Afvist"
