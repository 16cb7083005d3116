"""The outsider's script: agrees with an honest ledger, and names every change."""

import copy
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from randomization.draw import blocks, commitments
from randomization.ledger import chain, verify_draw
from randomization.ledger.verify_draw import verify
from tests.loops import some

SHARES = {"agency": bytes(range(32)), "operator": bytes(range(32, 64))}
GROUPS = ("activity_ready", "resource_programme")
CAPACITY = 64


class HonestDraw(NamedTuple):
    """The three documents that the script reads."""

    ledger: dict
    published: dict
    secrets: dict


@pytest.fixture(scope="module")
def honest_draw():
    """40 draws in two strata, made by the code that draws."""
    labels = [blocks.stratum_label("0851", group) for group in GROUPS]
    keys = [blocks.stratum_key(SHARES["agency"], SHARES["operator"], label) for label in labels]
    lists = [commitments.CommittedList(key, label, CAPACITY) for key, label in zip(keys, labels, strict=True)]
    rows = draw_rows(lists, 40)
    share_hashes = {
        f"{holder}_share_hash": commitments.share_hash(holder, share).hex()
        for holder, share in SHARES.items()
    }
    published = {
        "specification": blocks.SPECIFICATION,
        "commitments": [{"id": 1, **share_hashes}],
        "strata": [
            {"label": label, "commitment": 1, "capacity": CAPACITY, "root": committed_list.root.hex()}
            for label, committed_list in zip(labels, lists, strict=True)
        ],
    }
    secrets = {
        "strata": [{"label": label, "key": key.hex()} for label, key in zip(labels, keys, strict=True)],
        "shares": [{"commitment": 1, **{holder: share.hex() for holder, share in SHARES.items()}}],
    }
    return HonestDraw(
        {**published, "drawn": rows, "head": {"sequence": 40, "row_hash": rows[-1]["row_hash"]}},
        {**published, "head": {"sequence": 0, "row_hash": ""}},
        secrets,
    )


def draw_rows(lists, count):
    """The rows of `count` draws as they are exported; every third one is of the second stratum."""
    rows, previous = [], chain.START
    for number in range(1, count + 1):
        stratum = 1 if number % 3 == 0 else 0
        slot = 1 + sum(row["target_group"] == GROUPS[stratum] for row in rows)
        row = chain.LedgerRow(
            sequence=number,
            citizen=f"JF-{number:012}",
            project="aalborg",
            municipality_code="0851",
            target_group=GROUPS[stratum],
            slot=slot,
            arm=lists[stratum].arm(slot),
            allocated_on=date(2016, 3, 1) + timedelta(days=number),
            drawn_at=datetime(2016, 3, 1, 8, 15, tzinfo=UTC) + timedelta(days=number),
            nonce=lists[stratum].nonce(slot),
        )
        row_hash = chain.row_hash(previous, row)
        rows.append(
            {
                **row.__dict__,
                "allocated_on": row.allocated_on.isoformat(),
                "drawn_at": chain.timestamp(row.drawn_at),
                "nonce": row.nonce.hex(),
                "path": [sibling.hex() for sibling in lists[stratum].path(slot)],
                "previous_hash": previous.hex(),
                "row_hash": row_hash.hex(),
            }
        )
        previous = row_hash
    return rows


@pytest.fixture
def files(honest_draw):
    """Ledger, commitments and secrets, to be changed by a test."""
    return json.loads(json.dumps(honest_draw))


def test_an_honest_ledger_agrees(files):
    ledger, published, secrets = files

    assert verify(ledger) == []
    assert verify(ledger, published) == []
    assert verify(ledger, published, secrets) == []


def change_one_character(text):
    """Yield the text with one character changed: at its beginning, its middle and its end."""
    for position in {0, len(text) // 2, len(text) - 1}:
        yield text[:position] + ("1" if text[position] == "0" else "0") + text[position + 1 :]


@pytest.mark.parametrize("number", [1, 17, 40])
@pytest.mark.parametrize(
    "name",
    [
        "citizen",
        "project",
        "municipality_code",
        "target_group",
        "arm",
        "allocated_on",
        "drawn_at",
        "nonce",
        "previous_hash",
        "row_hash",
    ],
)
def test_one_changed_byte_in_any_value_is_named(files, name, number):
    ledger = files[0]
    for text in some(change_one_character(ledger["drawn"][number - 1][name])):
        tampered = copy.deepcopy(ledger)
        tampered["drawn"][number - 1][name] = text

        assert verify(tampered)[0].sequence == number


@pytest.mark.parametrize("step", range(6))
def test_one_changed_byte_in_a_path_is_named(files, step):
    ledger = files[0]
    path = ledger["drawn"][20]["path"]
    path[step] = next(change_one_character(path[step]))

    assert [(item.code, item.sequence) for item in verify(ledger)] == [("opening", 21)]


@pytest.mark.parametrize("name", ["sequence", "slot"])
def test_a_changed_number_is_named(files, name):
    ledger = files[0]
    ledger["drawn"][9][name] += 100

    assert verify(ledger)


def reseal(ledger):
    """Compute the chain again, as somebody who changed the database could."""
    previous = verify_draw.START
    for row in ledger["drawn"]:
        row["previous_hash"] = previous
        previous = row["row_hash"] = verify_draw._row_hash(row)
    ledger["head"] = {"sequence": ledger["drawn"][-1]["sequence"], "row_hash": previous}


def other_arm(arm):
    return blocks.CONTROL if arm == blocks.PARTICIPANT else blocks.PARTICIPANT


def test_an_arm_changed_under_a_new_chain_does_not_open_its_commitment(files):
    ledger = files[0]
    ledger["drawn"][16]["arm"] = other_arm(ledger["drawn"][16]["arm"])
    reseal(ledger)

    assert [(item.code, item.sequence) for item in verify(ledger)] == [("opening", 17)]


def test_a_citizen_exchanged_under_a_new_chain_is_seen_by_the_head_published_before(files):
    ledger, published, _ = files
    published["head"] = dict(ledger["head"])
    ledger["drawn"][16]["citizen"] = "JF-SOMEBODYELSE"
    reseal(ledger)

    assert verify(ledger) == []
    assert [(item.code, item.sequence) for item in verify(ledger, published)] == [("published", 40)]


def test_a_removed_row_and_a_row_drawn_twice_are_named(files):
    ledger = files[0]
    removed = copy.deepcopy(ledger)
    del removed["drawn"][4]
    assert {item.code for item in verify(removed)} >= {"sequence", "slot"}
    assert verify(removed)[0].sequence == 6

    shortened = copy.deepcopy(ledger)
    del shortened["drawn"][-1]
    assert [item.code for item in verify(shortened)] == ["head"]

    ledger["drawn"][7]["citizen"] = ledger["drawn"][3]["citizen"]
    reseal(ledger)
    assert [(item.code, item.sequence) for item in verify(ledger)] == [("citizen", 8)]


def test_a_root_exchanged_after_publication_is_named(files):
    ledger, published, secrets = files
    ledger["strata"][0]["root"] = "00" * 32

    assert {item.code for item in verify(ledger, published)} == {"published", "opening"}
    assert "root" in {item.code for item in verify(ledger, None, secrets)}


def test_a_wrong_revealed_key_or_share_is_named(files):
    ledger, published, secrets = files
    secrets["strata"][1]["key"] = "00" * 32
    codes = {item.code for item in verify(ledger, published, secrets)}
    assert codes == {"root", "arm"}

    secrets = copy.deepcopy(files[2])
    secrets["strata"] = []
    secrets["shares"][0]["operator"] = "00" * 32
    assert [(item.code, item.detail) for item in verify(ledger, published, secrets)] == [
        ("share", "operator")
    ]


def test_a_stratum_nobody_published_is_named(files):
    ledger = files[0]
    del ledger["strata"][1]

    assert {item.code for item in verify(ledger)} == {"stratum"}


def test_one_projects_part_may_have_gaps_in_the_sequence_and_nothing_else(files):
    ledger = files[0]
    ledger["project"] = "aalborg"
    for row in ledger["drawn"]:
        row["sequence"] *= 2
        row["row_hash"] = verify_draw._row_hash(row)
    assert verify(ledger) == []

    ledger["drawn"][3]["arm"] = other_arm(ledger["drawn"][3]["arm"])
    assert [(item.code, item.sequence) for item in verify(ledger)] == [("row", 8), ("opening", 8)]


@pytest.mark.parametrize("broken", [{}, {"specification": "jobfirst-draw/1"}, [], {"drawn": 1}])
def test_a_file_of_another_form_is_a_difference_and_no_crash(broken):
    assert [item.code for item in verify(broken)] == ["malformed"]


def test_the_script_runs_alone(tmp_path, files):
    """Copied somewhere else, in isolated mode: nothing but Python's standard library."""
    script = tmp_path / "verify_draw.py"
    script.write_bytes(Path(verify_draw.__file__).read_bytes())
    for name, content in zip(("ledger", "published", "secrets"), files, strict=True):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    command = [sys.executable, "-I", "-S", str(script), str(tmp_path / "ledger.json")]
    command += ["--published", str(tmp_path / "published.json"), "--secrets", str(tmp_path / "secrets.json")]

    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (process.returncode, process.stderr) == (0, "")
    assert "40 allocations, 2 lists" in process.stdout

    ledger = files[0]
    ledger["drawn"][11]["arm"] = other_arm(ledger["drawn"][11]["arm"])
    (tmp_path / "ledger.json").write_text(json.dumps(ledger))
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 1
    assert process.stderr.startswith("sequence 12: ")


def test_the_script_says_when_nothing_outside_was_compared(files, tmp_path, capsys):
    ledger, published, _secrets = files
    path, outside = tmp_path / "ledger.json", tmp_path / "published.json"
    path.write_text(json.dumps(ledger))
    outside.write_text(json.dumps(published))
    assert verify_draw.main([str(path)]) == 0
    alone = capsys.readouterr().out
    assert "agrees with itself" in alone
    assert "Nothing outside it was compared" in alone
    assert "All agrees" not in alone
    assert verify_draw.main([str(path), "--published", str(outside)]) == 0
    assert capsys.readouterr().out.startswith("All agrees: ")


def test_a_published_file_without_commitments_is_none(files):
    ledger = files[0]
    assert [difference.code for difference in verify_draw.verify(ledger, {})] == ["malformed"]


def test_the_script_says_what_it_cannot_read(tmp_path, capsys):
    (tmp_path / "broken.json").write_text("{")

    assert verify_draw.main([str(tmp_path / "missing.json")]) == 1
    assert verify_draw.main([str(tmp_path / "broken.json")]) == 1
    assert capsys.readouterr().err.count("cannot be read") == 2
