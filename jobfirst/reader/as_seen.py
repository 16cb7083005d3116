"""What a person sees in a cell: the one step that every cell passes when a delivered file is read.

Text is in composed form (NFC), without invisible characters; every kind of space, a tab and a line break is a
plain space. Numbers are rounded as Excel shows them (docs/formats.md, "As people have them").
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

#: Zero-width characters, marks of direction, soft hyphens, byte-order marks: nobody sees them.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
SPACES = re.compile(r"\s+")
#: A tab or line end as a workbook writes it, in a text that another program took out of one.
ESCAPED_SPACE = re.compile("_x00(?:09|0[AaDd])_")
#: What Excel, English or Danish, shows instead of a value, and the ### of a column that is too narrow.
SHOWN_ERROR = re.compile(r"#[A-ZÆØÅ0-9/_]+[!?]|#N/A|#I/T|#GETTING_DATA|#+|Err:[0-9]{3}")
#: How a workbook writes a character that XML cannot hold: _x000D_ is a carriage return.
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
#: A calculation leaves a residue in the 16th digit, which Excel never shows.
SHOWN_DIGITS, SHOWN_DECIMALS = 15, 10
SMALLEST = Decimal(1).scaleb(-SHOWN_DECIMALS)
#: Number formats that show a number as digits: 0, 0.00, #,##0.00, 0000000000, 000000-0000.
DIGITS_FORMAT = re.compile(r"(?:#,##)?(0+)(?:\.(0+))?")
HYPHEN_FORMAT = re.compile(r'(0+)(?:\\-|"-"|-)(0+)')


def shown_text(text: str) -> str:
    """Return the text as it is seen: composed, without invisible characters, with single spaces."""
    if text.isascii() and text.isprintable() and "  " not in text and "_x00" not in text:
        return text.strip()
    text = ESCAPED_SPACE.sub(" ", INVISIBLE.sub("", text))
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def is_shown_error(text: str) -> bool:
    """Whether the text is what Excel shows instead of a value."""
    return text.startswith(("#", "Err:")) and SHOWN_ERROR.fullmatch(text) is not None


def unescaped(text: str) -> str:
    """Return a workbook's text with its escaped characters (`_x000D_`) as characters."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shown_number(value: str, number_format: str) -> str:
    """Return a workbook's number with the digits that its format shows, and `.` as decimal mark.

    A format that this function does not know (a currency, a colour) shows all digits but the residue.
    """
    number = without_residue(Decimal(value))
    if number.adjusted() >= SHOWN_DIGITS:
        return f"{number:f}"
    first_section = number_format.partition(";")[0].removesuffix("_)").strip()
    if plain := DIGITS_FORMAT.fullmatch(first_section):
        decimals = len(plain[2] or "")
        rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        whole, mark, fraction = f"{abs(rounded):f}".partition(".")
        sign = "-" if rounded < 0 else ""
        return sign + whole.zfill(len(plain[1])) + mark + fraction
    if (parted := HYPHEN_FORMAT.fullmatch(first_section)) and number >= 0:
        digits = f"{number.to_integral_value(ROUND_HALF_UP):f}".zfill(len(parted[1]) + len(parted[2]))
        return f"{digits[: -len(parted[2])]}-{digits[-len(parted[2]) :]}"
    if "%" in first_section:
        return f"{(number * 100).normalize():f}%"
    return f"{number:f}"


def without_residue(number: Decimal) -> Decimal:
    """Return the number with the digits that Excel keeps, without trailing zeros."""
    rounded = Context(prec=SHOWN_DIGITS).plus(number)
    exponent = rounded.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -SHOWN_DECIMALS:
        rounded = rounded.quantize(SMALLEST, rounding=ROUND_HALF_UP)
    return rounded.normalize() + 0  # no minus zero
