"""Thirteen projects with made-up counts of nine months, published: many numbers, few citizens among them.

The counts replace `count_cut_off` (pages only read what is published), so that no thousand courses are made.
"""

import datetime
import random
from decimal import Decimal

from accounts.models import Project
from evaluation.publication import plan
from evaluation.publication.actions import publish_due
from evaluation.publication.counting import CutOffCounts, MeasureCounts
from tests.factories import CourseFactory, ProjectFactory

NAMES = ("Haderslev", "Hedensted", "Hillerød", "Jammerbugt", "København", "Lolland", "Odense")
MORE_NAMES = ("Skanderborg", "Sorø og Ringsted", "Syddjurs", "Vallensbæk og Ishøj", "Aalborg", "Aarhus")
ON = datetime.date(2017, 1, 16)


def counts_of(projects, cut_off):
    """Return counts that grow from month to month, other ones in each project."""
    months = (cut_off.year - 2016) * 12 + cut_off.month - 4
    counts = {}
    codes = [published.code for published in plan.PLAN] + [plan.DRAWN.code]
    for project in projects:
        chance = random.Random(project.slug)
        begun = chance.randint(4, 22) * months
        running = begun - begun * months // 40
        for code in codes:
            share = chance.uniform(0.1, 0.95)
            whole = {plan.DRAWN.code: 2 * begun, "empty_days": running}.get(code, begun)
            if code in ("completed", "ordinary_share", "progressed"):
                whole = whole * 2 // 3
            if code == plan.DROP_OUT:
                share = 0.7 * (begun - running) / max(begun, 1)
            if code.startswith("missed_"):
                whole_left = begun - counts[plan.met(int(code[-1]))].counted[project.slug]
                share = share * whole_left / max(begun, 1)
            if code == "nine_elements":
                share *= 0.1
            counted = begun if code == plan.DRAWN.code else int(whole * share)
            counts.setdefault(code, MeasureCounts()).add(project.slug, counted, whole, Decimal(counted) * 3)
    reasons = {"moved": 4 * months, "ordinary_employment": 9 * months, "died": 2}
    return CutOffCounts(counts, {plan.END_REASON: reasons, plan.REFUSAL_REASON: {"under_30": 6 * months}})


def build(monkeypatch):
    """Publish the made-up figures of thirteen projects; return the projects."""
    monkeypatch.setattr("evaluation.publication.actions.count_cut_off", counts_of)
    projects = [
        ProjectFactory(name=name, target_count=100 + 30 * number)
        for number, name in enumerate((*NAMES, *MORE_NAMES))
    ]
    CourseFactory(project_for=projects[0])
    publish_due(ON)
    return list(Project.objects.filter(pk__in=[project.pk for project in projects]))
