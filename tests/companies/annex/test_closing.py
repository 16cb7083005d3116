"""The closing assessment by company and citizen (D54), and the links that go out by themselves."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import RecipientKind, SignedLink
from accounts.models import TrialTerms
from cases.actions import end_course
from cases.course_pages import CoursePage, page_url
from companies.actions.placements import end_placement, withdraw_as_error
from companies.actions.renewals import renew_placement
from companies.closing.actions import AssessedBy, assess, record_citizens_word
from companies.links.automatic import send_links_of_placements
from companies.links.placements import send_link_about
from companies.models import ClosingAssessment, CompanyContact
from jobfirst.values.dates import DAY
from tests.companies.annex.factories import ClosingAssessmentFactory, secret_in
from tests.factories import PlacementFactory
from tests.validation import error_codes

TODAY = datetime.date(2016, 5, 18)
TUESDAY = datetime.date(2016, 5, 17)
HIRED = {"outcome": "hired", "hired_as": "flex_job", "hired_hours": 12, "comment": ""}


def at(day):
    return datetime.datetime.combine(day, datetime.time(9), tzinfo=datetime.UTC)


@pytest.fixture
def reachable(engaged):
    CompanyContact.objects.filter(company=engaged.company).update(email="karla@example.invalid")
    return engaged


@pytest.fixture
def over(reachable):
    """The internship ended the day before."""
    return end_placement(reachable, ended_on=TUESDAY, today=TODAY)


@pytest.fixture
def secret(over, mailoutbox, wednesday):
    send_link_about("placement.closing", over, RecipientKind.COMPANY_CONTACT, by=None, now=timezone.now())
    send_link(SignedLink.objects.get().pk)
    return secret_in(mailoutbox[-1].body)


def page_of(secret) -> str:
    return f"/svar/afslutning/{secret}/"


def give(placement, content=HIRED):
    return assess(placement, content, AssessedBy("Karla", TODAY), today=TODAY)


class TestByLink:
    def test_the_company_says_how_it_went(self, over, secret) -> None:
        assert Client().get(page_of(secret)).status_code == 200
        answer = Client().post(page_of(secret), {**HIRED, "hired_hours": "12"})
        assert answer.status_code == 302
        row = ClosingAssessment.objects.get()
        assert (row.outcome, row.hired_as, row.hired_hours, row.entered_by) == ("hired", "flex_job", 12, None)
        assert "Tak for dit svar" in Client().get(page_of(secret)).content.decode()

    def test_a_second_answer_changes_nothing(self, over, secret) -> None:
        for outcome in ("completed", "partly"):
            Client().post(page_of(secret), {"outcome": outcome})
        assert ClosingAssessment.objects.get().outcome == "completed"

    def test_the_company_does_not_read_the_citizens_word(self, over, secret) -> None:
        row = give(over, {"outcome": "partly", "comment": "Gik fint"})
        record_citizens_word(row, answer="comments", comment="Jeg var syg", on=TODAY)
        page = Client().get(page_of(secret)).content.decode()
        assert "Gik fint" in page
        assert "Jeg var syg" not in page

    def test_how_somebody_was_hired_is_asked(self, over, secret) -> None:
        Client().post(page_of(secret), {"outcome": "hired"})
        assert not ClosingAssessment.objects.exists()


@pytest.mark.django_db
class TestAssessing:
    def refused(self, placement) -> dict:
        with pytest.raises(ValidationError) as refusal:
            give(placement)
        return error_codes(refusal)

    def test_not_before_the_last_day(self, engaged) -> None:
        assert self.refused(engaged) == {"": "running"}

    def test_at_the_end_of_a_chain_only(self, engaged) -> None:
        last = engaged.planned_end_on
        renew_placement(
            engaged,
            today=engaged.starts_on,
            starts_on=last + datetime.timedelta(days=1),
            planned_end_on=last + datetime.timedelta(days=30),
            internship_hours=15,
            ordinary_hours=0,
        )
        with pytest.raises(ValidationError):
            assess(engaged, HIRED, AssessedBy("Karla", last), today=last + datetime.timedelta(days=2))

    def test_not_for_a_withdrawn_placement(self, over, holder) -> None:
        withdraw_as_error(over, reason="Forkert borger", by=holder)
        assert self.refused(over) == {"": "withdrawn"}

    def test_once(self, over) -> None:
        give(over)
        assert self.refused(over) == {"": "assessed"}


@pytest.mark.usefixtures("wednesday")
class TestPages:
    def test_staff_write_down_what_was_said_on_the_phone(self, over, holder, as_user) -> None:
        url = reverse("companies:closing_by_phone", args=[over.public_id])
        data = {"outcome": "partly", "given_by_name": "Karla", "given_on": "2016-05-18"}
        as_user(holder).post(url, data)
        assert ClosingAssessment.objects.get().entered_by == holder

    def test_the_citizen_sees_it_differently(self, over, holder, as_user) -> None:
        row = ClosingAssessmentFactory(placement=over)
        url = reverse("companies:citizens_word", args=[row.public_id])
        data = {"citizen_answer": "comments", "citizen_comment": "Jeg var syg", "version": "1"}
        as_user(holder).post(url, data)
        row.refresh_from_db()
        assert (row.citizen_comment, row.citizen_answered_on) == ("Jeg var syg", TODAY)

    def test_a_link_is_offered_where_a_work_agreement_names_a_recipient(self, over, holder, as_user) -> None:
        sniffing = PlacementFactory(
            course=over.course,
            company=over.company,
            kind="sniffing",
            starts_on=datetime.date(2016, 4, 18),
            planned_end_on=datetime.date(2016, 4, 22),
        )
        page = as_user(holder).get(page_url(over.course.public_id, CoursePage.COMPANY)).content.decode()
        offered = [
            placement
            for placement in (over, sniffing)
            if reverse("companies:send_closing_link", args=[placement.public_id]) in page
        ]
        assert offered == [over]

    def test_staff_see_when_the_last_link_went(self, over, secret, holder, as_user) -> None:
        url = page_url(over.course.public_id, CoursePage.COMPANY)
        assert "Link sendt 18" in as_user(holder).get(url).content.decode()
        give(over)
        assert "Link sendt 18" not in as_user(holder).get(url).content.decode()

    def test_a_hiring_leads_to_the_employment(self, over, holder, as_user) -> None:
        give(over)
        url = page_url(over.course.public_id, CoursePage.COMPANY)
        page = as_user(holder).get(url).content.decode()
        assert "Opret ansættelsen" in page
        assert f"kind=flex_job&amp;cvr={over.company.cvr}&amp;from=2016-05-18" in page


@pytest.mark.django_db
class TestRound:
    def purposes(self):
        return sorted(SignedLink.objects.values_list("purpose", flat=True))

    def test_the_reporting_link_is_sent_once_when_the_placement_runs(self, reachable) -> None:
        for _tick in range(2):
            with time_machine.travel(at(TODAY), tick=False):
                send_links_of_placements(TODAY, at(TODAY))
        assert self.purposes() == ["placement.report"]

    def test_the_closing_link_is_sent_when_it_is_over(self, over) -> None:
        for _tick in range(2):
            with time_machine.travel(at(TODAY), tick=False):
                send_links_of_placements(TODAY, at(TODAY))
        assert self.purposes() == ["placement.closing"]

    def test_the_closing_link_is_sent_for_a_placement_of_a_few_days(self, reachable) -> None:
        reachable.starts_on = TUESDAY
        reachable.save()
        end_placement(reachable, ended_on=TUESDAY, today=TODAY)
        send_links_of_placements(TODAY, at(TODAY))
        assert self.purposes() == ["placement.closing"]

    @pytest.mark.parametrize(
        ("reason", "purposes"), [("moved", ["placement.closing"]), ("died", [])], ids=["moved", "died"]
    )
    def test_a_placement_that_ended_with_its_course(self, reachable, reason, purposes) -> None:
        end_course(reachable.course, ended_on=TODAY, reason=reason, placements_end=True)
        send_links_of_placements(TODAY, at(TODAY))
        assert self.purposes() == purposes

    def test_the_company_is_asked_for_as_many_days_as_the_terms_say(self, over) -> None:
        TrialTerms.objects.create(valid_from=TODAY, closing_days=1)
        send_links_of_placements(TODAY + DAY, at(TODAY))
        assert self.purposes() == []
        TrialTerms.objects.update(closing_days=2)
        send_links_of_placements(TODAY + DAY, at(TODAY))
        assert self.purposes() == ["placement.closing"]

    def test_an_assessed_placement_gets_no_link(self, over) -> None:
        give(over)
        send_links_of_placements(TODAY, at(TODAY))
        assert self.purposes() == []
