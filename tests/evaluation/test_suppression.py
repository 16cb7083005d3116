"""Few citizens never stand out: neither in a figure that is shown nor in a difference between two of them."""

import random

import pytest
from scipy.optimize import linprog

from evaluation.rules.suppression import Breakdown, share_is_shown, withhold, withhold_parts
from tests.loops import if_any

LIMIT = 5
COURSES = Breakdown({"aalborg": 100, "odense": 100, "soroe": 60})


def withheld_of(counts, supersets=(COURSES,), earlier=()):
    return withhold(counts, supersets, earlier, limit=LIMIT)


@pytest.mark.parametrize("few", [1, 4])
def test_few_citizens_are_withheld_with_another_row_beside_them(few):
    figure = withheld_of({"aalborg": 50, "odense": 40, "soroe": few})
    assert figure.withheld == {"soroe", "odense"}
    assert not figure.is_total_withheld


def test_all_but_a_few_are_withheld_like_a_few():
    assert "soroe" in withheld_of({"aalborg": 50, "odense": 40, "soroe": 57}).withheld


@pytest.mark.parametrize("count", [0, 5, 55, 60])
def test_none_all_and_enough_are_shown(count):
    figure = withheld_of({"aalborg": 50, "odense": 40, "soroe": count})
    assert (figure.withheld, figure.is_total_withheld) == (set(), False)


def test_none_of_a_few_is_withheld():
    courses = Breakdown({"aalborg": 100, "odense": 100, "soroe": 3})
    figure = withhold({"aalborg": 50, "odense": 40, "soroe": 0}, [courses], limit=LIMIT)
    assert "soroe" in figure.withheld


def test_what_is_withheld_of_the_whole_is_withheld_of_its_part():
    internships = withheld_of({"aalborg": 50, "odense": 40, "soroe": 3})
    longer = withhold({"aalborg": 20, "odense": 10, "soroe": 0}, [internships], limit=LIMIT)
    assert internships.withheld <= longer.withheld


def test_a_figure_is_not_renewed_for_the_sake_of_a_few():
    before = withheld_of({"aalborg": 50, "odense": 40, "soroe": 10})
    after = withheld_of({"aalborg": 52, "odense": 45, "soroe": 10}, earlier=[before])
    assert "aalborg" in after.withheld
    unchanged = withheld_of({"aalborg": 50, "odense": 45, "soroe": 10}, earlier=[before])
    assert unchanged.withheld == set()


def test_a_total_whose_rows_cannot_be_kept_apart_is_withheld_itself():
    courses = Breakdown({"aalborg": 100, "odense": 0})
    figure = withhold({"aalborg": 97, "odense": 0}, [courses], limit=LIMIT)
    assert (figure.withheld, figure.is_total_withheld) == ({"aalborg"}, True)


@pytest.mark.parametrize(
    ("part", "whole", "is_shown"),
    [(0, 10, True), (5, 10, True), (10, 10, True), (4, 10, False), (6, 10, False), (0, 4, False)],
)
def test_a_share_is_shown_when_neither_side_is_a_few(part, whole, is_shown):
    assert share_is_shown(part, whole, LIMIT) is is_shown


def test_reasons_of_a_few_are_withheld_together():
    reasons = withhold_parts({"moved": 30, "died": 2, "ill": 9, "work": 20}, limit=LIMIT)
    assert reasons.withheld == {"died", "ill"}
    assert withhold_parts({"moved": 30, "died": 2}, limit=LIMIT).withheld == {"moved", "died"}
    overlapping = withhold_parts({"age": 30, "benefit": 2}, limit=LIMIT, total_is_known=False)
    assert overlapping.withheld == {"benefit"}


# Differences, on random trials


class Trial:
    """A random trial: internships among courses, long ones among internships, by project and cut-off, and
    what of them is shown. The counts only grow, so that every difference is a number of citizens."""

    measures = ("courses", "internships", "long")

    def __init__(self, seed):
        chance = random.Random(seed)
        self.projects = [f"project{number}" for number in range(chance.choice([2, 3, 5, 13]))]
        self.cut_offs = range(chance.choice([1, 2, 6]))
        grows = chance.choice([2, 8, 40])
        counts = dict.fromkeys(self.projects, (0, 0, 0))
        self.figures = []
        for _cut_off in self.cut_offs:
            for project, (courses, internships, long) in counts.items():
                grown = courses + chance.randint(0, grows)
                begun = internships + chance.randint(0, min(grows, grown - internships))
                counts[project] = (grown, begun, long + chance.randint(0, min(grows, begun - long)))
            self.figures.append(self._withheld(dict(counts)))

    def _withheld(self, counts):
        courses, internships, long = (
            {project: row[column] for project, row in counts.items()} for column in range(3)
        )
        public = Breakdown(courses)
        past = [figures["internships"] for figures in self.figures]
        begun = withhold(internships, [public], past, limit=LIMIT)
        past = [figures["long"] for figures in self.figures]
        return {
            "courses": public,
            "internships": begun,
            "long": withhold(long, [begun, public], past, limit=LIMIT),
        }

    def derived(self, cut_off, measure, rows):
        """The number of the rows that a reader can reckon from what is shown, None when he cannot."""
        figure = self.figures[cut_off][measure]
        if not rows & figure.withheld:
            return figure.sum_of(rows)
        if figure.has_total and rows >= figure.withheld:
            return figure.total - figure.sum_of(set(self.projects) - rows)
        return None


def random_rows(chance, trial):
    """Some projects, all of them, all but one, or those that are withheld somewhere."""
    every = set(trial.projects)
    figures = chance.choice(trial.figures)
    return chance.choice(
        [
            every,
            every - {chance.choice(trial.projects)},
            {chance.choice(trial.projects)},
            set(chance.sample(trial.projects, chance.randint(1, len(every)))),
            set(figures[chance.choice(trial.measures)].withheld),
        ]
    )


@pytest.mark.parametrize("seed", range(500))
def test_no_difference_of_two_pages_gives_a_few_citizens(seed):
    """Two pages of a random trial, one of which holds the citizens of the other: rows and other rows of the
    same figure, a figure and what it is counted among, a cut-off and a later one."""
    chance = random.Random(seed)
    trial = Trial(seed)
    for _pair in range(60):
        rows, cut_off = random_rows(chance, trial), chance.choice(trial.cut_offs)
        measure = chance.choice(["internships", "long"])
        smaller = trial.derived(cut_off, measure, rows)
        larger = [
            trial.derived(cut_off, measure, rows | random_rows(chance, trial)),
            trial.derived(cut_off, "internships", rows),
            trial.derived(cut_off, "courses", rows),
            trial.derived(chance.choice(trial.cut_offs[cut_off:]), measure, rows),
        ]
        if smaller is None:
            continue
        assert not 0 < smaller < LIMIT, (seed, measure, cut_off, rows)
        for number in larger:
            assert number is None or not 0 < number - smaller < LIMIT, (seed, measure, cut_off, rows)


@pytest.mark.parametrize("seed", range(100))
def test_nobody_reckons_a_withheld_row_from_the_total(seed):
    """Linear programming finds the lowest and the highest count that the shown figures leave to each row."""
    trial = Trial(seed)
    courses, figure = trial.figures[-1]["courses"], trial.figures[-1]["internships"]
    rows = sorted(figure.withheld)
    if figure.is_total_withheld or not rows:
        return
    bounds = [(0, courses.counts[row]) for row in rows]
    for index, row in if_any(enumerate(rows)):
        weights = [float(index == other) for other in range(len(rows))]
        lowest, highest = (
            sign
            * linprog(
                [sign * weight for weight in weights],
                A_eq=[[1.0] * len(rows)],
                b_eq=[figure.sum_of(rows)],
                bounds=bounds,
            ).fun
            for sign in (1, -1)
        )
        assert highest - lowest >= min(LIMIT - 1, courses.counts[row]) - 1e-6


def test_the_random_trials_show_and_withhold_something():
    figures = [figures["internships"] for seed in range(500) for figures in Trial(seed).figures]
    shares = [len(figure.withheld) / len(figure.counts) for figure in figures]
    assert any(share == 0 for share in shares)
    assert any(0 < share < 1 for share in shares)
    assert any(figure.is_total_withheld for figure in figures)
    assert sum(not figure.is_total_withheld for figure in figures) > len(figures) / 4
