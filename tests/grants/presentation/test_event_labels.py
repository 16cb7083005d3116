"""What the events are called: a completion after the length that its terms ask for."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from grants.models import GrantTerms
from grants.presentation import export
from grants.presentation.event_labels import (
    completion_heading,
    completion_label,
    event_label,
    length_in_words,
)
from grants.reckoning.compute import compute
from grants.rules.values import GrantEventKind
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import approved_statement

pytestmark = pytest.mark.django_db
YEAR_2016 = (2016, date(2016, 12, 31))


@pytest.fixture(autouse=True)
def in_danish():
    with translation.override("da"):
        yield


@pytest.fixture
def twelve_weeks():
    """Terms of 84 days, from 1 June 2016 on."""
    return terms_of(84)


def terms_of(days):
    first = GrantTerms.objects.earliest("valid_from")
    first.pk = None
    first.valid_from, first.completion_days, first.reason = date(2016, 6, 1), days, "Prøve"
    first.completion_amount = Decimal("7000.00")
    first.save(force_insert=True)
    return first


@pytest.mark.parametrize(
    ("days", "words"),
    [(91, "13 uger"), (84, "12 uger"), (7, "1 uge"), (90, "90 dage"), (1, "1 dag")],
)
def test_whole_weeks_are_written_as_weeks(days, words):
    assert length_in_words(days) == words
    assert completion_label(days) == f"Gennemført {words}"


def test_a_completion_before_the_terms_is_named_without_their_length(twelve_weeks):
    assert event_label(GrantEventKind.COMPLETION, date(2016, 6, 1), twelve_weeks) == "Gennemført 12 uger"
    assert event_label(GrantEventKind.COMPLETION, date(2016, 5, 31), twelve_weeks) == "Gennemført"
    assert event_label(GrantEventKind.START, date(2016, 6, 1), twelve_weeks) == "Påbegyndt"


def test_the_explanation_and_the_workbook_name_the_length_of_the_terms(trial, twelve_weeks, get_as):
    page = get_as(
        "agency", reverse("grants:explain", args=["aalborg", trial.completed.public_id]), {"year": "2016"}
    )
    assert "Gennemført 12 uger" in page.content.decode()
    assert "13 uger" not in page.content.decode()
    draft = compute(*YEAR_2016, [trial.aalborg])
    labels = [
        column.cell(line)
        for column in export.event_columns(draft.terms)[1:2]
        for line in draft.projects[0].lines
    ]
    assert labels.count("Gennemført 12 uger") == 1


def test_the_missing_completion_names_the_length_it_needs(trial, twelve_weeks, get_as):
    page = get_as(
        "agency", reverse("grants:explain", args=["aalborg", trial.started.public_id]), {"year": "2016"}
    )
    assert "Gennemført 13 uger: ikke optjent" in page.content.decode()  # its last day is before the new terms


def test_an_adjustment_of_a_completion_is_named_by_the_terms_of_its_day(trial, get_as):
    approved_statement(trial.aalborg, YEAR_2016[1])
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    recompute_events()
    terms = terms_of(84)
    draft = compute(2017, date(2017, 12, 31), [trial.aalborg])
    (adjustment,) = draft.projects[0].adjustments
    label = export.adjustment_columns(draft.terms)[1].cell(adjustment)
    assert (adjustment.was_on >= terms.valid_from, label) == (True, "Gennemført 12 uger")


def test_a_column_of_completions_has_the_length_if_all_have_it(trial, twelve_weeks):
    draft = compute(*YEAR_2016, [trial.aalborg])
    assert completion_heading(draft.projects[0].lines, twelve_weeks) == "Gennemført 12 uger"
    twelve_weeks.valid_from = date(2017, 1, 1)
    assert completion_heading(draft.projects[0].lines, twelve_weeks) == "Gennemført"
    assert completion_heading((), twelve_weeks) == "Gennemført 12 uger"


def test_the_forecast_names_the_length_of_the_terms_in_force(trial, twelve_weeks, get_as, time_machine):
    time_machine.move_to("2016-06-05T10:00:00+02:00")
    page = get_as("leader", reverse("grants:forecast", args=["aalborg"])).content.decode()
    assert "Tæt på 12 uger" in page
    assert "Dato for 12 uger" in page
    assert "1 virksomhedsforløb når 12 uger inden for 28 dage" in page
    assert "13 uger" not in page
