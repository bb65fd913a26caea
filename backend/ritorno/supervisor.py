"""`ritorno up`: one process tree that starts PostgreSQL, Valkey, the API and a worker, and starts again what dies.

The children die with us, however we die; the next start finds the folder whole.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ritorno import installation
from ritorno.embedded.folder import DataFolder, Services
from ritorno.embedded.processes import EmbeddedError, spawn, stop, tail
from ritorno.installation import Refused
from ritorno.kit.config import Settings

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Child:
    """A process to keep alive: how it is started, and since when it runs."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0
    failures: int = 0
    retry_at: float = field(default=0)


def up(settings: Settings, *, say: Callable[[str], None], watch: Path | None = None) -> None:
    """Run until Ctrl-C or SIGTERM; `watch` is a folder whose changes start API and worker again."""
    _refuse_open_doors(settings)
    folder = DataFolder(settings.data_dir)
    with folder.locked():
        folder.stop_orphans()
        Supervisor(settings, folder, say, watch).run()


def _refuse_open_doors(settings: Settings) -> None:
    """Beyond this machine only behind a proxy that speaks https (DESIGN §3)."""
    if settings.host in LOCAL_HOSTS or (settings.is_https and settings.trusted_proxy):
        return
    raise Refused(
        f"Ritorno will not listen on {settings.host} without https. Put a proxy in front of it, then set "
        "RITORNO_PUBLIC_URL to its https address and RITORNO_TRUSTED_PROXY to the proxy's own (docs/install.md)."
    )


class Supervisor:
    """Keeps the children of one locked folder alive."""

    def __init__(
        self, settings: Settings, folder: DataFolder, say: Callable[[str], None], watch: Path | None = None
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._say = say
        self._watch = watch
        self._seen = _newest_change(watch)
        self._look_again_at: float = 0
        self._stopping = False
        self._children: list[Child] = []

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "_stopping", True))
        try:
            self._start_all()
            while not self._stopping:
                self._revive()
                self._reload_if_changed()
                time.sleep(0.1)
        finally:
            self._stop_all()

    def _start_all(self) -> None:
        settings = self._start_services()
        installation.refuse_weak_secret(settings)
        installation.migrate(settings)
        made = installation.first_start(settings)
        _wait_for_port(settings)
        self._add("api", lambda: self._spawn_ourselves("serve", settings))
        self._add("worker", lambda: self._spawn_ourselves("work", settings))
        self._wait_for_api(settings)
        if not self._stopping:
            self._greet(settings, made)

    def _start_services(self) -> Settings:
        """Start what was not given from outside, and leave the addresses for the other commands of this folder."""
        given = self._settings
        owner_url, app_url, redis_url = given.migration_url, given.database_url, given.redis_url
        if not app_url:
            postgres = installation.embedded_postgres(self._folder)
            owner_url, app_url = postgres.owner_url(), postgres.app_url()
            self._add("postgres", lambda: self._postgres_on(postgres.port), postgres.process)
        if not redis_url:
            valkey = installation.embedded_valkey(self._folder)
            redis_url = valkey.url
            self._add("valkey", lambda: self._valkey_on(valkey.port), valkey.process)
        services = Services(owner_url, app_url, redis_url)
        self._folder.announce(services)
        return installation.completed(given, self._folder, services)

    def _postgres_on(self, port: int) -> "subprocess.Popen[bytes]":
        return installation.embedded_postgres(self._folder, port=port).process

    def _valkey_on(self, port: int) -> "subprocess.Popen[bytes]":
        return installation.embedded_valkey(self._folder, port=port).process

    def _add(
        self,
        name: str,
        start: Callable[[], "subprocess.Popen[bytes]"],
        process: "subprocess.Popen[bytes] | None" = None,
    ) -> None:
        running = process or start()
        self._children.append(Child(name, start, running, time.monotonic()))
        self._folder.remember_child(name, running)

    def _spawn_ourselves(self, command: str, settings: Settings) -> "subprocess.Popen[bytes]":
        environment = os.environ | {
            "RITORNO_DATABASE_URL": settings.database_url,
            "RITORNO_MIGRATION_URL": settings.migration_url,
            "RITORNO_REDIS_URL": settings.redis_url,
            "RITORNO_SECRET_KEY": settings.secret_key.get_secret_value(),
            "RITORNO_DATA_DIR": str(settings.data_dir.resolve()),
        }
        log = self._folder.log("api" if command == "serve" else "worker")
        return spawn([sys.executable, "-m", "ritorno.cli", command], log=log, env=environment)

    def _revive(self) -> None:
        """Start again what died, at once the first time and then ever more slowly."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is None:
                continue
            if child.process is not None:
                child.failures = 0 if now - child.started_at > 30 else child.failures + 1
                child.retry_at = now + min(0.2 * 2**child.failures, 10) - 0.2
                self._say(f"{child.name} stopped (code {child.process.returncode}); starting it again.")
                child.process = None
            if now >= child.retry_at:
                self._restart(child)

    def _reload_if_changed(self) -> None:
        now = time.monotonic()
        if self._watch is None or now < self._look_again_at:
            return
        self._look_again_at = now + 1
        newest = _newest_change(self._watch)
        if newest == self._seen:
            return
        self._seen = newest
        for child in self._children:
            if child.name in {"api", "worker"} and child.process is not None:
                stop(child.process)
                child.started_at = 0

    def _restart(self, child: Child) -> None:
        child.started_at = time.monotonic()
        try:
            child.process = child.start()
        except EmbeddedError as error:
            child.failures += 1
            child.retry_at = time.monotonic() + min(0.2 * 2**child.failures, 10)
            self._say(str(error))
        else:
            self._folder.remember_child(child.name, child.process)

    def _wait_for_api(self, settings: Settings) -> None:
        deadline = time.monotonic() + 60
        api = next(child for child in self._children if child.name == "api")
        while not self._stopping and not _answers(settings):
            if (api.process and api.process.poll() is not None) or time.monotonic() > deadline:
                raise Refused(f"The API did not start: {tail(self._folder.log('api'))}")
            time.sleep(0.05)

    def _greet(self, settings: Settings, made: tuple[str, str] | None) -> None:
        self._say(f"Ritorno is ready at {settings.public_url}")
        if settings.demo:
            password = settings.admin_password.get_secret_value()
            self._say(f"Sign in as {settings.admin_email} with the password {password}")
        elif made:
            self._say(f"Sign in as {made[0]} with the password {made[1]} (shown only this once; change it in Settings)")
        self._say("Stop it with Ctrl-C.")

    def _stop_all(self) -> None:
        """Stop the children in the opposite order, so that nobody loses a service it still uses."""
        for child in reversed(self._children):
            if child.process is not None:
                stop(child.process, patience=60 if child.name == "postgres" else 15)
        self._folder.withdraw_announcement()


def _newest_change(folder: Path | None) -> float:
    """Return when a Python file below a folder was last changed."""
    return max((file.stat().st_mtime for file in folder.rglob("*.py")), default=0) if folder else 0


def _wait_for_port(settings: Settings, *, seconds: float = 5) -> None:
    """Wait for a port that a stopping server is about to leave, and say so when it is somebody else's."""
    deadline = time.monotonic() + seconds
    while _is_taken(settings):
        if time.monotonic() > deadline:
            raise Refused(f"Port {settings.port} is in use by another program; choose one with RITORNO_PORT.")
        time.sleep(0.1)


def _is_taken(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return True
        return False


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 – a comparison, nothing is bound
    try:
        with socket.create_connection((host, settings.port), timeout=1):
            return True
    except OSError:
        return False


def built_frontend() -> Path | None:
    """Return the built SPA, or None before the first build."""
    folder = installation.frontend()
    return folder if (folder / "index.html").is_file() else None
