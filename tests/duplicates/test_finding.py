"""A search that is stopped, by a worker that goes home for instance."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from ritorno.duplicates.service.finding import find_duplicates
from ritorno.kit.ids import uuid7
from tests.conftest import Sessions


async def test_a_search_stopped_while_it_opens_leaves_no_folder_behind(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    searching = asyncio.create_task(find_duplicates(sessions, uuid7()))
    await asyncio.sleep(0)

    searching.cancel()

    with pytest.raises(asyncio.CancelledError):
        await searching
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240  a folder of our own, read once
