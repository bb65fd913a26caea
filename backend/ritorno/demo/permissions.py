"""A documented mix of what the invented people agreed to: every answer of the gate has somebody who gets it.

Shares of all people, drawn with a seed: 34 % signed for everything on paper · 18 % agreed to offers by email and to
the use of purchases · 8 % to offers only · 14 % never signed but were informed at the sale (soft opt-in) · 2 % were
informed by a text without an opt-out · 9 % were never asked · 4 % said no · 5 % withdrew · 2 % objected to all · 2 %
wait for a confirmation from the web · 2 % have no proof. On top: 2 % of addresses bounced, 1 in 200 complained, a few
cards are restricted or of deceased people, and some minors are among them.
"""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries as consents
from ritorno.consents import service as changes
from ritorno.consents.models import NoticeVersion
from ritorno.consents.rules import Action, AssessmentKind, Channel, Method, Purpose
from ritorno.consents.service import AddressAtSale, Incoming, NoticeText
from ritorno.customers import service as customers
from ritorno.demo.identities import SEED, Identity
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver

ACTOR = Actor.system("demo")

STORIES = {
    "everything": 34,
    "email and purchases": 18,
    "email only": 8,
    "soft opt-in": 14,
    "text without opt-out": 2,
    "never asked": 9,
    "said no": 4,
    "withdrew": 5,
    "objected": 2,
    "waiting for the web": 2,
    "no proof": 2,
}


async def record(session: AsyncSession, people: list[Identity], ids: dict[str, UUID], *, now: datetime) -> None:
    """Write the ledger, the soft opt-ins, the levels of the addresses and the marks on cards."""
    draw = random.Random(SEED)
    texts = {
        each.notice.code: next(version for version in each.versions if version.language == "it")
        for each in await consents.list_notices(session)
    }
    old = await _text_without_opt_out(session, now)
    await changes.sign_assessment(
        session,
        AssessmentKind.LIA_POST,
        signed_on=(now - timedelta(days=200)).date(),
        approver="Giulia Riva",
        document_sha256=None,
        actor=ACTOR,
    )
    drawn = draw.choices(list(STORIES), weights=list(STORIES.values()), k=len(people))
    said: list[Incoming] = []
    objecting: list[UUID] = []
    informed: list[tuple[UUID, NoticeVersion, datetime]] = []
    for person, story in zip(people, drawn, strict=True):
        at = now - timedelta(days=draw.randint(60, 700), minutes=draw.randint(0, 600))
        customer_id = ids[person.household]
        said += _answers(customer_id, story, at, texts, draw)
        if story == "objected":
            objecting.append(customer_id)
        elif story in {"soft opt-in", "everything"}:
            informed.append((customer_id, texts["at-sale"], at))
        elif story == "text without opt-out":
            informed.append((customer_id, old, at))
    outcomes = await changes.record_many(session, said, actor=ACTOR)
    refused = [outcome.problem for outcome in outcomes if outcome.problem and outcome.problem.code != "minor"]
    assert not refused, refused[0]
    await _record_sales(session, informed)
    for customer_id in objecting:
        await changes.object_(
            session,
            customer_id=customer_id,
            scope="all",
            received_on=(now - timedelta(days=draw.randint(2, 90))).date(),
            method=Method.LETTER,
            evidence=[{"type": "scan", "uri": f"letters/{customer_id}.pdf", "sha256": "0b" * 32}],
            actor=ACTOR,
        )
    await _mark_addresses(session, draw, list(ids.values()), now)
    for customer_id in draw.sample(sorted(ids.values()), 5)[:3]:
        await customers.restrict(session, customer_id, actor=ACTOR)


def _answers(
    customer_id: UUID, story: str, at: datetime, texts: dict[str, NoticeVersion], draw: random.Random
) -> Iterable[Incoming]:
    def say(
        purpose: Purpose,
        channel: Channel | None,
        action: Action,
        method: Method = Method.POS_PAPER,
        *,
        proof: bool = True,
    ) -> Incoming:
        evidence: tuple[dict[str, Any], ...] = ()
        if proof:
            evidence = ({"type": "scan", "uri": f"forms/{customer_id}.pdf", "sha256": "0a" * 32},)
        text = texts["purchases" if purpose is Purpose.PROFILING else "offers"]
        return Incoming(
            customer_id=customer_id,
            purpose=purpose,
            channel=channel,
            action=action,
            occurred_at=at,
            method=method,
            notice_version_id=text.id if proof else None,
            evidence=evidence,
            source="demo",
        )

    offers = Purpose.MKT_OWN
    if story == "everything":
        channels = [Channel.EMAIL, Channel.SMS, Channel.POST]
        if draw.random() < 0.3:
            channels.append(Channel.PHONE_OPERATOR)
        yield from (say(offers, channel, Action.GRANT) for channel in channels)
        yield say(Purpose.PROFILING, None, Action.GRANT)
    elif story == "email and purchases":
        yield say(offers, Channel.EMAIL, Action.GRANT, Method.POS_TABLET)
        yield say(Purpose.PROFILING, None, Action.GRANT, Method.POS_TABLET)
    elif story == "email only":
        yield say(offers, Channel.EMAIL, Action.GRANT)
        if draw.random() < 0.5:
            yield say(Purpose.PROFILING, None, Action.DENY)
    elif story == "said no":
        yield say(offers, Channel.EMAIL, Action.DENY)
        yield say(offers, Channel.SMS, Action.DENY)
    elif story == "withdrew":
        yield say(offers, Channel.EMAIL, Action.GRANT)
        yield say(Purpose.PROFILING, None, Action.GRANT)
        later = say(offers, Channel.EMAIL, Action.WITHDRAW, Method.EMAIL_LINK, proof=False)
        yield replace(later, occurred_at=at + timedelta(days=draw.randint(1, 50)))
    elif story == "waiting for the web":
        yield say(offers, Channel.EMAIL, Action.GRANT, Method.WEB)
    elif story == "no proof":
        yield say(offers, Channel.EMAIL, Action.GRANT, Method.IMPORT, proof=False)


async def _text_without_opt_out(session: AsyncSession, now: datetime) -> NoticeVersion:
    """Publish the text of another time: it informed, and offered no way to refuse (D-E6)."""
    created = await changes.create_notice(
        session,
        code="at-sale-2019",
        name="Informativa alla vendita, 2019",
        purpose=Purpose.SERVICE,
        text=NoticeText(
            "it",
            "I dati sono usati per gestire l'ordine e la garanzia.",
            offers_opt_out=False,
            effective_from=now - timedelta(days=2500),
        ),
        actor=ACTOR,
    )
    return created.versions[0]


async def _record_sales(session: AsyncSession, informed: list[tuple[UUID, NoticeVersion, datetime]]) -> None:
    """Tie each informed person's address to their first receipt, as a till would have done at the sale (C-06)."""
    connection = await driver(session)
    rows = await connection.fetch(
        """select w.id, p.id as point_id, t.source, t.external_id
           from unnest($1::uuid[]) as w (id)
           join contact_points p on p.customer_id = w.id and p.kind = 'EMAIL' and p.valid_to is null
           cross join lateral (select source, external_id from transactions where customer_id = w.id
                               order by occurred_at, id limit 1) t""",
        [customer_id for customer_id, _, _ in informed],
    )
    found = {row["id"]: row for row in rows}
    await changes.record_soft_optins(
        session,
        [
            AddressAtSale(
                customer_id,
                found[customer_id]["point_id"],
                found[customer_id]["source"],
                found[customer_id]["external_id"],
                version,
                at if version.offers_opt_out else None,
            )
            for customer_id, version, at in informed
            if customer_id in found
        ],
    )


async def _mark_addresses(session: AsyncSession, draw: random.Random, ids: list[UUID], now: datetime) -> None:
    """Say of most addresses that a message arrived, of a few that it bounced or was reported (C-13, G6, G7)."""
    ordered = sorted(ids)
    bounced = draw.sample(ordered, len(ordered) // 50)
    reported = draw.sample(ordered, len(ordered) // 200)
    unverified = draw.sample(ordered, len(ordered) // 25)
    connection = await driver(session)
    await connection.execute(
        """update contact_points set level = 'DELIVERED_OK', level_evidence = '{"note": "demo"}'
           where customer_id = any($1::uuid[]) and not customer_id = any($2::uuid[])""",
        ordered,
        unverified,
    )
    for column, people in (("hard_bounced_at", bounced), ("complained_at", reported)):
        await connection.execute(
            f"update contact_points set {column} = $2 where kind = 'EMAIL' and customer_id = any($1::uuid[])",
            people,
            now - timedelta(days=20),
        )
