"""Parts of pages are drawn anew when something has changed, and only then (the trial, its results)."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.roles import Role
from evaluation.publication.models import Publication
from evaluation.summaries.drawn_parts import PUBLISHED, drawn_once
from tests.factories import AllocationFactory, ProjectFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2016, 9, 1)


@pytest.fixture
def drawings():
    """Return how often the part has been drawn, each time it is asked for."""
    cache.clear()
    drawn = []

    def ask(*depends_on):
        drawn_once("part", depends_on, lambda: drawn.append(1) or "drawn", more=[PUBLISHED])
        return len(drawn)

    return ask


def test_it_is_drawn_once_for_what_it_depends_on(drawings):
    assert (drawings(DAY), drawings(DAY)) == (1, 1)
    assert drawings(DAY, "aalborg") == 2
    with translation.override("en"):
        assert drawings(DAY) == 3


@pytest.mark.parametrize(
    "change",
    [AllocationFactory, ReferralFactory, lambda: Publication.objects.create(cut_off=DAY, smallest_count=5)],
    ids=["a draw", "a referral", "a publication"],
)
def test_it_is_drawn_anew_after_a_change(drawings, change):
    drawings(DAY)
    change()
    assert drawings(DAY) == 2


@pytest.mark.parametrize("page", ["trial", "results"])
def test_a_page_opened_again_reckons_nothing(client, page):
    ProjectFactory()
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    address = reverse(f"evaluation:{page}")
    first = client.get(address)
    with CaptureQueriesContext(connection) as again:
        second = client.get(address)
    assert str(first.context["part"]) == str(second.context["part"])
    assert len(again) <= 8
