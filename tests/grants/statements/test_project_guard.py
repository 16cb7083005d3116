"""What an approved statement rests on is not changed by a file of projects."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Project
from accounts.roles import Role
from tests.factories import ProjectFactory, UserFactory
from tests.grants.factories import StatementFactory

HEADER = "project;name;municipality_codes;starts_on;ends_on;target_count\n"


def csv_line(project, **changed):
    cells = {
        "project": project.slug,
        "name": project.name,
        "codes": "+".join(project.municipalities.order_by("-place__is_lead").values_list("code", flat=True)),
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "target_count": project.target_count,
    }
    return ";".join(str(cell) for cell in (cells | changed).values()) + "\n"


@pytest.fixture
def run_import(tmp_path, capsys):
    def run(text):
        path = tmp_path / "projects.csv"
        path.write_text(HEADER + text, encoding="utf-8")
        code = 0
        try:
            call_command("import_projects", str(path), "--format", "json")
        except SystemExit as left:
            code = left.code
        return code, capsys.readouterr().err.replace(str(tmp_path), "")

    return run


@pytest.fixture
def project(db):
    project = ProjectFactory()
    StatementFactory(project=project, state="approved")
    return project


def stored_values(project):
    names = ("name", "starts_on", "ends_on", "target_count")
    return list(Project.objects.filter(pk=project.pk).values(*names))


@pytest.mark.parametrize(
    ("column", "value"), [("target_count", 7), ("starts_on", "2016-02-01"), ("ends_on", "2016-12-30")]
)
def test_dates_and_target_count_stay_after_an_approval(project, run_import, column, value):
    before = stored_values(project)
    code, errors = run_import(csv_line(project, **{column: value}))
    assert code == 1
    assert errors.startswith(f"/projects.csv:2: {column}: ")
    assert "31 December 2016" in errors
    assert ("award" in errors) == (column == "target_count")
    assert stored_values(project) == before


@pytest.mark.parametrize("day", ["2016-12-31", "2018-06-30"])
def test_a_project_may_end_earlier_or_later_beyond_what_is_approved(project, run_import, day):
    assert run_import(csv_line(project, ends_on=day)) == (0, "")
    assert str(stored_values(project)[0]["ends_on"]) == day


def test_unchanged_values_and_a_new_name_are_imported(project, run_import):
    assert run_import(csv_line(project)) == (0, "")
    assert run_import(csv_line(project, name="Et nyt navn")) == (0, "")
    assert stored_values(project)[0]["name"] == "Et nyt navn"


@pytest.mark.parametrize("state", ["submitted", "checked"])
def test_until_an_approval_a_project_may_be_corrected(db, run_import, state):
    other = ProjectFactory()
    StatementFactory(project=other, state=state)
    assert run_import(csv_line(other, target_count=7)) == (0, "")
    assert stored_values(other)[0]["target_count"] == 7


def test_the_import_page_refuses_a_new_target_count_after_an_approval(project, client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    file = SimpleUploadedFile("projects.csv", (HEADER + csv_line(project, target_count=7)).encode())
    response = client.post(reverse("project_import"), {"file": file})
    assert "target_count" in response.content.decode()
    assert "tilsagn" in response.content.decode()
    assert stored_values(project)[0]["target_count"] == 100
