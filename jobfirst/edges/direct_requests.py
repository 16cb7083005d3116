"""Requests to other systems that go to the address of the settings only, with what is secret in them."""

import urllib.request


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Return no request, so that the redirect is an error."""


def direct_opener() -> urllib.request.OpenerDirector:
    """Return an opener to which a redirect is an error (HTTPError)."""
    return urllib.request.build_opener(_NoRedirect)
