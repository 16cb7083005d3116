"""Settings of gunicorn, which reads this file in the folder in which it is started.

What differs from one installation to another (address, processes, threads) is given on the command line.
"""

from gunicorn.http.wsgi import Response

# With threads, which serve other requests while one is slow. A worker that does not report for so long is
# replaced; a proxy before it takes in slow requests, and answers those that never end.
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
keepalive = 5
# Replaced now and then, not all at once, so that no leak grows for weeks.
max_requests = 20_000
max_requests_jitter = 2_000
# The longest address is that of a filtered list.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 16_380

_default_headers = Response.default_headers


def _headers_without_banner(response):
    """The headers that gunicorn adds to each answer, without the name of the server."""
    return [header for header in _default_headers(response) if not header.startswith("Server:")]


Response.default_headers = _headers_without_banner
logger_class = "jobfirst.logs.web_server.WebServerLogger"


def on_starting(server):
    """Before there are processes: what those of an earlier start counted is over."""
    from jobfirst.monitoring.counting import forget_earlier_processes

    forget_earlier_processes()


def child_exit(server, worker):
    """When a process has ended."""
    from jobfirst.monitoring.counting import forget_process

    forget_process(worker.pid)
