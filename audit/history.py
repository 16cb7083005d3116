"""History in the database: every change of a tracked row is kept by triggers (django-pghistory)."""

from collections.abc import Callable
from typing import Any

import pghistory


def tracked(**options: Any) -> Callable[[type], type]:
    """Class decorator: keep each insert, update and delete of the model in its event table.

    Takes pghistory.track's options; `exclude` names the fields that must not be copied (secrets).
    """
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )
