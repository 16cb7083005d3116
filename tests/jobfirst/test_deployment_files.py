"""The units of systemd, the example of a proxy and the steps of docs/operations.md, checked as text."""

import re

import pytest

from devservices.layout import PROJECT
from scripts.release.systemd import UNITS, unit_options
from scripts.release_trial import PAGE, blocks
from tests.loops import some

PROXY = (PROJECT / "deploy" / "nginx" / "jobfirst.conf").read_text()
SERVICES = sorted(path.stem for path in UNITS.glob("*.service"))
PROCESSES = ["jobfirst-beat", "jobfirst-web", "jobfirst-worker"]
HARDENED = {
    "User": "jobfirst",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelTunables": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
}


def test_there_is_a_unit_for_each_process_and_for_the_backup():
    assert sorted(["jobfirst-backup", *PROCESSES]) == SERVICES
    assert (UNITS / "jobfirst-backup.timer").is_file()


@pytest.mark.parametrize("unit", SERVICES)
def test_every_unit_is_hardened_and_limited(unit):
    options = unit_options(unit)
    assert {name: options[name] for name in HARDENED} == {name: [value] for name, value in HARDENED.items()}
    assert options["MemoryMax"]
    assert options["TasksMax"]
    assert options["EnvironmentFile"] == ["/etc/jobfirst/operator.env"]  # never that of the owner


@pytest.mark.parametrize("unit", PROCESSES)
def test_every_process_is_started_again_and_is_one_of_the_lock(unit):
    options = unit_options(unit)
    assert options["Restart"] == ["always"]
    program = options["ExecStart"][0].split()[0].removeprefix("/opt/jobfirst/venv/bin/")
    assert re.search(rf"^{program}==", (PROJECT / "requirements-runtime.lock").read_text(), re.MULTILINE)


@pytest.mark.parametrize("unit", ["jobfirst-beat", "jobfirst-worker"])
def test_worker_and_beat_touch_files_of_their_own(unit):
    assert f"JOBFIRST_ALIVE_FILE=/run/{unit}/alive" in unit_options(unit)["Environment"]


def test_requests_wait_at_a_socket_while_web_is_restarted_or_waits_for_a_migration():
    web, address = unit_options("jobfirst-web"), unit_options("jobfirst-web.socket")
    assert web["Requires"] == ["jobfirst-web.socket"]
    assert "jobfirst-web.socket" in web["After"][0].split()
    assert web["ExecStartPre"] == ["/opt/jobfirst/venv/bin/python manage.py wait_for_migrations"]
    assert web["TimeoutStartSec"] == ["infinity"]  # a migration takes as long as it takes
    assert web["StartLimitIntervalSec"] == ["0"]  # or the socket would be given up with the server
    assert "--bind" not in web["ExecStart"][0]
    assert f"server {address['ListenStream'][0]};" in PROXY


def test_who_stops_web_stops_its_socket_too():
    """A request would start it again, in the middle of a restore."""
    lines = "\n".join(text for kind, text in blocks() if kind == "services").splitlines()
    stops = [line.split() for line in lines if " stop " in line and "jobfirst-web" in line]
    assert all("jobfirst-web.socket" in words for words in some(stops))


def test_the_proxy_waits_as_long_as_browsers_and_keeps_no_connection_to_the_server():
    """A form sent on a kept connection that the server closes at that moment would be answered with 502."""
    for name in ("proxy_read_timeout", "proxy_send_timeout"):
        assert re.findall(rf"^ +{name} (.*);$", PROXY, re.MULTILINE) == ["300s"]
    assert not re.search(r"^ +keepalive ", PROXY, re.MULTILINE)
    assert 'Connection ""' not in PROXY


def test_units_are_well_formed():
    for path in some(UNITS.iterdir()):
        for line in some(path.read_text().splitlines()):
            assert re.fullmatch(r"|#.*|\[\w+\]|[A-Z]\w+=.*", line), f"{path.name}: {line}"


def test_the_proxy_logs_no_address_and_believes_no_browser():
    layout = re.search(r"^log_format jobfirst '(.*)';$", PROXY, re.MULTILINE)[1]
    variables = set(re.findall(r"\$(\w+)", layout))
    assert not variables & {"request", "request_uri", "uri", "args", "http_referer", "remote_user"}
    logs = re.findall(r"^ +access_log (.*);$", PROXY, re.MULTILINE)
    assert all(log == "off" or log.endswith(" jobfirst") for log in some(logs))
    for header in ("X-Forwarded-Proto https", "X-Forwarded-For $remote_addr", "X-Request-ID $request_id"):
        assert f"proxy_set_header {header};" in PROXY
    assert PROXY.count("{") == PROXY.count("}")


def test_the_proxy_takes_what_the_site_takes(settings):
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", PROXY)[1])
    assert megabytes * 1024 * 1024 > settings.JOBFIRST_MAX_IMPORT_BYTES


def test_the_page_has_steps_from_an_environment_to_a_new_key():
    text = "\n".join(text for kind, text in blocks() if kind == "step")
    for command in (
        "new_environment.py",
        "migrate",
        "collectstatic",
        "import_projects",
        "import_users",
        "draw",
    ):
        assert command in text
    for command in ("backup", "restore", "unmute", "rotate_keys"):
        assert f" {command} " in text or f" {command}\n" in text


def test_no_block_of_the_page_is_marked_otherwise():
    fences = re.findall(r"^```(.+)$", PAGE.read_text(), re.MULTILINE)
    files = {"pg_hba.conf", "postgresql.conf", "redis.conf", "users.acl"}  # tests/jobfirst/edges/ reads them
    assert set(some(fences)) - files == {"sh step", "sh services", "sh database", "sh root"}


def test_the_page_names_units_that_exist():
    services = "\n".join(text for kind, text in blocks() if kind == "services")
    for name in some(set(re.findall(r"jobfirst-[\w.]+", services))):
        assert (UNITS / (name if "." in name else f"{name}.service")).is_file(), name


def test_the_roles_script_asks_for_danish_order():
    text = (PROJECT / "docker" / "roles.sh").read_text()
    assert "LOCALE_PROVIDER icu ICU_LOCALE 'da-DK'" in text
