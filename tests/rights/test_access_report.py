"""`access_report` hands out everything of one citizen, and nothing of another one."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.access import record_refused, record_shown
from audit.models import AccessRecord
from cases.actions.contacts import withdraw_contact
from cases.models import CitizenContact, CvEntry
from progression.models import Answer
from rights.management.commands import access_report
from rights.report.document import make_document
from rights.report.gathering import GatheredRows, entries_of
from rights.report.summary import _day_for_order, _printed_table, _tables
from rights.report.values import Attachments, plain
from tests import databases
from tests.factories import (
    AllocationFactory,
    CitizenFactory,
    CourseFactory,
    MentorContactFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)
from tests.loops import some
from tests.pdf_tags import Tags
from tests.pdf_text import pdf_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return CourseFactory(holders=UserFactory(name="Mona Mentor"))


def report_of(citizen, folder: Path) -> dict:
    """Return the JSON document of the report about the citizen."""
    call_command("access_report", citizen=citizen.pseudonym, output=folder)
    return json.loads((folder / "access_report.json").read_text())


def test_what_is_written_about_the_citizen_is_in_the_report(course, tmp_path):
    MentorContactFactory(course=course, note="Talte om haven")
    document = report_of(course.citizen, tmp_path / "report")
    notes = [row["note"] for row in document["tables"]["cases.MentorContact"]]
    assert (notes, document["names"]) == (["Talte om haven"], [course.referral.name])


def test_the_names_of_those_who_work_with_the_citizen_are_in_the_report_but_not_how_to_reach_them(
    course, tmp_path
):
    document = report_of(course.citizen, tmp_path / "report")
    assert {row["user"] for row in document["tables"]["cases.FunctionHolding"]} == {"Mona Mentor"}
    holder = course.holdings.first().user
    assert holder.email not in json.dumps(document)


def test_what_was_removed_is_in_the_history(course, tmp_path):
    entry = CvEntry.objects.create(course=course, part="experience", position=1, title="Gartner")
    entry.delete()
    document = report_of(course.citizen, tmp_path / "report")
    assert document["tables"]["cases.CvEntry"] == []
    changes = document["history"]["cases.CvEntry"]
    assert [(change["change"], change["values"]["title"]) for change in changes] == [
        ("insert", "Gartner"),
        ("delete", "Gartner"),
    ]


def test_both_projects_of_a_citizen_are_in_the_report(course, tmp_path):
    other = ProjectFactory()
    ReferralFactory(
        citizen=course.citizen,
        project=other,
        name="Andet Navn",
        state="refused",
        reasons=["already_referred"],
    )
    document = report_of(course.citizen, tmp_path / "report")
    assert document["names"] == [course.referral.name, "Andet Navn"]
    assert {entry["project"] for entry in document["projects"]} == {course.project.slug, other.slug}


def test_a_control_citizen_has_a_report(tmp_path):
    allocation = AllocationFactory(arm="control")
    document = report_of(allocation.citizen, tmp_path / "report")
    assert [row["arm"] for row in document["tables"]["randomization.Allocation"]] == ["control"]


def test_nothing_of_another_citizen_is_in_the_report(course, tmp_path):
    other = CourseFactory(project_for=course.project, holders=course.holdings.first().user)
    MentorContactFactory(course=other, note="Om en anden")
    record_shown(UserFactory(), "courses", [course.citizen.public_id, other.citizen.public_id])
    report_of(course.citizen, tmp_path / "report")
    text = (tmp_path / "report" / "access_report.json").read_text()
    strangers = [other.referral.name, "Om en anden", other.citizen.pseudonym, str(other.citizen.public_id)]
    assert [stranger for stranger in strangers if stranger in text] == []


@pytest.mark.django_db(transaction=True)
def test_a_report_is_one_moment_although_others_go_on_writing(course, tmp_path, monkeypatch):
    MentorContactFactory(course=course, note="Before")

    def gather_while_others_write(citizen):
        rows = GatheredRows(citizen)
        with databases.owner_connection() as other:
            other.execute("UPDATE cases_mentorcontact SET note = 'Later'")
        return rows

    monkeypatch.setattr(access_report, "GatheredRows", gather_while_others_write)
    document = report_of(course.citizen, tmp_path / "report")
    assert [row["note"] for row in document["tables"]["cases.MentorContact"]] == ["Before"]


def test_who_has_seen_the_citizen_is_in_the_report_and_so_are_refusals(course, tmp_path):
    record_shown(UserFactory(name="Kaj Kollega"), "course", [course.citizen.public_id], "Vikar i dag")
    record_refused(
        UserFactory(name="Nysgerrig Nielsen"), "course", course.public_id, [course.citizen.public_id]
    )
    document = report_of(course.citizen, tmp_path / "report")
    seen = [(entry["who"], entry["outcome"], entry["reason"]) for entry in document["seen_by"]]
    assert seen[:2] == [("Kaj Kollega", "shown", "Vikar i dag"), ("Nysgerrig Nielsen", "refused", "")]


def test_the_report_itself_is_in_the_access_log_and_in_the_report(course, tmp_path):
    document = report_of(course.citizen, tmp_path / "report")
    record = AccessRecord.objects.get(action="access_report.command")
    assert record.citizens == [course.citizen.public_id]
    assert document["seen_by"][-1]["action"] == "access_report.command"


def test_the_paper_names_a_command_and_a_refusal_as_the_log_does(course, tmp_path):
    AccessRecord.objects.create(action="gaps.command", outcome="shown", citizens=[course.citizen.public_id])
    record_refused(
        UserFactory(name="Nysgerrig Nielsen"), "course", course.public_id, [course.citizen.public_id]
    )
    report_of(course.citizen, tmp_path / "report")
    text = " ".join(pdf_text((tmp_path / "report" / "access_report.pdf").read_bytes()).split())
    assert "Systemets drift Indsigtsrapport til borgeren (kommando); Listen over huller (kommando)" in text
    assert "Adgang nægtet" in text


def test_the_cpr_number_stands_in_no_file(course, tmp_path):
    report_of(course.citizen, tmp_path / "report")
    cpr = course.citizen.cpr
    text = pdf_text((tmp_path / "report" / "access_report.pdf").read_bytes())
    assert cpr not in (tmp_path / "report" / "access_report.json").read_text()
    assert cpr not in text.replace("-", "")


def test_every_column_of_the_report_is_explained(course, tmp_path):
    document = report_of(course.citizen, tmp_path / "report")
    for table, rows in some(list(document["tables"].items())):
        columns = set(document["codebook"][table]["columns"]) | {"entries"}
        assert {name for row in rows for name in row} <= columns


def test_the_pdf_is_danish_tagged_and_says_who_has_seen_what(course, tmp_path):
    MentorContactFactory(course=course, note="Talte om haven")
    record_shown(UserFactory(name="Kaj Kollega"), "course", [course.citizen.public_id])
    report_of(course.citizen, tmp_path / "report")
    content = (tmp_path / "report" / "access_report.pdf").read_bytes()
    text = pdf_text(content)
    for words in ("Dine oplysninger i JobFirst", "Kaj Kollega", "Talte om haven", "Datatilsynet"):
        assert words in text
    assert Tags(content).faults == []


def test_a_protected_address_is_marked(course, tmp_path, capsys):
    CitizenContact.objects.create(course=course, address="Hemmelig Vej 1", has_protected_address=True)
    document = report_of(course.citizen, tmp_path / "report")
    assert document["protected_address"]
    assert "in person" in capsys.readouterr().err
    text = pdf_text((tmp_path / "report" / "access_report.pdf").read_bytes())
    assert "Beskyttet adresse" in text


def test_the_command_answers_with_json(course, tmp_path, capsys):
    folder = tmp_path / "report"
    pseudonym = course.citizen.pseudonym
    call_command("access_report", citizen=pseudonym.lower(), output=folder, format="json")
    assert json.loads(capsys.readouterr().out) == {
        "citizen": pseudonym,
        "output": str(folder),
        "attachments": 0,
        "protected_address": False,
    }


def test_an_unknown_pseudonym_is_refused_and_leaves_no_folder(tmp_path):
    CitizenFactory()
    with pytest.raises(CommandError, match="no citizen"):
        call_command("access_report", citizen="JF-AAAAAAAAAAAA", output=tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_not_written_to(course, tmp_path):
    (tmp_path / "kept.txt").touch()
    with pytest.raises(CommandError, match="exists already"):
        call_command("access_report", citizen=course.citizen.pseudonym, output=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_only_its_owner_reads_a_report(course, tmp_path):
    report_of(course.citizen, tmp_path / "report")
    files = some(list((tmp_path / "report").iterdir()))
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_signed_pdf_becomes_a_file_of_the_report():
    attachments = Attachments()
    content = b"%PDF-1.7 " + b"x" * 100
    assert plain(content, attachments)["file"] == "attachments/01.pdf"
    assert attachments.contents == {"attachments/01.pdf": content}


def test_only_her_part_of_a_stored_statement_is_in_the_report():
    content = {"project": "aalborg", "events": [{"citizen": "JF-A", "amount": "1"}, {"citizen": "JF-B"}]}
    assert entries_of(json.dumps(content), {"JF-A"}) == [{"citizen": "JF-A", "amount": "1"}]


def test_the_paper_has_every_table_in_the_order_of_the_days(course, tmp_path):
    for day in ("2026-05-04", "2026-03-02", "2026-04-06"):
        MentorContactFactory(course=course, held_on=day)
    document = report_of(course.citizen, tmp_path / "report")
    tables = {table.title: table for table in _tables(document)}
    days = [row["Dato"] for row in tables["Mentorkontakter"].rows]
    assert days == ["02.03.2026", "06.04.2026", "04.05.2026"]


def test_a_row_without_a_day_stands_by_that_of_the_row_it_belongs_to():
    """Such as the answers of a questionnaire, whose day it is."""
    answers = [{"id": 1, "sheet": "progression.AnswerSheet/7"}, {"id": 2, "sheet": None}]
    sheets = {"progression.AnswerSheet/7": {"id": 7, "answered_on": "2026-03-02"}}
    assert [_day_for_order(Answer, row, sheets) for row in answers] == ["2026-03-02", ""]


class CountedRow(dict):
    """A row of a report that counts how often a value of it is read."""

    reads = 0

    def __getitem__(self, name):
        CountedRow.reads += 1
        return super().__getitem__(name)

    def get(self, name, default=None):
        CountedRow.reads += 1
        return super().get(name, default)


def reads_of_report(number):
    """Return how many values are read to print so many sheets with an answer each."""
    sheets = [CountedRow(id=pk, answered_on="2026-03-02") for pk in range(number)]
    answers = [CountedRow(id=pk, sheet=f"progression.AnswerSheet/{pk}", value=3) for pk in range(number)]
    CountedRow.reads = 0
    _tables({"tables": {"progression.AnswerSheet": sheets, "progression.Answer": answers}, "history": {}})
    return CountedRow.reads


def test_a_course_ten_times_as_long_is_read_ten_times_as_often():
    """Rows that others name are looked up by their key, not one after the other."""
    assert reads_of_report(300) == 10 * reads_of_report(30)


def test_who_is_named_again_is_not_asked_for_again(course):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            make_document(GatheredRows(course.citizen), timezone.now(), Attachments())
        return len(captured)

    mentor = UserFactory(name="Mona Mentor")
    MentorContactFactory(course=course, registered_by=mentor)
    few = queries()
    MentorContactFactory.create_batch(5, course=course, registered_by=mentor)
    assert queries() == few


def test_what_few_rows_of_a_table_have_stands_below_them_and_squeezes_no_column():
    rows = [{"Dato": f"0{day}.03.2026", "Person": "Mona Mentor"} for day in range(1, 9)]
    rows[2]["Begrundelse for fejlregistrering"] = "Forkert borger"
    table = _printed_table("Mentorkontakter", rows, 0)
    assert table.columns == ["Dato", "Person"]
    assert [line.remarks for line in table.lines if line.remarks] == [
        {"Begrundelse for fejlregistrering": "Forkert borger"}
    ]
    assert table.lines[2].values == ["03.03.2026", "Mona Mentor"]


def test_what_few_rows_have_is_printed(course, tmp_path):
    MentorContactFactory.create_batch(5, course=course)
    wrong = MentorContactFactory(course=course)
    withdraw_contact(wrong, by=UserFactory(), reason="Forkert borger")
    report_of(course.citizen, tmp_path / "report")
    assert "Forkert borger" in pdf_text((tmp_path / "report" / "access_report.pdf").read_bytes())
