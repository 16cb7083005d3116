"""Who acts for the absent holder of a function."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class StandIn:
    """Who acts for the holder of a function, and until when."""

    name: str
    email: str
    phone: str
    until: date

    def __str__(self) -> str:
        return self.name or self.email
