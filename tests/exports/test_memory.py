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

SMALL, LARGE = 5_000, 50_000
MORE_MB = 40
"""Ten times the rows may cost this much more at the peak; kept in memory they would cost several times that."""


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


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
async def test_memory_does_not_grow_with_the_file(clean_database: Services, tmp_path: Path, file_format: str) -> None:
    await fill(clean_database.owner_url, SMALL)
    small = await peak(clean_database, tmp_path, file_format)
    await fill(clean_database.owner_url, LARGE)
    large = await peak(clean_database, tmp_path, file_format)

    assert (small["rows"], large["rows"]) == (SMALL, LARGE)
    assert large["peak_mb"] - small["peak_mb"] < MORE_MB, (small, large)
