"""How a rounded number of citizens is written."""

AT_MOST = "at_most"
AT_LEAST = "at_least"
SIGNS = {AT_MOST: "≤", AT_LEAST: "≥"}


def rounded_text(number: int | None, bound: str, missing: str = "–") -> str:
    """Return the number with the sign of its bound, such as "≤ 5"; nobody is plain 0, None is `missing`."""
    if number is None:
        return missing
    return f"{SIGNS[bound]}\u00a0{number}" if has_sign(number, bound) else str(number)


def has_sign(number: object, bound: str) -> bool:
    """Return whether the bound is written with the number: not with nobody at most, nor with None."""
    return bound in SIGNS and number is not None and (bool(number) or bound == AT_LEAST)
