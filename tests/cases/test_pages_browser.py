"""The course, the mentor's week and the meetings in Chromium, at both widths."""

import datetime

import pytest

from cases import actions, extension_points
from cases.actions.pauses import suspended_by_default
from cases.models import MentorContact, ProfileSubject
from cases.presentation.timeline import TimelineBar
from jobfirst.values.dates import DateSpan
from reminders import deadlines
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.factories import DRAWN_ON, CourseFactory, FollowUpMeetingFactory, MentorContactFactory, mark_held

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def bars(monkeypatch):
    """Bars that higher apps put on the timeline."""
    timeline_bars = [
        TimelineBar("activity", "Virksomhedsbesøg: Bageriet", DateSpan(DRAWN_ON, DRAWN_ON + 4 * DAY)),
        TimelineBar(
            "sniffing", "Snusepraktik: Gartneriet", DateSpan(DRAWN_ON + 7 * DAY, DRAWN_ON + 18 * DAY)
        ),
        TimelineBar(
            "internship", "Praktik: Lageret ApS", DateSpan(DRAWN_ON + 28 * DAY, DRAWN_ON + 118 * DAY)
        ),
        TimelineBar(
            "wage_subsidy", "Løntilskud: Lageret ApS", DateSpan(DRAWN_ON + 119 * DAY, DRAWN_ON + 180 * DAY)
        ),
        TimelineBar("employment", "Fleksjob: Lageret ApS", DateSpan(DRAWN_ON + 120 * DAY, None)),
    ]
    monkeypatch.setattr(extension_points, "bars_of", lambda course: timeline_bars)


@pytest.fixture
def full_course(course, holder, leader, colleague):
    """A course with something in every section."""
    course.internship_from = DRAWN_ON + 28 * DAY
    course.continued_from = course.retention_until = DRAWN_ON + 119 * DAY
    course.save()
    wishes = "Vil gerne arbejde med planter.\nKan køre truck."
    actions.write_profile_text(course, ProfileSubject.WISHES, wishes, by=holder, today=DRAWN_ON)
    for number in range(12):
        MentorContactFactory(
            course=course, held_on=DRAWN_ON + number * DAY, registered_by=holder, note="Gik en tur"
        )
    actions.add_job_goal_version(course, functions="Pakke varer", set_on=DRAWN_ON, by=holder)
    actions.add_job_goal_version(
        course, functions="Køre truck", reason="Fik prøvet det", set_on=DRAWN_ON + 30 * DAY, by=holder
    )
    meeting = FollowUpMeetingFactory(course=course, summary="Gennemgik CV og jobmål.")
    meeting.attendees.add(holder)
    mark_held(meeting, DRAWN_ON + 30 * DAY)
    when = datetime.datetime(2016, 6, 1, 8, 0, tzinfo=datetime.UTC)
    actions.book_meeting(course, planned_at=when, place="Jobcentret, lokale 2", by=holder)
    actions.record_need(course, description="Mangler et sted at bo", noted_on=DRAWN_ON)
    actions.record_effort(
        course, kind="health", description="Fysioterapi", coordinator="Egen læge", starts_on=DRAWN_ON
    )
    actions.record_accommodation(course, description="En pause i timen", from_on=DRAWN_ON)
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    for number, channel in ((13, "phone"), (15, "message")):
        actions.register_contact(
            course,
            held_on=DRAWN_ON + number * DAY,
            citizen_present=False,
            channel=channel,
            outcome="no_answer",
        )
    pause = actions.PauseData(
        "treatment", DRAWN_ON + 40 * DAY, DRAWN_ON + 60 * DAY, "Aftalt på mødet", suspended_by_default()
    )
    actions.record_pause(course, pause, by=holder)
    contact = {
        "phone": "00 12 34 56",
        "email": "borger@example.invalid",
        "address": "Prøvevej 1, 2. th.\n0000 Prøveby",
        "interpreter_language": "arabisk",
        "kin_name": "Prøvepårørende",
        "kin_relation": "mor",
        "kin_phone": "+45 00 65 43 21",
    }
    actions.update_citizen_contact(course, contact)
    holder.phone = "00 11 22 33"
    holder.save(update_fields=["phone"])
    deadlines.recompute()
    return course


@pytest.mark.parametrize("width", WIDTHS)
def test_the_overview_of_the_course(open_page, full_course, holder, bars, width):
    page = open_page(width, holder)
    page.goto(f"/forloeb/{full_course.public_id}/")
    assert page.get_by_role("heading", name="Testborger Ågesen").is_visible()
    assert_axe_clean(page)
    screenshot(page, "course")
    if width == PHONE:
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height <= 3 * 844, f"the overview is {height / 844:.1f} screens high"
    page.locator("summary", has_text="Tidslinjen med ord").click()
    page.get_by_role("cell", name="Fleksjob: Lageret ApS").wait_for()
    assert_axe_clean(page)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_each_page_of_the_course_by_its_link(open_page, full_course, leader, bars, width, javascript):
    page = open_page(width, leader, javascript=javascript)
    page.goto(f"/forloeb/{full_course.public_id}/")
    pages = page.get_by_role("navigation", name="Forløbets sider")
    for name, slug, heading in (
        ("Plan", "plan", "Profil og jobmål"),
        ("Virksomhed", "virksomhed", "Virksomhedspladser"),
        ("Møder og kontakter", "moeder-og-kontakter", "Mentorkontakter"),
        ("Støtte", "stoette", "Pauser"),
        ("Historik", "historik", "Kollegers opslag"),
    ):
        pages.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/forloeb/{full_course.public_id}/{slug}/")
        page.get_by_role("heading", name=heading, exact=True).wait_for()
        current = pages.locator("[aria-current=page]")
        assert current.inner_text() == name
        if javascript:
            assert_axe_clean(page)
            screenshot(page, f"course-{slug}")


def test_htmx_changes_the_page_of_the_course_and_the_way_back_works(open_page, full_course, leader):
    page = open_page(PHONE, leader)
    page.goto(f"/forloeb/{full_course.public_id}/")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Plan", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/")
    page.get_by_role("heading", name="Profil og jobmål").wait_for()
    assert page.evaluate("window.sameDocument")
    assert page.title().startswith("Testborger Ågesen: Plan")
    assert page.evaluate("document.activeElement.id") == "to-plan"
    page.go_back()
    page.get_by_role("heading", name="Tidslinje").wait_for()
    assert page.url.endswith(f"/forloeb/{full_course.public_id}/")


def test_the_names_of_the_timelines_rows_stay_on_a_phone(open_page, full_course, leader, bars):
    page = open_page(PHONE, leader)
    page.goto(f"/forloeb/{full_course.public_id}/")
    timeline = page.locator(".jf-timeline")
    names = timeline.get_by_text("Fase", exact=True)
    assert timeline.evaluate("box => { box.scrollLeft = 0; return box.scrollWidth - box.clientWidth }") > 0
    before = names.bounding_box()
    assert timeline.evaluate("box => { box.scrollLeft = 200; return box.scrollLeft }") == 200
    assert names.bounding_box() == before
    timeline.scroll_into_view_if_needed()
    screenshot(page, "timeline-scrolled")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_its_filter_and_the_menu(open_page, holder, project, width):
    for _ in range(30):
        CourseFactory(project_for=project, holders=holder)
    page = open_page(width, holder)
    page.goto("/forloeb/")
    assert_axe_clean(page)
    screenshot(page, "course-list")
    page.get_by_label("Fase").select_option("internship")
    page.wait_for_selector("text=Ingen forløb svarer til filteret")
    assert "phase=internship" in page.url
    page.goto("/forloeb/")
    page.get_by_label("Navn", exact=True).fill("Ågesen")
    page.get_by_label("Navn", exact=True).press("Enter")
    page.wait_for_url("**/forloeb/?search=*")
    page.reload()
    assert page.get_by_label("Navn", exact=True).input_value() == "Ågesen"
    assert "gesen" not in page.url
    if width == PHONE:
        page.get_by_text("Menu", exact=True).click()
        screenshot(page, "menu")
    page.get_by_role("link", name="Min uge").locator("visible=true").click()
    page.wait_for_url("**/min-uge/")


def test_a_tap_without_a_connection_says_so_and_counts_once_when_there_is_one(open_page, holder, course):
    page = open_page(PHONE, holder, goes_offline=True)
    page.goto("/min-uge/")
    page.context.set_offline(True)
    page.get_by_role("button", name="Registrér kontakt i dag").first.click()
    notice = page.get_by_text("Systemet svarede ikke")
    notice.wait_for()
    assert_axe_clean(page)
    screenshot(page, "no-connection")
    assert not MentorContact.objects.exists()
    page.context.set_offline(False)
    page.get_by_role("button", name="Registrér kontakt i dag").first.click()
    page.get_by_role("button", name="Fortryd").wait_for()
    assert not notice.is_visible()
    assert MentorContact.objects.count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_the_mentor_registers_with_one_tap_and_takes_it_back(open_page, holder, course, javascript):
    page = open_page(PHONE, holder, javascript=javascript)
    page.goto("/min-uge/")
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "my-week-before")
    page.get_by_role("button", name="Registrér kontakt i dag").click()
    page.wait_for_selector("text=Kontakten er registreret")
    assert page.get_by_text("Alle borgere har haft kontakt i denne uge.").is_visible()
    assert MentorContact.objects.count() == 1
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "my-week-after")
    page.get_by_role("button", name="Fortryd").click()
    page.wait_for_selector("text=Det er markeret som fejlregistreret")
    assert not MentorContact.objects.exists()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_week_of_several_citizens(open_page, holder, project, wednesday, width):
    for number in range(5):
        course = CourseFactory(project_for=project, holders=holder)
        for week in range(number + 3):
            MentorContactFactory(course=course, held_on=DRAWN_ON + 7 * week * DAY)
    page = open_page(width, holder)
    page.goto("/min-uge/")
    assert_axe_clean(page)
    screenshot(page, "my-week")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_meetings_from_booking_to_held(open_page, holder, course, project, width):
    CourseFactory(project_for=project, holders=holder, started_on=DRAWN_ON + 30 * DAY)
    page = open_page(width, holder)
    page.goto("/moeder/")
    assert_axe_clean(page)
    screenshot(page, "meetings")
    page.get_by_role("link", name="Book Testborger Ågesen").click()
    assert_axe_clean(page)
    page.get_by_label("Dag og tidspunkt").fill("2016-05-17T10:00")
    page.get_by_role("button", name="Book").click()
    page.wait_for_selector("text=Mødet er booket.")
    page.goto("/moeder/")
    page.get_by_role("link", name="Åbn mødet").click()
    page.get_by_role("button", name="Mødet blev holdt").click()
    page.wait_for_selector("[data-error-summary]")
    assert_axe_clean(page)
    screenshot(page, "meeting-refused")
    page.get_by_label("Borgeren deltog").check()
    page.get_by_role("button", name="Mødet blev holdt").click()
    page.wait_for_selector("text=Mødet er registreret som holdt.")


@pytest.mark.parametrize("width", WIDTHS)
def test_finding_a_colleagues_course(open_page, colleague, course, width):
    page = open_page(width, colleague)
    page.goto("/forloeb/find/")
    assert_axe_clean(page)
    page.get_by_label("CPR-nummer").fill(course.citizen.cpr)
    page.get_by_role("button", name="Find").click()
    page.wait_for_selector("text=Hvorfor har du brug for at se forløbet?")
    assert course.citizen.cpr not in page.url
    assert_axe_clean(page)
    screenshot(page, "open-colleagues")
    page.get_by_label("Hvorfor har du brug").fill("Vikar i denne uge")
    page.get_by_role("button", name="Åbn forløbet").click()
    page.wait_for_selector("text=Testborger Ågesen")


@pytest.mark.parametrize("width", WIDTHS)
def test_both_versions_of_a_stale_save(open_page, holder, course, width):
    page = open_page(width, holder)
    page.goto(f"/forloeb/{course.public_id}/profil/{ProfileSubject.WISHES}/")
    actions.write_profile_text(course, ProfileSubject.WISHES, "Vil være gartner", by=holder, today=DRAWN_ON)
    page.get_by_label("Ønsker").fill("Kan lide planter")
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("text=En anden har gemt i mellemtiden")
    assert_axe_clean(page)
    screenshot(page, "stale")
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("text=Profilen er gemt.")


def test_an_unfilled_course_on_a_phone(open_page, leader, project):
    course = CourseFactory(project_for=project)
    page = open_page(PHONE, leader)
    page.goto(f"/forloeb/{course.public_id}/")
    assert_axe_clean(page)
    screenshot(page, "course-new")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_mentor_registers_an_attempt_with_its_outcome(open_page, holder, course, javascript):
    page = open_page(PHONE, holder, javascript=javascript)
    page.goto("/min-uge/")
    page.locator("summary", has_text="Borgeren blev ikke truffet").click()
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "my-week-attempt")
    page.get_by_label("Forsøgt via").select_option("video")
    page.get_by_role("button", name="Intet svar").click()
    page.wait_for_selector("text=Det forgæves kontaktforsøg er registreret")
    attempt = MentorContact.objects.get()
    assert (attempt.citizen_present, attempt.channel, attempt.outcome) == (False, "video", "no_answer")
    assert page.get_by_text("1 forgæves kontaktforsøg siden sidste kontakt").is_visible()
    if javascript:
        assert_axe_clean(page)
    page.get_by_role("button", name="Registrér kontakt i dag").click()
    page.wait_for_selector("text=Kontakten er registreret")
    assert MentorContact.objects.counting().count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_a_course_is_paused_and_the_pause_ended(open_page, holder, course, width):
    page = open_page(width, holder)
    page.goto(f"/forloeb/{course.public_id}/stoette/")
    page.get_by_role("link", name="Sæt forløbet på pause").click()
    assert_axe_clean(page)
    screenshot(page, "pause-form")
    page.get_by_label("Behandling").check()
    page.get_by_label("Første dag").fill("2016-05-16")
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("text=Pausen er registreret")
    assert page.get_by_text("På pause indtil videre: behandling").is_visible()
    assert_axe_clean(page)
    screenshot(page, "course-paused")
    page.locator("#pauses").get_by_role("link", name="Afslut").click()
    page.get_by_label("Sidste dag i pausen").fill("2016-05-20")
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("text=På pause til og med 20. maj 2016: behandling")
    page.goto("/min-uge/")
    assert page.get_by_text("På pause til og med 20. maj 2016").is_visible()
    assert_axe_clean(page)
    screenshot(page, "my-week-paused")
