"""Where the postal codes lie, roughly: enough to tell whether a company is near."""

import math
from typing import Self

from django.db import models
from django.db.models import F, FloatField, Value
from django.db.models.functions import Power
from django.utils.translation import gettext_lazy as _

#: Kilometres of one degree of latitude.
KM_A_DEGREE = 111.2


class PostalAreaQuerySet(models.QuerySet["PostalArea"]):
    """Postal codes with their towns."""

    def of_code(self, code: str) -> Self:
        """Return the area with the postal code."""
        return self.filter(first__lte=code, last__gte=code)

    def near(self, centre: "PostalArea", kilometres: int) -> Self:
        """Return the areas whose towns lie at most so many kilometres from that of `centre`."""
        north = F("latitude") - Value(centre.latitude)
        east = (F("longitude") - Value(centre.longitude)) * Value(math.cos(math.radians(centre.latitude)))
        squared = Power(north, 2) + Power(east, 2)
        return self.annotate(squared=models.ExpressionWrapper(squared, FloatField())).filter(
            squared__lte=(kilometres / KM_A_DEGREE) ** 2
        )


class PostalArea(models.Model):
    """A postal code, or a range of them, and the middle of its town, rounded to about a kilometre.

    Only towns of the trial's municipalities and the larger ones elsewhere: a postal code that is not here has
    no distance.
    """

    first = models.CharField(_("postal code"), max_length=4, unique=True)
    last = models.CharField(max_length=4)
    town = models.CharField(_("town"), max_length=60)
    latitude = models.FloatField()
    longitude = models.FloatField()

    objects = PostalAreaQuerySet.as_manager()

    class Meta:
        ordering = ["first"]

    def __str__(self) -> str:
        return f"{self.first} {self.town}"
