"""What staff read after a link or an invitation was ordered: that it is sent, or that nothing is."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jobfirst.messaging.mute import is_muted


def say_link_is_sent(request: HttpRequest) -> None:
    """Say on the next page that the link is on its way; in a muted system that it is not sent."""
    say_is_sent(request, _("The link is on its way to the registered address."))


def say_is_sent(request: HttpRequest, words: str) -> None:
    """Say in these words that something is sent; in a muted system that nothing is."""
    if is_muted():
        text = _("Nothing is sent: this system is muted, because it is a copy or was muted by command.")
        messages.warning(request, text)
    else:
        messages.success(request, words)
