"""Codes for refusing a whole file, with numbers and column names but never content of the file."""

import enum

#: Address space in bytes. The interpreter with openpyxl takes 30 MB; two million different texts add 40 MB.
MOST_MEMORY = 128 * 1024 * 1024
#: Most characters of a record, line ends included; the longest column has 500.
LONGEST_RECORD = 1024 * 1024


class RefusalCode(enum.StrEnum):
    """What is wrong with the file; the comment names the parameters of the code."""

    EMPTY = enum.auto()
    SEPARATOR = enum.auto()
    MISSING = enum.auto()  # names
    EXTRA = enum.auto()  # n
    ORDER = enum.auto()  # names
    ENCODING = enum.auto()
    NO_TEXT = enum.auto()
    QUOTES = enum.auto()
    NO_WORKBOOK = enum.auto()
    HIDDEN_SHEET = enum.auto()
    ACTIVE = enum.auto()
    LINES = enum.auto()  # n
    COLUMNS = enum.auto()  # n
    LONG_RECORD = enum.auto()  # n
    LONG_CELL = enum.auto()  # n
    UNPACKED = enum.auto()  # n
    TOO_MUCH = enum.auto()


class CellFault(enum.StrEnum):
    """Why a cell of a workbook cannot be read as it is seen."""

    FORMULA = enum.auto()  # without a stored value: never read as empty
    ERROR = enum.auto()
    MERGED = enum.auto()
    HIDDEN_ROW = enum.auto()
    HIDDEN_COLUMN = enum.auto()


class RefusalError(Exception):
    """The file cannot be used. The parameter `names` has names of the format's columns."""

    def __init__(self, code: RefusalCode, line: int = 1, **parameters: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.parameters = parameters
