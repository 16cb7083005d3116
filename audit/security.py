"""Writing security records: sign-ins, failures, and changes of what somebody may do."""

from typing import Any

from django.http import HttpRequest

from audit.models import SecurityKind, SecurityRecord
from audit.origin import Origin, current_request, origin_of


def record_security(
    kind: SecurityKind, subject: Any, detail: str = "", request: HttpRequest | None = None
) -> SecurityRecord:
    """Record what happened to the account `subject` (None: no account has the address that was typed).

    Done by the user of the request, by default the one that is being answered; outside requests by a command.
    """
    request = request or current_request()
    user = getattr(request, "user", None)
    origin = Origin() if request is None else origin_of(request)
    return SecurityRecord.objects.create(
        kind=kind,
        user=user if user is not None and user.is_authenticated else None,
        subject=subject,
        detail=detail[:120],
        ip=origin.ip,
        session=origin.session,
    )
