"""The draw repeated with the trial's own generator: strata, slots and blocks as they were, other keys (D4).

`redrawn_participants` follows the specification of `randomization.draw.blocks` for many keys at once, column
by column, since a thousand repetitions one after the other take minutes. `tests/evaluation/test_redraws.py`
holds that it gives what the generator gives.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from randomization.draw.blocks import BLOCK_SIZES, arms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.intp]
    Bits = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]

DIGEST_BYTES = 32
#: A block takes a byte for its size and one for each place but one; few are discarded.
BYTES_PER_SLOT = 1.1


def replicate_key(seed: bytes, replicate: int, stratum: str) -> bytes:
    """Return the key of the stratum in a repetition: it follows from the seed, the same every time."""
    return hashlib.sha256(b"%s/%d/%s" % (seed, replicate, stratum.encode())).digest()


def redrawn_arms(seed: bytes, replicate: int, stratum: str, count: int) -> list[str]:
    """Return the arms of the stratum's first `count` slots in a repetition of the draw."""
    return arms(replicate_key(seed, replicate, stratum), count)


def redrawn_participants(seed: bytes, replicates: int, stratum: str, count: int) -> Bits:
    """Return a row for each repetition and a column for each slot: whether it is a participant's.

    As `redrawn_arms`, for all repetitions at once.
    """
    import numpy as np

    streams = _Streams([replicate_key(seed, number, stratum) for number in range(replicates)], count)
    largest = max(BLOCK_SIZES)
    slots = np.zeros((replicates, count + largest), dtype=bool)
    filled = np.zeros(replicates, dtype=np.intp)
    rows = np.arange(replicates)
    sizes = np.array(BLOCK_SIZES)
    places = np.arange(largest)
    while len(rows):
        size = sizes[streams.below(rows, len(BLOCK_SIZES))]
        block = places < (size // 2)[:, None]
        for i in range(largest - 1, 0, -1):
            of_size = np.flatnonzero(size > i)
            other = streams.below(rows[of_size], i + 1)
            block[of_size, i], block[of_size, other] = block[of_size, other], block[of_size, i]
        # Places after the block's size are written over by the next block.
        slots[rows[:, None], filled[rows][:, None] + places] = block
        filled[rows] += size
        rows = rows[filled[rows] < count]
    return slots[:, :count]


class _Streams:
    """The byte streams of many keys, each read from a position of its own."""

    def __init__(self, keys: list[bytes], count: int) -> None:
        import numpy as np

        self._keys = keys
        self._bytes: Bytes = np.empty((len(keys), 0), dtype=np.uint8)
        self._positions: Numbers = np.zeros(len(keys), dtype=np.intp)
        self._read(int(count * BYTES_PER_SLOT) // DIGEST_BYTES + 2)

    def _read(self, digests: int) -> None:
        """Read further: so many digests of each stream."""
        import numpy as np

        first = self._bytes.shape[1] // DIGEST_BYTES
        messages = [b"slots:" + number.to_bytes(8, "big") for number in range(first, first + digests)]
        content = b"".join(hmac.digest(key, text, "sha256") for key in self._keys for text in messages)
        more = np.frombuffer(content, dtype=np.uint8).reshape(len(self._keys), -1)
        self._bytes = np.concatenate([self._bytes, more], axis=1)

    def below(self, rows: Numbers, bound: int) -> Numbers:
        """Return a number from 0 to `bound` − 1 of each of these streams; bytes that are too large are
        discarded, as the specification says."""
        import numpy as np

        limit = 256 - 256 % bound
        numbers = self._next(rows)
        while len(rejected := np.flatnonzero(numbers >= limit)):
            numbers[rejected] = self._next(rows[rejected])
        return numbers % bound

    def _next(self, rows: Numbers) -> Numbers:
        import numpy as np

        positions = self._positions[rows]
        if len(positions) and positions.max() >= self._bytes.shape[1]:
            self._read(1)
        self._positions[rows] += 1
        return self._bytes[rows, positions].astype(np.intp)
