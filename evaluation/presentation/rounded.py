"""How a rounded number of citizens is written."""

AT_MOST = "at_most"
AT_LEAST = "at_least"
SIGNS = {AT_MOST: "≤", AT_LEAST: "≥"}


def rounded_text(number: int | None, bound: str, missing: str = "–") -> str:
    """Return the number with the sign of its bound, such as "≤ 5"; nobody is plain 0, None is `missing`."""
    if number is None:
        return missing
    sign = SIGNS.get(bound) if number or bound == AT_LEAST else None
    return f"{sign}\u00a0{number}" if sign else str(number)
