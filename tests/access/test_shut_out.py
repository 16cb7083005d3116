"""Every address of a citizen's course answers somebody who is shut out as if it did not exist (D51)."""

from django.urls import reverse

from cases.actions.shut_outs import shut_out
from cases.models import Course
from tests.access.addresses import COURSE, KINDS, REFERRAL
from tests.access.table import TABLE
from tests.factories import UserFactory

#: The kinds of things that are a citizen's.
HERS = {kind for kind, seen_by in KINDS.items() if seen_by is COURSE or seen_by is REFERRAL}
HERS |= {"project_course"}


def test_every_address_of_her_course_is_not_found_for_who_is_shut_out(two_projects, quick_pdfs):
    person, browser = two_projects.users["project_leader"], two_projects.clients["project_leader"]
    course = Course.objects.get(public_id=two_projects.ids["course"]["own"])
    shut_out(course.citizen, person, "Søskende", by=UserFactory())
    answers = {}
    for address in TABLE:
        if not address.kinds or address.kinds[0] not in HERS:
            continue
        ids = [two_projects.ids[kind]["own"] for kind in address.kinds]
        url = reverse(address.name, args=[*ids, *address.args])
        for method in address.roles_by_method:
            answers[method, address.name] = getattr(browser, method.lower())(url).status_code
    assert len(answers) > 100
    assert {key: status for key, status in answers.items() if status != 404} == {}
