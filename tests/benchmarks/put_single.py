"""One receipt at a time over HTTP, beside bare asyncpg inserts behind the same server (DESIGN §11)."""

import asyncio
import json
import multiprocessing
import random
import socket
import time
from statistics import median
from typing import Annotated

import asyncpg
import httpx
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request

from ritorno.app import create_app
from ritorno.embedded import Services
from ritorno.identity.auth import require
from ritorno.identity.models import ApiToken
from ritorno.kit import crypto
from ritorno.kit.actor import Actor
from ritorno.kit.db import make_engine, make_sessions, unit_of_work
from ritorno.kit.ids import uuid7
from ritorno.transactions.parsing import read_body
from tests.benchmarks.ingest_batch import HOUSE
from tests.benchmarks.shop import Shop, in_memory, open_shop
from tests.conftest import settings_for

RUNS = 7
CLIENTS = 8
TILL = Annotated[Actor, Depends(require("transactions:write"))]

_INSERT = """
    insert into transactions (id, customer_id, source, external_id, kind, occurred_at, business_day, channel, currency,
                              total_minor, content_hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_INSERT_LINES = """
    insert into transaction_lines (transaction_id, line_no, customer_id, product_id, category_id, brand_id, occurred_at,
                                   quantity_milli, discount_minor, total_minor)
    select $1, l.place, $2, p.id, p.category_id, p.brand_id, $3, l.quantity, l.discount, l.total
    from unnest($4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
        with ordinality as l (sku, quantity, discount, total, place)
    join products p on p.sku = l.sku
"""


def run(scale: float) -> dict[str, object]:
    """Put receipts of three lines from eight connections to one server process; the median of seven rounds of each."""
    with in_memory() as services:
        shop, token = asyncio.run(_prepare(services, max(2_000, round(200_000 * scale))))
        port = _free_port()
        server = multiprocessing.get_context("spawn").Process(target=_serve, args=(services, port), daemon=True)
        server.start()
        try:
            ours, bare = asyncio.run(_measure(shop, token, port, max(200, round(8_000 * scale))))
        finally:
            server.terminate()
            server.join()
    return {
        "name": "put-single",
        "figure": round(ours),
        "unit": "requests/s, one server process",
        "limit": round(bare),
        "ratio": round(ours / bare, 3),
        "detail": {
            "ours": "customer by card, email, key or id; profiles by customer and category; event; repeatable",
            "limit": "same server, sign-in and reading of the body; two inserts in one unit of work, nothing else",
            "connections": CLIENTS,
        },
    }


async def _prepare(services: Services, people: int) -> tuple[Shop, str]:
    engine = make_engine(services.app_url)
    sessions = make_sessions(engine)
    token = crypto.random_token("rit_")
    try:
        shop = await open_shop(sessions, people=people, past=people * 2)
        async with unit_of_work(sessions) as session:
            session.add(
                ApiToken(
                    name="bench",
                    prefix=token[:10],
                    token_hash=crypto.token_hash(token),
                    scopes=["transactions:write"],
                    created_by="bench",
                )
            )
    finally:
        await engine.dispose()
    return shop, token


def _serve(services: Services, port: int) -> None:
    app = create_app(settings_for(services))
    _add_bare_route(app, services.app_url)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def _add_bare_route(app: FastAPI, url: str) -> None:
    pools: list[asyncpg.Pool] = []

    async def put_bare(external_id: str, request: Request, actor: TILL) -> dict[str, str]:
        if not pools:
            pools.append(await asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS))
        body = await request.json()
        one = read_body(body, "bare", external_id, HOUSE)
        person, transaction_id = body["customer"]["customer_id"], uuid7()
        async with pools[0].acquire() as connection, connection.transaction():
            await connection.execute(
                _INSERT,
                transaction_id,
                person,
                one.source,
                one.external_id,
                one.kind.value,
                one.occurred_at,
                one.business_day,
                one.channel,
                one.currency,
                one.total_minor,
                one.content_hash,
            )
            await connection.execute(
                _INSERT_LINES,
                transaction_id,
                person,
                one.occurred_at,
                [line.sku for line in one.lines],
                [line.quantity_milli for line in one.lines],
                [line.discount_minor for line in one.lines],
                [line.total_minor for line in one.lines],
            )
        return {"status": "created", "id": str(transaction_id)}

    router = APIRouter()
    router.add_api_route("/v1/bare/{external_id}", put_bare, methods=["PUT"])
    app.router.routes[:0] = router.routes


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _measure(shop: Shop, token: str, port: int, requests: int) -> tuple[float, float]:
    await _ready(port)
    ours, bare = [], []
    for turn in range(RUNS + 1):
        ours.append(await _rate(_requests(shop, token, turn, requests, bare=False), port))
        bare.append(await _rate(_requests(shop, token, turn, requests, bare=True), port))
    # The first turn warms caches and prepares statements.
    return median(ours[1:]), median(bare[1:])


async def _ready(port: int) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                if (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise TimeoutError("the server of the benchmark did not start")


def _requests(shop: Shop, token: str, turn: int, number: int, *, bare: bool) -> list[bytes]:
    chance = random.Random(turn)
    return [_request(shop, token, chance, f"{turn}-{each}", turn, bare=bare) for each in range(number)]


def _request(shop: Shop, token: str, chance: random.Random, key: str, day: int, *, bare: bool) -> bytes:
    body = shop.receipt(chance, key, day)
    del body["source"], body["external_id"]
    if bare:
        body["customer"] = {"customer_id": str(shop.ids[chance.randrange(len(shop.ids))])}
    content = json.dumps(body).encode()
    path = f"/v1/bare/{key}" if bare else f"/v1/transactions/till/{key}"
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def _rate(requests: list[bytes], port: int) -> float:
    """Send the requests over a few kept connections, each waiting for its answer; return how many a second."""
    began = time.perf_counter()
    await asyncio.gather(*(_send(requests[first::CLIENTS], port) for first in range(CLIENTS)))
    return len(requests) / (time.perf_counter() - began)


async def _send(requests: list[bytes], port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        answer = await reader.readexactly(length)
        assert b'"created"' in answer, answer
    writer.close()
    await writer.wait_closed()
