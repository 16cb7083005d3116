"""Why a draw was refused. A refused draw changes nothing in the database."""


class DrawRefused(Exception):
    """The draw was refused. `code` is stable; the message says what to do.

    Codes: `before_start`, `enrolment_closed`, `clock_set_back`, `share`, `wrong_share`, `list_changed`,
    `broken_chain`, `list_exhausted`, `demo_seed`, `not_committed`.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class WrongShare(DrawRefused):
    """The `holder`'s share (`agency` or `operator`) is not the one whose hash was published."""

    def __init__(self, holder: str, message: str) -> None:
        self.holder = holder
        super().__init__("wrong_share", message)
