"""The commands of the draw, as somebody at a terminal or a program meets them."""

import csv
import datetime
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from audit.models import AccessRecord
from randomization.draw import blocks
from randomization.draw.actions import draw_project
from randomization.draw.shares import VARIABLES
from randomization.ledger import verify_draw
from randomization.ledger.export import DRAWN_KEYS, LEDGER_COLUMNS
from randomization.models import Allocation, Claim, Commitment, Stratum
from tests.factories import DRAWN_ON, ProjectFactory, ReferralFactory
from tests.loops import some

pytestmark = pytest.mark.usefixtures("draw_within_transaction")


def run(*arguments):
    """Run a command; return its exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as exit_error:
        return exit_error.code or 0, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def real_trial(monkeypatch):
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)


def test_draw_says_what_it_drew_in_the_agreed_form(aalborg, refer_citizens, system_shares):
    refer_citizens(6)

    code, out, err = run("draw", "--project", "aalborg", "--on", "2016-04-04", "--format", "json")

    assert (code, err) == (0, "")
    rows = json.loads(out)["drawn"]
    assert [tuple(row) for row in rows] == [DRAWN_KEYS] * 6
    arms = blocks.arms(system_shares.key("0851/resource_programme"), 6)
    for number, (row, arm) in some(enumerate(zip(rows, arms, strict=True), 1)):
        citizen = Allocation.objects.get(sequence=number).citizen
        assert row == {
            "sequence": number,
            "citizen": citizen.pseudonym,
            "project": "aalborg",
            "municipality_code": "0851",
            "target_group": "resource_programme",
            "arm": arm,
            "allocated_on": "2016-04-04",
        }
    assert json.loads(run("draw", "--project", "aalborg", "--on", "2016-04-04", "--format", "json")[1]) == {
        "drawn": [],
        "not_yet": 0,
    }


def test_draw_takes_today_when_no_day_is_given(system_shares, time_machine):
    time_machine.move_to(datetime.datetime(2016, 4, 4, 23, 30, tzinfo=datetime.UTC))
    ReferralFactory()

    run("draw", "--all")

    assert Allocation.objects.get().allocated_on == datetime.date(2016, 4, 5)


def test_draw_all_draws_where_somebody_waits_and_says_who_was_refused(aalborg, refer_citizens, system_shares):
    refer_citizens(2)
    closed = ProjectFactory(slug="closed", codes=["0101"], starts_on=datetime.date(2014, 1, 1))
    ReferralFactory(project=closed, referred_on=datetime.date(2014, 2, 1))
    ProjectFactory(slug="nobody-waits", codes=["0751"], starts_on=datetime.date(2014, 1, 1))

    code, out, err = run("draw", "--all", "--on", "2016-04-04")

    assert code == 1
    assert "drawn: 2" in out
    assert err.startswith("closed: Enrolment in")
    assert "nobody-waits" not in err
    assert Allocation.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--project", "nowhere"], "There is no project called 'nowhere'. Projects: aalborg."),
        (["--project", ""], "There is no project"),
        (["--project", "aalborg", "--on", "4.4.2016"], "--on must be a date written as 2016-03-01"),
        (["--project", "aalborg", "--on", "20160404"], "--on must be a date"),
        (["--project", "aalborg", "--on", "2016-02-30"], "--on must be a date"),
        (["--project", "aalborg", "--on", "2017-03-02"], "Enrolment in"),
        (["--project", "aalborg", "--on", "2016-02-29"], "starts on"),
    ],
)
def test_draw_refuses_with_what_to_do(aalborg, refer_citizens, system_shares, arguments, message):
    refer_citizens(1)

    code, out, err = run("draw", *arguments)

    assert code == 1
    assert message in err
    assert "drawn: 0" in out or not out
    assert not Claim.objects.exists()


def test_who_is_referred_later_is_mentioned(aalborg, refer_citizens, system_shares):
    refer_citizens(1)
    ReferralFactory(project=aalborg, referred_on=DRAWN_ON + datetime.timedelta(days=3))

    assert "drawn: 1, 1 referred after that day" in run("draw", "--all", "--on", "2016-04-04")[1]


def test_a_missing_share_is_named(aalborg, refer_citizens, system_shares, monkeypatch):
    refer_citizens(1)
    monkeypatch.delenv(VARIABLES["operator"])

    code, _, err = run("draw", "--project", "aalborg", "--on", "2016-04-04")

    assert code == 1
    assert VARIABLES["operator"] in err


def test_a_dry_run_says_who_waits_and_computes_no_arm(aalborg, refer_citizens, system_shares, monkeypatch):
    refer_citizens(3)
    monkeypatch.setattr("randomization.draw.strata.OpenLists.open_slot", None)

    code, out, _ = run("draw", "--project", "aalborg", "--on", "2016-04-04", "--dry-run", "--format", "json")

    assert code == 0
    assert json.loads(out)["drawn"] == []
    assert len(json.loads(out)["waiting"]) == 3
    assert "participant" not in out
    assert "control" not in out
    assert not Claim.objects.exists()
    assert not Stratum.objects.exists()


def test_a_real_trial_takes_the_servers_own_day(
    aalborg, refer_citizens, agency_share_file, real_trial, time_machine
):
    time_machine.move_to(datetime.datetime(2016, 4, 6, 9, tzinfo=datetime.UTC))
    refer_citizens(2)

    code, _, err = run("draw", "--project", "aalborg", "--on", "2016-04-04")
    assert (code, "rehearsals" in err, Claim.objects.count()) == (1, True, 0)
    assert run("draw", "--project", "aalborg", "--on", "2016-04-04", "--dry-run")[0] == 0

    assert run("draw", "--project", "aalborg")[0] == 0
    assert {row.allocated_on for row in Allocation.objects.all()} == {datetime.date(2016, 4, 6)}


def test_commands_record_whose_data_they_showed(aalborg, refer_citizens, system_shares):
    citizens = {referral.citizen.public_id for referral in refer_citizens(3)}

    run("draw", "--all", "--on", "2016-04-04")
    run("export_allocations")

    for action in ("randomization.draw.command", "randomization.export.command"):
        assert set(AccessRecord.objects.get(action=action).citizens) == citizens


@pytest.fixture
def two_projects(aalborg, refer_citizens, system_shares):
    """Forty-one citizens drawn in two projects, by turns."""
    other = ProjectFactory(slug="soroe", codes=["0340", "0329"])
    for day in range(1, 6):
        refer_citizens(4, "activity_ready", first=datetime.date(2016, 3, day))
        refer_citizens(3)
        ReferralFactory(project=other, referred_on=datetime.date(2016, 3, day))
        for project in (aalborg, other):
            draw_project(project, DRAWN_ON + datetime.timedelta(days=day))
    ReferralFactory(project=other)
    draw_project(other, DRAWN_ON + datetime.timedelta(days=9))
    return other


def test_the_exported_ledger_verifies_from_outside(two_projects, tmp_path, capsys):
    ledger, published, secrets = (tmp_path / name for name in ("ledger.json", "published.json", "keys.json"))
    run("publish_commitments", "--output", str(published))
    assert run("export_allocations", "--format", "json", "--output", str(ledger))[0] == 0
    assert run("reveal_secrets", "--on", "2017-03-02", "--output", str(secrets))[0] == 0

    document = json.loads(ledger.read_text())
    assert len(document["drawn"]) == 41
    assert document["rehearsal"] is True
    assert len(json.loads(secrets.read_text())["strata"]) == len(document["strata"])
    arguments = [str(ledger), "--published", str(published), "--secrets", str(secrets)]
    assert verify_draw.main(arguments) == 0, capsys.readouterr().err

    document["drawn"][12]["citizen"] = "JF-SOMEBODYELSE"
    ledger.write_text(json.dumps(document))
    assert verify_draw.main(arguments) == 1
    assert capsys.readouterr().err.startswith("sequence 13: ")


def test_one_projects_part_of_the_ledger_verifies_too(two_projects, tmp_path):
    out = run("export_allocations", "--project", "soroe", "--format", "json")[1]

    document = json.loads(out)
    assert {row["project"] for row in document["drawn"]} == {"soroe"}
    assert verify_draw.verify(document) == []


def test_the_ledger_as_csv(two_projects):
    out = run("export_allocations")[1]

    rows = list(csv.DictReader(io.StringIO(out), delimiter=";"))
    assert tuple(rows[0]) == LEDGER_COLUMNS
    assert [int(row["sequence"]) for row in rows] == list(range(1, 42))
    assert {row["rehearsal"] for row in rows} == {"true"}
    assert rows[5]["path"].count("+") == 11


def test_exports_of_an_empty_ledger(aalborg, system_shares):
    assert json.loads(run("export_allocations", "--format", "json")[1])["drawn"] == []
    assert run("export_allocations")[1].count("\n") == 1
    assert run("verify_allocations")[0] == 0
    assert run("export_allocations", "--project", "nowhere")[0] == 1


def test_a_file_that_cannot_be_written_is_said(aalborg, system_shares, tmp_path):
    code, _, err = run("export_allocations", "--output", str(tmp_path / "no" / "folder.csv"))

    assert code == 1
    assert "cannot be written" in err


def test_verify_allocations_says_that_all_agrees(two_projects):
    code, out, err = run("verify_allocations")
    assert (code, err) == (0, "")
    assert out.startswith("verified: 41 allocations")
    assert "Nothing outside this system was compared" in out

    report = json.loads(run("verify_allocations", "--project", "soroe", "--format", "json")[1])
    assert report == {
        "verified": True,
        "compared_with_published": False,
        "allocations": 6,
        "pending_claims": 0,
        "first_difference": None,
        "differences": [],
    }


def test_verify_allocations_compares_with_what_was_kept_outside(two_projects, tmp_path):
    outside = tmp_path / "kept.json"
    assert run("publish_commitments", "--output", str(outside))[0] == 0
    code, out, _ = run("verify_allocations", "--published", str(outside))
    assert code == 0
    assert "They agree with the published file as well." in out

    document = json.loads(outside.read_text("utf-8"))
    document["strata"][0]["root"] = "0" * 64
    outside.write_text(json.dumps(document), "utf-8")
    code, out, err = run("verify_allocations", "--published", str(outside))
    assert (code, out) == (1, "")
    assert "is not what was published" in err

    outside.write_text("{}", "utf-8")
    assert run("verify_allocations", "--published", str(outside))[0] == 1
    assert run("verify_allocations", "--published", str(tmp_path / "nowhere.json"))[0] == 1


def test_verify_allocations_with_a_wrong_share(two_projects, monkeypatch):
    monkeypatch.setenv(VARIABLES["agency"], "B" * 43)

    code, _, err = run("verify_allocations")

    assert code == 1
    assert "ledger: the agency share is not the one whose hash was published" in err


def test_verify_allocations_without_a_share(two_projects, monkeypatch):
    monkeypatch.delenv(VARIABLES["agency"])

    assert run("verify_allocations")[0] == 1


def test_publishing_commits_every_stratum_of_the_trial_once(system_shares):
    ProjectFactory(codes=["0851"])
    ProjectFactory(codes=["0340", "0329"])

    document = json.loads(run("publish_commitments")[1])

    assert len(document["strata"]) == 6
    assert document["head"]["sequence"] == 0
    assert document["commitments"][0]["agency_share_hash"] == system_shares.hash_of("agency").hex()
    assert json.loads(run("publish_commitments")[1]) == document
    assert Commitment.objects.count() == 1


def test_what_is_published_holds_no_secret(two_projects, system_shares):
    out = run("publish_commitments")[1] + run("export_allocations", "--format", "json")[1]

    for stratum in some(Stratum.objects.all()):
        committed_list = system_shares.committed_list(stratum.label, stratum.capacity)
        claimed_slots = stratum.claims.count()
        assert system_shares.key(stratum.label).hex() not in out
        for slot in range(claimed_slots + 1, claimed_slots + 100):
            assert committed_list.nonce(slot).hex() not in out
    assert system_shares.agency.hex() not in out
    assert system_shares.operator.hex() not in out


def test_only_closed_strata_are_revealed(two_projects, monkeypatch):
    def revealed_strata(day):
        return json.loads(run("reveal_secrets", "--on", day)[1])["strata"]

    assert revealed_strata("2017-03-01") == []
    assert len(revealed_strata("2017-03-02")) == 6

    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)
    assert run("reveal_secrets", "--on", "2017-03-02")[0] == 1
