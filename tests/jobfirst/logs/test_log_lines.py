"""The log as JSON: whose request it was, and nothing of persons, whatever goes wrong."""

import json
import logging
import sys

import pytest
from celery import shared_task
from django.db import DataError, IntegrityError, connection, transaction

from jobfirst.logs import tasks as task_logs
from jobfirst.logs.context import LogContext, current_request_id, enter, leave, request_id_from
from jobfirst.logs.handlers import REASON, WithoutRefusals
from jobfirst.logs.lines import JsonFormatter
from tests.loops import some

NAME, CPR, MAIL, NOTE = "Karen Kanariefugl", "010190-4321", "karen@kanarie.example", "har ondt i ryggen"
CANARIES = (NAME, "Kanariefugl", CPR, CPR.replace("-", ""), MAIL, NOTE)
ID = "0123456789abcdef0123456789abcdef"


def record_of(logger="jobfirst.tests", message="a message", args=(), exc_info=None, **extra):
    record = logging.LogRecord(logger, logging.ERROR, __file__, 1, message, args, exc_info)
    vars(record).update(extra)
    return record


def line_of(*arguments, **options):
    """Return the line of such a record, after a look for canaries."""
    text = JsonFormatter().format(record_of(*arguments, **options))
    assert "\n" not in text
    assert not [canary for canary in CANARIES if canary in text]
    return json.loads(text)


def raised(function):
    """Return what logging gets of the error that the function raises."""
    try:
        function()
    except Exception:
        return sys.exc_info()
    raise AssertionError("no error")


def test_a_line_has_time_level_logger_and_message():
    line = line_of("jobfirst.tests", "%d rows", (3,))
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "jobfirst.tests", "3 rows")
    assert "request_id" not in line


def test_an_exception_is_its_class_and_where_it_was_raised():
    def fail():
        name = NAME
        raise ValueError(f"{name} {CPR} {MAIL} {NOTE}")

    line = line_of("celery.app.trace", "Task %(name)s: %(exc)s", exc_info=raised(fail))
    assert line["exception"]["class"] == "ValueError"
    assert line["exception"]["at"][-1].startswith("tests/jobfirst/logs/test_log_lines.py:")
    assert line["exception"]["at"][-1].endswith(" fail")


def test_the_cause_of_an_exception_is_named_likewise():
    def fail():
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise RuntimeError(NOTE) from error

    assert line_of(exc_info=raised(fail))["exception"]["cause"]["class"] == "KeyError"


@pytest.mark.django_db
def test_an_error_of_the_database_has_its_code_and_no_value():
    def insert():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE canaries (name text CONSTRAINT canaries_name UNIQUE)")
            cursor.execute("INSERT INTO canaries VALUES (%s), (%s)", [NAME, NAME])

    error = raised(insert)
    assert isinstance(error[1], IntegrityError)
    cause = line_of(exc_info=error)["exception"]["cause"]
    assert (cause["sqlstate"], cause["table"], cause["constraint"]) == ("23505", "canaries", "canaries_name")


@pytest.mark.django_db
def test_a_value_of_a_wrong_type_is_not_written():
    def ask():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::text::integer", [NAME])

    error = raised(ask)
    assert isinstance(error[1], DataError)
    assert line_of("django.request", "Internal Server Error: %s", ("/find/",), error)["exception"]


def test_libraries_keep_numbers_ids_and_names_of_tasks_only():
    args = {"name": "reminders.tasks.tick", "id": "6d55c71e-c29f-469c-b77b-cb76f5fc7dcf", "exc": NAME}
    line = line_of("celery.app.trace", "Task %(name)s[%(id)s] raised: %(exc)s", (args,))
    assert line["message"] == f"Task reminders.tasks.tick[{args['id']}] raised: …"
    assert line_of("smtplib", "send: %r to %s after %d", (MAIL, NAME, 3))["message"].endswith("after 3")


def test_our_own_sentences_keep_their_values_but_no_text_of_an_exception():
    line = line_of("accounts.people.invitations", "not sent: %s, %s", ("SMTP 550", ValueError(NAME)))
    assert line["message"] == "not sent: SMTP 550, ValueError"


def test_numbers_and_addresses_are_masked_wherever_they_come_from():
    assert line_of("accounts.x", f"to {MAIL} of {CPR}")["message"] == "to … of …"
    assert line_of("library", f"to {MAIL} of {CPR.replace('-', '')}")["message"] == "to … of …"


@pytest.mark.parametrize("header", [ID, "6d55c71e-c29f-469c-b77b-cb76f5fc7dcf"])
def test_a_well_formed_id_is_kept(header):
    assert request_id_from(header) == header


@pytest.mark.parametrize("header", [None, "", CPR, "x" * 32, ID + "0", f"{ID}\n", NAME])
def test_another_id_is_replaced(header):
    made = request_id_from(header)
    assert made != header
    assert request_id_from(made) == made


def access_lines(caplog):
    return [record.fields for record in caplog.records if record.name == "jobfirst.logs.access_log"]


@pytest.mark.django_db
def test_each_request_is_one_line_with_the_name_of_its_page(client, caplog):
    response = client.get("/svar/bilag/" + "Ab1" * 15 + "/", {"name": NAME})
    (line,) = access_lines(caplog)
    assert (line["method"], line["status"]) == ("GET", response.status_code)
    assert line["route"] == "companies:annex_by_link"
    assert line["queries"] > 0
    assert line["bytes"] == len(response.content)
    assert not [canary for canary in CANARIES if canary in caplog.text.replace("%20", " ")]


@pytest.mark.django_db
@pytest.mark.parametrize(("is_trusted", "is_kept"), [(True, True), (False, False)])
def test_the_id_of_a_proxy_is_believed_where_there_is_one(client, settings, is_trusted, is_kept):
    settings.JOBFIRST_BEHIND_PROXY = is_trusted
    response = client.get("/sundhed/live/", headers={"x-request-id": ID})
    assert (response["X-Request-ID"] == ID) is is_kept
    assert len(response["X-Request-ID"]) == 32
    assert current_request_id() is None


@pytest.mark.django_db
def test_the_person_is_a_number(client, caplog):
    from tests.factories import UserFactory

    user = UserFactory()
    client.force_login(user)
    formatter = JsonFormatter()
    lines = []

    class Collect(logging.Handler):
        def emit(self, record):
            lines.append(json.loads(formatter.format(record)))

    handler = Collect()
    logging.getLogger("jobfirst.logs.access_log").addHandler(handler)
    try:
        client.get("/paamindelser/")
    finally:
        logging.getLogger("jobfirst.logs.access_log").removeHandler(handler)
    assert [line["person_id"] for line in some(lines)] == [user.pk]


def test_a_refusal_is_the_line_of_the_access_log_alone():
    class Request:
        pass

    request = Request()
    refused = record_of("django.security.csrf", status_code=403, request=request)
    assert WithoutRefusals().filter(refused) is False
    assert getattr(request, REASON) == "csrf"
    assert WithoutRefusals().filter(record_of("django.request", status_code=404)) is False
    assert WithoutRefusals().filter(record_of("django.request", status_code=503)) is False
    error = raised([].pop)
    assert WithoutRefusals().filter(record_of("django.request", exc_info=error, status_code=500)) is True
    assert WithoutRefusals().filter(record_of("accounts.sign_in.adapter")) is True


def test_the_handler_of_the_site_leaves_refusals_out():
    handlers = [item for item in logging.getLogger().handlers if type(item) is logging.StreamHandler]
    assert any(isinstance(part, WithoutRefusals) for item in handlers for part in item.filters)


@shared_task(name="tests.echo_request_id")
def echo_request_id():
    return current_request_id()


def test_a_task_carries_the_id_of_the_request_that_started_it():
    headers: dict[str, str] = {}
    token = enter(LogContext(ID))
    try:
        task_logs.pass_request_id_on(headers=headers)
    finally:
        leave(token)
    assert headers == {task_logs.HEADER: ID}
    assert echo_request_id.apply(headers=headers).get() is not None
    echo_request_id.push_request(**headers)
    try:
        task_logs.enter_task(task=echo_request_id)
        assert current_request_id() == ID
        task_logs.leave_task(task=echo_request_id)
    finally:
        echo_request_id.pop_request()
    assert current_request_id() is None


def test_a_task_of_the_timetable_has_an_id_of_its_own():
    assert len(echo_request_id.apply().get()) == 32
    assert current_request_id() is None
