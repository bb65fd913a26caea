"""Files kept by what they contain."""

from pathlib import Path

import pytest

from ritorno.kit import storage
from ritorno.kit.config import Settings


async def test_a_file_is_found_by_its_digest_and_kept_once(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    first = await storage.keep(settings, "evidence", b"a signed form")
    second = await storage.keep(settings, "evidence", b"a signed form")

    assert first == second
    assert await storage.read(settings, "evidence", first) == b"a signed form"
    assert files_below(tmp_path) == [first]


def files_below(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def test_a_file_that_was_changed_on_disk_is_not_what_its_name_says(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    digest = await storage.keep(settings, "evidence", b"a signed form")

    storage.path_of(settings, "evidence", digest).write_bytes(b"another form")

    assert await storage.read(settings, "evidence", digest) is None


async def test_forgetting_twice_changes_nothing(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    digest = await storage.keep(settings, "evidence", b"a signed form")

    await storage.forget(settings, "evidence", digest)
    await storage.forget(settings, "evidence", digest)

    assert await storage.read(settings, "evidence", digest) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_a_name_that_is_no_digest_leads_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        storage.path_of(Settings(data_dir=tmp_path), "evidence", name)
