"""Values in the cache, signed: only what this system has written is read back.

Django stores values of the cache with pickle, which runs what it reads: whoever could write to Redis could
run code here. A value without our signature counts as not being there.
"""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.cache.backends.redis import RedisSerializer
from django.utils.crypto import constant_time_compare

SALT = b"jobfirst.signed_cache"


class SignedSerializer(RedisSerializer):
    """Serializer of the cache: whole numbers as they are, all else as HMAC-SHA256 and pickle."""

    def dumps(self, obj: Any) -> int | bytes:  # type: ignore[override]  # the stubs leave out numbers
        """Return the value as it is stored."""
        content: int | bytes = super().dumps(obj)
        return content if isinstance(content, int) else _signature(content) + content

    def loads(self, data: bytes) -> Any:  # type: ignore[override]  # what Redis gives
        """Return the value; None when somebody else has written it, or another key signed it."""
        try:
            return int(data)
        except ValueError:
            signature, content = data[:SIZE], data[SIZE:]
        return super().loads(content) if constant_time_compare(signature, _signature(content)) else None


SIZE = hashlib.sha256().digest_size


def _signature(content: bytes) -> bytes:
    return hmac.new(SALT + settings.SECRET_KEY.encode(), content, hashlib.sha256).digest()
