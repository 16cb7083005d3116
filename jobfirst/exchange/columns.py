"""The columns of a file, declared once: for the reader, the commands and the upload pages."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise  # a name of the type stubs


class FileColumn(str):
    """The name of a column as it stands in the header, with what people need who write the file.

    `meaning` says what the column holds, in the reader's language; `example` is a value as it is typed;
    `codes` are the pairs of code and meaning where only certain words are allowed. Files may leave an
    `is_optional` column out, which stands last; its fields are then empty.
    """

    __slots__ = ("codes", "example", "is_optional", "meaning")

    meaning: "_StrOrPromise"
    example: str
    codes: "tuple[tuple[str, _StrOrPromise], ...]"
    is_optional: bool

    def __new__(
        cls,
        name: str,
        meaning: "_StrOrPromise",
        example: str,
        codes: "Sequence[tuple[str, _StrOrPromise]]" = (),
        *,
        is_optional: bool = False,
    ) -> Self:
        column = super().__new__(cls, name)
        column.meaning, column.example, column.codes = meaning, example, tuple(codes)
        column.is_optional = is_optional
        return column
