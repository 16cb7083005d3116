"""The project's papers as PDF: for the steering group, and the status of a month."""
