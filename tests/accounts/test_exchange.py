"""import_projects and import_users: the formats, every bad row, and the same file twice."""

import io
import json
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Membership, Project, User
from accounts.roles import Role
from jobfirst.exchange import reading
from tests.factories import ProjectFactory, UserFactory
from tests.jobfirst.exchange import hostile_files

PROJECTS = "project;name;municipality_codes;starts_on;ends_on;target_count\n"
USERS = "email;name;project;roles\n"
REFERENCE = Path(settings.BASE_DIR) / "jobfirst" / "reference" / "projects.csv"

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys, django_capture_on_commit_callbacks):
    """Run a command on a file with this text; return (exit code, JSON or None, lines on stderr)."""

    def _run(command, text, *options):
        file = tmp_path / "file.csv"
        file.write_text(text, encoding="utf-8")
        code = 0
        with django_capture_on_commit_callbacks(execute=True):
            try:
                call_command(command, str(file), "--format", "json", *options)
            except SystemExit as exit_error:
                code = exit_error.code
        out, err = capsys.readouterr()
        lines = [line.removeprefix(f"{tmp_path}/file.csv:") for line in err.splitlines()]
        return code, json.loads(out) if out else None, lines

    return _run


def municipality_codes(slug):
    """The codes of the project's municipalities, the lead first."""
    return [place.municipality_id for place in Project.objects.get(slug=slug).places.all()]


def test_the_reference_projects_come_in_and_the_second_time_change_nothing(run):
    text = REFERENCE.read_text(encoding="utf-8")
    assert run("import_projects", text) == (0, {"created": 13, "updated": 0, "unchanged": 0}, [])
    assert run("import_projects", text) == (0, {"created": 0, "updated": 0, "unchanged": 13}, [])
    assert municipality_codes("soroe") == ["0340", "0329"], "the lead first"
    assert sum(Project.objects.values_list("target_count", flat=True)) == 2400


def test_a_dry_run_checks_and_saves_nothing(run):
    text = REFERENCE.read_text(encoding="utf-8")
    assert run("import_projects", text, "--dry-run")[:2] == (0, {"created": 13, "updated": 0, "unchanged": 0})
    assert not Project.objects.exists()


def test_what_differs_is_updated(run):
    run("import_projects", PROJECTS + "soroe;Sorø;0340+0329;2016-03-01;2017-12-31;140\n")
    other = PROJECTS + "soroe;Sorø;0329+0340;2016-03-01;2017-12-30;141\n"
    assert run("import_projects", other)[1] == {"created": 0, "updated": 1, "unchanged": 0}
    project = Project.objects.get()
    assert (project.target_count, str(project.ends_on)) == (141, "2017-12-30")
    assert municipality_codes("soroe") == ["0329", "0340"]


def test_a_municipality_moves_between_projects_of_one_file(run):
    run(
        "import_projects",
        PROJECTS + "a;A;0340+0329;2016-03-01;2017-12-31;1\nb;B;0187;2016-03-01;2017-12-31;1\n",
    )
    moved = PROJECTS + "a;A;0340;2016-03-01;2017-12-31;1\nb;B;0187+0329;2016-03-01;2017-12-31;1\n"
    assert run("import_projects", moved)[1] == {"created": 0, "updated": 2, "unchanged": 0}
    assert (municipality_codes("a"), municipality_codes("b")) == (["0340"], ["0187", "0329"])


def test_every_bad_project_is_listed_and_nothing_saved(run):
    ProjectFactory(slug="elsewhere", codes=["0101"])
    text = (
        PROJECTS
        + "good;Good;0183;2016-03-01;2017-12-31;1\n"
        + "Nøj;Bad slug;0766;2016-03-01;2017-12-31;1\n"
        + "a;;0219+9999;2016-03-01;2016-02-29;0\n"
        + "b;B;0101;1/3/2016;2017-12-31;1,5\n"
        + "good;Again;0183+0183;2016-03-01;2017-12-31;-1\n"
    )
    code, report, lines = run("import_projects", text)
    assert (code, report) == (1, None)
    assert [line.split(": ")[:2] for line in lines] == [
        ["3", "project"],
        ["4", "ends_on"],
        ["4", "municipality_codes"],
        ["4", "name"],
        ["4", "target_count"],
        ["5", "municipality_codes"],
        ["5", "starts_on"],
        ["5", "target_count"],
        ["6", "municipality_codes"],
        ["6", "municipality_codes"],
        ["6", "project"],
        ["6", "target_count"],
    ]
    assert set(Project.objects.values_list("slug", flat=True)) == {"elsewhere"}


@pytest.fixture
def towns():
    return ProjectFactory(slug="atown"), ProjectFactory(slug="btown")


def test_users_are_invited_and_the_second_time_nothing_changes(run, towns):
    text = USERS + (
        "Anna@Example.invalid;Anna A;atown;mentor+course_owner\n"
        "anna@example.invalid;Anna A;btown;mentor\n"
        "star@example.invalid;Styrelsen S;;agency\n"
    )
    # The first line makes Anna, the second gives the same person a role elsewhere.
    assert run("import_users", text) == (0, {"created": 2, "updated": 1, "unchanged": 0}, [])
    assert sorted(to for message in mail.outbox for to in message.to) == [
        "anna@example.invalid",
        "star@example.invalid",
    ]
    anna = User.objects.get(email="anna@example.invalid")
    assert not anna.has_usable_password()
    assert anna.project_ids(Role.MENTOR) == {town.pk for town in towns}
    assert anna.project_ids(Role.COURSE_OWNER) == {towns[0].pk}
    assert run("import_users", text) == (0, {"created": 0, "updated": 0, "unchanged": 3}, [])
    assert len(mail.outbox) == 2


def test_a_line_says_all_roles_in_its_project_and_none_elsewhere(run, towns):
    user = UserFactory(
        email="a@example.invalid", name="Old", project=towns[1], roles=["mentor", "administrator"]
    )
    Membership.objects.create(user=user, project=towns[0], role="mentor")
    text = USERS + "a@example.invalid;New;atown;job_consultant\n"
    assert run("import_users", text)[1] == {"created": 0, "updated": 1, "unchanged": 0}
    user = User.objects.get(pk=user.pk)
    assert user.name == "New"
    assert user.held_roles == {
        (towns[0].pk, "job_consultant"),
        (towns[1].pk, "mentor"),
        (None, "administrator"),
    }
    assert user.session_epoch > 0, "open sessions end"
    assert mail.outbox == []


def test_every_bad_user_is_listed_and_nobody_invited(run, towns):
    text = USERS + (
        "good@example.invalid;Good;atown;mentor\n"
        "no address;Bad;atown;mentor\n"
        "b@example.invalid;;nowhere;mentor\n"
        "c@example.invalid;C;atown;administrator\n"
        "d@example.invalid;D;;mentor\n"
        "e@example.invalid;E;atown;agency\n"
        "good@example.invalid;Other;atown;mentor+\n"
    )
    code, report, lines = run("import_users", text)
    assert (code, report) == (1, None)
    assert [line.split(": ")[:2] for line in lines] == [
        ["3", "email"],
        ["4", "name"],
        ["4", "project"],
        ["5", "roles"],
        ["6", "project"],
        ["7", "project"],
        ["8", "email"],
        ["8", "name"],
        ["8", "roles"],
    ]
    assert not User.objects.exists()
    assert mail.outbox == []


def test_errors_repeat_nothing_of_the_file(run, towns):
    cpr = "1705701234"
    text = USERS + f"{cpr};{cpr};{cpr};{cpr}\n"
    assert cpr not in "".join(run("import_users", text)[2])
    text = PROJECTS + f"{cpr};{cpr};{cpr};{cpr};{cpr};{cpr}\n"
    assert cpr not in "".join(run("import_projects", text)[2])


def upload(client, page, text):
    file = SimpleUploadedFile("file.csv", text if isinstance(text, bytes) else text.encode())
    return client.post(reverse(page), {"file": file}, follow=True)


@pytest.fixture
def administrator(client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))


def test_the_page_takes_the_same_file(client, administrator):
    page = upload(client, "project_import", REFERENCE.read_bytes())
    assert "13 nye, 0 ændrede, 0 uændrede" in page.content.decode()
    assert Project.objects.count() == 13


def test_the_page_lists_every_bad_row_in_danish(client, administrator, towns):
    page = upload(client, "user_import", USERS + "x;;atown;mentor\ny;Y;ctown;mentor\n")
    assert page.status_code == 422
    assert [(error.line, error.column) for error in page.context["errors"]] == [
        (2, "email"),
        (2, "name"),
        (3, "email"),
        (3, "project"),
    ]
    assert "er ikke en e-mailadresse" in page.content.decode()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"email,name,project,roles\n", b"\xff\xfe\x00", b"PK\x03\x04broken", b"email;name\n"],
)
def test_a_file_that_cannot_be_read_is_explained(client, administrator, content):
    page = upload(client, "user_import", content)
    assert page.status_code in {200, 422}
    assert page.context["errors"] or page.context["form"].errors


USER_CELLS = hostile_files.text_cells(["email", "name", "project", "roles"])
USER_ROW = f"<row>{USER_CELLS}</row>"


def workbook(*parts: str | Iterable[bytes]) -> bytes:
    out = io.BytesIO()
    hostile_files.workbook(out, {hostile_files.SHEET: hostile_files.sheet(*parts)})
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            lambda: workbook(f"<row>{USER_CELLS}<c r='XFD1'><v>1</v></c></row>"),
            "der er for mange kolonner (16380)",
        ),
        (lambda: USERS + "x" * 2_000_000, "linjen er længere end 1048576 tegn"),
        (
            lambda: workbook(USER_ROW, "<row>", hostile_files.repeated("<c><v>1</v></c>", 20_000), "</row>"),
            "har flere end 16384 kolonner",
        ),
        (
            lambda: workbook(f"<row><c t='inlineStr'><is><t>{'x' * 40_000}</t></is></c></row>"),
            "en celle indeholder flere end 32767 tegn",
        ),
        (
            lambda: workbook(USER_ROW, hostile_files.repeated("<a>", 10_000_000)),
            "indeholder for meget til at blive læst på én gang; gem den som CSV, eller del den op",
        ),
    ],
)
def test_the_page_says_in_danish_which_limit_a_file_is_beyond(client, administrator, content, message):
    page = upload(client, "user_import", content())
    assert page.status_code == 422
    assert message in page.content.decode()
    assert "xxx" not in page.content.decode()


def test_the_page_says_in_danish_that_a_file_takes_too_long(client, administrator, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.001)
    page = upload(client, "user_import", USERS)
    assert page.status_code == 422
    assert "tager for lang tid at læse" in page.content.decode()


def test_the_page_says_in_danish_that_other_files_are_being_read(client, administrator, monkeypatch):
    monkeypatch.setattr(reading, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(reading, "SECONDS_IN_QUEUE", 0.01)
    with reading._turns:
        page = upload(client, "user_import", USERS)
    assert page.status_code == 422
    assert "andre filer er ved at blive læst" in page.content.decode()


def test_a_file_that_is_too_large_is_refused(client, administrator, settings):
    settings.JOBFIRST_MAX_IMPORT_BYTES = 100
    page = upload(client, "user_import", USERS + "x" * 200)
    assert page.context["form"].errors["file"]
