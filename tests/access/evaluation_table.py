"""Who may use the pages of the evaluation, without the steering group: a part of the table of the site."""

from tests.access.addresses import of, page

EVALUATION = [
    # The project's own
    page("evaluation:dashboard", get="project_leader"),
    page("evaluation:measure", get="project_leader", args=("weekly_contact",)),
    page("evaluation:elements", get="project_leader"),
    page("evaluation:spread", get="project_leader"),
    page("evaluation:deviations", get="project_leader"),
    of("referral", "evaluation:record_deviation", get="project_leader", post="project_leader"),
    of("deviation", "evaluation:correct_deviation", get="project_leader", post="project_leader"),
    of("deviation", "evaluation:withdraw_deviation", get="project_leader", post="project_leader"),
    # The trial, for the agency
    *(
        page(f"evaluation:{name}", get="agency")
        for name in ("trial", "trial_elements", "trial_deviations", "comparison", "results", "paid_hours")
    ),
    page("evaluation:new_threshold", get="agency", post="agency"),
    page("evaluation:second_results", get="agency"),
    page("evaluation:packages", get="agency", post="agency"),
    page("evaluation:record_trial_deviation", get="agency", post="agency"),
    page("evaluation:download_trial", get="agency", args=("csv",)),
    page("evaluation:download_comparison", get="agency", args=("xlsx",)),
    page("evaluation:download_results", get="agency", args=("csv",)),
    page("evaluation:target_groups", get="agency", post="agency"),
    page("evaluation:upload_paid_hours", get="agency", post="agency"),
]
