"""The effect on paid hours: the same as statsmodels gives with a dummy for each stratum (D6)."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.rules.effects import (
    CitizenOutcome,
    Estimate,
    difference,
    difference_between,
    estimated_difference,
    ratio,
    ratio_between,
)

ARMS = ("participant", "control")


def outcomes_of(*rows):
    """Outcomes from (stratum, hours of participants, hours of controls)."""
    return [
        CitizenOutcome(stratum, arm, float(hours))
        for stratum, *by_arm in rows
        for arm, values in zip(ARMS, by_arm, strict=True)
        for hours in values
    ]


def dummies(outcomes):
    """The outcomes as statsmodels wants them: hours, and the arm beside a column for each stratum."""
    strata = sorted({outcome.stratum for outcome in outcomes})
    columns = [[outcome.arm == "participant" for outcome in outcomes]]
    columns += [[outcome.stratum == stratum for outcome in outcomes] for stratum in strata]
    return np.array([outcome.hours for outcome in outcomes]), np.array(columns, dtype=float).T


def least_squares(outcomes):
    import statsmodels.api as sm

    fit = sm.OLS(*dummies(outcomes)).fit(cov_type="HC2")
    return [fit.params[0], *fit.conf_int()[0]]


def poisson(outcomes):
    import statsmodels.api as sm

    model = sm.GLM(*dummies(outcomes), family=sm.families.Poisson())
    fit = model.fit(cov_type="HC0", tol=1e-12, maxiter=200)
    return list(np.exp([fit.params[0], *fit.conf_int()[0]]))


def as_list(estimate):
    return [estimate.estimate, estimate.low, estimate.high]


HOURS = st.lists(st.floats(0, 200).map(lambda hours: round(hours, 2)), min_size=2, max_size=12)
STRATA = st.lists(st.tuples(HOURS, HOURS), min_size=1, max_size=6).map(
    lambda strata: outcomes_of(*((f"{number}", *hours) for number, hours in enumerate(strata)))
)


@given(STRATA)
def test_difference_is_that_of_statsmodels(outcomes):
    assume(len({outcome.hours for outcome in outcomes}) > 2)
    assert as_list(difference(outcomes)) == pytest.approx(least_squares(outcomes), rel=1e-6, abs=1e-6)


@given(STRATA)
def test_ratio_is_that_of_statsmodels(outcomes):
    for stratum in {outcome.stratum for outcome in outcomes}:
        for arm in ARMS:
            hours = [row.hours for row in outcomes if (row.stratum, row.arm) == (stratum, arm)]
            assume(min(hours) != max(hours) and max(hours) > 1)
    assert as_list(ratio(outcomes)) == pytest.approx(poisson(outcomes), rel=1e-5)


def test_strata_with_one_arm_or_without_hours_have_no_weight():
    both = outcomes_of(("a", [10, 20, 30, 0], [5, 0, 15]), ("b", [40, 4], [0, 12, 3]))
    more = [*both, *outcomes_of(("c", [100, 50], []), ("d", [], [7]), ("e", [0, 0], [0, 0]))]
    assert as_list(ratio(more)) == pytest.approx(as_list(ratio(both)))
    without_zeros = [*both, *outcomes_of(("c", [100, 50], []), ("d", [], [7]))]
    assert difference(without_zeros).estimate == pytest.approx(difference(both).estimate)
    # A stratum in which nobody has hours is one without a difference: it counts towards the mean difference.
    assert difference(more).estimate < difference(both).estimate


@pytest.mark.parametrize(
    "outcomes",
    [
        [],
        outcomes_of(("a", [10, 20], [])),
        outcomes_of(("a", [], [10, 20])),
        outcomes_of(("a", [10, 20], []), ("b", [], [1, 2])),
    ],
    ids=["nobody", "participants only", "controls only", "an arm a stratum"],
)
def test_without_both_arms_in_a_stratum_there_is_no_effect(outcomes):
    assert difference(outcomes) is None
    assert estimated_difference(outcomes) is None
    assert ratio(outcomes) is None


def test_citizen_who_decides_the_fit_leaves_the_interval_open_and_not_the_difference():
    outcomes = outcomes_of(("a", [10, 40], [20]), ("b", [7], []))
    assert difference(outcomes) is None
    assert estimated_difference(outcomes) == 5


def test_hours_that_do_not_vary_within_the_arms_have_a_ratio_without_width():
    same = outcomes_of(("a", [20, 20, 20], [10, 10]))
    assert as_list(ratio(same)) == pytest.approx([2, 2, 2])
    assert as_list(difference(same)) == pytest.approx([10, 10, 10])


def test_without_hours_in_an_arm_there_is_a_difference_and_no_ratio():
    nothing = outcomes_of(("a", [0, 0, 0], [0, 0]))
    assert as_list(difference(nothing)) == [0, 0, 0]
    assert ratio(nothing) is None
    assert ratio(outcomes_of(("a", [0, 0, 0], [10, 20]))) is None
    assert ratio(outcomes_of(("a", [10, 20], [0, 0]))) is None
    assert difference(outcomes_of(("a", [10, 20], [0, 0]))).estimate == 15


def test_interaction_is_that_of_a_model_with_both_groups():
    import statsmodels.api as sm

    first = outcomes_of(("a", [10, 20, 30, 0], [5, 0, 15]), ("b", [40, 4], [0, 12, 3]))
    second = outcomes_of(("c", [1, 2, 30], [5, 9, 15]))
    hours, columns = dummies([*first, *second])
    of_second = columns[:, 0] * columns[:, 3]
    design = np.column_stack([of_second, columns])
    fit = sm.OLS(hours, design).fit(cov_type="HC2")
    interaction = difference_between(difference(second), difference(first))
    assert as_list(interaction) == pytest.approx([fit.params[0], *fit.conf_int()[0]], rel=1e-6)
    fit = sm.GLM(hours, design, family=sm.families.Poisson()).fit(cov_type="HC0", tol=1e-12)
    interaction = ratio_between(ratio(second), ratio(first))
    assert as_list(interaction) == pytest.approx(list(np.exp([fit.params[0], *fit.conf_int()[0]])), rel=1e-5)
    assert difference_between(None, Estimate(1, 0, 2, 0.5)) is None


# Published examples


def test_difference_without_strata_has_the_error_of_student_s_sleep_data():
    """Student (1908), as R prints `t.test(extra ~ group, data = sleep)`: means 0.75 and 2.33, t = 1.8608.

    With two arms and no strata, the HC2 variance is that of Welch's test.
    """
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    effect = difference(outcomes_of(("all", second, first)))
    assert effect.estimate == pytest.approx(1.58)
    assert effect.estimate / effect.error == pytest.approx(1.8608, abs=5e-5)


def test_ratio_without_strata_is_the_relative_risk_of_the_physicians_health_study():
    """Agresti (2007), section 2.2.3: 189 of 11,034 on placebo had a heart attack, 104 of 11,037 on aspirin;
    relative risk 1.82, 95 % interval 1.43 to 2.30.

    With two arms and no strata, the robust variance of a 0/1 outcome is that of the relative risk (Zou 2004).
    """
    placebo, aspirin = ([1] * attacks + [0] * (n - attacks) for attacks, n in ((189, 11034), (104, 11037)))
    assert as_list(ratio(outcomes_of(("all", placebo, aspirin)))) == pytest.approx(
        [1.82, 1.43, 2.30], abs=0.01
    )


def test_strata_of_a_cohort_are_weighed_as_statsmodels_does():
    """Newman (2001), table 5.3: deaths of women with breast cancer by receptor level and stage."""
    deaths = {"I": ((2, 12), (5, 55)), "II": ((9, 22), (17, 74)), "III": ((12, 14), (9, 15))}
    cohort = outcomes_of(
        *(
            (stage, *([1] * dead + [0] * (women - dead) for dead, women in by_receptor))
            for stage, by_receptor in deaths.items()
        )
    )
    assert as_list(ratio(cohort)) == pytest.approx(poisson(cohort), rel=1e-6)
    assert as_list(difference(cohort)) == pytest.approx(least_squares(cohort), rel=1e-6)


def test_ratio_with_strata_is_the_rate_ratio_of_the_british_doctors():
    """Breslow & Day (1987), table of Doll and Hill: deaths from coronary disease and person-years by age,
    smokers and others; rate ratio by Poisson regression on age 1.4255, 95 % interval 1.155 to 1.759.

    A person-year with a death counts 1, another one 0. The robust variance is that of the Poisson model less
    the squares of rates of a few hundredths.
    """
    table = {
        "35-44": ((32, 52407), (2, 18790)),
        "45-54": ((104, 43248), (12, 10673)),
        "55-64": ((206, 28612), (28, 5710)),
        "65-74": ((186, 12663), (28, 2585)),
        "75-84": ((102, 5317), (31, 1462)),
    }
    doctors = outcomes_of(
        *(
            (age, *([1] * deaths + [0] * (years - deaths) for deaths, years in rows))
            for age, rows in table.items()
        )
    )
    effect = ratio(doctors)
    assert effect.estimate == pytest.approx(1.4255, abs=5e-5)
    assert [effect.low, effect.high] == pytest.approx([1.155, 1.759], abs=0.002)
