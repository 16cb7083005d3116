"""Why a file as a whole is refused: a code with numbers and the format's names, nothing of the content."""

import enum

#: Address space, bytes. The interpreter with openpyxl is 30 MB; two million different texts add 40 MB.
MOST_MEMORY = 128 * 1024 * 1024
#: No record has more characters, its line ends included; the longest column takes 500.
LONGEST_RECORD = 1024 * 1024


class RefusalCode(enum.StrEnum):
    """What is wrong with the file; behind it the parameters that go with it."""

    EMPTY = enum.auto()
    SEPARATOR = enum.auto()
    MISSING = enum.auto()  # names
    EXTRA = enum.auto()  # n
    ORDER = enum.auto()  # names
    ENCODING = enum.auto()
    NO_TEXT = enum.auto()
    QUOTES = enum.auto()
    NO_WORKBOOK = enum.auto()
    LINES = enum.auto()  # n
    COLUMNS = enum.auto()  # n
    LONG_RECORD = enum.auto()  # n
    LONG_CELL = enum.auto()  # n
    UNPACKED = enum.auto()  # n
    TOO_MUCH = enum.auto()


class RefusalError(Exception):
    """The file cannot be used. `names` are those of the format's columns."""

    def __init__(self, code: RefusalCode, line: int = 1, **parameters: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.parameters = parameters
