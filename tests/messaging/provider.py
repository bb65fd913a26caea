"""A text provider on this machine that answers, refuses, hangs and hangs up as it is told."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from ritorno.kit import clock

ACCOUNT, TOKEN = "AC123", "12345"

Answer = tuple[int, dict[str, Any]] | None
"""Status and body; None hangs up without a word."""


def taken(sid: str = "SM1") -> Answer:
    return 201, {"sid": sid, "status": "queued"}


def refused(status: int, code: int) -> Answer:
    return status, {"code": code, "message": "no", "status": status}


class Provider:
    """What it was asked, what it has taken, and how it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.looks: list[dict[str, str]] = []
        self.listed: list[dict[str, Any]] = []
        self.answers: dict[str, Answer] = {}
        """By number; whoever is not named is taken."""
        self.takes_before_hanging_up = False
        self.never_answers = False
        self.look_status = 200
        self.port = 0
        self._wake = asyncio.Event()

    @property
    def url(self) -> str:
        return f"twilio+http://{ACCOUNT}:{TOKEN}@127.0.0.1:{self.port}"

    def take(self, form: dict[str, str], sid: str) -> None:
        told = {"to": form["To"], "body": form["Body"], "direction": "outbound-api", "status": "queued"}
        self.listed.insert(0, {"sid": sid, "date_created": format_datetime(clock.now()), **told})

    def stop(self) -> None:
        self._wake.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await self._head(reader)) is not None:
                method, path, length, authorization = head
                body = (await reader.readexactly(length)).decode()
                assert authorization == "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
                assert urlsplit(path).path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
                answer = await (self._write(body) if method == "POST" else self._list(path))
                if answer is None:
                    break
                writer.write(_http(*answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _write(self, body: str) -> Answer:
        form = dict(parse_qsl(body))
        self.asked.append(form)
        answer = self.answers.get(form["To"], taken(f"SM{len(self.asked)}"))
        if answer is None or self.never_answers:
            if self.takes_before_hanging_up:
                self.take(form, f"SM{len(self.asked)}")
            if self.never_answers:
                await self._wake.wait()
            return None
        if answer[0] == 201:
            self.take(form, answer[1]["sid"])
        return answer

    async def _list(self, path: str) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.looks.append(asked)
        return self.look_status, {"messages": [each for each in self.listed if each["to"] == asked["To"]]}

    async def _head(self, reader: asyncio.StreamReader) -> tuple[str, str, int, str] | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.splitlines()
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, path, _ = first.split(" ")
        return method, path, int(headers.get("content-length", 0)), headers["authorization"]


def _http(status: int, told: dict[str, Any]) -> bytes:
    body = json.dumps(told).encode()
    return b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )


@asynccontextmanager
async def providing(change: Callable[[Provider], None] | None = None) -> AsyncIterator[Provider]:
    provider = Provider()
    if change is not None:
        change(provider)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    async with server:
        yield provider
        provider.stop()
