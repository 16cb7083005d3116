"""`/sundhed/`: whether the system works, without details for outsiders.

- `/sundhed/live/`: this process answers. It asks neither the database nor Redis.
- `/sundhed/web/`: this server can answer requests. For balancers, and the web container.
- `/sundhed/klar/` and `/sundhed/`: the whole system works, the background work included. For monitoring.
"""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobfirst.monitoring import checks
from jobfirst.monitoring.extension_points import HealthCheck
from jobfirst.monitoring.token import is_token


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def live(request: HttpRequest) -> HttpResponse:
    """Answer `OK` as long as the process answers at all."""
    return _answer(request, ())


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def serving(request: HttpRequest) -> HttpResponse:
    """Answer whether this server can answer requests."""
    return _answer(request, checks.SERVING)


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> HttpResponse:
    """Answer whether the whole system works."""
    return _answer(request, checks.all_checks())


def _answer(request: HttpRequest, wanted: Iterable[HealthCheck]) -> HttpResponse:
    """Answer `OK` (200) or `FEJL` (503) as text; with the token of monitoring the codes as JSON."""
    failed = checks.failed_codes(wanted)
    status = 503 if failed else 200
    if is_token(request.headers.get("Authorization", "")):
        return JsonResponse({"status": "fejl" if failed else "ok", "failed": failed}, status=status)
    text = "FEJL\n" if failed else "OK\n"
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
