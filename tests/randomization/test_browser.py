"""The draw in Chromium at both widths: asking, drawing, the result, and the agency's ledger."""

import pytest

from accounts.roles import Role
from cases.models import Course
from randomization.models import Allocation
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.factories import DRAWN_ON, ProjectFactory, ReferralFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def soroe(system_shares):
    """A project of two municipalities where nine citizens wait for the draw."""
    project = ProjectFactory(slug="soroe", name="Sorø i samarbejde med Ringsted", codes=["0340", "0329"])
    places = list(project.municipalities.order_by("code"))
    for number in range(9):
        ReferralFactory(
            project=project,
            municipality=places[number % 2],
            name=f"Testborger Nummer {number + 1}",
            **({"target_group": "activity_ready", "benefit": "cash_benefit"} if number % 3 else {}),
        )
    return project


@pytest.mark.parametrize("width", WIDTHS)
def test_a_leader_draws_and_goes_to_a_course(open_page, soroe, width):
    leader = UserFactory(project=soroe, roles=[Role.PROJECT_LEADER], name="Leder Test")
    page = open_page(width, user=leader)
    page.goto("/lodtraekning/")
    assert_axe_clean(page)
    screenshot(page, "draw-waiting")
    page.get_by_role("link", name="Træk lod i Sorø").click()
    assert_axe_clean(page)
    page.get_by_label("Lodtrækningens dag").fill("2017-03-02")
    page.get_by_role("button", name="Træk lod nu").click()
    page.get_by_text("lukkede den 1. marts 2017").first.wait_for()
    assert_axe_clean(page)
    screenshot(page, "draw-refused")
    page.get_by_label("Lodtrækningens dag").fill(DRAWN_ON.isoformat())
    screenshot(page, "draw-confirm")
    page.get_by_role("button", name="Træk lod nu").click()
    page.get_by_text("Der er trukket lod om 9 borgere").wait_for()
    assert_axe_clean(page)
    screenshot(page, "draw-result")
    assert Allocation.objects.count() == 9
    assert Course.objects.count() == Allocation.objects.participants().count()
    page.goto("/lodtraekning/")
    page.get_by_text("Ingen venter på lodtrækning").wait_for()
    assert_axe_clean(page)
    screenshot(page, "draw-nobody-waits")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_agency_reads_the_ledger(open_page, soroe, width):
    from randomization.draw.actions import draw_project

    draw_project(soroe, DRAWN_ON)
    page = open_page(width, user=UserFactory(roles=[Role.AGENCY], name="STAR Test"))
    page.goto("/lodtraekning/protokol/")
    page.get_by_text("Kontrolværdier, der lå fast").click()
    assert_axe_clean(page)
    screenshot(page, "ledger")
    page.get_by_label("Målgruppe").select_option("activity_ready")
    page.get_by_text("6 rækker").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent JSON").click()
    assert download.value.suggested_filename.endswith(".json")


def test_the_draw_works_without_javascript(open_page, soroe):
    leader = UserFactory(project=soroe, roles=[Role.PROJECT_LEADER], name="Leder Test")
    page = open_page(PHONE, user=leader, javascript=False)
    page.goto("/lodtraekning/traek/?project=soroe")
    page.get_by_label("Lodtrækningens dag").fill(DRAWN_ON.isoformat())
    page.get_by_role("button", name="Træk lod nu").click()
    page.get_by_text("Der er trukket lod om 9 borgere").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_agency_follows_the_trial(open_page, soroe, width):
    from randomization.draw.actions import draw_project

    draw_project(soroe, DRAWN_ON)
    ReferralFactory(project=soroe, state="refused", reasons=["under_30", "wrong_benefit"])
    page = open_page(width, user=UserFactory(roles=[Role.AGENCY], name="STAR Test"))
    page.goto(f"/lodtraekning/forsoeg/?on={DRAWN_ON}")
    page.get_by_role("heading", name="Fra vurdering til analyse").wait_for()
    assert_axe_clean(page)
    screenshot(page, "trial")
    page.get_by_role("link", name="Indtast målgrupper").click()
    page.get_by_label("Kommune").select_option("0340")
    page.get_by_label("borgere i målgruppe A").fill("40")
    page.get_by_label("borgere i målgruppe B").fill("60")
    assert_axe_clean(page)
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("Målgrupperne er gemt.").wait_for()
    if width == 390:  # the tables are folded on a phone
        page.locator("summary", has_text="Målgruppernes fordeling").click()
    page.get_by_text("40,0").first.wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_caseworker_records_a_correction(open_page, soroe, width):
    from randomization.draw.actions import draw_project

    draw_project(soroe, DRAWN_ON)
    allocation = Allocation.objects.select_related("referral").first()
    caseworker = UserFactory(project=soroe, roles=[Role.COORDINATING_CASEWORKER], name="Sagsbehandler Test")
    page = open_page(width, user=caseworker)
    page.goto(f"/lodtraekning/{allocation.referral.public_id}/")
    assert_axe_clean(page)
    page.get_by_role("link", name="Registrér en rettelse").click()
    page.get_by_role("button", name="Registrér").click()
    assert_axe_clean(page)
    page.get_by_label("hvad er der sket").select_option("moved")
    page.get_by_label("Hvornår skete det?").fill("2016-05-04")
    page.get_by_label("Årsag").fill("Flyttet til Aarhus")
    page.get_by_role("button", name="Registrér").click()
    page.get_by_text("Rettelsen er registreret").wait_for()
    assert_axe_clean(page)
    screenshot(page, "allocation")
