"""Validators of lowest and highest values, with messages as pages write them, and of free text."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.days import short_date
from jobfirst.values import cpr

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # a name of the type stubs

LimitT = TypeVar("LimitT")


def _format_whole(number: Decimal | int) -> str:
    return number_format(number, 0, force_grouping=True)


def _format_kroner(amount: Decimal | int) -> str:
    return number_format(amount, 2, force_grouping=True)


class _Limit(BaseValidator, Generic[LimitT]):
    """Base of the two validators; `format_limit` writes the limit in the message."""

    def __init__(
        self, limit: LimitT, message: "str | _StrPromise", format_limit: Callable[[LimitT], str]
    ) -> None:
        super().__init__(limit, message)
        self.format_limit = format_limit

    def __call__(self, value: LimitT) -> None:
        """Raise ValidationError when the value lies beyond the limit."""
        try:
            super().__call__(value)
        except ValidationError as error:
            if error.params:
                error.params["limit_value"] = self.format_limit(self.limit_value)
            raise


class _AtLeast(_Limit[LimitT], MinValueValidator):
    pass


class _AtMost(_Limit[LimitT], MaxValueValidator):
    pass


Validators = list[Callable[[Any], None]]


def days_between(first: datetime.date, last: datetime.date) -> Validators:
    """Return the validators of a day from `first` to `last`, both included."""
    return [
        _AtLeast(first, _("The day must not be before %(limit_value)s."), short_date),
        _AtMost(last, _("The day must not be after %(limit_value)s."), short_date),
    ]


def whole_between(least: int, most: int) -> Validators:
    """Return the validators of a whole number from `least` to `most`, both included."""
    return [
        _AtLeast(least, _("Write at least %(limit_value)s."), _format_whole),
        _AtMost(most, _("Write at most %(limit_value)s."), _format_whole),
    ]


def kroner_between(least: Decimal | int, most: Decimal | int | None = None) -> Validators:
    """Return the validators of an amount in kroner from `least` to `most` (None: no upper limit)."""
    validators: Validators = [
        _AtLeast(least, _("The amount is at least %(limit_value)s kroner."), _format_kroner)
    ]
    if most is not None:
        validators.append(_AtMost(most, _("The amount is at most %(limit_value)s kroner."), _format_kroner))
    return validators


def without_cpr(text: str) -> None:
    """Raise ValidationError when the text contains what can be a CPR number; it repeats none of it."""
    if cpr.stands_in(text):
        raise ValidationError(
            _("The text holds what looks like a CPR number. Take it out: others read this."), code="cpr"
        )
