"""The access records of the pages about courses, and the pages' addresses."""

from django.urls import reverse

from audit.models import AccessOutcome, AccessRecord


def course_url(course, name="cases:course", **arguments):
    return reverse(name, kwargs={"public_id": course.public_id, **arguments})


def shown_records(action):
    return AccessRecord.objects.filter(action=action, outcome=AccessOutcome.SHOWN)


def refused_records(action):
    return AccessRecord.objects.filter(action=action, outcome=AccessOutcome.REFUSED)
