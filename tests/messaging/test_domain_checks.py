"""E-07, E-09: what the DNS says of a sender's domain, what to publish, and when marketing may not leave."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, Reason, TemplateClass, Verdict
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.outbox import OutboxEvent
from ritorno.messaging import jobs, queries, service
from ritorno.messaging.models import Sender, SenderKey
from ritorno.messaging.rules import CheckState
from ritorno.messaging.schemas import SenderPatch, SigningKeyCreate
from ritorno.messaging.service import refresh_readiness
from ritorno.messaging.signing import make_pair, record_name, record_value
from ritorno.worker.reactions import REACTIONS
from tests.conftest import Sessions
from tests.consents.asking import answer
from tests.dns_server import Zone, dns_server, txt
from tests.factories.consents import STAFF, make_consent, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business
from tests.messaging.test_readiness import SERVICE, accept_terms, state_of

DOMAIN = "news.bottega.it"


def whole_zone() -> Zone:
    return {
        (DOMAIN, "TXT"): [txt("v=spf1 include:_spf.provider.it ~all")],
        ("_dmarc.bottega.it", "TXT"): [txt("v=DMARC1; p=quarantine; rua=mailto:d@bottega.it")],
        ("bottega.it", "MX"): ["10 mx.bottega.it."],
        ("mail.bottega.it", "A"): ["192.0.2.5"],
        ("5.2.0.192.in-addr.arpa", "PTR"): ["mail.bottega.it."],
    }


@pytest.fixture
def zone() -> Zone:
    return whole_zone()


@pytest.fixture
async def asking(settings: Settings, zone: Zone) -> AsyncIterator[Settings]:
    """Settings of a shop whose mail really leaves, and that asks our own DNS."""
    async with dns_server(zone, broken={"broken.bottega.it", "_dmarc.broken.bottega.it"}) as server:
        smtp = type(settings.smtp_url)("smtp://mail.bottega.it:25")
        yield settings.model_copy(update={"smtp_url": smtp, "dns_server": server})


async def make_sender(session: AsyncSession, address: str = f"ciao@{DOMAIN}") -> Sender:
    await make_business(session)
    sender = await queries.find_sender(session, Channel.EMAIL, TemplateClass.MARKETING)
    assert sender is not None
    sender.address, sender.reply_to = address, "negozio@bottega.it"
    await session.commit()
    return sender


async def checked(session: AsyncSession, sessions: Sessions, settings: Settings, sender: Sender) -> dict[str, str]:
    """Ask the DNS about a sender, and return the state of each check."""
    await service.check_senders(sessions, settings, [sender.id])
    await session.refresh(sender)
    return {check["code"]: check["state"] for check in sender.checks}


async def test_e_07_a_domain_in_order_passes_every_check(
    session: AsyncSession, sessions: Sessions, asking: Settings, zone: Zone
) -> None:
    sender = await make_sender(session)
    key = await service.make_signing_key(session, sender, SigningKeyCreate(), settings=asking, actor=STAFF)
    await session.commit()
    zone[record_name(key), "TXT"] = [txt(record_value(key))]

    states = await checked(session, sessions, asking, sender)

    assert set(states) == {
        *("DOMAIN_EXISTS", "SPF_PUBLISHED", "DKIM_SIGNED", "DMARC_PUBLISHED"),
        *("FROM_ALIGNED", "REPLY_DELIVERABLE", "HOST_NAMED"),
    }
    assert set(states.values()) == {CheckState.OK}


async def test_e_07_what_lacks_is_told_with_what_to_publish(
    session: AsyncSession, sessions: Sessions, asking: Settings, zone: Zone
) -> None:
    sender = await make_sender(session)
    zone.clear()
    zone[DOMAIN, "A"] = ["192.0.2.7"]

    states = await checked(session, sessions, asking, sender)

    assert {code for code, state in states.items() if state == CheckState.WARNING} == {
        *("SPF_PUBLISHED", "DKIM_SIGNED", "DMARC_PUBLISHED", "FROM_ALIGNED", "REPLY_DELIVERABLE", "HOST_NAMED"),
    }
    published = {check["code"]: check["publish"] for check in sender.checks if check["publish"]}
    assert published["DMARC_PUBLISHED"] == {"name": f"_dmarc.{DOMAIN}", "type": "TXT", "value": "v=DMARC1; p=none"}
    assert published["SPF_PUBLISHED"]["name"] == DOMAIN


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([], CheckState.WARNING),
        (["v=spf1 -all"], CheckState.OK),
        (["google-site-verification=x", "v=spf1 mx ~all"], CheckState.OK),
        (["v=spf1 mx ~all", "v=spf1 a ~all"], CheckState.WARNING),
    ],
    ids=["none", "one", "among others", "two are worth none"],
)
async def test_e_07_spf_is_one_record(
    session: AsyncSession, sessions: Sessions, asking: Settings, zone: Zone, records: list[str], state: CheckState
) -> None:
    sender = await make_sender(session)
    zone[DOMAIN, "TXT"] = [txt(record) for record in records]
    if not records:
        del zone[DOMAIN, "TXT"]
        zone[DOMAIN, "A"] = ["192.0.2.7"]

    assert (await checked(session, sessions, asking, sender))["SPF_PUBLISHED"] == state


async def test_e_07_what_cannot_be_looked_up_condemns_nobody(
    session: AsyncSession, sessions: Sessions, asking: Settings
) -> None:
    sender = await make_sender(session, "ciao@broken.bottega.it")
    sender.bulk_since = clock.now()
    await session.commit()

    states = await checked(session, sessions, asking, sender)

    assert states["DOMAIN_EXISTS"] == states["SPF_PUBLISHED"] == CheckState.UNKNOWN
    assert CheckState.FAILED not in {states["DOMAIN_EXISTS"], states["SPF_PUBLISHED"], states["FROM_ALIGNED"]}


async def ready_for_marketing(session: AsyncSession, settings: Settings) -> tuple[bool, bool]:
    await refresh_readiness(session, settings)
    state = await state_of(session)
    return state.is_ready, state.is_ready_for_marketing


async def test_e_07_a_small_sender_is_warned_and_a_large_one_may_not_send_marketing(
    session: AsyncSession, sessions: Sessions, asking: Settings, zone: Zone
) -> None:
    sender = await make_sender(session)
    await accept_terms(session)
    await session.commit()
    anna = await make_customer(session, email="anna@example.it")
    await make_consent(session, anna.id, at=clock.now(), version=await make_notice_version(session))
    await session.commit()
    del zone["_dmarc.bottega.it", "TXT"]
    zone["bottega.it", "A"] = ["192.0.2.7"]
    await checked(session, sessions, asking, sender)

    assert await ready_for_marketing(session, asking) == (True, True)
    assert (await answer(session, anna)).verdict is Verdict.ALLOW

    await session.execute(update(Sender).where(Sender.id == sender.id).values(bulk_since=clock.now()))
    await session.commit()
    states = await checked(session, sessions, asking, sender)

    assert states["DMARC_PUBLISHED"] == CheckState.FAILED
    assert await ready_for_marketing(session, asking) == (True, False)
    refused = await answer(session, anna)
    assert (refused.verdict, refused.reason, refused.rule_id) == (Verdict.DENY, Reason.SENDER_NOT_READY, "G1")
    assert (await answer(session, anna, SERVICE)).reason is not Reason.SENDER_NOT_READY


async def test_e_07_a_domain_that_does_not_exist_sends_no_marketing_but_a_trial_one_may(
    session: AsyncSession, sessions: Sessions, asking: Settings, settings: Settings
) -> None:
    sender = await make_sender(session, "ciao@nowhere.it")
    await accept_terms(session)
    await make_notice_version(session)
    await session.commit()

    assert (await checked(session, sessions, asking, sender))["DOMAIN_EXISTS"] == CheckState.FAILED
    assert await ready_for_marketing(session, asking) == (True, False)
    assert await ready_for_marketing(session, settings) == (True, True)

    sender.address = "ciao@bottega.example"
    await session.commit()
    assert (await checked(session, sessions, asking, sender))["DOMAIN_EXISTS"] == CheckState.WARNING
    assert await ready_for_marketing(session, asking) == (True, True)


async def test_e_07_the_domains_are_looked_at_daily_where_mail_leaves(
    session: AsyncSession, work: Work, sessions: Sessions, asking: Settings
) -> None:
    sender = await make_sender(session)

    await jobs.check_domains(work, {})
    await session.refresh(sender)
    assert sender.checked_at is None

    await jobs.check_domains(Work(asking, sessions, work.actor), {})
    await session.refresh(sender)
    assert sender.checked_at is not None


async def test_e_07_another_domain_begins_unknown_and_is_looked_at(
    session: AsyncSession, sessions: Sessions, asking: Settings
) -> None:
    sender = await make_sender(session)
    sender.bulk_since = clock.now()
    await session.commit()
    await checked(session, sessions, asking, sender)

    await service.change_sender(session, sender, SenderPatch(address=f"altro@{DOMAIN}"), settings=asking, actor=STAFF)
    assert (sender.checked_at is None, sender.bulk_since is None) == (False, False)
    await service.change_sender(session, sender, SenderPatch(address="ciao@altro.it"), settings=asking, actor=STAFF)

    assert (sender.checks, sender.checked_at, sender.bulk_since) == ([], None, None)
    asked = (await session.scalars(select(OutboxEvent.name))).all()
    assert REACTIONS["sender.changed"] == (jobs.check_domains,)
    assert asked.count("sender.changed") == 2


async def test_e_09_marketing_has_an_address_of_its_own(session: AsyncSession, asking: Settings) -> None:
    sender = await make_sender(session)
    await accept_terms(session)
    await make_notice_version(session)
    assert await ready_for_marketing(session, asking) == (True, True)
    receipts = await queries.find_sender(session, Channel.EMAIL, TemplateClass.SERVICE)
    assert receipts is not None

    await service.change_sender(
        session, sender, SenderPatch(address=receipts.address.upper()), settings=asking, actor=STAFF
    )

    state = await state_of(session)
    assert (state.is_ready, state.is_ready_for_marketing) == (True, False)
    assert "STREAMS_APART" in {check["code"] for check in state.checks if not check["ok"]}


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_e_07_a_new_key_signs_once_its_record_is_found_and_the_old_one_until_then(
    session: AsyncSession, sessions: Sessions, asking: Settings, zone: Zone
) -> None:
    sender = await make_sender(session)
    first = await service.make_signing_key(session, sender, SigningKeyCreate(), settings=asking, actor=STAFF)
    await session.commit()
    assert (await checked(session, sessions, asking, sender))["DKIM_WAITING"] == CheckState.WARNING
    zone[record_name(first), "TXT"] = [txt(record_value(first))]
    await checked(session, sessions, asking, sender)

    second = await service.make_signing_key(session, sender, SigningKeyCreate(), settings=asking, actor=STAFF)
    await session.commit()
    await checked(session, sessions, asking, sender)

    async def signs() -> str:
        return (
            await session.scalars(
                select(SenderKey.selector).where(SenderKey.active_since.is_not(None), SenderKey.retired_at.is_(None))
            )
        ).one()

    assert await signs() == first.selector != second.selector
    zone[record_name(second), "TXT"] = [txt(record_value(second))]
    await checked(session, sessions, asking, sender)
    assert await signs() == second.selector
    retired = await session.get(SenderKey, first.id, populate_existing=True)
    assert retired is not None
    assert (retired.retired_at is not None, retired.private_key) == (True, None)


async def test_e_07_a_key_is_made_here_or_brought_and_its_record_is_ready_to_copy(
    session: AsyncSession, client: AsyncClient
) -> None:
    sender = await make_sender(session)
    pair = make_pair()

    made = await client.post(f"/v1/senders/{sender.id}/signing-key", json={})
    brought = await client.post(
        f"/v1/senders/{sender.id}/signing-key", json={"private_key": pair.private_pem, "selector": "nostra"}
    )

    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    assert made.json()["record"]["name"].startswith("marketing-")
    assert brought.json()["record"] == {
        "name": f"nostra._domainkey.{DOMAIN}",
        "type": "TXT",
        "value": f"v=DKIM1; k=rsa; p={pair.public}",
    }
    shown = (await client.get(f"/v1/senders/{sender.id}")).json()
    assert [key["selector"] for key in shown["signing_keys"]] == ["nostra"]
    assert "PRIVATE" not in brought.text
    kept = (await session.scalars(select(SenderKey))).one()
    assert kept.private_key is not None
    assert "PRIVATE" not in kept.private_key

    assert (await client.delete(f"/v1/senders/{sender.id}/signing-key")).status_code == 204
    assert (await client.delete(f"/v1/senders/{sender.id}/signing-key")).json()["code"] == "signing-key-not-found"


@pytest.mark.parametrize("private_key", ["hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
async def test_a_key_that_cannot_sign_is_refused(session: AsyncSession, client: AsyncClient, private_key: str) -> None:
    sender = await make_sender(session)

    refused = await client.post(f"/v1/senders/{sender.id}/signing-key", json={"private_key": private_key})

    assert (refused.status_code, refused.json()["code"]) == (422, "signing-key-unfit")


async def test_a_domain_is_checked_when_somebody_asks(
    session: AsyncSession, app: FastAPI, client: AsyncClient, asking: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = await make_sender(session)
    monkeypatch.setattr(app.state, "settings", asking)

    answered = (await client.post(f"/v1/senders/{sender.id}/checks")).json()

    assert answered["checked_at"] is not None
    assert {check["code"]: check["ok"] for check in answered["checks"]}["SPF_PUBLISHED"] is True
