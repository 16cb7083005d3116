"""What every page knows."""

from typing import Any

from django.http import HttpRequest

from jobfirst import mode


def site(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a rehearsal, so that every page can say so."""
    return {"is_rehearsal": mode.is_rehearsal()}
