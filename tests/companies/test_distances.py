"""Distances between towns (`companies.distances`)."""

import pytest

from companies.distances import TownDistances, known_towns

pytestmark = pytest.mark.django_db


def test_a_small_town_has_its_distance():
    assert TownDistances().kilometres("Aarhus", "8340") in range(12, 16)


def test_every_postal_code_belongs_to_one_town_in_denmark():
    codes = [code for town in known_towns() for code in town.codes()]
    assert len(codes) == len(set(codes))
    assert len(known_towns()) > 550
    assert all(54.5 < town.latitude < 57.8 and 8 < town.longitude < 15.3 for town in known_towns())
