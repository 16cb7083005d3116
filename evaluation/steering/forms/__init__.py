"""Forms of the steering group."""
