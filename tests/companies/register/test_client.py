"""The register of companies over HTTP: what it answers well, and everything that it can do wrong."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.register import client
from companies.register.client import NotRegisteredError, RegisterError, fetch_facts
from companies.register.facts import RegisteredWorkplace, RegisterFacts, read_answer
from tests.companies.register.server import answer_of
from tests.factories import cvr

CVR = cvr(7)
TODAY = datetime.date(2016, 5, 18)


def test_the_facts_of_a_company_are_read(register):
    facts = fetch_facts(CVR, TODAY)
    assert facts == RegisterFacts(
        cvr=CVR,
        name="Bageren & Søn ApS",
        fetched_on=TODAY,
        address="Vestergade 7, 1.",
        postal_code="5000",
        town="Odense C",
        industry_code="107110",
        industry="Fremstilling af friske bageriprodukter",
        employees="20-49",
        workplaces=(
            RegisteredWorkplace(
                "1003257424", "Bageren", "Vestergade 7", "5000", "Odense C", "12", is_closed=True
            ),
            RegisteredWorkplace("1003257425", "Bageren, Havnen", "Havnegade 3", "5000", "Odense C", "12"),
        ),
    )
    assert facts.number_of_employees is None


def test_only_the_number_and_the_token_are_sent(register):
    fetch_facts(CVR, TODAY)
    ((path, headers),) = register.requests
    assert path == f"/api?country=dk&search={CVR}"
    assert headers["Authorization"] == "Bearer a-token"
    assert set(headers) == {"Host", "Accept-Encoding", "Accept", "User-Agent", "Authorization"}


def test_an_answer_is_used_again_until_it_is_asked_for_anew(register):
    for _twice in range(2):
        fetch_facts(CVR, TODAY)
    assert len(register.requests) == 1
    register.fields = {"name": "Nyt navn"}
    assert fetch_facts(CVR, TODAY, anew=True).name == "Nyt navn"


def test_an_unknown_number_is_not_a_failure_of_the_register(register):
    register.status, register.body = 404, b'{"error": "NOT_FOUND"}'
    with pytest.raises(NotRegisteredError):
        fetch_facts(CVR, TODAY)


@pytest.mark.parametrize("status", [301, 302, 400, 401, 429, 500, 503])
def test_any_other_status_is_a_failure_and_no_redirect_is_followed(register, status):
    register.status = status
    with pytest.raises(RegisterError, match=f"HTTP {status}"):
        fetch_facts(CVR, TODAY)
    assert len(register.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps(answer_of(cvr(8))).encode(),
        json.dumps(answer_of(CVR, name=None)).encode(),
    ],
    ids=["empty", "page", "cut off", "a list", "null", "no text", "nested", "another company", "no name"],
)
def test_an_unreadable_answer_is_a_failure(register, body):
    register.body = body
    with pytest.raises(RegisterError, match="unreadable"):
        fetch_facts(CVR, TODAY)


def test_a_huge_answer_is_not_read_to_its_end(register, monkeypatch):
    monkeypatch.setattr(client, "LARGEST_ANSWER", 10_000)
    register.body = b" " * 500_000
    with pytest.raises(RegisterError, match="too_large"):
        fetch_facts(CVR, TODAY)


def test_a_register_that_does_not_answer_is_given_up(register, monkeypatch):
    monkeypatch.setattr(client, "TIMEOUT", 0.1)
    register.pause = 1
    with pytest.raises(RegisterError, match="TimeoutError"):
        fetch_facts(CVR, TODAY)


def test_an_answer_that_drips_is_given_up(register, monkeypatch):
    monkeypatch.setattr(client, "LONGEST_REQUEST", 0.2)
    register.pause = 0.02
    with pytest.raises(RegisterError, match="too_slow"):
        fetch_facts(CVR, TODAY)


def test_a_register_that_is_not_there_is_a_failure(settings, register):
    settings.JOBFIRST_COMPANY_REGISTER_URL = "http://127.0.0.1:9/"
    with pytest.raises(RegisterError, match="ConnectionRefusedError"):
        fetch_facts(CVR, TODAY)


def test_without_a_register_nothing_is_asked(register, settings):
    settings.JOBFIRST_COMPANY_REGISTER_URL = ""
    with pytest.raises(RegisterError, match="off"):
        fetch_facts(CVR, TODAY)
    assert register.requests == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from([name for name in answer_of(CVR) if name not in {"vat", "name"}]), JSON, max_size=6
    ),
    st.lists(st.dictionaries(st.sampled_from(["pno", "name", "zipcode", "enddate"]), JSON), max_size=3),
)
def test_no_other_value_stops_the_reading(fields, units):
    answer = answer_of(CVR, **{"productionunits": units, **fields})
    facts = read_answer(answer, CVR, TODAY)
    assert facts.name == "Bageren & Søn ApS"
    assert RegisterFacts.from_data(json.loads(json.dumps(facts.as_data()))) == facts
