"""`/.well-known/security.txt` (RFC 9116): where a fault of the system's security is reported."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

#: The file is to be read again after that: it is made anew at each request, so that it never expires.
VALID = datetime.timedelta(days=90)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return the file; 404 as long as no contact is set."""
    if not settings.JOBFIRST_SECURITY_CONTACT:
        raise Http404
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}" for contact in settings.JOBFIRST_SECURITY_CONTACT]
    lines += [
        f"Expires: {(day + VALID).astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: da, en",
        f"Canonical: {settings.JOBFIRST_BASE_URL}{reverse('security_txt')}",
    ]
    content = "".join(f"{line}\n" for line in lines)
    return HttpResponse(
        content, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"}
    )
