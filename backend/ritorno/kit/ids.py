"""UUIDv7 (RFC 9562 §5.7), made by the application so that a batch knows its keys before it is copied in.

An id tells when it was made: never use one as a secret or a public token.
"""

import os
import time
from uuid import UUID

_last_ms = 0
_counter = 0


def uuid7() -> UUID:
    """Return a new id; ids of one process are strictly increasing, also within a millisecond."""
    global _last_ms, _counter
    now_ms = time.time_ns() // 1_000_000
    if now_ms > _last_ms:
        _last_ms, _counter = now_ms, int.from_bytes(os.urandom(2)) & 0x7FF
    else:
        _counter += 1
        if _counter > 0xFFF:
            _last_ms, _counter = _last_ms + 1, 0
    value = (_last_ms & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | _counter << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)
