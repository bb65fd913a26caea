"""`ritorno up` survives kill -9 of any of its processes (DESIGN §3); told on one shop, start to Ctrl-C."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from ritorno.embedded.folder import DataFolder, free_port

PATIENCE = 60


@dataclass
class Shop:
    """A running `ritorno up` and its folder."""

    folder: Path
    port: int
    process: "subprocess.Popen[str]"

    def pid(self, name: str) -> int:
        pid: int = json.loads((self.folder / "children.json").read_text())[name][0]
        return pid

    def start_again(self) -> None:
        """Take over from the process that ended."""
        if self.process.stdout:
            self.process.stdout.close()
        self.process = start(self.folder, self.port).process

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def restarted(self, name: str, *, killed: int) -> bool:
        return self.pid(name) != killed and psutil.pid_exists(self.pid(name))

    def query(self, statement: str) -> object:
        """Ask the database as the application."""
        services = DataFolder(self.folder).announced()
        assert services is not None

        async def run() -> object:
            connection = await asyncpg.connect(services.app_url)
            try:
                return await connection.fetchval(statement)
            finally:
                await connection.close()

        return asyncio.run(run())


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "ritorno.cli", *words]


def environment(folder: Path, port: int) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("RITORNO_")}
    return bare | {
        "RITORNO_DATA_DIR": str(folder),
        "RITORNO_PORT": str(port),
        "RITORNO_WORKER_LEASE_SECONDS": "1",
        "RITORNO_ADMIN_EMAIL": "owner@shop.example",
        "RITORNO_ADMIN_PASSWORD": "a long enough password",
    }


def start(folder: Path, port: int) -> Shop:
    process = subprocess.Popen(
        command("up"), env=environment(folder, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "ready at" in line:
            return Shop(folder, port, process)
    pytest.fail(f"up ended: {said}")


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it did not come back"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="ritorno-up-", dir=memory if memory.is_dir() else None) as place:
        folder = Path(place) / "shop"
        Path(place).chmod(0o711)
        shop = start(folder, free_port())
        yield shop
        if shop.process.poll() is None:
            shop.process.send_signal(signal.SIGINT)
            shop.process.wait(PATIENCE)
        if shop.process.stdout:
            shop.process.stdout.close()


def test_a_second_up_on_the_same_folder_refuses_with_a_sentence(shop: Shop) -> None:
    second = subprocess.run(
        command("up"), env=environment(shop.folder, free_port()), capture_output=True, text=True, check=False
    )

    assert second.returncode == 1
    assert "already running" in second.stderr
    assert "Traceback" not in second.stderr
    assert shop.is_ready()


def test_another_command_finds_the_running_shop(shop: Shop) -> None:
    made = subprocess.run(
        command("token", "create", "--name", "till", "--scopes", "customers:write"),
        env=environment(shop.folder, shop.port),
        capture_output=True,
        text=True,
        check=True,
    )

    assert made.stdout.startswith("rit_")


@pytest.mark.parametrize("name", ["postgres", "valkey", "worker", "api"])
def test_a_killed_process_is_started_again_and_work_goes_on(shop: Shop, name: str) -> None:
    killed = shop.pid(name)

    os.kill(killed, signal.SIGKILL)

    until(lambda: shop.restarted(name, killed=killed))
    until(shop.is_ready)
    assert shop.query("select count(*) from users") == 1
    event = shop.query(
        "insert into outbox_events (id, name, payload, occurred_at)"
        " values (gen_random_uuid(), 'messages.queued', '{}', now()) returning id"
    )
    until(lambda: shop.query(f"select state from outbox_deliveries where event_id = '{event}'") == "done")


def test_a_killed_up_takes_its_children_along_and_the_next_finds_the_folder_whole(shop: Shop) -> None:
    children = [shop.pid(name) for name in ("postgres", "valkey", "worker", "api")]
    tokens = shop.query("select count(*) from api_tokens")

    shop.process.kill()
    shop.process.wait()

    until(lambda: not any(is_alive(pid) for pid in children))
    shop.start_again()
    assert shop.is_ready()
    assert shop.query("select count(*) from api_tokens") == tokens


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_everything_killed_at_once_is_found_whole(shop: Shop) -> None:
    everything = [shop.process.pid, *(shop.pid(name) for name in ("postgres", "valkey", "worker", "api"))]

    for pid in everything:
        os.kill(pid, signal.SIGKILL)
    shop.process.wait()

    shop.start_again()
    assert shop.is_ready()
    assert shop.query("select count(*) from users") == 1


def test_ctrl_c_stops_everything_in_order(shop: Shop) -> None:
    children = [shop.pid(name) for name in ("postgres", "valkey", "worker", "api")]

    shop.process.send_signal(signal.SIGINT)

    assert shop.process.wait(PATIENCE) == 0
    assert not any(is_alive(pid) for pid in children)
    assert not (shop.folder / "services.json").exists()


def test_up_does_not_listen_to_the_world_without_https(tmp_path: Path) -> None:
    refused = subprocess.run(
        command("up"),
        env=environment(tmp_path / "shop", free_port()) | {"RITORNO_HOST": "0.0.0.0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "https" in refused.stderr
    assert not (tmp_path / "shop").exists()
