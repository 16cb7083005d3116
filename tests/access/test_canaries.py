"""Canaries: citizens whose numbers, names and notes must not leak, whatever the system does.

No CPR number may appear in a log, a mail, Redis, a task's arguments, an address, the agency's pages and
files, the output of a command, or readable in the database; no name and no note in any of the first seven.
"""

import base64
import io
import json
import logging
import re
from itertools import product

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from cases.exchange import CONTACT_COLUMNS, FUNCTION_COLUMNS, REFERRAL_COLUMNS
from companies.exchange import COLUMNS as PLACEMENT_COLUMNS
from evaluation.paid_hours.exchange import PAID_HOURS_COLUMNS
from jobfirst.encryption import encrypted_text
from jobfirst.encryption.encrypted_text import Ciphertext
from jobfirst.logs.lines import JsonFormatter
from tests.access.addresses import SIGNED_IN
from tests.access.table import TABLE

NOTE = "Kanarienote"
NAME = "Kanariefugl"
REACH = ("mailto:", "tel:", "sms:")  # opened by the reader's own mail program or phone
PHONE = "00 98 76 54"  # nobody's: no Danish number begins with 00
NEW = [f"{day:02}0570{number}" for day, number in zip(range(1, 9), range(7001, 7009), strict=True)]
ADDRESS = re.compile(r"""(?:href|action|src|hx-get|hx-post|formaction)=["']([^"']+)""")


class Outputs:
    """The texts that the system wrote, by channel, and the CPR numbers that must not be in them."""

    def __init__(self) -> None:
        self.numbers: set[str] = set(NEW)
        self.texts: dict[str, list[str]] = {}
        self.unrecorded: list[str] = []
        self.ciphertexts: list[str] = []

    def add(self, channel: str, text: object) -> None:
        self.texts.setdefault(channel, []).append(str(text))

    def leaks(self, channel: str, *, words: bool) -> list[str]:
        """Return the leaked CPR numbers (and with `words` names and notes), with some text around them."""
        text = "\n".join(self.texts.get(channel, []))
        numbers = "|".join(f"{n[:6]}-?{n[6:]}" for n in sorted(self.numbers))
        pattern = f"{numbers}|{NOTE}|{NAME}|{PHONE}" if words else numbers
        return [text[max(0, m.start() - 60) : m.end() + 20] for m in re.finditer(pattern, text)]


@pytest.fixture
def outputs(caplog, monkeypatch):
    from celery.app.task import Task

    outputs = Outputs()
    apply_async = Task.apply_async

    def record_and_apply(self, args=None, kwargs=None, **options):
        outputs.add("task arguments", (self.name, args, kwargs))
        return apply_async(self, args, kwargs, **options)

    monkeypatch.setattr(Task, "apply_async", record_and_apply)
    caplog.set_level(logging.DEBUG)
    for name in ("factory", "fontTools", "weasyprint"):  # the tests' own noise, and the drawing of PDFs
        caplog.set_level(logging.WARNING, logger=name)
    return outputs


@pytest.fixture
def trial(transactional_db, outputs):
    """The two projects, with canaries in every field that is written by hand."""
    from cases.actions import open_colleagues_course
    from cases.models import Course, Referral
    from tests.scenarios import two_projects as scenario

    cache.clear()
    two_projects = scenario.build()
    for number, referral in enumerate(Referral.objects.select_related("citizen").order_by("pk")):
        outputs.numbers.add(referral.citizen.cpr)
        Referral.objects.filter(pk=referral.pk).update(name=f"{NAME} Nr{number}")
    overwrite_texts()
    for course in Course.objects.all():
        write_texts(course)
    opened = Course.objects.get(public_id=two_projects.ids["course"]["same"])
    open_colleagues_course(opened, two_projects.users["mentor"], NOTE)
    return two_projects


def overwrite_texts():
    """Replace the texts of the two projects by the note."""
    from cases.models import Course, CoursePause, CvEntry, FollowUpMeeting, MentorContact

    Course.objects.update(outcome=Ciphertext(NOTE))
    CvEntry.objects.update(title=NOTE, place=NOTE, description=Ciphertext(NOTE))
    MentorContact.objects.update(note=Ciphertext(NOTE))
    FollowUpMeeting.objects.update(place=NOTE)
    CoursePause.objects.update(reason=Ciphertext(NOTE))


def write_texts(course):
    """Add the note as profile, contact information, job goal, contact, need, and minutes of each meeting."""
    from cases.models import (
        CitizenContact,
        JobGoal,
        MentorContact,
        ProfileSubject,
        ProfileText,
        UncoveredNeed,
    )
    from tests.factories import FollowUpMeetingFactory, mark_held

    for subject in ProfileSubject.values:
        ProfileText.objects.create(
            course=course, subject=subject, number=1, text=NOTE, written_on=course.started_on
        )
    CitizenContact.objects.create(
        course=course,
        phone=PHONE,
        email=f"{NOTE}@example.invalid",
        address=NOTE,
        has_protected_address=course.pk % 2 == 0,
        interpreter_language=NOTE,
        kin_name=f"{NAME} Pårørende",
        kin_relation=NOTE,
        kin_phone=PHONE,
    )
    goal = {"number": 77, "functions": NOTE, "workplaces": NOTE, "reason": NOTE}
    JobGoal.objects.create(course=course, set_on=course.started_on, **goal)
    MentorContact.objects.create(course=course, held_on=course.started_on, note=NOTE)
    UncoveredNeed.objects.create(course=course, noted_on=course.started_on, description=NOTE)
    to_hold = FollowUpMeetingFactory(course=course, place=NOTE, summary=NOTE)
    for meeting in course.meetings.filter(state="booked"):
        meeting.minutes.create(topic="cv", text=NOTE)
        meeting.decisions.create(course=course, text=NOTE, function="citizen", due_on="2016-05-01")
    mark_held(to_hold)


def referral_line(cpr, code, name=NAME):
    return f"{cpr};{name};{code};resource_programme;resource_programme_benefit;2013-01-01;nej;nej;2016-03-15"


def file_text(columns, *lines):
    """Return a file with these columns and lines."""
    return "\n".join([";".join(columns), *lines]) + "\n"


def run(outputs, capsys, command, *arguments):
    """Run a command and record its output, also when it fails."""
    try:
        call_command(command, *arguments)
    except SystemExit:
        pass
    except Exception as error:
        outputs.add("commands", repr(error))
        raise
    finally:
        captured = capsys.readouterr()
        outputs.add("commands", captured.out + captured.err)


def run_imports(outputs, capsys, trial, tmp_path, code):
    """Run the import commands on a good file of referrals for the municipality, and on files with numbers
    where none belongs."""
    number = sorted(outputs.numbers - set(NEW))[0]
    mentor, leader = trial.users["mentor"].email, trial.users["project_leader"].email
    bad_referrals = [
        referral_line(NEW[6], NEW[6]),
        referral_line("310270" + NEW[6][6:], code),
        f"{NEW[7]};",
    ]
    functions = [f"{number};mentor;{mentor};2016-05-01", f"{NEW[7]};mentor;{leader};2016-05-01"]
    contacts = [f"{number};mentor_contact;2016-05-02;ja;", f"{NEW[7]};x;{NEW[7]};ja;"]
    placements = [
        f"{number};10150817;Testfirma;;internship;2016-05-02;2016-07-31;;20;2;",
        f"{NEW[7]};1;;;x;;;;;;",
    ]
    hours = [f"{number};2016-05;7,5", f"{NEW[7]};{NEW[7]};{NEW[7]}"]
    for name, columns, lines in (
        ("import_referrals", REFERRAL_COLUMNS, [referral_line(cpr, code) for cpr in NEW[:6]]),
        ("import_referrals", REFERRAL_COLUMNS, bad_referrals),
        ("import_functions", FUNCTION_COLUMNS, functions),
        ("import_contacts", CONTACT_COLUMNS, contacts),
        ("import_placements", PLACEMENT_COLUMNS, placements),
        ("import_paid_hours", PAID_HOURS_COLUMNS, hours),
    ):
        assert {line.count(";") for line in lines} <= {len(columns) - 1, 1}, name
        path = tmp_path / "file.csv"
        path.write_text(file_text(columns, *lines), encoding="utf-8")
        run(outputs, capsys, name, str(path), "--format", "json")


def run_commands(outputs, capsys, trial, tmp_path):
    """Run the imports, the draw, and the commands that print what is due, drawn and earned."""
    from tests.factories import ProjectFactory

    project = ProjectFactory(slug="canary-town")  # the courses of the two projects were never drawn
    run_imports(outputs, capsys, trial, tmp_path, project.places.get(is_lead=True).municipality_id)
    run(outputs, capsys, "publish_commitments")
    run(outputs, capsys, "draw", "--project", project.slug, "--on", "2016-04-04", "--format", "json")
    run(outputs, capsys, "export_allocations")
    run(outputs, capsys, "verify_allocations")
    run(outputs, capsys, "gaps", "--on", "2016-06-30")
    run(outputs, capsys, "send_reminders", "--on", "2016-06-30", "--format", "json")
    run(outputs, capsys, "grant_statement", "--year", "2016", "--format", "json")
    run(outputs, capsys, "rotate_cpr_keys")
    run(outputs, capsys, "invite_administrator", "new@example.invalid", "Ny Bruger")


def text_of(answer) -> str:
    """The text of a page or a file, also of what is packed."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK\x03\x04"):
        from openpyxl import load_workbook

        sheets = load_workbook(io.BytesIO(content)).worksheets
        return "\n".join(str(row) for sheet in sheets for row in sheet.iter_rows(values_only=True))
    if content.startswith(b"%PDF"):
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode()


def note_unrecorded(outputs, request, text, records) -> None:
    """Note the citizens on the page, by name or pseudonym, who are in no access record of this request."""
    from cases.models import Citizen

    names = set(re.findall(rf"{NAME} Nr\d+", text))
    pseudonyms = set(re.findall(r"\bJF-[A-Z2-7]{12}\b", text))
    citizens = Citizen.objects.filter(Q(referrals__name__in=names) | Q(pseudonym__in=pseudonyms)).distinct()
    recorded = {citizen for record in records if record.outcome == "shown" for citizen in record.citizens}
    for citizen in citizens:
        if citizen.public_id not in recorded:
            outputs.unrecorded.append(f"{request}: {citizen.pseudonym}")


def visit(outputs, client, role, method, path, **data):
    from audit.models import AccessRecord

    before = AccessRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answer = getattr(client, method)(path, **data)
    text = text_of(answer)
    note_unrecorded(outputs, f"{method} {path} as {role}", text, AccessRecord.objects.filter(pk__gt=before))
    if encrypted_text.PREFIX in text:
        outputs.ciphertexts.append(f"{path} as {role}")
    outputs.add("addresses", path)
    outputs.add("addresses", answer.headers.get("Location", ""))
    outputs.add("addresses", answer.headers.get("HX-Redirect", "") + answer.headers.get("HX-Push-Url", ""))
    outputs.add("addresses", answer.headers.get("Content-Disposition", ""))
    for address in ADDRESS.findall(text):
        if not address.startswith(REACH):
            outputs.add("addresses", address)
    if role == "agency":
        outputs.add("the agency's pages and files", text)
    return text


def visit_every_page(outputs, trial):
    """Every address of the table as every role, and every link that those pages offer."""
    drawn_pdfs: set[str] = set()  # a PDF takes long, and is the same for every role
    for role in SIGNED_IN:
        client, seen = trial.clients[role], set()
        waiting = []
        for address, relation in product(TABLE, ("own", "same")):
            parts = [*(trial.ids[kind][relation] for kind in address.kinds), *address.args]
            if "GET" in address.roles_by_method and address.name != "account_logout":
                waiting.append(reverse(address.name, args=parts))
        formats = [reverse("grants:download", args=[kind]) for kind in ("csv", "xlsx")]
        waiting += formats if role == "agency" else []
        while waiting:
            path = waiting.pop()
            page = path.partition("?")[0]  # another order or another year of the same page is not walked
            if page in seen:
                continue
            seen.add(page)
            if page in drawn_pdfs and role != "agency":
                continue
            text = visit(outputs, client, role, "get", path)
            if "pdf" in page and not text.lstrip().startswith("<!doctype"):
                drawn_pdfs.add(page)
            links = [link.partition("#")[0] for link in ADDRESS.findall(text)]
            waiting += [
                link.replace("&amp;", "&")
                for link in links
                if link.startswith("/") and not link.startswith(("/static", "/konto/logout"))
            ]


def send_forms_with_numbers(outputs, trial):
    """Forms that take a number: referral, search, files; right and wrong."""
    caseworker = trial.clients["coordinating_caseworker"]
    mentor = trial.clients["mentor"]
    known = sorted(outputs.numbers - set(NEW))[0]
    form = {"cpr": known, "name": NAME, "reason": NOTE, "municipality": "", "check": "1"}
    file = SimpleUploadedFile(
        "referrals.csv", file_text(REFERRAL_COLUMNS, referral_line(NEW[7], NEW[7])).encode()
    )
    visits = [
        (caseworker, "cases:new_referral", form),
        (caseworker, "cases:new_referral", form | {"cpr": NEW[7] + "9"}),
        (caseworker, "cases:upload_referrals", {"file": file}),
        (mentor, "cases:find", form),
        (mentor, "cases:find", form | {"cpr": NEW[7]}),
    ]
    for client, name, data in visits:
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue
        visit(outputs, client, "", "post", path, data=data)


def record_logs_mails_and_stores(outputs, caplog):
    """Logs, mails, all of Redis, and the database as text."""
    import redis

    formatter = JsonFormatter()
    for record in caplog.records:
        outputs.add("lines of the log", formatter.format(record))
        outputs.add("logs", record.getMessage() + (record.exc_text or "") + str(record.args))
    for message in mail.outbox:
        html = "".join(str(part[0]) for part in getattr(message, "alternatives", []))
        outputs.add("mails", f"{message.subject} {message.body} {html} {message.to} {message.extra_headers}")
    with_any_database = re.sub(r"(?<=[?&]db=)\d+|(?<=/)\d+$", "{}", settings.REDIS_URL)
    for number in range(16):
        store = redis.Redis.from_url(with_any_database.format(number))
        for key in store.scan_iter():
            outputs.add("Redis", key)
            outputs.add("Redis", read_value(store, key))
        store.close()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                outputs.add("database", row)


def read_value(store, key) -> str:
    """Return a value of any type as text, with the bodies of queued tasks decoded."""
    kind = store.type(key)
    values = {
        b"string": lambda: [store.get(key)],
        b"list": lambda: store.lrange(key, 0, -1),
        b"set": lambda: store.smembers(key),
        b"hash": lambda: [part for pair in store.hgetall(key).items() for part in pair],
        b"zset": lambda: [member for member, _score in store.zscan_iter(key)],
    }.get(kind, lambda: [])()
    text = []
    for value in values:
        text.append(repr(value))
        try:
            text.append(repr(base64.b64decode(json.loads(value)["body"])))
        except (ValueError, TypeError, KeyError):
            continue
    return "\n".join(text)


@pytest.mark.long
def test_no_number_name_or_note_leaks(trial, outputs, capsys, caplog, tmp_path):
    run_commands(outputs, capsys, trial, tmp_path)
    visit_every_page(outputs, trial)
    send_forms_with_numbers(outputs, trial)
    record_logs_mails_and_stores(outputs, caplog)

    for channel in (
        "logs",
        "mails",
        "Redis",
        "addresses",
        "commands",
        "database",
        "the agency's pages and files",
    ):
        assert outputs.texts.get(channel), f"nothing was written to: {channel}"
    assert len(outputs.texts["addresses"]) > 500
    words = ("logs", "lines of the log", "mails", "Redis", "task arguments", "addresses")
    for channel in (*words, "the agency's pages and files"):
        assert outputs.leaks(channel, words=True) == [], channel
    for channel in ("commands", "database"):
        assert outputs.leaks(channel, words=False) == [], channel
    assert outputs.unrecorded == [], "\n".join(outputs.unrecorded)
    assert outputs.ciphertexts == [], "an encrypted text is shown as it is stored"


def test_leaks_are_found_in_a_text(outputs):
    outputs.numbers = {"0105707001"}
    outputs.add("logs", "a 010570-7001 and 0105707001 and Kanariefugl Nr3")
    assert len(outputs.leaks("logs", words=False)) == 2
    assert len(outputs.leaks("logs", words=True)) == 3
