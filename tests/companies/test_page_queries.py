"""The pages of a company, of a placement and of a course's companies keep to twenty queries, whatever stands
on them."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.links.models import RecipientKind
from cases.course_pages import CoursePage, page_url
from companies.actions import project_rows as actions
from companies.links.last_sent import ANNEX, CLOSING, REPORT
from companies.links.placements import send_link_about
from jobfirst.values.dates import DAY
from tests.companies.annex.factories import (
    ClosingAssessmentFactory,
    PlacementReportFactory,
    annex_reply,
)
from tests.companies.factories import (
    CompanyCallFactory,
    CompanyMergeFactory,
    CompanyNoteFactory,
    JobOpeningFactory,
    SuccessionFactory,
    WorkplaceFactory,
    WorkplaceMergeFactory,
)
from tests.companies.matching.factories import DialogueFactory
from tests.factories import (
    FollowUpMeetingFactory,
    PlacementFactory,
    WorkAgreementFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

ENDED_ON = datetime.date(2016, 4, 20)
OVER = {"starts_on": datetime.date(2016, 4, 11), "planned_end_on": ENDED_ON, "ended_on": ENDED_ON}


@pytest.fixture
def full(holder, project, course, company, internship):
    """The internship with everything that its pages can show: links, answers, reports, an end, other rows."""
    contact = company.contacts.get()
    contact.email = "karla@firma.example"
    contact.save()
    WorkAgreementFactory(placement=internship, company_contact=contact)
    over = PlacementFactory(course=course, company=company, kind="sniffing", **OVER)
    WorkAgreementFactory(placement=over, company_contact=contact)
    ClosingAssessmentFactory(placement=over)
    PlacementReportFactory(placement=internship)
    FollowUpMeetingFactory(course=course, planned_at=timezone.now() + 5 * DAY)
    annex_reply(internship, "citizen", datetime.date(2016, 5, 12), 2)
    for code, placement in ((ANNEX, internship), (REPORT, internship), (CLOSING, over)):
        send_link_about(code, placement, RecipientKind.COMPANY_CONTACT, by=holder, now=timezone.now())
    DialogueFactory(course=course, company=company)
    return internship


def fill_company(company, holder, project):
    CompanyNoteFactory(company=company, project=project)
    CompanyCallFactory(company=company, project=project, next_step="Ring igen")
    WorkplaceFactory(company=company, ordinary_employees=12)
    JobOpeningFactory(company=company, project=project, workplace=WorkplaceFactory(company=company))
    WorkplaceMergeFactory(remaining__company=company)
    CompanyMergeFactory(remaining=company)
    SuccessionFactory(successor=company)
    actions.know_company(company, "Nabo", project=project, by=holder)


@pytest.mark.parametrize("many", [1, 10])
def test_the_page_of_a_company(as_user, holder, project, company, full, django_assert_max_num_queries, many):
    for _number in range(many):
        fill_company(company, holder, project)
    client = as_user(holder)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("companies:company", args=[company.cvr])).content.decode()
    assert page.count("De vil gerne tage en praktikant") == many


def test_the_page_of_a_courses_companies(as_user, holder, course, full, django_assert_max_num_queries):
    client = as_user(holder)
    with django_assert_max_num_queries(20):
        page = client.get(page_url(course.public_id, CoursePage.COMPANY)).content.decode()
    # Of the annex and the reports; after the company's assessment the citizen is next, who has no link yet.
    assert page.count("Linket er på vej") == 2


def test_the_page_of_a_placement(as_user, holder, full, django_assert_max_num_queries):
    client = as_user(holder)
    with django_assert_max_num_queries(20):
        client.get(reverse("companies:placement", args=[full.public_id]))
