"""The errors of the embedded services."""


class ServiceError(Exception):
    """What is missing and what to type, in one line; shown to the person as it is, without a traceback."""


class AbandonedError(Exception):
    """A server's start was given up, because nobody waits for it any longer. Seen by the supervisor only."""
