"""The outcomes of the trial (D6): which months and citizens enter them, and the command `outcomes`."""

import datetime
import io
import json

import numpy as np
import pytest
import time_machine
from django.core.management import CommandError, call_command

from evaluation.models import OutcomeTerms, PaidHours
from evaluation.outcomes import stored_test
from evaluation.outcomes.citizen_months import citizen_months
from evaluation.outcomes.period import chosen_period
from randomization.models import Allocation
from tests.evaluation.outcome_trials import FIRST_DRAW, drawn, paid, random_trial
from tests.factories import CourseFactory, ProjectFactory, ReferralFactory
from tests.scenarios.progression_answers import imported_sheet

pytestmark = pytest.mark.django_db

KEYS = {
    "from",
    "to",
    "arms",
    "difference",
    "ratio",
    "randomisation_test",
    "progression",
    "criteria",
}


@pytest.fixture
def project(db):
    return ProjectFactory()


def outcomes(*options):
    out = io.StringIO()
    call_command("outcomes", *options, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def arm_numbers(result, arm):
    return {key: result["arms"][arm][key] for key in ("n", "citizen_months", "mean_hours", "missing_months")}


def test_months_count_from_the_one_after_the_draw(project):
    on_the_first, at_the_end = (
        drawn(project, "participant", on=datetime.date(2016, 5, day)) for day in (1, 31)
    )
    for allocation in (on_the_first, at_the_end):
        paid(allocation, "2016-04", 100, 100, 10, 20)
    result = outcomes()
    assert (result["from"], result["to"]) == ("2016-06", "2016-07")
    assert arm_numbers(result, "participant") == {
        "n": 2,
        "citizen_months": 4,
        "mean_hours": 15,
        "missing_months": 0,
    }


def test_month_without_a_row_enters_no_mean_and_is_counted(project):
    paid(drawn(project, "control"), "2016-05", 30, None, 0, None)
    drawn(project, "control")
    result = outcomes("--to", "2016-08")
    assert arm_numbers(result, "control") == {
        "n": 1,
        "citizen_months": 2,
        "mean_hours": 15,
        "missing_months": 6,
    }
    assert result["arms"]["control"]["share_any"] == 1
    assert (result["arms"]["control"]["drawn"], result["arms"]["control"]["without_outcome"]) == (2, 1)


def test_mean_is_that_of_citizens_not_of_months(project):
    paid(drawn(project, "control"), "2016-05", 10, 10, 10, 10)
    paid(drawn(project, "control", on=datetime.date(2016, 7, 1)), "2016-08", 50)
    assert outcomes()["arms"]["control"]["mean_hours"] == 30


def test_period_is_narrowed_by_its_months(project):
    paid(drawn(project, "control"), "2016-05", 10, 20, 30, 40)
    result = outcomes("--from", "2016-06", "--to", "2016-07")
    assert (result["from"], result["to"]) == ("2016-06", "2016-07")
    assert result["arms"]["control"]["mean_hours"] == 25


def test_citizen_drawn_in_the_last_month_has_no_outcome_yet(project):
    paid(drawn(project, "control"), "2016-05", 10)
    paid(drawn(project, "control", on=datetime.date(2016, 5, 2)), "2016-05", 90)
    result = outcomes()
    assert result["arms"]["control"]["n"] == 1
    assert result["arms"]["control"]["missing_months"] == 0


def test_everybody_is_analysed_as_drawn_whatever_happened(project):
    gone = drawn(project, "participant")
    gone.citizen.course.ended_on = FIRST_DRAW
    gone.citizen.course.end_reason = "withdrew"
    gone.citizen.course.save()
    paid(gone, "2016-05", 40)
    assert outcomes()["arms"]["participant"]["mean_hours"] == 40


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from", "2016-13"), "--from: '2016-13' is not a month"),
        (("--to", "2016-9"), "--to: '2016-9' is not a month"),
        (("--to", "september"), "--to: 'september' is not a month"),
        (("--from", "2016-10", "--to", "2016-09"), "--from: 2016-10 lies after 2016-09"),
        (("--from", "2018-01"), "--from: 2018-01 lies after 2016-05"),
    ],
)
def test_bad_months_are_refused(project, options, message):
    paid(drawn(project, "control"), "2016-05", 10)
    with pytest.raises(CommandError, match=message):
        outcomes(*options)


def test_without_anything_delivered_all_is_empty_and_too_early(db):
    result = outcomes()
    assert set(result) >= KEYS
    assert (result["from"], result["to"]) == (None, None)
    nothing = {"n": 0, "citizen_months": 0, "mean_hours": None, "missing_months": 0}
    assert arm_numbers(result, "participant") == arm_numbers(result, "control") == nothing
    assert result["difference"] == result["ratio"] == {"estimate": None, "low": None, "high": None}
    assert result["randomisation_test"]["p"] is None
    assert result["progression"] == {"n": 0, "progressed": 0, "share": None}
    assert set(result["criteria"].values()) == {"too_early"}


def test_numbers_are_those_of_statsmodels_on_the_delivered_rows(project):
    import statsmodels.api as sm

    random_trial(project, 60)
    by_citizen = {}
    for row in PaidHours.objects.select_related("citizen__allocation__stratum"):
        if row.month > row.citizen.allocation.allocated_on:
            by_citizen.setdefault(row.citizen.allocation, []).append(float(row.hours))
    hours = np.array([np.mean(values) for values in by_citizen.values()])
    strata = sorted({allocation.stratum_id for allocation in by_citizen})
    columns = [[allocation.arm == "participant" for allocation in by_citizen]]
    columns += [[allocation.stratum_id == stratum for allocation in by_citizen] for stratum in strata]
    design = np.array(columns, dtype=float).T
    result = outcomes()
    fit = sm.OLS(hours, design).fit(cov_type="HC2")
    assert list(result["difference"].values()) == pytest.approx([fit.params[0], *fit.conf_int()[0]], abs=1e-5)
    fit = sm.GLM(hours, design, family=sm.families.Poisson()).fit(cov_type="HC0", tol=1e-12)
    assert list(result["ratio"].values()) == pytest.approx(
        list(np.exp([fit.params[0], *fit.conf_int()[0]])), abs=1e-5
    )
    assert result["arms"]["participant"]["n"] + result["arms"]["control"]["n"] == len(hours)


def test_randomisation_test_is_the_same_every_time_and_says_its_repetitions(project):
    OutcomeTerms.objects.create(valid_from=FIRST_DRAW, redraws=199)
    random_trial(project, 30)
    first, second = outcomes(), outcomes()
    assert first["randomisation_test"] == second["randomisation_test"]
    assert first["randomisation_test"]["draws"] == 199
    assert 1 / 200 <= first["randomisation_test"]["p"] <= 1


def test_nightly_test_is_there_in_the_morning(project, monkeypatch):
    OutcomeTerms.objects.create(valid_from=FIRST_DRAW, redraws=199)
    random_trial(project, 30)
    stored_test.repeat_draws(datetime.date(2017, 2, 1))
    monkeypatch.setattr(stored_test, "randomisation_test", None)  # called again it would fail
    assert outcomes()["randomisation_test"]["p"] is not None
    PaidHours.objects.order_by("-month").first().delete()
    with pytest.raises(TypeError):
        outcomes()


def test_reading_the_months_takes_one_query(project, django_assert_num_queries):
    random_trial(project, 8)
    period = chosen_period(None, None)
    with django_assert_num_queries(1):
        assert len(citizen_months(period)) == 8


# The criteria


def twice(project, participants, controls, *, on=FIRST_DRAW, months=9):
    paid(drawn(project, "participant", on=on), "2016-05", *[participants] * months)
    paid(drawn(project, "control", on=on), "2016-05", *[controls] * months)


def hours_verdict(*options):
    return outcomes(*options)["criteria"]["twice_the_hours"]


def test_twice_the_hours_is_met_at_exactly_twice(project):
    twice(project, 20, 10)
    assert hours_verdict() == "met"
    assert hours_verdict("--to", "2016-08") == "too_early"


def test_less_than_twice_the_hours_is_not_met(project):
    twice(project, 19.99, 10)
    assert hours_verdict() == "not_met"


def test_no_hours_at_all_are_not_twice_as_many(project):
    twice(project, 0, 0)
    assert hours_verdict() == "not_met"


def test_hours_are_judged_when_the_course_of_every_participant_is_over(project):
    twice(project, 20, 10)
    paid(drawn(project, "control"), "2016-05", 10)
    last = drawn(project, "participant", on=datetime.date(2016, 8, 15))
    paid(last, "2016-09", 20, 20, 20, 20, 20)
    assert hours_verdict() == "too_early"
    last.citizen.course.ended_on, last.citizen.course.end_reason = datetime.date(2017, 1, 31), "withdrew"
    last.citizen.course.save()
    assert hours_verdict() == "met"


def test_a_project_that_is_over_has_no_running_course():
    project = ProjectFactory(ends_on=datetime.date(2016, 6, 30))
    twice(project, 20, 10, months=2)
    assert hours_verdict() == "met"


# Progression


def test_progression_counts_participants_with_two_answers(project):
    twice(project, 20, 10)
    course = Allocation.objects.get(arm="participant").citizen.course
    other = CourseFactory(referral=ReferralFactory(project=project))
    imported_sheet(course, datetime.date(2016, 5, 2), value=2)
    imported_sheet(course, datetime.date(2016, 6, 2), value=3)
    imported_sheet(other, datetime.date(2016, 5, 2), value=2)
    result = outcomes()
    assert result["progression"] == {"n": 1, "progressed": 1, "share": 1}
    assert result["criteria"]["three_quarters_progressed"] == "met"


@time_machine.travel("2017-02-01")
def test_answers_after_the_last_month_asked_for_do_not_count(project):
    twice(project, 20, 10)
    course = Allocation.objects.get(arm="participant").citizen.course
    imported_sheet(course, datetime.date(2016, 5, 2), value=2)
    imported_sheet(course, datetime.date(2017, 1, 20), value=3)
    assert outcomes("--to", "2016-12")["progression"]["n"] == 0
    assert outcomes()["progression"]["n"] == 1
