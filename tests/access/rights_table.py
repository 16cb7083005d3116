"""Who may use the pages of retention, erasure and protected persons: a part of the table of the site."""

from tests.access.addresses import of, page, permission_first_of

RIGHTS = [
    page("rights:retention", get="project_leader administrator"),
    page("rights:new_rule", get="administrator", post="administrator"),
    # A form without a project is about citizens of no project: the administrators'.
    page(
        "rights:propose",
        post="project_leader administrator",
        but={("POST", "project_leader", relation): 404 for relation in ("own", "same", "other")},
    ),
    page("rights:holds", get="project_leader administrator"),
    permission_first_of(
        "legal_hold",
        "rights:lift_hold",
        get="project_leader administrator",
        post="project_leader administrator",
    ),
    of("referral", "rights:new_hold", get="project_leader", post="project_leader"),
    of("referral", "cases:shut_out", get="project_leader", post="project_leader"),
    of("referral shut_out", "cases:let_in", post="project_leader"),
    permission_first_of("erasure_run", "rights:run", get="project_leader administrator"),
    permission_first_of("erasure_run", "rights:approve", post="project_leader administrator"),
    permission_first_of("erasure_run", "rights:withdraw", post="project_leader administrator"),
]
