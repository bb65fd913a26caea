"""Is the domain of a mail sender in order, as receivers see it (E-07)? Questions to the DNS, and what the answers mean.

What cannot be looked up condemns nobody. A small sender is warned; one that receivers count among the large ones, who
refuse it outright, may not send marketing (docs/decisions/0020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from dns.asyncresolver import Resolver
from dns.rdatatype import RdataType

from ritorno.messaging.dns import Answer, Found, ask_all, ask_host
from ritorno.messaging.models import Sender, SenderKey
from ritorno.messaging.rules import CheckState
from ritorno.messaging.senders import Check, Record
from ritorno.messaging.signing import is_for, record_name, record_value

_RESERVED = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "lan", "home"})
"""Domains nobody owns (RFC 2606, RFC 6762): a trial installation, whose mail goes to a catcher."""


@dataclass(frozen=True, slots=True)
class Road:
    """By which way a sender's mail leaves."""

    envelope: str
    """The domain that gets the bounces, whose SPF counts."""
    host: str
    """Our own mail server; empty where nothing leaves."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the DNS said about one sender."""

    domain: Answer
    spf: Answer
    dmarc: tuple[tuple[str, Answer], ...]
    """Under the domain itself and under those it lies in, nearest first."""
    reply_domain: str
    reply: Answer
    reply_host: Answer
    host: Answer | None
    keys: tuple[tuple[SenderKey, Answer], ...]


async def look_up(resolver: Resolver, sender: Sender, keys: Sequence[SenderKey], road: Road) -> Seen:
    """Ask everything about one sender at once."""
    domain, reply_domain = _domain(sender.address), _domain(sender.reply_to or sender.address)
    policies = [f"_dmarc.{each}" for each in _lies_in(domain)]
    domain_answer, spf, reply, reply_host, *rest = await ask_all(
        resolver,
        [
            (domain, RdataType.TXT),
            (road.envelope, RdataType.TXT),
            (reply_domain, RdataType.MX),
            (reply_domain, RdataType.A),
            *((name, RdataType.TXT) for name in policies),
            *((record_name(key), RdataType.TXT) for key in keys),
        ],
    )
    return Seen(
        domain=domain_answer,
        spf=spf,
        dmarc=tuple(zip(policies, rest, strict=False)),
        reply_domain=reply_domain,
        reply=reply,
        reply_host=reply_host,
        host=await ask_host(resolver, road.host) if road.host else None,
        keys=tuple(zip(keys, rest[len(policies) :], strict=True)),
    )


def judge(sender: Sender, seen: Seen, road: Road) -> list[Check]:
    """Return every condition with its answer, and what to publish where one does not hold."""
    domain = _domain(sender.address)
    is_real = domain.rpartition(".")[2] not in _RESERVED and "." in domain
    grave = CheckState.FAILED if is_real else CheckState.WARNING
    # Only a large sender is refused outright for lacking one of these.
    expected = grave if sender.bulk_since is not None else CheckState.WARNING
    signature = _signature(seen, expected)
    spf = _spf(seen, road, expected)
    return [
        _domain_check(seen, domain, grave),
        spf,
        *signature,
        _policy(seen, domain, expected),
        _alignment(seen, domain, road, spf, expected),
        _reply(seen),
        *_host(seen, road),
    ]


def is_found(key: SenderKey, answer: Answer) -> bool:
    """Tell whether the DNS publishes the public half of this very key."""
    return any(_tags(value).get("p") == key.public_key for value in answer.values)


def _check(
    code: str, ok: bool, detail: str, otherwise: CheckState, answers: Sequence[Answer], publish: Record | None = None
) -> Check:
    """Return one condition; where it does not hold and an answer is missing, nobody knows."""
    if not ok and any(not answer.is_known for answer in answers):
        return Check(code, False, detail, CheckState.UNKNOWN)
    return Check(code, ok, detail, otherwise, None if ok else publish)


def _domain_check(seen: Seen, domain: str, grave: CheckState) -> Check:
    is_there = seen.domain.found in {Found.YES, Found.NOTHING}
    return _check("DOMAIN_EXISTS", is_there, domain, grave, [seen.domain])


def _spf(seen: Seen, road: Road, expected: CheckState) -> Check:
    records = [value for value in seen.spf.values if value.casefold().split(" ")[0] == "v=spf1"]
    example = f"v=spf1 {f'a:{road.host}' if road.host else 'mx'} ~all"
    # Two records are worth none: receivers call that an error for good (RFC 7208 §4.5).
    return _check(
        "SPF_PUBLISHED",
        len(records) == 1,
        " / ".join(records) or road.envelope,
        expected,
        [seen.spf],
        Record(road.envelope, "TXT", example) if not records else None,
    )


def _signature(seen: Seen, expected: CheckState) -> list[Check]:
    if not seen.keys:
        # The mail provider may sign as well as we do; it cannot be seen from here.
        return [Check("DKIM_SIGNED", False, "", CheckState.WARNING)]
    return [
        _check(
            "DKIM_SIGNED" if key.active_since is not None else "DKIM_WAITING",
            is_found(key, answer),
            record_name(key),
            expected if key.active_since is not None else CheckState.WARNING,
            [answer],
            Record(record_name(key), "TXT", record_value(key)),
        )
        for key, answer in seen.keys
    ]


def _policy(seen: Seen, domain: str, expected: CheckState) -> Check:
    found = [
        (name, value)
        for name, answer in seen.dmarc
        for value in answer.values
        if _tags(value).get("v", "").upper() == "DMARC1"
    ]
    name, value = found[0] if found else (f"_dmarc.{domain}", "")
    is_stated = _tags(value).get("p", "").casefold() in {"none", "quarantine", "reject"}
    return _check(
        "DMARC_PUBLISHED",
        is_stated,
        value or name,
        expected,
        [answer for _, answer in seen.dmarc],
        Record(f"_dmarc.{domain}", "TXT", "v=DMARC1; p=none"),
    )


def _alignment(seen: Seen, domain: str, road: Road, spf: Check, expected: CheckState) -> Check:
    """Tell whether the domain people read is one that the key or the envelope vouches for."""
    is_signed = any(
        key.active_since is not None and is_for(key.domain, f"@{domain}") and is_found(key, answer)
        for key, answer in seen.keys
    )
    # Relaxed alignment asks for one organisation; without the list of public suffixes, one lies in the other.
    is_vouched = spf.ok and (domain in _lies_in(road.envelope) or road.envelope in _lies_in(domain))
    answers = [seen.spf, *(answer for _, answer in seen.keys)]
    return _check("FROM_ALIGNED", is_signed or is_vouched, f"{domain} – {road.envelope}", expected, answers)


def _reply(seen: Seen) -> Check:
    # A domain without MX gets its mail at its own address; "." refuses all mail (RFC 7505).
    has_mail = any(value.strip(".") for value in seen.reply.values) or (
        seen.reply.found is Found.NOTHING and seen.reply_host.found is Found.YES
    )
    return _check("REPLY_DELIVERABLE", has_mail, seen.reply_domain, CheckState.WARNING, [seen.reply, seen.reply_host])


def _host(seen: Seen, road: Road) -> list[Check]:
    if seen.host is None:
        return []
    return [_check("HOST_NAMED", seen.host.found is Found.YES, road.host, CheckState.WARNING, [seen.host])]


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2].casefold()


def _lies_in(domain: str) -> list[str]:
    """Return a domain and those above it, down to two labels."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().casefold(): "".join(value.split()) for name, _, value in pairs}
