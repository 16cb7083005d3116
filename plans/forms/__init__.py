"""Forms of the activity plan, the plan for job, its signatures, and the citizen's word."""
