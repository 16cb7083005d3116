"""Whoever leaves a role leaves the functions held in it (D8)."""

from accounts import leaving
from cases.actions.functions import vacate

leaving.register("functions", vacate)
