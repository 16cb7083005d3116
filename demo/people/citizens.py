"""The demo's citizens and how they are reached. Nothing of it can be real."""

import random

from cases.models import Citizen, CitizenContact, Course
from demo.invented import impossible_phone, random_uuid
from demo.words import INTERPRETERS, KIN


def demo_citizen(rng: random.Random, digits: str) -> Citizen:
    """Return an unsaved citizen."""
    return Citizen.new(digits, public_id=random_uuid(rng))


def demo_contact(course: Course) -> CitizenContact:
    """Return the unsaved contact information of the course's citizen.

    The values come from a random generator of its own, so that the rest of the demo stays as it is.
    """
    rng = random.Random(f"contact {course.referral.public_id}")  # noqa: S311 - a demo
    return CitizenContact(
        public_id=random_uuid(rng),
        course=course,
        phone=impossible_phone(rng),
        email=f"borger{rng.randrange(10_000):04d}@demo.invalid",
        address=f"Øvelsesvej {rng.randrange(1, 200)}\n0000 Øvelsesby",
        has_protected_address=rng.random() < 0.05,
        interpreter_language=rng.choice(INTERPRETERS) if rng.random() < 0.1 else "",
        kin_name="Øvelsespårørende",
        kin_relation=rng.choice(KIN),
        kin_phone=impossible_phone(rng),
    )
