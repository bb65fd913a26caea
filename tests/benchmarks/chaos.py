"""A large campaign in a storm (DESIGN §6): the figure is how many people got it twice or stayed without an outcome, and
its limit is nobody.
"""

import asyncio
import os
import tempfile
from pathlib import Path

from tests.messaging.storm import Sink, servers, storm

CROWD = 200_000
MAILS_BETWEEN_ACTS = 2_000
"""At the speed of this road, something happens every few seconds."""


def run(scale: float) -> dict[str, object]:
    """Send to everybody of a crowd while workers die, PostgreSQL restarts and crashes, Valkey forgets and the mail
    server refuses, stalls and hangs up.
    """
    size = round(CROWD * scale)
    seed = int.from_bytes(os.urandom(4))
    sink = Sink(seed)
    try:
        with servers() as running, tempfile.TemporaryDirectory() as folder:
            report = asyncio.run(
                storm(
                    running,
                    sink,
                    size=size,
                    acts=max(7, size // MAILS_BETWEEN_ACTS),
                    seed=seed,
                    log=Path(folder) / "worker.log",
                )
            )
    finally:
        sink.close()
    return {
        "name": "chaos",
        "figure": report.twice + report.without_outcome + report.sent_but_not_received + report.refused_but_received,
        "unit": "people wronged",
        "limit": 0,
        "ratio": None,
        "detail": report._asdict() | {"most_in_doubt": report.most_in_doubt},
    }
