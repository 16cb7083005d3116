"""Measures a batch of 2,000 draws against 2,000 bare inserts, in a fresh data folder."""

import datetime
import os
import time

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from rich.console import Console  # noqa: E402

from accounts.models import Municipality, Project, ProjectMunicipality  # noqa: E402
from bench import temporary_tables  # noqa: E402
from cases.models import Citizen, Referral  # noqa: E402
from jobfirst.row_security.context import all_projects  # noqa: E402
from jobfirst.values.dates import DAY  # noqa: E402
from randomization.draw.actions import draw_project  # noqa: E402

COUNT = 2000
GROUPS = (("resource_programme", "resource_programme_benefit"), ("activity_ready", "cash_benefit"))


def project_with_a_queue(day: datetime.date) -> Project:
    """A project with COUNT eligible citizens, half in each target group. Their numbers are made up."""
    project = Project.objects.create(
        slug="bench",
        name="Bench",
        starts_on=day,
        ends_on=day + 600 * DAY,
        target_count=COUNT,
    )
    place = Municipality.objects.filter(place=None).first() or Municipality.objects.earliest("code")
    ProjectMunicipality.objects.update_or_create(
        municipality=place, defaults={"project": project, "is_lead": True}
    )
    citizens = Citizen.objects.bulk_create(
        Citizen.new(f"0101{60 + number // 1000}{number % 1000:04d}") for number in range(COUNT)
    )
    Referral.objects.bulk_create(
        Referral(
            citizen=citizen,
            name=f"Citizen {number}",
            municipality=place,
            municipality_code=place.code,
            project=project,
            target_group=GROUPS[number % 2][0],
            benefit=GROUPS[number % 2][1],
            public_support_since=day - 900 * DAY,
            activity_ready=bool(number % 2),
            in_integration_programme=False,
            referred_on=day,
            state="accepted",
        )
        for number, citizen in enumerate(citizens)
    )
    return project


def bare_inserts() -> float:
    """Seconds for COUNT single INSERTs of a small row in one transaction."""
    temporary_tables.allow()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE TEMPORARY TABLE bare (id bigserial PRIMARY KEY, number int, what text)")
        began = time.perf_counter()
        for number in range(COUNT):
            cursor.execute("INSERT INTO bare (number, what) VALUES (%s, %s)", [number, "bare"])
        return time.perf_counter() - began


@all_projects("the whole trial is measured")
def main() -> None:
    """Print both and the ratio."""
    day = datetime.date(2016, 3, 1)
    project = project_with_a_queue(day)
    bare = bare_inserts()
    began = time.perf_counter()
    drawn = len(draw_project(project, day).allocations)
    took = time.perf_counter() - began
    assert drawn == COUNT, drawn
    Console().print(
        f"A batch of {COUNT} draws: {took:.2f} s; {COUNT} bare inserts: {bare:.2f} s; ratio {took / bare:.1f}"
    )


if __name__ == "__main__":
    main()
