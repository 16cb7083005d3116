"""A month of a course, played on a phone by the mentor with the citizen beside them (D13, D17, D18, D23).

The mentor also owns the course, as in a small municipality: whoever owns it holds the meeting. The course has
been through its first month; the walk is the second one, from the answers to the plan of the third.
"""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Course, FollowUpMeeting, FunctionHolding, MeetingState
from jobfirst.values.dates import DAY, WEEK
from progression.models import AnswerSheet
from reminders.models import Deadline, SubjectType
from tests.browser import PHONE, assert_axe_clean, screenshot
from tests.factories import DRAWN_ON, CourseFactory, UserFactory
from tests.scenarios.progression_answers import finished_sheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_ANSWERS = datetime.date(2016, 4, 20)
FIRST_MEETING = datetime.date(2016, 4, 21)
MEETING = datetime.date(2016, 5, 18)
NEXT_MEETING = datetime.date(2016, 6, 15)
PROMISE_DUE = datetime.date(2016, 5, 25)
WEEKS = (20, 21, 22, 23, 24)  # from the week of the meeting to that of the next one
CITIZEN_STEPS, MENTOR_STEPS = 12, 7
# Who holds which functions.
MENTOR, CASEWORKER = ["mentor", "course_owner"], ["coordinating_caseworker", "job_consultant"]


def morning_of(day: datetime.date) -> Any:
    """Travel to ten in the morning of the day; the clock goes on from there."""
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(8), tzinfo=datetime.UTC))


class Month:
    """The course, its mentor, and the phone on which the mentor is signed in."""

    def __init__(self, open_page: Any, course: Course, mentor: Any) -> None:
        self.open_page, self.course, self.mentor = open_page, course, mentor
        self.page: Any = None

    def pick_up_the_phone(self) -> None:
        """Open "Min uge" in a new browser, as on a new day."""
        self.page = self.open_page(PHONE, user=self.mentor)
        self.page.goto(reverse("cases:my_week"))

    def look(self, name: str) -> None:
        assert_axe_clean(self.page)
        screenshot(self.page, f"month-{name}")
        self.page.reload()  # axe leaves styles behind, which htmx would copy

    def open_course_page(self, label: str) -> None:
        """Go to a page of the course by its navigation."""
        self.page.get_by_role("link", name=label, exact=True).tap()
        self.page.locator(".jf-pages [aria-current=page]", has_text=label).wait_for()


@pytest.fixture
def month(open_page) -> Month:
    """A course whose first month is behind: answers (all 4), a meeting, a promise, and today's meeting
    booked."""
    with morning_of(FIRST_MEETING):
        course = CourseFactory(referral__name="Testborger Ågesen")
        mentor = UserFactory(name="Mette Mentor", project=course.project, roles=MENTOR)
        caseworker = UserFactory(name="Sara Sagsbehandler", project=course.project, roles=CASEWORKER)
        for user, functions in ((mentor, MENTOR), (caseworker, CASEWORKER)):
            for function in functions:
                FunctionHolding.objects.create(course=course, function=function, user=user, from_on=DRAWN_ON)
        finished_sheet(course, FIRST_ANSWERS, 4)
        _hold_first_meeting(course, mentor)
    return Month(open_page, course, mentor)


def _hold_first_meeting(course: Course, mentor: Any) -> None:
    """Hold the first meeting with a promise of the citizen, and book the one of the walk."""
    first = actions.book_meeting(course, planned_at=timezone.now(), place="Jobcentret", invited=[mentor])
    actions.add_decision(first, text="Besøg bageren", function="citizen", due_on=MEETING - WEEK, by=mentor)
    actions.hold_meeting(
        first,
        held_on=FIRST_MEETING,
        citizen_present=True,
        by=mentor,
        following=actions.NewMeeting(
            timezone.now() + (MEETING - FIRST_MEETING), "Jobcentret", [mentor], None
        ),
    )


@pytest.mark.long
def test_a_month_from_the_answers_to_the_next_plan_on_a_phone(month):
    with morning_of(MEETING - DAY):
        month.pick_up_the_phone()
        register_the_contact(month)
        answer_together(month)
        read_the_change(month)
    with morning_of(MEETING):
        month.pick_up_the_phone()
        write_the_minutes(month)
        decide_who_does_what(month)
        close_the_meeting_and_book_the_next(month)
        plan_the_weeks_until_the_next_meeting(month)
    with morning_of(PROMISE_DUE):
        month.pick_up_the_phone()
        keep_the_promise(month)
        see_the_month_on_the_overview(month)


def register_the_contact(month: Month) -> None:
    month.page.get_by_role("button", name="Registrér kontakt i dag").tap()
    month.page.get_by_role("button", name="Fortryd").wait_for()
    assert month.course.contacts.get().held_on == MEETING - DAY


def answer_together(month: Month) -> None:
    """From the card on "Min uge": the citizen chooses 6 at most, the mentor alone answers last."""
    page = month.page
    page.get_by_role("link", name="Svar på progression mangler").tap()
    page.get_by_role("link", name="Svar sammen").tap()
    page.get_by_role("button", name="Begynd").tap()
    places = [(place, CITIZEN_STEPS) for place in range(1, CITIZEN_STEPS + 1)]
    places += [(place, MENTOR_STEPS) for place in range(1, MENTOR_STEPS + 1)]
    for place, length in places:
        page.get_by_text(f"{place} af {length}").wait_for()
        value = 6 if (place, length) == (1, CITIZEN_STEPS) else 4
        page.locator(f'label.jf-step:has(input[value="{value}"])').tap()
        page.get_by_role("button", name="Næste").tap()
    page.get_by_label("Tro på egne evner: hvad har gjort forskellen?").fill("Snusepraktikken gik godt")
    page.get_by_role("button", name="Afslut besvarelsen").tap()
    page.get_by_role("heading", name="Månedens gennemgang").wait_for()
    latest = AnswerSheet.objects.finished().filter(course=month.course).first()
    assert latest.answered_on == MEETING - DAY
    assert list(latest.answers.order_by("pk").values_list("value", flat=True)) == [6, *[4] * 18]


def read_the_change(month: Month) -> None:
    """On a phone each category is a line with its change; unfolded it has the answers and the reason."""
    month.look("review")
    belief = month.page.locator("details.jf-review", has_text="Tro på egne evner").first
    assert belief.inner_text() == "Tro på egne evner (+1)"
    belief.locator("summary").tap()
    assert "(+2)" in belief.inner_text()
    assert "Snusepraktikken gik godt" in belief.inner_text()


def write_the_minutes(month: Month) -> None:
    """The agenda shows what is new and what was promised; what is typed is saved by itself."""
    page = month.page
    page.get_by_text("Menu", exact=True).tap()
    page.get_by_role("link", name="Møder", exact=True).locator("visible=true").tap()
    page.get_by_role("link", name="Åbn mødet").tap()
    page.get_by_role("heading", name="Opfølgningsmøde").wait_for()
    month.look("agenda")
    assert page.locator("#topic-promises").get_by_text("Besøg bageren").first.is_visible()
    page.get_by_role("button", name="Gjort Besøg bageren").tap()
    page.get_by_text("Alle aftaler er holdt.").wait_for()
    minutes = page.get_by_label("Referat: CV", exact=True)
    minutes.fill("CV'et får et billede.")
    minutes.blur()
    page.locator("#state-cv", has_text="Gemt kl.").wait_for()


def decide_who_does_what(month: Month) -> None:
    page = month.page
    page.get_by_label("Hvad skal gøres").fill("Tag et billede til CV'et")
    page.locator('[name="decision-function"]').select_option("mentor")
    page.get_by_label("Senest den").fill(PROMISE_DUE.isoformat())
    page.get_by_role("button", name="Tilføj").tap()
    page.get_by_role("button", name="Fjern Tag et billede").wait_for()


def close_the_meeting_and_book_the_next(month: Month) -> None:
    """Who came, the day of the next meeting, and the minutes are closed."""
    page = month.page
    page.get_by_label("Borgeren deltog").check(force=True)
    assert page.get_by_label("Mette Mentor").is_checked()
    page.get_by_label("Næste møde: dag og tidspunkt").fill(f"{NEXT_MEETING}T10:00")
    page.get_by_role("button", name="Mødet blev holdt").tap()
    page.get_by_text("Mødet er registreret som holdt.").wait_for()
    month.look("closed-minutes")
    assert page.locator("#decisions").get_by_text("Tag et billede til CV'et").first.is_visible()
    held = FollowUpMeeting.objects.get(course=month.course, held_on=MEETING)
    assert held.citizen_present
    assert list(held.attendees.all()) == [month.mentor]
    assert held.minutes.get().text == "CV'et får et billede."
    decision = held.decisions.get()
    assert (decision.function, decision.due_on) == ("mentor", PROMISE_DUE)
    assert decision.promised_by == month.mentor
    following = FollowUpMeeting.objects.get(course=month.course, state=MeetingState.BOOKED)
    assert timezone.localtime(following.planned_at).date() == NEXT_MEETING


def plan_the_weeks_until_the_next_meeting(month: Month) -> None:
    """The plan runs to the week of the booked meeting; each empty week gets its activity."""
    page = month.page
    page.get_by_role("link", name="Planlæg ugerne til da").tap()
    page.get_by_role("heading", name="Aktivitetsplan").wait_for()
    for number in WEEKS:
        week = page.locator(".jf-week.is-empty").first
        assert f"Uge {number} er tom" in week.inner_text()
        week.get_by_role("link", name="Tilføj en aktivitet").tap()
        page.get_by_label("Beskrivelse").fill(f"Rundvisning i uge {number}")
        page.get_by_label("Hvem deltager").select_option("mentor")
        page.locator(".jf-week form").get_by_role("button", name="Gem").tap()
        page.get_by_text(f"Rundvisning i uge {number}").first.wait_for()
    assert page.locator(".jf-week.is-empty").count() == 0
    month.look("next-plan")
    weeks = [line.starts_on.isocalendar().week for line in month.course.activities.order_by("starts_on")]
    assert tuple(weeks) == WEEKS


def keep_the_promise(month: Month) -> None:
    """On its day the decision stands on "Min uge" as a deadline, until it is done."""
    page = month.page
    deadline = Deadline.objects.of_subjects(SubjectType.COURSE, [str(month.course.public_id)])
    deadline = deadline.unsettled_on(PROMISE_DUE).get(kind="promise_due_mentor")
    assert deadline.due_date.on(PROMISE_DUE) == PROMISE_DUE
    page.get_by_role("link", name="Aftale fra et møde").tap()
    page.get_by_role("heading", name="Aftaler fra møderne").wait_for()
    month.look("promise")
    page.get_by_role("button", name="Gjort Tag et billede").tap()
    page.get_by_text("Ingen åbne aftaler.").wait_for()
    assert month.course.decisions.get(function="mentor").done_on == PROMISE_DUE
    assert not Deadline.objects.filter(pk=deadline.pk).unsettled_on(PROMISE_DUE).exists()


def see_the_month_on_the_overview(month: Month) -> None:
    """The overview has no promise left and the next meeting; progress over time shows the citizen's step."""
    month.open_course_page("Overblik")
    month.look("overview")
    month.open_course_page("Progression")
    month.page.get_by_role("link", name="Udvikling over tid").tap()
    month.page.get_by_role("heading", name="Udvikling over tid").wait_for()
    month.look("over-time")
    belief = month.page.locator("section.jf-box", has_text="Tro på egne evner")
    assert "Første gang 4,0, senest 5,0." in belief.inner_text()
