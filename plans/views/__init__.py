"""Pages of the activity plan and the plan for job, one module a subject."""
