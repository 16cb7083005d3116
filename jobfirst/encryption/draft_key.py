"""The key under which a browser keeps what somebody has typed and not saved (static/drafts.js)."""

import base64
import uuid

from django.utils.crypto import salted_hmac

#: With another version no browser can read what it kept so far.
SALT = "jobfirst.draft_key.1"


def draft_key(user: uuid.UUID) -> str:
    """Return the person's key: 32 bytes in base64.

    It follows from DJANGO_SECRET_KEY, so that the same person gets the same key after every sign-in, and is
    stored nowhere: pages have it, which nobody caches. With another secret the browser's drafts are lost.
    """
    return base64.b64encode(salted_hmac(SALT, user.hex, algorithm="sha256").digest()).decode()
