"""The agency's page of results and its files: no single citizen, few withheld, leaders kept out (D5, D6)."""

import csv
import datetime
import io
import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from cases.elements import stored
from evaluation.models import OutcomeTerms
from evaluation.outcomes.by_month import ArmMonth, MonthSinceDraw, shown_months
from evaluation.outcomes.period import OutcomePeriod, chosen_period
from evaluation.outcomes.report import make_outcomes
from evaluation.outcomes.results import trial_results
from evaluation.publication.actions import publish_due
from jobfirst import clock
from tests.evaluation.outcome_trials import drawn, paid, random_trial
from tests.factories import CourseFactory, ProjectFactory, UserFactory
from tests.loops import some
from tests.scenarios.progression_answers import imported_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

ON = datetime.date(2017, 2, 1)


@pytest.fixture
def fixed_day():
    with time_machine.travel("2017-02-01T09:00", tick=False):
        yield


@pytest.fixture
def project(db):
    return ProjectFactory()


@pytest.fixture
def agency(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


def page(client, **query):
    return client.get(reverse("evaluation:results"), query)


def text_of(client, **query):
    return " ".join(page(client, **query).content.decode().split())


def figures_of(client, file_format="csv", **query):
    answer = client.get(reverse("evaluation:download_results", args=[file_format]), query)
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    return {(row["section"], row["what"], row["measure"]): row["value"] for row in rows}


def sheet_of(client, **query):
    answer = client.get(reverse("evaluation:download_results", args=["xlsx"]), query)
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_page_shows_the_effect_and_no_single_citizen(agency, project, django_assert_max_num_queries):
    allocations = random_trial(project, 60)
    cache.clear()  # also the randomisation test and the pictures are drawn
    with django_assert_max_num_queries(12):
        text = text_of(agency)
    assert "Opgjort pr. 01.02.2017" in text
    for allocation in some(allocations):
        for secret in (allocation.referral.name, allocation.citizen.cpr, allocation.pseudonym):
            assert secret not in text


def test_page_says_what_the_command_says(agency, project):
    random_trial(project, 60)
    report = page(agency).context["report"]
    figures = figures_of(agency)
    assert figures["effect", "difference", "estimate"] == f"{report.difference.estimate:.1f}".replace(
        ".", ","
    )
    exact = make_outcomes(report.period, projects=[project], on=ON)
    assert report.participants.analysed <= exact.participants.analysed
    assert figures["arms", "participant", "analysed"] == str(report.participants.analysed)
    assert figures["criteria", "twice_the_hours", "verdict"] == report.twice_the_hours.value


def test_months_of_the_address_narrow_page_and_file(agency, project):
    random_trial(project, 60)
    report = page(agency, first="2016-08", last="2016-09").context["report"]
    assert (report.period.first, report.period.last) == (datetime.date(2016, 8, 1), datetime.date(2016, 9, 1))
    assert figures_of(agency, first="2016-08", last="2016-09")["arms", "control", "citizen_months"] == str(
        report.controls.citizen_months
    )


@pytest.mark.parametrize(
    "query", [{"first": "2016-13"}, {"last": "nu"}, {"first": "2016-12", "last": "2016-08"}]
)
def test_nonsense_in_the_address_shows_the_whole_period(agency, project, query):
    random_trial(project, 12)
    answer = page(agency, **query)
    assert answer.status_code == 200
    assert answer.context["report"].period == chosen_period(None, None)


def test_workbook_has_the_same_figures(agency, project):
    random_trial(project, 20)
    rows = sheet_of(agency)
    assert rows[0][:5] == ("Afsnit", "Hvad der tælles", "Mål", "Værdi", "Afrundet")
    assert rows[1][:3] == ("Begge grupper", "Deltagere", "Trukket")
    assert rows[1][7].date() == clock.today()
    assert len(rows) - 1 == len(figures_of(agency))
    assert agency.get(reverse("evaluation:download_results", args=["pdf"])).status_code == 404


def test_workbook_says_what_is_rounded(agency, project):
    for arm in ("participant", "control"):
        for number in range(20):
            paid(drawn(project, arm, course=False), "2016-05", *([] if number < 3 else [10]))
    arm = {row[2]: row[3:5] for row in sheet_of(agency) if row[:2] == ("Begge grupper", "Deltagere")}
    assert arm["Trukket"] == (20, None)
    assert arm["Med resultat"] == (15, "mindst")
    assert arm["Uden resultat"] == (5, "højst")


def test_files_give_the_months_that_a_figure_is_of(agency, project):
    random_trial(project, 60)
    whole = chosen_period(None, None)
    answer = agency.get(reverse("evaluation:download_results", args=["csv"]), {"first": "2016-08"})
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    first_months = {row["section"]: row["from"] for row in rows}
    assert first_months["arms"] == "2016-08"
    assert {first_months[name] for name in ("bounds", "months_since_draw")} == {f"{whole.first:%Y-%m}"}
    months = {row[0]: row[5] for row in sheet_of(agency, first="2016-08")}
    assert months["Begge grupper"] == "august 2016"
    assert months["Manglende måneder"] == months["Efter måneder siden lodtrækningen"] != "august 2016"


def test_empty_trial_shows_what_it_could_find(agency, project):
    text = text_of(agency)
    assert "Der er ikke leveret betalte timer endnu" in text
    assert project.name in text


def few_and_many(project, *, few):
    """Some citizens in each arm of A with 100 hours, eight in each arm of B with 10."""
    for arm in ("participant", "control"):
        for number in range(8 + few):
            group = "activity_ready" if number < 8 else "resource_programme"
            hours = 10 if number < 8 else 100
            paid(drawn(project, arm, group=group, course=False), "2016-05", hours, hours)


def test_target_group_of_few_citizens_withholds_both(project):
    few_and_many(project, few=4)
    results = trial_results(chosen_period(None, None), on=ON)
    assert results.subgroups_withheld
    assert not results.is_withheld
    for group in some(results.subgroups.groups):
        assert [arm.mean_hours for arm in group.arms.values()] == [None, None]


def test_target_groups_of_five_are_shown(project):
    few_and_many(project, few=5)
    results = trial_results(chosen_period(None, None), on=ON)
    assert [group.participants.mean_hours for group in results.subgroups.groups] == [100, 10]


def test_arm_of_few_citizens_shows_no_hours_at_all(agency, project):
    for arm in ("participant", "control"):
        for _number in range(4):
            paid(drawn(project, arm, course=False), "2016-05", 77)
    text = text_of(agency)
    assert "77,0" not in text
    assert "for få borgere" in text.lower()
    figures = figures_of(agency)
    for key in (("arms", "control", "mean_hours"), ("effect", "difference", "estimate")):
        assert figures[key] == ""


def test_share_with_any_hours_of_few_is_withheld(project):
    for arm in ("participant", "control"):
        for number in range(20):
            paid(drawn(project, arm, course=False), "2016-05", 10 if number < 3 else 0)
    report = trial_results(chosen_period(None, None), on=ON).report
    assert report.controls.share_any is None
    assert report.controls.mean_hours == 1.5


def test_a_withheld_share_says_so_and_why(agency, project):
    for arm in ("participant", "control"):
        for number in range(20):
            paid(drawn(project, arm, course=False), "2016-05", 10 if number < 3 else 0)
    text = text_of(agency)
    assert 'data-title="Med timer, %" class="jf-number number">ikke vist<' in text
    assert "Ikke vist: Færre end 5 borgere, her eller i den anden målgruppe" in text


def test_what_is_shown_needs_no_reason(agency, project):
    for group in ("activity_ready", "resource_programme"):
        for arm in ("participant", "control"):
            for number in range(20):
                paid(drawn(project, arm, group=group, course=False), "2016-05", 10 if number < 8 else 0)
    text = text_of(agency)
    assert "ikke vist" not in text
    assert "Ikke vist:" not in text


def test_two_periods_do_not_tell_that_few_more_have_hours(project):
    for arm in ("participant", "control"):
        for number in range(20):
            may, june = 10 if number < 8 else 0, 10 if number < 11 else 0
            paid(drawn(project, arm, course=False), "2016-05", may, june)
    whole = chosen_period(None, None)
    shares = [
        trial_results(OutcomePeriod(whole.first, last), on=ON, whole=whole).report.controls.share_any
        for last in (whole.first, whole.last)
    ]
    assert shares == [0.5, 0.5]  # 8 and 11 of 20, both to the nearest 5


def test_months_since_the_draw_do_not_follow_the_chosen_months(agency, project):
    random_trial(project, 60)
    months = page(agency).context["results"].months
    assert page(agency, first="2016-08", last="2016-08").context["results"].months == months


def test_few_citizens_of_a_month_cannot_be_reckoned_from_the_others():
    def month(number, citizens):
        return MonthSinceDraw(number, ArmMonth(citizens, citizens, 10.0), ArmMonth(20, 9, 10.0))

    months = shown_months([month(1, 30), month(2, 12), month(3, 3)], 5)
    assert [row.participants.citizens for row in months] == [30, None, None]
    assert [row.controls.citizens for row in months] == [20, 20, 20]


def test_who_has_no_outcome_cannot_be_reckoned_from_who_is_drawn(agency, project):
    for arm in ("participant", "control"):
        for number in range(20):
            paid(drawn(project, arm, course=False), "2016-05", *([] if number < 3 else [10, None]))
    results = page(agency).context["results"]
    arm = results.report.participants
    assert (arm.drawn, arm.analysed, arm.without_outcome) == (20, 15, 5)
    assert (arm.citizen_months, arm.missing_months) == (15, 5)
    assert (results.bounds.bounds.missing_months, results.bounds.bounds.best) == (10, None)
    assert [month.participants.citizens for month in results.months] == [15]
    text = text_of(agency)
    assert "≥ 15" in text
    assert "17" not in [cell.strip() for cell in re.findall(r"<td[^>]*>([^<]*)</td>", text)]


def test_the_bounds_are_those_of_the_whole_period(agency, project):
    random_trial(project, 60)
    whole, part = (page(agency, **query).context["results"] for query in ({}, {"first": "2016-08"}))
    assert part.report.period != whole.report.period
    assert part.bounds == whole.bounds


def test_the_heading_of_the_first_criterion_follows_the_term(agency, project):
    random_trial(project, 60)
    assert "Dobbelt så mange betalte timer" in text_of(agency)
    OutcomeTerms.objects.create(valid_from=ON, hours_factor="1.5")
    text = text_of(agency)
    assert "1,50 gange så mange betalte timer" in text
    assert "Dobbelt så mange betalte timer" not in text


def test_a_negative_number_has_a_minus_sign(agency, project):
    for arm, hours in (("participant", 10), ("control", 30)):
        for number in range(10):
            paid(drawn(project, arm, course=False), "2016-05", hours + number)
    text = text_of(agency)
    assert "\u221220,0" in text
    assert "-20,0" not in text


def test_how_many_courses_are_running_is_not_shown(agency, project):
    random_trial(project, 60)
    drawn(project, "participant", on=datetime.date(2016, 11, 1), course=False)
    answer = page(agency)
    assert answer.context["report"].courses_running
    text = " ".join(answer.content.decode().split())
    assert "så længe der stadig er deltagere i forløb" in text


def risen(course):
    for day, value in ((datetime.date(2016, 5, 2), 2), (datetime.date(2016, 6, 2), 8)):
        imported_sheet(course, day, value=value)


def test_progression_is_as_published(project):
    courses = [CourseFactory(project_for=project) for _number in range(8)]
    for course in courses:
        risen(course)
    stored.recompute()
    publish_due(ON)
    late = CourseFactory(project_for=project)
    risen(late)
    results = trial_results(None, on=ON)
    assert (results.progression, results.progression_on) == ((8, 8), datetime.date(2017, 1, 1))


@pytest.mark.parametrize(
    "role",
    [Role.PROJECT_LEADER, Role.COORDINATING_CASEWORKER, Role.COURSE_OWNER, Role.MENTOR, Role.ADMINISTRATOR],
)
def test_nobody_else_sees_outcomes_of_the_control_group(client, project, role):
    random_trial(project, 12)
    membership = {} if role == Role.ADMINISTRATOR else {"project": project}
    client.force_login(UserFactory(roles=[role], **membership))
    assert page(client).status_code in {403, 404}
    for file_format in ("csv", "xlsx"):
        answer = client.get(reverse("evaluation:download_results", args=[file_format]))
        assert answer.status_code in {403, 404}
