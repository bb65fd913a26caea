"""The whole promise of DESIGN §6 in one small storm; `make bench ONLY=chaos` runs the large one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.messaging.storm import Servers, Sink, servers, storm

CROWD = 1_000
ACTS = 7


@pytest.fixture
def running() -> Iterator[Servers]:
    with servers() as found:
        yield found


@pytest.mark.timeout(240)
async def test_e_15_b_31_in_a_storm_nobody_gets_a_mail_twice_and_everybody_has_an_outcome(
    running: Servers, tmp_path: Path
) -> None:
    seed = int.from_bytes(os.urandom(4))
    print(f"seed {seed}")
    sink = Sink(seed)
    try:
        report = await storm(running, sink, size=CROWD, acts=ACTS, seed=seed, log=tmp_path / "worker.log")
    finally:
        sink.close()
    print(report)

    assert report.planned == CROWD
    assert report.twice == 0
    assert report.sent_but_not_received == 0
    assert report.refused_but_received == 0
    assert report.without_outcome == 0
    assert report.by_status.get("unknown", 0) <= report.most_in_doubt
    assert sum(report.acts.values()) == ACTS
