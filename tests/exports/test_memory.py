"""A large file costs no more memory than a small one."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ritorno.embedded import Services
from tests.conftest import ROOT
from tests.exports.crowd import fill

SMALL = 5_000
MORE_MB = 15
"""So much more may be needed at the peak for many times the rows; kept in memory they would take several times that."""


async def peak(database: Services, folder: Path, file_format: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.exports.crowd",
        database.app_url,
        str(folder),
        file_format,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


@pytest.mark.parametrize(("file_format", "large_count"), [("csv", 50_000), ("xlsx", 20_000)])
async def test_memory_does_not_grow_with_the_file(
    clean_database: Services, tmp_path: Path, file_format: str, large_count: int
) -> None:
    await fill(clean_database.owner_url, SMALL)
    small = await peak(clean_database, tmp_path, file_format)
    await fill(clean_database.owner_url, large_count)
    large = await peak(clean_database, tmp_path, file_format)

    assert (small["rows"], large["rows"]) == (SMALL, large_count)
    assert large["peak_mb"] - small["peak_mb"] < MORE_MB, (small, large)
