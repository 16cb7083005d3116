"""import_users: a file that comes again takes back nothing that a person has changed since (D42)."""

from datetime import date

import pytest

from accounts.models import Membership, User
from accounts.people.actions import deactivate_user, give_role, take_role
from tests.factories import ProjectFactory
from tests.scenarios.import_files import CommandRun

pytestmark = pytest.mark.django_db

TODAY = date(2016, 6, 1)


@pytest.fixture
def project(db):
    return ProjectFactory(slug="atown")


@pytest.fixture
def load(project, tmp_path):
    """Import one user by command; return the report."""

    def load_user(name="Anna A", roles="mentor+course_owner", email="anna@example.invalid"):
        path = tmp_path / "users.csv"
        path.write_text(f"email;name;project;roles\n{email};{name};atown;{roles}\n", encoding="utf-8")
        run = CommandRun("import_users", path, "--format", "json")
        return run.json if run.code == 0 else run.errors

    return load_user


def roles() -> set[str]:
    return set(Membership.objects.values_list("role", flat=True))


def test_the_same_file_gives_back_no_role_and_takes_none_away(load, project) -> None:
    load()
    user = User.objects.get()
    take_role(user.memberships.get(role="mentor"), TODAY)
    give_role(user, "job_consultant", project)
    assert load() == {"created": 0, "updated": 0, "unchanged": 1}
    assert roles() == {"course_owner", "job_consultant"}


def test_another_file_changes_only_what_it_says_new(load, project) -> None:
    load()
    user = User.objects.get()
    give_role(user, "job_consultant", project)
    assert load(roles="course_owner+project_leader")["updated"] == 1
    assert roles() == {"course_owner", "project_leader", "job_consultant"}


def test_a_name_that_a_person_corrected_stays(load) -> None:
    load()
    User.objects.update(name="Anna B")
    assert load()["unchanged"] == 1
    assert [entry["column"] for entry in load(name="Anna C")["contradicted"]] == ["name"]
    assert load(name="Anna B")["unchanged"] == 1
    assert User.objects.get().name == "Anna B"


def test_a_closed_account_stays_closed_and_gets_no_role(load) -> None:
    load()
    deactivate_user(User.objects.get(), TODAY)
    assert load()["unchanged"] == 1
    report = load(roles="mentor+project_leader")
    assert [(entry["line"], entry["column"]) for entry in report["contradicted"]] == [(2, "email")]
    assert "project_leader" not in roles()
    assert not User.objects.get().is_active


def test_an_address_with_a_cpr_number_is_refused(load) -> None:
    assert load(email="1705701234@example.invalid") == ["2: email: holds what looks like a CPR number"]
