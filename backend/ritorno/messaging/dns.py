"""Questions to the DNS about a sender's domain. An answer is what was found, or that it could not be looked up; a
failure is never an exception and condemns nobody.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.rdatatype import RdataType
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration
from dns.reversename import from_address

from ritorno.kit.config import Settings

_PATIENCE = 4.0
"""Seconds one question may take, whatever the servers do."""


class Found(StrEnum):
    YES = "yes"
    NOTHING = "nothing"
    NO_DOMAIN = "no_domain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the DNS said to one question."""

    found: Found
    values: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.found is not Found.UNKNOWN


def make_resolver(settings: Settings) -> Resolver:
    """Return the system's resolver, or the one server of `RITORNO_DNS_SERVER`."""
    server, _, port = settings.dns_server.partition(":")
    try:
        resolver = Resolver(configure=not server)
    except NoResolverConfiguration:
        resolver = Resolver(configure=False)
    if server:
        resolver.nameservers, resolver.port = [server], int(port or 53)
    resolver.timeout, resolver.lifetime = 2.0, _PATIENCE
    return resolver


async def ask(resolver: Resolver, name: str, kind: RdataType) -> Answer:
    """Return what a name has of one kind."""
    try:
        answer = await resolver.resolve(name, kind)
    except NXDOMAIN:
        return Answer(Found.NO_DOMAIN)
    except NoAnswer:
        return Answer(Found.NOTHING)
    except (DNSException, OSError, ValueError):
        return Answer(Found.UNKNOWN)
    return Answer(Found.YES, tuple(_text(rdata, kind) for rdata in answer))


async def ask_all(resolver: Resolver, questions: Iterable[tuple[str, RdataType]]) -> Sequence[Answer]:
    """Return the answers to several questions, asked at once."""
    return await asyncio.gather(*(ask(resolver, name, kind) for name, kind in questions))


async def ask_host(resolver: Resolver, host: str) -> Answer:
    """Return the names its addresses give back, as receivers look them up (FCrDNS)."""
    addresses = await ask(resolver, host, RdataType.A)
    if addresses.found is not Found.YES:
        return addresses
    names = await ask_all(resolver, [(str(from_address(each)), RdataType.PTR) for each in addresses.values])
    if any(not name.is_known for name in names):
        return Answer(Found.UNKNOWN)
    values = tuple(value for name in names for value in name.values)
    return Answer(Found.YES if values else Found.NOTHING, values)


def _text(rdata: object, kind: RdataType) -> str:
    if kind is RdataType.TXT:
        return b"".join(getattr(rdata, "strings")).decode("utf-8", "replace")  # noqa: B009 – typed by its kind only
    if kind is RdataType.MX:
        return str(getattr(rdata, "exchange")).rstrip(".")  # noqa: B009
    return str(rdata).rstrip(".")
