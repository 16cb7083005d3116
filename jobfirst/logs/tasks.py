"""The request's id in the tasks that it starts, and the form of the log in worker and beat."""

import logging
import logging.config
from contextvars import Token
from typing import Any

from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from jobfirst.logs.context import LogContext, current_request_id, enter, leave, new_request_id

HEADER = "jobfirst_request_id"
_ENTERED = "_entered_log_context"


@before_task_publish.connect
def pass_request_id_on(headers: dict[str, Any] | None = None, **_signal: Any) -> None:
    """Put the request's id into the headers of the task's message."""
    request_id = current_request_id()
    if request_id and headers is not None:
        headers[HEADER] = request_id


@task_prerun.connect
def enter_task(task: Any = None, **_signal: Any) -> None:
    """Log the task's lines with its name and the id of the request that started it, or a new one."""
    request_id = task.request.get(HEADER) or current_request_id() or new_request_id()
    setattr(task.request, _ENTERED, enter(LogContext(request_id, task=task.name)))


@task_postrun.connect
def leave_task(task: Any = None, **_signal: Any) -> None:
    """Restore what was before the task."""
    token: Token[LogContext | None] | None = getattr(task.request, _ENTERED, None)
    if token is not None:
        setattr(task.request, _ENTERED, None)
        leave(token)


@setup_logging.connect
def set_up_logging(loglevel: int | str | None = None, **_signal: Any) -> None:
    """Log as the settings say instead of by handlers of Celery's own; its level is that of its own lines."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    if loglevel:
        logging.getLogger("celery").setLevel(loglevel)
