"""Where the postal codes lie, roughly: enough to tell whether a company is near."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PostalArea(models.Model):
    """A postal code, or a range of them, and the middle of its town, rounded to about a kilometre.

    Nearly all towns with a postal code of their own; a code that is not here has no distance.
    """

    first = models.CharField(_("postal code"), max_length=4, unique=True)
    last = models.CharField(max_length=4)
    town = models.CharField(_("town"), max_length=60)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        ordering = ["first"]

    def __str__(self) -> str:
        return f"{self.first} {self.town}"
