"""UUIDv7 (RFC 9562 §5.7), made by the application so that a batch knows its keys before it is copied in.

An id tells when it was made: never use one as a secret or a public token.
"""

import os
import time
from collections.abc import Iterator
from struct import unpack
from uuid import UUID

_last_ms = 0
_counter = 0
_random: Iterator[int] = iter(())
"""Random numbers drawn from the kernel some hundreds at a time: a call for each id costs more than the id."""


def _forget_random() -> None:
    """A forked process must not draw the numbers of its parent."""
    global _random
    _random = iter(())


os.register_at_fork(after_in_child=_forget_random)


def _draw() -> int:
    global _random
    for number in _random:
        return number
    _random = iter(unpack("512Q", os.urandom(4096)))
    return next(_random)


def uuid7() -> UUID:
    """Return a new id; ids of one process are strictly increasing, also within a millisecond."""
    global _last_ms, _counter
    now_ms = time.time_ns() // 1_000_000
    if now_ms > _last_ms:
        _last_ms, _counter = now_ms, _draw() & 0x7FF
    else:
        _counter += 1
        if _counter > 0xFFF:
            _last_ms, _counter = _last_ms + 1, 0
    value = (_last_ms & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | _counter << 64
    value |= 0b10 << 62 | _draw() & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)
