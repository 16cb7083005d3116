"""Who takes part in the demo: projects, their staff, how they sign in, and the citizens."""
