"""A missing or wrong variable stops the start with its name, and real settings pass Django's own checks."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as current

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
GOOD = {
    "DJANGO_SECRET_KEY": "0123456789" * 5 + "abcdefghij",
    "DJANGO_ALLOWED_HOSTS": "jobfirst.example",
    "JOBFIRST_MODE": "real",
    "JOBFIRST_CPR_KEYS": f"1:{KEY}",
    "JOBFIRST_LOOKUP_KEY": KEY,
    "JOBFIRST_PSEUDONYM_KEY": KEY,
    "JOBFIRST_BASE_URL": "https://jobfirst.example",
    "DATABASE_URL": "postgres://app:secret@db.example/jobfirst?sslmode=verify-full",
    "REDIS_URL": "rediss://:secret@redis.example/0?ssl_cert_reqs=required",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
    "JOBFIRST_FROM_EMAIL": "JobFirst <jobfirst@jobfirst.example>",
}
WRONG = {
    "DJANGO_SECRET_KEY": "short",
    "DJANGO_ALLOWED_HOSTS": "*",
    "JOBFIRST_MODE": "production",
    "JOBFIRST_CPR_KEYS": "one:key",
    "JOBFIRST_LOOKUP_KEY": "AAAA",
    "JOBFIRST_PSEUDONYM_KEY": "not base64!",
    "JOBFIRST_BASE_URL": "jobfirst.example",
    "DATABASE_URL": "mysql://app:secret@db.example/jobfirst",
    "REDIS_URL": "localhost",
    "EMAIL_URL": "mail.example",
    "JOBFIRST_FROM_EMAIL": "JobFirst <jobfirst@localhost>",
    "JOBFIRST_LOG_FORMAT": "xml",
    "JOBFIRST_MONITORING_TOKEN": "short",
    "JOBFIRST_RETURN_MAILBOX": "pop3://mail.example",
    "JOBFIRST_SMS_URL": "http://gateway.example",
    "JOBFIRST_LIMIT_CPR_SEARCHES": "40 an hour",
    "JOBFIRST_SECURITY_CONTACT": "sikkerhed@kommune.dk",
    "JOBFIRST_CSP_REPORT_URI": "http://reports.example",
    "JOBFIRST_COMPANY_REGISTER_URL": "http://register.example",
}
READ_SETTINGS = (
    "import jobfirst.settings as s; from django.conf import settings; from jobfirst.encryption import crypto;"
)
READ_SETTINGS += (
    "settings.configure(**{k: v for k, v in vars(s).items() if k.isupper()}); crypto.check_keys()"
)


def start(environment, *command):
    """Run Python with only this environment; return (exit code, output)."""
    process = subprocess.run(
        [sys.executable, *(command or ("-c", READ_SETTINGS))],
        cwd=current.BASE_DIR,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(current.BASE_DIR)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return process.returncode, process.stdout + process.stderr


def test_the_good_ones_start():
    assert start(GOOD) == (0, "")


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_variable_stops_with_its_name(name):
    code, output = start({key: value for key, value in GOOD.items() if key != name})
    assert code == 1
    assert f"ImproperlyConfigured: Set the {name} environment variable" in output


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variable_stops_with_its_name_and_without_its_value(name):
    code, output = start(GOOD | {name: WRONG[name]})
    assert code == 1
    last = output.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert name in last
    assert "secret" not in last


@pytest.mark.parametrize("name", ["DJANGO_DEBUG", "JOBFIRST_INSECURE_HTTP"])
def test_a_real_system_refuses_what_is_for_rehearsals(name):
    code, output = start(GOOD | {name: "true"})
    assert code == 1
    assert name in output.strip().splitlines()[-1]
    assert start(GOOD | {name: "true", "JOBFIRST_MODE": "rehearsal"})[0] == 0


def test_a_real_system_refuses_to_do_without_the_second_step():
    code, output = start(GOOD | {"JOBFIRST_REQUIRE_SECOND_STEP": "false"})
    assert code == 1
    assert "JOBFIRST_REQUIRE_SECOND_STEP" in output.strip().splitlines()[-1]


@pytest.mark.services
def test_django_s_own_checks_are_clean_in_real_settings():
    without_password = {
        "DATABASE_URL": "postgres://app@db.example/jobfirst?sslmode=verify-full",
        "REDIS_URL": "unix:///run/redis/redis.sock?db=0",
    }
    code, output = start(GOOD | without_password, "manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert (code, "no issues" in output) == (0, True), output


def test_a_real_system_logs_json_alone():
    code, output = start(GOOD | {"JOBFIRST_LOG_FORMAT": "text"})
    assert code == 1
    assert "JOBFIRST_LOG_FORMAT" in output.strip().splitlines()[-1]
    assert start(GOOD | {"JOBFIRST_LOG_FORMAT": "text", "JOBFIRST_MODE": "rehearsal"})[0] == 0


def test_a_rehearsal_needs_no_sender():
    rehearsal = {name: value for name, value in GOOD.items() if name != "JOBFIRST_FROM_EMAIL"}
    assert start(rehearsal | {"JOBFIRST_MODE": "rehearsal"})[0] == 0


def test_managed_services_are_reached_by_tls_that_knows_them():
    urls = {
        "DATABASE_URL": "postgres://app:secret@db.example/jobfirst?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "REDIS_URL": "rediss://:secret@redis.example:6380/0?ssl_cert_reqs=required",
    }
    script = "import jobfirst.settings as s; from celery import Celery; import redis;"
    script += "pool = redis.ConnectionPool.from_url(s.REDIS_URL);"
    script += "print(s.DATABASES['default']['OPTIONS'], pool.make_connection().cert_reqs.name);"
    script += "print(Celery(broker=s.CELERY_BROKER_URL).connection().transport_cls)"
    code, output = start(GOOD | urls, "-c", script)
    assert code == 0, output
    assert "'sslmode': 'verify-full', 'sslrootcert': '/etc/ca.pem'} CERT_REQUIRED" in output
    assert output.split()[-1] == "rediss"


def test_the_start_of_the_site_reads_the_keys():
    code, output = start(GOOD | {"JOBFIRST_CPR_KEYS": "1:short"}, "manage.py", "check")
    assert code == 1
    assert "JOBFIRST_CPR_KEYS" in output
