"""A DNS of our own for tests: names with their records, everything else unknown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from dns.flags import QR, RA
from dns.message import from_wire, make_response
from dns.rcode import NXDOMAIN, SERVFAIL
from dns.rdatatype import RdataType, to_text
from dns.rrset import from_text_list

Zone = dict[tuple[str, str], list[str]]
"""Name and type to values, as a zone file writes them."""


class _Server(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone, broken: set[str]) -> None:
        self.zone, self.broken = zone, broken
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), RdataType(question.rdtype)
        response = make_response(query)
        response.flags |= QR | RA
        values = self.zone.get((name, to_text(kind)), [])
        if name in self.broken:
            response.set_rcode(SERVFAIL)
        elif values:
            response.answer.append(from_text_list(question.name, 60, "IN", kind, values))
        elif not any(known == name or known.endswith(f".{name}") for known, _ in self.zone):
            response.set_rcode(NXDOMAIN)
        assert self.transport is not None
        self.transport.sendto(response.to_wire(), addr)


@asynccontextmanager
async def dns_server(zone: Zone, *, broken: set[str] | None = None) -> AsyncIterator[str]:
    """Answer from this zone, which may be changed meanwhile; yield where, as `RITORNO_DNS_SERVER` names it."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Server(zone, broken or set()), local_addr=("127.0.0.1", 0)
    )
    try:
        host, port = transport.get_extra_info("sockname")
        yield f"{host}:{port}"
    finally:
        transport.close()


def txt(value: str) -> str:
    """Return a text as a zone file writes it: in strings of at most 255 characters."""
    return " ".join(f'"{value[start : start + 255]}"' for start in range(0, len(value), 255))
