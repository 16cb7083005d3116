"""The errors of the embedded services."""


class ServiceError(Exception):
    """What is missing and what to type, in one line; shown to the user without a traceback."""


class AbandonedError(Exception):
    """The start of a server was cancelled because nobody waits for it any longer; the supervisor handles
    it."""
