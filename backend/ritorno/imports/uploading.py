"""A file on its way in: streamed to disk under a name of ours, measured and digested while it comes (S-19)."""

import asyncio
import fcntl
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ritorno.imports.errors import FileUnreadable
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import TooLarge
from ritorno.kit.schemas import clean_text

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is whole on our disk."""

    id: UUID
    path: Path
    name: str
    size: int
    sha256: str


def folder_of(settings: Settings) -> Path:
    return settings.data_dir / "imports"


def upload_path(settings: Settings, import_id: UUID) -> Path:
    """Return where the file is kept as it came."""
    return folder_of(settings) / f"{import_id}.upload"


def canonical_path(settings: Settings, import_id: UUID) -> Path:
    """Return where its rows are kept in the one form that everything after reads."""
    return folder_of(settings) / f"{import_id}.csv"


@contextmanager
def alone(settings: Settings, import_id: UUID) -> Iterator[None]:
    """Wait until no other worker makes files of this import."""
    with (folder_of(settings) / f"{import_id}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def forget_rows(settings: Settings, import_id: UUID) -> None:
    """Remove what was made of the file, which is made again when it is needed."""
    for path in folder_of(settings).glob(f"{import_id}.*"):
        if path.suffix != ".upload" and path.is_file():
            path.unlink(missing_ok=True)


PUT_AWAY = "done"
"""Where the watched folder keeps what was taken over from it."""


def drop_folder(settings: Settings) -> Path:
    """Return the watched folder, where tills drop files for the night."""
    return settings.watch_dir or settings.data_dir / "drop"


def forget_files(settings: Settings, import_id: UUID) -> None:
    """Remove all that was kept of it; what is gone already is gone."""
    for path in folder_of(settings).glob(f"{import_id}.*"):
        if path.is_file():
            path.unlink(missing_ok=True)


async def receive(stream: AsyncIterator[bytes], name: str, settings: Settings) -> Received:
    """Write a stream to disk. One that is larger than allowed, or empty, leaves nothing behind."""
    import_id = uuid7()
    path = upload_path(settings, import_id)
    await asyncio.to_thread(path.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as file:
            async for chunk in stream:
                size += len(chunk)
                if size > settings.max_upload_bytes:
                    raise TooLarge(
                        f"The limit here is {settings.max_upload_bytes} bytes.", limit=settings.max_upload_bytes
                    )
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
        if size == 0:
            raise FileUnreadable("The file is empty.", reason="empty")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(import_id, path, file_name(name), size, digest.hexdigest())


async def adopt(source: Path, settings: Settings, *, name: str | None = None) -> Received:
    """Take a file of this machine, for the command line and the watched folder; it has no limit of size (DESIGN §5)."""
    import_id = uuid7()
    path = upload_path(settings, import_id)

    def copy() -> tuple[int, str]:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as given, path.open("wb") as kept:
            while chunk := given.read(CHUNK):
                size += len(chunk)
                digest.update(chunk)
                kept.write(chunk)
        return size, digest.hexdigest()

    size, sha256 = await asyncio.to_thread(copy)
    return Received(import_id, path, file_name(name or source.name), size, sha256)


def file_name(name: str) -> str:
    """Return the last part of a name, without what a name should not hold."""
    return clean_text(name.replace("\\", "/").rsplit("/", 1)[-1])[:200] or "file"
