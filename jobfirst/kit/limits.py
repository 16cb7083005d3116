"""How much and when: limits of a field, said as the page writes amounts, numbers and days."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _


def short(day: datetime.date) -> str:
    """The day as in tables: 30.09.2026."""
    return date_format(day, "SHORT_DATE_FORMAT")


if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # a name of the type stubs

LimitT = TypeVar("LimitT")


def _whole(number: Decimal | int) -> str:
    return number_format(number, 0, force_grouping=True)


def _kroner(amount: Decimal | int) -> str:
    return number_format(amount, 2, force_grouping=True)


class _Limit(BaseValidator, Generic[LimitT]):
    """A validator whose message has the limit as `written` has it."""

    def __init__(self, limit: LimitT, message: "str | _StrPromise", written: Callable[[LimitT], str]) -> None:
        super().__init__(limit, message)
        self.written = written

    def __call__(self, value: LimitT) -> None:
        """Refuse what lies beyond the limit."""
        try:
            super().__call__(value)
        except ValidationError as error:
            if error.params:
                error.params["limit_value"] = self.written(self.limit_value)
            raise


class _Least(_Limit[LimitT], MinValueValidator):
    pass


class _Most(_Limit[LimitT], MaxValueValidator):
    pass


Limits = list[Callable[[Any], None]]


def days(first: datetime.date, last: datetime.date) -> Limits:
    """Neither before the first day nor after the last."""
    return [
        _Least(first, _("The day must not be before %(limit_value)s."), short),
        _Most(last, _("The day must not be after %(limit_value)s."), short),
    ]


def whole(least: int, most: int) -> Limits:
    """A whole number from the least to the most."""
    return [
        _Least(least, _("Write at least %(limit_value)s."), _whole),
        _Most(most, _("Write at most %(limit_value)s."), _whole),
    ]


def kroner(least: Decimal | int, most: Decimal | int | None = None) -> Limits:
    """An amount from the least to the most, in kroner."""
    limits: Limits = [_Least(least, _("The amount is at least %(limit_value)s kroner."), _kroner)]
    if most is not None:
        limits.append(_Most(most, _("The amount is at most %(limit_value)s kroner."), _kroner))
    return limits
