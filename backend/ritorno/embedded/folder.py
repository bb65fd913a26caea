"""The data folder of one installation: its lock, its secrets, and where its services listen now."""

import fcntl
import json
import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import psutil

from ritorno.embedded.processes import EmbeddedError, stop_orphan

KEEP_LOG_BYTES = 20_000_000
"""A log larger than this is set aside at the next start; the one set aside before it goes."""


class Services(NamedTuple):
    """Where the embedded services listen, with the passwords inside the URLs."""

    owner_url: str
    app_url: str
    redis_url: str


class FolderInUse(EmbeddedError):
    """Another `ritorno up` holds this folder."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made once, when the folder is made; readable by its owner alone."""

    superuser: str
    owner: str
    app: str
    valkey: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths inside one data folder."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def create(self) -> None:
        """Make the folder; as root it may be passed through, because the services run as somebody else."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (self.path / "logs").mkdir(mode=0o700, exist_ok=True)
        for log in (self.path / "logs").glob("*.log"):
            if log.stat().st_size > KEEP_LOG_BYTES:
                log.replace(log.with_suffix(".old"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder; the kernel lets go when the process ends, however it ends."""
        self.create()
        with (self.path / "up.lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                holder = handle.read().strip()
                raise FolderInUse(
                    f"Ritorno is already running on {self.path} (process {holder or 'unknown'}). "
                    "Stop it first, or choose another folder with RITORNO_DATA_DIR."
                ) from None
            handle.truncate(0)
            handle.write(str(os.getpid()))
            handle.flush()
            yield

    def is_held(self) -> bool:
        """Tell whether somebody holds the lock at this moment."""
        try:
            with self.locked():
                return False
        except FolderInUse:
            return True

    def remember_child(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        """Note a process of ours, so that the next start can end it if we are killed and it is not."""
        file = self.path / "children.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        with suppress(psutil.NoSuchProcess):
            known[name] = [process.pid, psutil.Process(process.pid).create_time()]
        file.write_text(json.dumps(known))

    def stop_orphans(self) -> None:
        """End what an earlier, killed run left behind, in the order in which they need each other."""
        file = self.path / "children.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        for pid, started_at in reversed(known.values()):
            stop_orphan(pid, started_at, patience=30)
        file.unlink(missing_ok=True)

    def secrets(self) -> Secrets:
        """Read the secrets, or make them."""
        file = self.path / "secrets.json"
        if not file.exists():
            made = Secrets(*(secrets.token_urlsafe(32) for _ in range(5)))
            _write_private(file, asdict(made))
        found: dict[str, str] = json.loads(file.read_text())
        return Secrets(**found)

    def replace_secret_key(self, secret_key: str) -> None:
        """Take over the key of another installation, so that links it sent go on working."""
        _write_private(self.path / "secrets.json", asdict(self.secrets()) | {"secret_key": secret_key})

    def announce(self, services: Services) -> None:
        """Leave the addresses for the other commands of this installation."""
        _write_private(self.path / "services.json", services._asdict())

    def withdraw_announcement(self) -> None:
        (self.path / "services.json").unlink(missing_ok=True)

    def announced(self) -> Services | None:
        """Return the addresses that the running `up` announced."""
        file = self.path / "services.json"
        return Services(**json.loads(file.read_text())) if file.exists() else None

    def port(self, name: str) -> int:
        """Return the port this service had last time if it is still free, else another free one."""
        file = self.path / "ports.json"
        known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        if not (name in known and _is_free(known[name])):
            known[name] = free_port()
            file.write_text(json.dumps(known))
        return known[name]


def _write_private(file: Path, content: dict[str, str]) -> None:
    """Write the whole file or none of it, readable by the owner alone."""
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump(content, handle)
        handle.flush()
        os.fsync(handle.fileno())
    partial.replace(file)


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
