"""Files kept by what they contain: the name of a file is the SHA-256 of its bytes, so it can neither change nor be kept
twice.

Everything lies under `<data_dir>/files/<kind>/`, in folders of two letters; nothing in a name tells whose it is.
"""

import asyncio
import hashlib
import os
import secrets
import time
from datetime import timedelta
from pathlib import Path

from ritorno.kit.config import Settings


async def keep(settings: Settings, kind: str, content: bytes) -> str:
    """Keep these bytes, on disk before this returns, and return their SHA-256 in hexadecimal."""
    digest = hashlib.sha256(content).hexdigest()
    await asyncio.to_thread(_write, path_of(settings, kind, digest), content)
    return digest


async def read(settings: Settings, kind: str, sha256: str) -> bytes | None:
    """Return what is kept under a digest; None when it is gone, or is no longer what its name says."""
    return await asyncio.to_thread(_read, path_of(settings, kind, sha256), sha256)


async def forget(settings: Settings, kind: str, sha256: str) -> None:
    """Remove a file; removing it again changes nothing."""
    await asyncio.to_thread(path_of(settings, kind, sha256).unlink, missing_ok=True)


async def older_than(settings: Settings, kind: str, age: timedelta) -> list[str]:
    """Return the digests of what was kept longer ago than this."""
    return await asyncio.to_thread(_older_than, settings.data_dir / "files" / kind, time.time() - age.total_seconds())


def path_of(settings: Settings, kind: str, sha256: str) -> Path:
    """Return where a file of a kind lies; a digest that is not one is refused, so no name leads elsewhere."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256 in hexadecimal")
    return settings.data_dir / "files" / kind / sha256[:2] / sha256


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}")
    with part.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def _older_than(folder: Path, moment: float) -> list[str]:
    return [path.name for path in folder.glob("??/*") if len(path.name) == 64 and path.stat().st_mtime < moment]


def _read(path: Path, sha256: str) -> bytes | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
