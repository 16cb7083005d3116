"""Names and function holders changed after a document was made."""

from cases.models import Course, FunctionHolding
from tests.factories import UserFactory


def rename_citizen(course: Course) -> None:
    """Correct the name of the course's citizen."""
    course.referral.name = "Rettet Navn"
    course.referral.save()


def hand_over(course: Course, function: str) -> None:
    """Give the function to a new user named after it."""
    holdings = FunctionHolding.objects.filter(course=course, function=function)
    holdings.update(user=UserFactory(name=f"Vikar for {function}"))
