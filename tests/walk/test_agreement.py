"""From match to sealed work agreement in Chromium: three people at three phones (D14, D15, D37)."""

import datetime
import io
import re
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from accounts.links.delivery import send_link
from accounts.links.models import SignedLink
from accounts.models import User
from cases.models import CitizenContact, Course, CourseFunction
from companies.models import Placement, WorkAgreement
from jobfirst.messaging.outgoing import SendingState
from jobfirst.values.dates import DAY
from tests.browser import PHONE, assert_axe_clean, assert_fits, draw_signature, screenshot
from tests.companies.annex.factories import secret_in
from tests.factories import DRAWN_ON, CourseFactory, ProjectFactory, UserFactory, cvr
from tests.scenarios.course_team import wednesday

__all__ = ["wednesday"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPANY, CITIZEN = "karla@bager.invalid", "borger@example.invalid"
#: Where a saved form leads: away from the page with this form.
AGREEMENT = re.compile(r"/arbejdsaftaler/[0-9a-f-]{36}/$")


@pytest.fixture
def team() -> dict[str, User]:
    """A job consultant, a mentor, and the others, in one project."""
    project = ProjectFactory()
    return {
        function: UserFactory(project=project, roles=[function], name=f"{function.label} Prøve")
        for function in CourseFunction
    }


@pytest.fixture
def course(team) -> Course:
    """A course of six weeks whose citizen has an e-mail address."""
    project = team[CourseFunction.MENTOR].memberships.first().project
    course: Course = CourseFactory(project_for=project, referral__name="Karla Prøveborger")
    for function, user in team.items():
        course.holdings.create(function=function, user=user, from_on=DRAWN_ON)
    CitizenContact.objects.create(course=course, email=CITIZEN)
    return course


def secret_for(mailoutbox: Any, to: str) -> str:
    """Send the links that wait, and return the secret of the newest one to the address."""
    for link in SignedLink.objects.filter(state=SendingState.PENDING):
        send_link(link.pk)
    return secret_in(next(mail for mail in reversed(mailoutbox) if mail.to == [to]).body)


def test_from_match_to_sealed_agreement(open_page, wednesday, team, course, mailoutbox) -> None:
    consultant = open_page(PHONE, user=team[CourseFunction.JOB_CONSULTANT])
    mentor = open_page(PHONE, user=team[CourseFunction.MENTOR])
    company = open_page(PHONE, javascript=False)

    record_match(consultant, course, wednesday)
    placement = agree_placement(consultant, course, wednesday)
    write_agreement(consultant, placement)
    send_link_to_company(consultant)
    agreement = WorkAgreement.objects.get()
    citizen_signs(mentor, agreement)
    company_signs(company, secret_for(mailoutbox, COMPANY))
    jobcentre_signs(consultant)

    agreement.refresh_from_db()
    assert agreement.state == "signed"
    sent = sealed_pdf(company, secret_for(mailoutbox, COMPANY))
    assert sent == sealed_pdf(open_page(PHONE), secret_for(mailoutbox, CITIZEN))
    check_file(company, sent)


def record_match(page: Any, course: Course, day: datetime.date) -> None:
    """The job consultant records the match with a company that is new here."""
    page.goto(reverse("companies:new_match", args=[course.public_id]))
    values = {
        "cvr": cvr(1),
        "company_name": "Bageren & Ågesen ApS",
        "matched_on": day.isoformat(),
        "job_function": "Bagerhjælper",
    }
    for name, value in values.items():
        page.locator(f'main [name="{name}"]').fill(value)
    page.locator('form:has([name="matched_on"]) button.button-primary').click()
    page.get_by_text("Matchet er registreret").wait_for()
    assert_fits(page)
    assert course.matches.get().company.name == "Bageren & Ågesen ApS"


def agree_placement(page: Any, course: Course, day: datetime.date) -> Placement:
    """The internship of thirteen weeks begins the day after."""
    page.goto(reverse("companies:new_placement", args=[course.public_id]) + "?kind=internship")
    values = {
        "cvr": cvr(1),
        "starts_on": (day + DAY).isoformat(),
        "planned_end_on": (day + 91 * DAY).isoformat(),
        "internship_hours": "15",
        "ordinary_employees": "12",
    }
    for name, value in values.items():
        page.locator(f'main [name="{name}"]').fill(value)
    page.locator('form:has([name="starts_on"]) button.button-primary').click()
    page.get_by_text("Virksomhedspladsen er aftalt").wait_for()
    placement: Placement = course.placements.get()
    return placement


def write_agreement(page: Any, placement: Placement) -> None:
    """The job consultant writes the agreement, with a new contact person."""
    page.goto(reverse("companies:agreement", args=[placement.public_id]))
    values = {
        "tasks": "Pakke brød og feje",
        "goals": "Møde hver dag",
        "contact_name": "Karla Kontakt",
        "contact_email": COMPANY,
    }
    for day in range(3):  # the fifteen hours that were agreed
        values |= {f"week-{day}-internship_from": "09:00", f"week-{day}-internship_to": "14:00"}
    for name, value in values.items():
        field = page.locator(f'main [name="{name}"]')
        for part in field.locator("xpath=ancestor::details[not(@open)]").all():
            part.evaluate("part => { part.open = true }")
        field.fill(value)
    page.get_by_role("button", name="Gem arbejdsaftalen").click()
    page.wait_for_url(AGREEMENT)
    page.get_by_text("Afventer underskrift").first.wait_for()
    assert_axe_clean(page)
    screenshot(page, "walk-agreement-written")


def send_link_to_company(page: Any) -> None:
    page.get_by_role("button", name=re.compile("Send link til underskrift ?: Virksomheden")).click()
    page.get_by_text("Linket er på vej").first.wait_for()


def citizen_signs(page: Any, agreement: WorkAgreement) -> None:
    """The citizen draws on the mentor's phone."""
    page.goto(reverse("companies:agreement_page", args=[agreement.public_id]))
    page.get_by_role("link", name="Borgeren skriver under her").click()
    page.wait_for_url("**/underskrift/**")
    draw_signature(page)
    page.get_by_label("Jeg har læst aftalen").check()
    screenshot(page, "walk-citizen-signs")
    page.get_by_role("button", name="Skriv under").click()
    page.get_by_role("heading", name="Tak").wait_for()
    assert_fits(page)
    screenshot(page, "walk-citizen-signed")
    page.locator(f'a[href="{reverse("companies:agreement_page", args=[agreement.public_id])}"]').click()
    page.wait_for_url(AGREEMENT)
    signature = agreement.signatures.get()
    assert (signature.party, signature.method, signature.is_by_link) == ("citizen", "drawn", False)


def company_signs(page: Any, secret: str) -> None:
    """The contact person signs by link, without script, and reads what was signed."""
    page.goto(reverse("companies:sign_by_link", args=[secret]))
    page.get_by_label("Jeg skriver mit navn").check()
    page.get_by_label("Dit navn, som det står i dokumentet").fill("Karla Kontakt")
    page.get_by_label("Jeg har læst aftalen").check()
    page.get_by_role("button", name="Skriv under").click()
    page.get_by_role("heading", name="Tak, aftalen er underskrevet").wait_for()
    page.get_by_text("Pakke brød og feje").wait_for()
    assert_fits(page)
    screenshot(page, "walk-company-signed")
    link = page.get_by_role("link", name="Gem det, du har skrevet under på (PDF)")
    text = pdf_words(page.request.get(link.get_attribute("href")).body())
    assert "Pakke brød og feje" in text


def jobcentre_signs(page: Any) -> None:
    """The job consultant signs last, signed in."""
    page.reload()
    page.get_by_role("link", name=re.compile("Læs og skriv under ?: Jobcenteret")).click()
    page.wait_for_url("**/underskrift/**")
    page.get_by_label("Jeg har læst aftalen").check()
    page.get_by_role("button", name="Skriv under").click()
    page.wait_for_url(AGREEMENT)
    page.get_by_text("Underskrevet af alle").first.wait_for()
    assert_axe_clean(page)
    screenshot(page, "walk-agreement-sealed")


def sealed_pdf(page: Any, secret: str) -> bytes:
    """Open the copy by its link; return the PDF that it offers."""
    page.goto(reverse("companies:read_by_link", args=[secret]))
    link = page.get_by_role("link", name="Gem din kopi (PDF)")
    content: bytes = page.request.get(link.get_attribute("href")).body()
    text = pdf_words(content)
    assert WorkAgreement.objects.get().seal.sha256 in re.sub(r"\s", "", text)
    return content


def check_file(page: Any, content: bytes) -> None:
    """The public page knows the file, names nobody, and knows no other file."""
    for file, heading in ((content, "Aftalen er ægte"), (content + b"\n", "Kendes ikke")):
        page.goto(reverse("companies:check_agreement"))
        page.locator('[name="file"]').set_input_files(
            {"name": "aftale.pdf", "mimeType": "application/pdf", "buffer": file}
        )
        page.get_by_role("button", name="Tjek aftalen").click()
        page.get_by_text(heading).first.wait_for()
        assert_fits(page)
        assert not re.search("Karla|Prøveborger|Bageren", page.content())
    screenshot(page, "walk-agreement-checked")


def pdf_words(content: bytes) -> str:
    return " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages)
