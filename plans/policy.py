"""Permissions on plans: who signs the plan for job, and for whom (D21)."""

from cases.models import CourseFunction
from cases.policy import holds, leads_course, works_on_course

PERMISSIONS = {
    # The citizen signs on the phone of whoever of the team is with her.
    "plans.sign_for_citizen": works_on_course | leads_course,
    "plans.sign_as_course_owner": holds(CourseFunction.COURSE_OWNER),
    "plans.sign_as_coordinating_caseworker": holds(CourseFunction.COORDINATING_CASEWORKER),
}
#: The permission to sign as a party of the plan.
SIGN_AS = {
    "citizen": "plans.sign_for_citizen",
    CourseFunction.COURSE_OWNER.value: "plans.sign_as_course_owner",
    CourseFunction.COORDINATING_CASEWORKER.value: "plans.sign_as_coordinating_caseworker",
}
