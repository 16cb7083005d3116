"""The demo's profiles and CVs. Every workplace and school is invented, and so is the life they tell of."""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.db import models

from accounts.models import User
from cases.models import Course, Cv, CvEntry, CvPart, CvReview, ProfileSubject, ProfileText
from demo.courses.profile_words import (
    CAREERS,
    DREAMS,
    LANGUAGES,
    LICENCES,
    OTHERS,
    RESOURCES,
    TRAININGS,
    WISHES,
)
from demo.invented import random_uuid
from jobfirst.values.dates import DAY

#: A course that is younger than this may still lack its profile and CV.
NEW_FOR = 28 * DAY
TEXTS = {
    ProfileSubject.DREAMS: DREAMS,
    ProfileSubject.WISHES: WISHES,
    ProfileSubject.RESOURCES: RESOURCES,
}


def demo_profile(course: Course, mentor: User, on: datetime.date) -> Iterator[models.Model]:
    """Yield the unsaved texts of the profile, the CV with its entries, and when it was seen through.

    The values come from a random generator of its own, so that the rest of the demo stays as it is.
    """
    rng = random.Random(f"profile {course.referral.public_id}")  # noqa: S311 - a demo
    age = on - course.started_on
    if age < NEW_FOR and rng.random() < 0.5:
        return
    written_on = course.started_on + min(rng.randrange(1, 8) * DAY, age)
    yield from _texts(rng, course, mentor, written_on)
    yield Cv(
        public_id=random_uuid(rng),
        course=course,
        changed_on=written_on,
        shows_phone=rng.random() < 0.4,
        shows_email=rng.random() < 0.3,
    )
    positions = dict.fromkeys(CvPart.values, 0)
    for part, values in _entries(rng, written_on.year):
        positions[part] += 1
        yield CvEntry(
            public_id=random_uuid(rng), course=course, part=part, position=positions[part], **values
        )
    for month in range(1, min(age.days // 31, 4) + 1):
        yield CvReview(
            public_id=random_uuid(rng),
            course=course,
            seen_on=course.started_on + month * 31 * DAY,
            seen_by=mentor,
        )


def _texts(
    rng: random.Random, course: Course, mentor: User, written_on: datetime.date
) -> Iterator[ProfileText]:
    for subject, texts in TEXTS.items():
        yield ProfileText(
            public_id=random_uuid(rng),
            course=course,
            subject=subject,
            number=1,
            text=rng.choice(texts),
            written_on=written_on,
            written_by=mentor,
        )


def _entries(rng: random.Random, year: int) -> Iterator[tuple[CvPart, dict[str, Any]]]:
    """Yield the part and the values of each entry, the latest job first."""
    career = rng.choice(CAREERS)
    until = year - rng.randrange(2, 7)
    for job in career.jobs:
        first = until - rng.randrange(1, 5)
        yield (
            CvPart.EXPERIENCE,
            {
                "title": job.title,
                "place": job.place,
                "from_year": first,
                "from_month": rng.choice([None, rng.randrange(1, 13)]),
                "until_year": until,
                "until_month": None,
                "description": job.tasks,
            },
        )
        until = first - rng.randrange(0, 3)
    yield (
        CvPart.EDUCATION,
        {"title": career.education, "place": career.school, "until_year": until - rng.randrange(0, 3)},
    )
    for title in rng.sample(TRAININGS, rng.randrange(0, 3)):
        yield CvPart.TRAINING, {"title": title, "from_year": year - rng.randrange(1, 12)}
    yield CvPart.LANGUAGE, {"title": "Dansk", "level": rng.choice(["native", "fluent", "good"])}
    for title in rng.sample(LANGUAGES, rng.randrange(0, 3)):
        yield CvPart.LANGUAGE, {"title": title, "level": rng.choice(["native", "good", "some"])}
    for title in rng.sample(LICENCES, rng.randrange(0, 2)):
        yield CvPart.LICENCE, {"title": title}
    if rng.random() < 0.6:
        yield CvPart.OTHER, {"title": "Fritid", "description": rng.choice(OTHERS)}
