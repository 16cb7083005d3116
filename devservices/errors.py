"""The one kind of error the embedded services raise."""


class ServiceError(Exception):
    """What is missing and what to type, in one line; shown to the person as it is, without a traceback."""
