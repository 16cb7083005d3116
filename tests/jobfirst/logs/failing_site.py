"""The site behind a server that fails outside Django when it is asked to: for tests of gunicorn's log."""

from jobfirst.wsgi import application as site


def application(environ, start_response):
    """Answer as the site does; `?fail` raises an error that names the address."""
    if environ["QUERY_STRING"] == "fail":
        raise RuntimeError(f"nothing at {environ['PATH_INFO']}")
    return site(environ, start_response)
