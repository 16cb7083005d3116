"""What the activity plan and the plan for job owe, one kind of deadline a module."""
