"""The projects side by side: the page, the PDF and the workbook show the same published figures."""

import datetime
import io
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import TrialTerms
from accounts.roles import Role
from audit.models import AccessRecord
from cases.elements import stored
from cases.models import Course
from evaluation.comparison.overview import COMPARED, make_overview
from evaluation.comparison.summary import summarise
from evaluation.measures import registry
from evaluation.models import Publication
from evaluation.publication.actions import publish_due
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CourseFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)
from tests.loops import some

pytestmark = pytest.mark.django_db

ON = datetime.date(2016, 5, 2)
DROP_OUT = registry.DROP_OUT.code


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to(datetime.datetime(2016, 5, 2, 10, tzinfo=datetime.UTC))


@pytest.fixture
def agency_client(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


def project_with(name, courses, ended):
    """A project with so many participants, and of their courses so many ended early."""
    project = ProjectFactory(name=name, target_count=120)
    rows = [
        CourseFactory(project_for=project, referral__name=f"Testborger {name}") for _course in range(courses)
    ]
    keys = [course.pk for course in rows[:ended]]
    Course.objects.filter(pk__in=keys).update(ended_on=DRAWN_ON, end_reason="moved")
    return project


@pytest.fixture
def projects():
    """Half, a quarter (few citizens), none and a third of the courses ended early."""
    rows = [("Nordby", 14, 9), ("Fåby", 12, 3), ("Ingenby", 10, 0), ("Østby", 18, 6)]
    projects = [project_with(*row) for row in rows]
    for arm in ("participant", "participant", "participant", "control", "control"):
        AllocationFactory(referral=ReferralFactory(project=projects[0]), arm=arm, allocated_on=DRAWN_ON)
    stored.recompute()
    return projects


@pytest.fixture
def published(projects):
    """The same projects after the night in which May's figures were published."""
    publish_due(ON)
    return projects


def squeezed(text):
    """The text without what typesetting puts in: spaces, line ends and hyphens."""
    return re.sub(r"[\s\xad‐-]", "", text)


def page_text(client, **query):
    answer = client.get(reverse("evaluation:comparison"), query)
    return " ".join(answer.content.decode().split())


def test_the_projects_stand_beside_the_whole_trial(projects):
    publish_due(ON)
    overview = make_overview()
    drop_out = next(compared for compared in overview.measures if compared.measure is registry.DROP_OUT)
    values = {row.project.name: row.value for row in drop_out.projects}
    assert (values["Nordby"], values["Ingenby"]) == (Decimal("64.3"), 0)
    assert (values["Fåby"], values["Østby"]) == (None, None)
    assert (overview.enrolled.participants, overview.enrolled.controls) == (3, 2)
    assert overview.enrolled.target == sum(project.target_count for project in projects)


def test_the_page_shows_no_few_citizens_and_sorts_in_the_address(agency_client, published):
    page = page_text(agency_client, sort=DROP_OUT)
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.index("Ingenby") < table.index("Nordby") < table.index("Fåby")
    assert "Opgjort pr. 1. maj 2016" in page
    assert "64 %" in table
    assert "25 %" not in page  # 3 of 12 in Fåby
    assert "Testborger" not in page


def test_the_sentences_name_what_is_behind_and_ahead(projects):
    TrialTerms.objects.update(enrolment_slack_percent=0)
    publish_due(ON)
    summary = summarise(make_overview())
    assert any("Nordby (−17)" in sentence for sentence in summary.behind)
    behind = [sentence for sentence in summary.behind if str(registry.DROP_OUT.label) in sentence]
    assert len(behind) == 1
    assert "Nordby (64 %)" in behind[0]
    assert "Ingenby" not in behind[0]


def test_the_workbook_has_the_numbers_of_the_page(agency_client, published):
    answer = agency_client.get(reverse("evaluation:download_comparison", args=["xlsx"]))
    book = load_workbook(io.BytesIO(answer.content))
    sheets = {sheet.title: list(sheet.values) for sheet in book.worksheets}
    assert list(sheets) == ["Side om side", "Tal", "Hvad der måles"]
    overview = make_overview()
    for row, cells in zip(some(overview.projects), some(sheets["Side om side"][1:]), strict=False):
        values = [getattr(row.values, measure.code).value for measure in COMPARED]
        assert cells[0] == row.project.name
        assert [None if cell is None else round(float(cell), 1) for cell in cells[4:]] == [
            None if value is None else float(value) for value in values
        ]
    assert sheets["Side om side"][-1][:4] == ("I alt", 3, 2, 480)
    record = AccessRecord.objects.get(action="download")
    assert record.asked_for.startswith(reverse("evaluation:comparison"))


def test_the_pdf_is_tagged_and_says_the_same(agency_client, published):
    answer = agency_client.get(reverse("evaluation:download_comparison", args=["pdf"]))
    reader = PdfReader(io.BytesIO(answer.content))
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert squeezed("Opgjort pr. 1. maj 2016") in text
    for project in some(published):
        assert project.name in text
    for sentence in some(summarise(make_overview()).whole):
        assert squeezed(sentence) in text
    assert "Testborger" not in text
    assert AccessRecord.objects.filter(action="download").exists()


def test_without_figures_the_page_says_when_they_come(agency_client):
    assert "Der er endnu ingen tal" in page_text(agency_client)
    assert agency_client.get(reverse("evaluation:download_comparison", args=["pdf"])).status_code == 404
    assert agency_client.get(reverse("evaluation:download_comparison", args=["csv"])).status_code == 404


def test_a_page_never_publishes_and_says_what_the_night_is_to_publish(agency_client, projects):
    page = page_text(agency_client)
    assert "Tallene pr. 1. maj 2016 er ikke offentliggjort endnu" in page
    assert "Der er endnu ingen tal" not in page
    assert not Publication.objects.exists()


def test_an_older_month_stays_on_the_page_until_the_night(client, published, time_machine):
    time_machine.move_to(datetime.datetime(2016, 6, 2, 3, tzinfo=datetime.UTC))
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    page = page_text(client)
    assert "Opgjort pr. 1. maj 2016" in page
    assert "Tallene pr. 1. juni 2016 er ikke offentliggjort endnu" in page
    call_command("publish_figures")
    page = page_text(client)
    assert "Opgjort pr. 1. juni 2016" in page
    assert "er ikke offentliggjort endnu" not in page


def test_the_page_is_in_english_too(agency_client, published):
    answer = agency_client.get(reverse("evaluation:comparison"), headers={"accept-language": "en"})
    page = answer.content.decode()
    assert "The projects side by side" in page
    assert "percentage points from all projects together" in page


@pytest.mark.parametrize("count", [1, 6])
def test_the_projects_add_no_queries(agency_client, count, django_assert_max_num_queries):
    for number in range(count):
        project_with(f"By {number}", 5, 5)
    stored.recompute()
    publish_due(ON)
    with django_assert_max_num_queries(12):
        page_text(agency_client)


def test_a_leader_does_not_see_the_page(client, leader):
    client.force_login(leader)
    assert client.get(reverse("evaluation:comparison")).status_code == 403
