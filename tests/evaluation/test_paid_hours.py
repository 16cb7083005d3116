"""Paid hours of both arms (D20): the file, the agency's pages, and the curve on the course page."""

import datetime
import io
import json
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from companies.rules.agreed_hours import HoursSpan, WeeklyHours
from evaluation.models import PaidHours
from evaluation.paid_hours.curve import PaidMonth, draw, drawn_days
from evaluation.paid_hours.delivered import delivered_months
from evaluation.paid_hours.exchange import PAID_HOURS_COLUMNS, import_paid_hours
from jobfirst.exchange import BadFile, read_table
from jobfirst.values.dates import DateSpan
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2016, 9, 15)


@pytest.fixture
def project(db):
    return ProjectFactory()


@pytest.fixture
def participant(project):
    referral = ReferralFactory(project=project, name="Testborger Deltager")
    AllocationFactory(referral=referral)
    return CourseFactory(referral=referral).citizen


@pytest.fixture
def control(project):
    referral = ReferralFactory(project=project, name="Testborger Kontrol")
    return AllocationFactory(referral=referral, arm="control").citizen


@pytest.fixture
def agency(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


def csv(*rows):
    return "\n".join([";".join(PAID_HOURS_COLUMNS), *(";".join(row) for row in rows), ""]).encode()


def load(*rows, not_after=TODAY):
    return dict(
        import_paid_hours(read_table(io.BytesIO(csv(*rows)), PAID_HOURS_COLUMNS), not_after=not_after)
    )


def counts(created=0, updated=0, unchanged=0):
    return {"created": created, "updated": updated, "unchanged": unchanged}


def errors_of(*rows):
    with pytest.raises(BadFile) as refusal:
        load(*rows)
    assert not PaidHours.objects.exists()
    return [(error.line, error.column) for error in refusal.value.errors]


def stored_hours():
    return {(paid.citizen_id, paid.month.isoformat()): paid.hours for paid in PaidHours.objects.all()}


# The file


def test_hours_of_both_arms_are_saved_and_the_same_file_changes_nothing(participant, control):
    rows = [
        (participant.cpr, "2016-08", "37,5"),
        (control.cpr, "2016-08", "0"),
        (control.cpr, "2016-09", "10.25"),
    ]
    assert load(*rows) == counts(created=3)
    assert load(*rows) == counts(unchanged=3)
    assert stored_hours() == {
        (participant.pk, "2016-08-01"): Decimal("37.50"),
        (control.pk, "2016-08-01"): 0,
        (control.pk, "2016-09-01"): Decimal("10.25"),
    }


def test_other_hours_correct_the_month_and_the_history_keeps_those_before(participant):
    load((participant.cpr, "2016-08", "37,5"))
    assert load((participant.cpr, "2016-08", "40")) == counts(updated=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, hours FROM evaluation_paidhoursevent ORDER BY pgh_id")
        assert cursor.fetchall() == [("insert", Decimal("37.50")), ("update", Decimal("40.00"))]


def test_every_bad_row_is_listed(participant):
    number = participant.cpr
    assert errors_of(
        (number, "2016-13", "1"),
        (number, "2015-12", "1"),
        (number, "2016-10", "1"),
        (number, "2016-08", "-1"),
        (number, "2016-08", "mange"),
        (number, "2016-08", "744.01"),
        (number, "2016-08", ""),
        ("12", "2016-08", "1"),
    ) == [
        (2, "month"),
        (3, "month"),
        (4, "month"),
        (5, "hours"),
        (6, "hours"),
        (7, "hours"),
        (8, "hours"),
        (9, "cpr"),
    ]


def test_unknown_refused_and_waiting_citizens_are_answered_alike(project, participant):
    waiting = ReferralFactory(project=project).citizen
    refused = ReferralFactory(project=project, state="refused", reasons=["under_30"]).citizen
    with pytest.raises(BadFile) as refusal:
        load(*((number, "2016-08", "1") for number in (waiting.cpr, refused.cpr, "1705709999")))
    assert [error.line for error in refusal.value.errors] == [2, 3, 4]
    assert len({(error.column, error.message) for error in refusal.value.errors}) == 1


def test_one_month_twice_is_an_error_only_with_other_hours(participant):
    number = participant.cpr
    with_hyphen = f"{number[:6]}-{number[6:]}"
    assert errors_of((number, "2016-08", "1"), (with_hyphen, "2016-08", "2")) == [(3, "hours")]
    assert load((number, "2016-08", "1"), (with_hyphen, "2016-08", "1,00")) == counts(created=1, unchanged=1)


def test_months_in_the_future_are_taken_in_a_rehearsal_only_within_the_trial(participant):
    assert load((participant.cpr, "2016-10", "1"), not_after=None) == counts(created=1)
    with pytest.raises(BadFile):
        load((participant.cpr, "2099-01", "1"), not_after=None)


def test_the_command_prints_json_and_a_dry_run_saves_nothing(participant, tmp_path, capsys):
    path = tmp_path / "timer.csv"
    path.write_bytes(csv((participant.cpr, "2016-08", "37,5")))
    call_command("import_paid_hours", str(path), "--dry-run")
    assert "created: 1, updated: 0, unchanged: 0 (dry run)" in capsys.readouterr().out
    assert not PaidHours.objects.exists()
    call_command("import_paid_hours", str(path), "--format", "json")
    assert json.loads(capsys.readouterr().out) == counts(created=1)


def test_the_command_lists_bad_rows_without_the_number(participant, tmp_path, capsys):
    path = tmp_path / "timer.csv"
    path.write_bytes(csv((participant.cpr, "september", "37,5"), ("1705709999", "2016-08", "1")))
    with pytest.raises(SystemExit) as ended:
        call_command("import_paid_hours", str(path))
    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{path}:2: month: must be a month written as 2016-09",
        f"{path}:3: cpr: is not the number of a citizen who has been drawn",
    ]


def test_a_large_file_takes_a_few_queries(project, django_assert_max_num_queries):
    citizens = [AllocationFactory(referral=ReferralFactory(project=project)).citizen for _ in range(12)]
    rows = [(citizen.cpr, f"2016-0{month}", "5") for citizen in citizens for month in range(4, 9)]
    with django_assert_max_num_queries(9):  # one of them for earlier CPR numbers (D40)
        assert load(*rows) == counts(created=60)


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": Decimal("-0.01")},
        {"hours": Decimal("744.01")},
        {"month": datetime.date(2016, 8, 2)},
        {"month": datetime.date(2016, 7, 1)},
    ],
)
def test_the_database_refuses_other_hours_days_and_a_second_row(participant, fields):
    values = {"citizen": participant, "month": datetime.date(2016, 8, 1), "hours": 1}
    PaidHours.objects.create(**values | {"month": datetime.date(2016, 7, 1)})
    with pytest.raises(IntegrityError), transaction.atomic():
        PaidHours.objects.create(**values | fields)


# The agency's pages


def test_the_agency_reads_a_file_in_and_sees_counts_only(agency, participant, control):
    with time_machine.travel(datetime.datetime(2016, 9, 15, 8, tzinfo=datetime.UTC)):
        file = SimpleUploadedFile(
            "timer.csv", csv((control.cpr, "2016-08", "12"), (participant.cpr, "2016-08", "3"))
        )
        answer = agency.post(reverse("evaluation:upload_paid_hours"), {"file": file}, follow=True)
    page = answer.content.decode()
    assert "2 måneder er nye" in page
    assert "august 2016" in page
    assert page.count("1 af 1") == 2
    assert control.pseudonym not in page
    assert "Testborger" not in page
    record = AccessRecord.objects.get(action="paid_hours.upload")
    assert set(record.citizens) == {participant.public_id, control.public_id}


def test_a_bad_file_is_refused_with_its_lines(agency, participant):
    file = SimpleUploadedFile("timer.csv", csv((participant.cpr, "2016-08", "-1")))
    answer = agency.post(reverse("evaluation:upload_paid_hours"), {"file": file})
    assert answer.status_code == 422
    assert participant.cpr not in answer.content.decode()


def test_months_are_counted_against_who_is_drawn_by_their_end(project, participant, control):
    AllocationFactory(
        referral=ReferralFactory(project=project), arm="control", allocated_on=datetime.date(2016, 6, 30)
    )
    load((participant.cpr, "2016-05", "1"), (control.cpr, "2016-06", "1"))
    june, may = delivered_months()
    assert (may.participants, may.participants_drawn, may.controls, may.controls_drawn) == (1, 1, 0, 1)
    assert (june.participants, june.participants_drawn, june.controls, june.controls_drawn) == (0, 1, 1, 2)
    assert (may.missing, june.missing) == (1, 2)


# The course page


def panel_of(client, course):
    page = client.get(reverse("cases:course_company", args=[course.public_id])).content.decode()
    return page[page.index('id="hours"') :]


def test_the_team_sees_agreed_hours_against_paid_hours(client, project, participant):
    holder = UserFactory(project=project, roles=[Role.PROJECT_LEADER])
    PlacementFactory(course=participant.course, starts_on=DRAWN_ON, internship_hours=15, ordinary_hours="2.5")
    load((participant.cpr, "2016-05", "12,4"))
    client.force_login(holder)
    with time_machine.travel(datetime.datetime(2016, 6, 15, 8, tzinfo=datetime.UTC)):
        panel = panel_of(client, participant.course)
    assert 'class="agreed-ordinary" d="M' in panel
    assert "maj 2016: 12,40 betalte timer, 2,8 om ugen" in panel
    assert '<td data-title="Betalte timer" class="jf-number">12,40</td>' in panel
    assert '<td data-title="Ordinære timer om ugen" class="jf-number">2,50</td>' in panel


def test_a_course_without_hours_says_so(client, project, participant):
    client.force_login(UserFactory(project=project, roles=[Role.PROJECT_LEADER]))
    assert "Der er ikke aftalt eller betalt timer endnu" in panel_of(client, participant.course)


def test_no_page_of_a_project_shows_the_hours_of_a_control_citizen(client, project, control):
    leader = UserFactory(project=project, roles=[Role.PROJECT_LEADER, Role.COORDINATING_CASEWORKER])
    load((control.cpr, "2016-08", "123,45"))
    client.force_login(leader)
    pages = [
        reverse("cases:referral", args=[control.referrals.get().public_id]),
        reverse("evaluation:dashboard"),
        reverse("cases:courses"),
    ]
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "123,45" not in answer.content.decode()
    assert client.get(reverse("evaluation:paid_hours")).status_code == 403


# The curve


def test_paid_hours_are_compared_by_the_week():
    assert PaidMonth(datetime.date(2016, 2, 1), Decimal(29)).hours_a_week == 7
    assert PaidMonth(datetime.date(2016, 8, 1), Decimal("37.5")).hours_a_week == Decimal("8.5")


def test_the_curve_steps_where_hours_change_and_breaks_where_none_are_agreed():
    days = DateSpan(datetime.date(2016, 5, 1), datetime.date(2016, 7, 31))
    agreed = [
        HoursSpan(DateSpan(days.first, datetime.date(2016, 5, 15)), WeeklyHours(Decimal(10), Decimal(2))),
        HoursSpan(
            DateSpan(datetime.date(2016, 5, 16), datetime.date(2016, 5, 31)),
            WeeklyHours(Decimal(5), Decimal(5)),
        ),
        HoursSpan(DateSpan(datetime.date(2016, 7, 1)), WeeklyHours(Decimal(0), Decimal(20))),
    ]
    curve = draw(agreed, [PaidMonth(days.first, Decimal(31))], days, datetime.date(2016, 8, 3))
    assert curve.internship_path.count("M") == 2
    assert curve.internship_path.count("L") == 1
    assert [line.hours for line in curve.lines] == [0, 5, 10, 15, 20]
    assert curve.bars[0].y + curve.bars[0].height == curve.bottom
    assert curve.today_x is None


def test_the_drawing_reaches_from_the_first_to_the_last_known_hours():
    start, today = datetime.date(2016, 4, 4), datetime.date(2016, 9, 15)
    paid = [PaidMonth(datetime.date(2016, 2, 1), Decimal(1))]
    employment = [HoursSpan(DateSpan(datetime.date(2016, 8, 1)), WeeklyHours(Decimal(0), Decimal(20)))]
    assert drawn_days([], paid, start, today) == DateSpan(
        datetime.date(2016, 2, 1), datetime.date(2016, 9, 30)
    )
    assert drawn_days(employment, [], start, today).last == datetime.date(2016, 12, 31)
