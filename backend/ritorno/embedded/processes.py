"""Start a child that dies with its parent, as root too: PostgreSQL refuses root, so it runs as `nobody`."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x1000_0000


class EmbeddedError(Exception):
    """An embedded service cannot run; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who an embedded service runs as when we are root.

    Where `nobody` may not pass (a home folder of mode 700), the child enters a user namespace: it sees itself as
    `nobody` while the file system still sees the real user.
    """

    uid: int
    gid: int
    in_namespace: bool

    @property
    def file_owner(self) -> tuple[int, int]:
        return (os.geteuid(), os.getegid()) if self.in_namespace else (self.uid, self.gid)


def account_for(*paths: Path) -> Account | None:
    """Return the account that can reach these paths, or None when we are not root and may stay who we are."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    within_reach = all(_may_pass(parent) for path in paths for parent in path.resolve().parents)
    return Account(nobody.pw_uid, nobody.pw_gid, in_namespace=not within_reach)


def wheel_folder(package: str) -> Path:
    """Return where a wheel lies without importing it: the wheels' own modules do work at import."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"The package {package} is not installed; install it, or set RITORNO_DATABASE_URL and RITORNO_REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def _may_pass(folder: Path) -> bool:
    return not folder.exists() or bool(folder.stat().st_mode & 0o001)


def hand_over(folder: Path, account: Account | None) -> None:
    """Give a folder and all it holds to the account that will use it."""
    if account is None:
        return
    uid, gid = account.file_owner
    if folder.stat().st_uid == uid:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(parent, name), uid, gid, follow_symlinks=False)
    os.chown(folder, uid, gid)


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    account: Account | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a child in its own session, so that Ctrl-C reaches only us and we stop the children in order.

    On Linux the kernel sends it SIGINT when we die, however we die. Call this from a thread that lives as long as the
    child should.
    """
    drop = account is not None and not account.in_namespace
    output = log.open("ab") if log else None
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            user=account.uid if drop and account else None,
            group=account.gid if drop and account else None,
            extra_groups=[] if drop else None,
            preexec_fn=_before_exec(account),
        )
    finally:
        if output:
            output.close()
    if stdin is not None and process.stdin:
        process.stdin.write(stdin)
        process.stdin.close()
    return process


def _before_exec(account: Account | None) -> Callable[[], None] | None:
    """What the child does between setuid and exec; a change of user clears the death signal, so it comes last."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()
    real_uid, real_gid = os.geteuid(), os.getegid()

    def prepare() -> None:
        if account is not None and account.in_namespace:
            if libc.unshare(_CLONE_NEWUSER) != 0:
                raise OSError(ctypes.get_errno(), "user namespaces are not allowed here")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{account.uid} {real_uid} 1")
            Path("/proc/self/gid_map").write_text(f"{account.gid} {real_gid} 1")
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def stop(process: "subprocess.Popen[bytes]", *, first: signal.Signals = signal.SIGINT, patience: float = 15) -> None:
    """Ask a child to end, and end it when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(first)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_orphan(pid: int, started_at: float, *, patience: float = 10) -> None:
    """End a process left by an earlier run. The start time tells it from a stranger that was given the same number."""
    try:
        orphan = psutil.Process(pid)
        if abs(orphan.create_time() - started_at) > 3 or orphan.status() == psutil.STATUS_ZOMBIE:
            return
        orphan.send_signal(signal.SIGINT)
        orphan.wait(patience)
    except psutil.TimeoutExpired:
        orphan.kill()
    except psutil.NoSuchProcess:
        return


def wait_until(
    is_ready: Callable[[], bool], process: "subprocess.Popen[bytes]", *, what: str, log: Path, seconds: float = 60
) -> None:
    """Wait for a child to be ready; when it ends instead, say what it last wrote."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if process.poll() is not None:
            raise EmbeddedError(f"{what} ended while starting (code {process.returncode}): {tail(log)}")
        if time.monotonic() > deadline:
            stop(process)
            raise EmbeddedError(f"{what} was not ready after {seconds:.0f} s: {tail(log)}")
        time.sleep(0.01)


def tail(log: Path, lines: int = 5) -> str:
    """Return the end of a log as one line."""
    if not log.exists():
        return "no log"
    return " · ".join(log.read_text(errors="replace").splitlines()[-lines:])
