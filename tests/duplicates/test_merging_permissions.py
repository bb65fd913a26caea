"""Permissions of two cards that became one: the strictest wins, nothing widens, and separating gives back."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents import tokens
from ritorno.consents.errors import ObjectionStands
from ritorno.consents.models import ConsentEvent, ConsentState, NoticeVersion, RecipientState
from ritorno.consents.rules import Action, Channel, Decision, Method, Purpose, Reason, decide
from ritorno.customers.errors import CustomerMerged
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.duplicates import service
from ritorno.duplicates.rules import CardField, Side
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging import permissions
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message
from tests.consents.asking import MARKETING, OFFICER, events_of
from tests.factories.consents import make_consent, make_notice_version, make_soft_optin
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.duplicates import STAFF
from tests.factories.messaging import make_business, make_plan, make_template
from tests.factories.transactions import a_line, make_transaction

SAID = (None, "unproven", Action.GRANT, Action.DENY, Action.WITHDRAW, Action.OBJECT)
CLOSED = {Reason.REFUSED, Reason.WITHDRAWN, Reason.OBJECTED, Reason.UNPROVEN, Reason.CONSENT_PENDING}


async def merge(session: AsyncSession, winner: Customer, loser: Customer, **choices: Side) -> UUID:
    chosen = {CardField(name): side for name, side in choices.items()}
    done = await service.merge(session, winner_id=winner.id, loser_id=loser.id, choices=chosen, actor=STAFF)
    return done.id


async def two_cards(session: AsyncSession) -> list[Customer]:
    return [await make_customer(session, email=email) for email in ("w@example.it", "l@example.it")]


async def alone(session: AsyncSession, customer: Customer) -> Decision:
    """Ask the gate about offers by email, whoever else has the address."""
    facts = (await permissions.load_facts(session, [customer.id], at=clock.now()))[customer.id]
    contacts = {channel: contact._replace(shared_with=()) for channel, contact in facts.contacts.items()}
    return decide(replace(facts, contacts=contacts), MARKETING, clock.now())


async def say(
    session: AsyncSession, customer: Customer, said: Action | str | None, version: NoticeVersion | None = None
) -> None:
    if said == "unproven":
        await make_consent(session, customer.id, version=version, evidence=[])
    elif said is not None:
        await make_consent(session, customer.id, version=version, action=Action(said))


@pytest.mark.parametrize("address", ["winner", "loser", "same"])
async def test_nothing_is_allowed_that_was_not_allowed_for_that_address(session: AsyncSession, address: str) -> None:
    """Every pair of things that may have been said, with the winner's, the loser's or a common address in use."""
    wrong, version = [], await make_notice_version(session)
    for mine, theirs in product(SAID, SAID):
        number = uuid4().hex[:8]
        winner = await make_customer(session, email=f"w{number}@example.it")
        loser = await make_customer(session, email=f"{'w' if address == 'same' else 'l'}{number}@example.it")
        await say(session, winner, mine, version)
        await say(session, loser, theirs, version)
        before = {customer.id: await alone(session, customer) for customer in (winner, loser)}

        chosen = {"email": Side.LOSER} if address == "loser" else {}
        done = await merge(session, winner, loser, **chosen)
        after = await alone(session, winner)
        await service.unmerge(session, done, actor=STAFF)
        again = {customer.id: await alone(session, customer) for customer in (winner, loser)}

        owners = {"winner": [winner], "loser": [loser], "same": [winner, loser]}[address]
        could = any(before[owner.id].is_allowed for owner in owners)
        is_closed = any(each.reason in CLOSED for each in before.values())
        if after.is_allowed != (could and not is_closed) or again != before:
            wrong.append((mine, theirs, after.reason))

    assert wrong == []


async def test_ledger_rows_never_change_owner_and_are_read_together(session: AsyncSession, client: AsyncClient) -> None:
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    await make_consent(session, winner.id)
    await make_consent(session, loser.id, action=Action.WITHDRAW)
    mine, theirs = await events_of(session, winner), await events_of(session, loser)

    await merge(session, winner, loser)
    await session.commit()
    ledger = (await client.get(f"/v1/customers/{winner.id}/consents")).json()
    matrix = (await client.get(f"/v1/customers/{winner.id}/permissions")).json()
    story = (await client.get(f"/v1/customers/{winner.id}/timeline", params={"kind": "consents"})).json()

    assert (await events_of(session, winner), await events_of(session, loser)) == (mine, theirs)
    assert {row["id"] for row in ledger["items"]} == {str(event.id) for event in [*mine, *theirs]}
    assert {row["subject_id"] for row in story["items"]} == {row["id"] for row in ledger["items"]}
    own = next(row for row in matrix["rows"] if row["purpose"] == "MKT_OWN")["cells"]
    assert own[0]["reason"] == "WITHDRAWN"
    states = await session.scalars(select(ConsentState.standing).where(ConsentState.customer_id == winner.id))
    assert list(states) == ["WITHDRAWN"]


async def test_a_new_yes_after_the_merge_counts_and_stays_with_the_card_it_was_said_on(session: AsyncSession) -> None:
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    await make_consent(session, loser.id, action=Action.WITHDRAW)
    done = await merge(session, winner, loser)
    assert not (await alone(session, winner)).is_allowed

    await make_consent(session, winner.id, at=clock.now())
    merged = await alone(session, winner)
    await service.unmerge(session, done, actor=STAFF)

    assert merged.is_allowed
    assert (await alone(session, winner)).is_allowed
    assert (await alone(session, loser)).reason is Reason.WITHDRAWN


async def test_an_objection_of_the_merged_card_is_reversed_only_as_ever(session: AsyncSession) -> None:
    """C-16: what was said on the other card binds the living one."""
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    await make_consent(session, loser.id, action=Action.OBJECT)
    await merge(session, winner, loser)

    with pytest.raises(ObjectionStands):
        await make_consent(session, winner.id, at=clock.now())

    await make_consent(session, winner.id, at=clock.now(), actor=OFFICER)
    assert (await alone(session, winner)).is_allowed


async def test_a_no_said_while_both_were_one_is_a_no_of_both(session: AsyncSession) -> None:
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    for customer in (winner, loser):
        await make_consent(session, customer.id)
    before = await events_of(session, loser)
    done = await merge(session, winner, loser)
    await make_consent(session, winner.id, action=Action.WITHDRAW, at=clock.now())

    await service.unmerge(session, done, actor=STAFF)

    assert [(await alone(session, each)).reason for each in (winner, loser)] == [Reason.WITHDRAWN, Reason.WITHDRAWN]
    after = await events_of(session, loser)
    assert after[: len(before)] == before
    assert [(event.action, event.source) for event in after[len(before) :]] == [(Action.WITHDRAW, "unmerge")]
    assert all(event.hash == consents.chain_hash(event) for event in after)


async def test_an_old_unsubscribe_link_of_the_merged_card_works_on_the_living_one(
    session: AsyncSession, anonymous: AsyncClient, settings: Settings
) -> None:
    await make_business(session)
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    for customer in (winner, loser):
        await make_consent(session, customer.id)
    point = await session.scalar(select(ContactPoint.id).where(ContactPoint.customer_id == loser.id))
    assert point is not None
    link = f"/u/{tokens.unsubscribe_token(settings, uuid4(), point, loser.id)}"
    done = await merge(session, winner, loser)
    await session.commit()

    asked = await anonymous.get(link)
    pressed = [await anonymous.post(link, data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert (asked.status_code, [each.status_code for each in pressed]) == (200, [200, 200])
    assert (await alone(session, winner)).reason is Reason.WITHDRAWN
    assert [event.action for event in await events_of(session, winner)] == [Action.GRANT, Action.WITHDRAW]
    assert "Fatto" in (await anonymous.get(link)).text or "così" in (await anonymous.get(link)).text
    await service.unmerge(session, done, actor=STAFF)
    assert (await alone(session, loser)).reason is Reason.WITHDRAWN


async def test_nothing_is_said_on_a_merged_card_any_more(session: AsyncSession) -> None:
    winner, loser = await make_customer(session), await make_customer(session)
    await merge(session, winner, loser)

    with pytest.raises(CustomerMerged):
        await make_consent(session, loser.id)

    assert await session.scalar(select(func.count()).where(ConsentEvent.customer_id == loser.id)) == 0


async def test_a_soft_optin_stays_with_its_address_and_makes_no_unproven_yes_good(session: AsyncSession) -> None:
    """C-06: one address may be written to, and the other card's yes lacks its proof."""
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    point = await session.scalar(select(ContactPoint.id).where(ContactPoint.customer_id == loser.id))
    assert point is not None
    await make_soft_optin(session, loser.id, point)
    await make_transaction(session, loser, a_line("bread"), at=clock.now() - timedelta(days=30))
    await say(session, winner, "unproven")

    await merge(session, winner, loser, email=Side.LOSER)

    assert (await alone(session, winner)).reason is Reason.UNPROVEN


async def test_the_moment_before_a_merge_is_answered_for_the_winner_alone(
    session: AsyncSession, client: AsyncClient
) -> None:
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    await make_consent(session, winner.id)
    await make_consent(session, loser.id, action=Action.WITHDRAW)
    await merge(session, winner, loser, email=Side.LOSER)
    await session.commit()
    earlier = (clock.now() - timedelta(days=1)).isoformat()

    then = (await client.get(f"/v1/customers/{winner.id}/permissions", params={"at": earlier})).json()
    now = (await client.get(f"/v1/customers/{winner.id}/permissions")).json()

    assert then["rows"][0]["cells"][0]["verdict"] == "ALLOW"
    assert now["rows"][0]["cells"][0]["reason"] == "WITHDRAWN"


async def test_messages_that_wait_are_asked_about_as_the_living_card(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, email="l@example.it"),
    )
    for customer in (winner, loser):
        await make_consent(session, customer.id)
    template, touch = await make_template(session, settings), uuid4()
    await make_plan(session, template, [winner.id, loser.id], touch_id=touch)
    await make_plan(session, template, [loser.id])
    await merge(session, winner, loser)

    stopped = await messaging.stop_queued(session, [winner.id, loser.id])

    rows = await session.execute(
        select(Message.customer_id, Message.touch_id, Message.status), execution_options={"populate_existing": True}
    )
    assert stopped == 1
    assert {(row.customer_id, row.touch_id, row.status) for row in rows} == {
        (winner.id, touch, "queued"),
        (winner.id, None, "queued"),
        (loser.id, touch, "skipped"),
    }


async def test_an_address_of_many_merged_cards_is_still_one_persons(session: AsyncSession) -> None:
    """D-11: merged cards do not make a crowd, nor somebody else at the address."""
    kept = await make_customer(session, email="same@example.it")
    await make_consent(session, kept.id)
    for _ in range(30):
        await merge(session, kept, await make_customer(session, email="same@example.it"))

    facts = (await permissions.load_facts(session, [kept.id], at=clock.now()))[kept.id]

    assert facts.contacts[Channel.EMAIL].shared_with == ()
    assert decide(facts, MARKETING, clock.now()).is_allowed


async def test_an_address_that_is_surer_on_the_merged_card_opens_nothing(session: AsyncSession) -> None:
    """C-13: the yes of a card holds as surely as its own address was known."""
    winner = await make_customer(session, email="same@example.it", level=ContactLevel.UNVERIFIED)
    loser = await make_customer(session, email="same@example.it", level=ContactLevel.CONFIRMED)
    await make_consent(session, winner.id)

    await merge(session, loser, winner)

    assert (await alone(session, loser)).reason is Reason.BAD_CONTACT_POINT


async def test_profiling_and_channels_are_judged_apart(session: AsyncSession) -> None:
    winner, loser = (
        await make_customer(session, email="w@example.it"),
        await make_customer(session, phone="+393330000009"),
    )
    await make_contact_point(session, winner.id, kind=ContactKind.POSTAL)
    await make_consent(session, winner.id)
    await make_consent(session, loser.id, purpose=Purpose.PROFILING, channel=None, action=Action.DENY)
    await make_consent(session, loser.id, channel=Channel.SMS)

    await merge(session, winner, loser)

    facts = (await permissions.load_facts(session, [winner.id], at=clock.now()))[winner.id]
    sms = replace(MARKETING, channel=Channel.SMS)
    assert decide(facts, MARKETING, clock.now()).is_allowed
    assert decide(facts, sms, clock.now()).family in {"allowed", "later"}
    assert decide(facts, replace(MARKETING, uses_purchases=True), clock.now()).reason is Reason.NO_PROFILING


async def test_c_19_a_no_about_one_third_party_said_while_both_were_one_stays_with_both(session: AsyncSession) -> None:
    winner, loser = await two_cards(session)
    florist, baker = uuid4(), uuid4()
    for recipient in (florist, baker):
        version = await make_notice_version(session, purpose=Purpose.THIRD_PARTY, recipient_id=recipient)
        await make_consent(session, loser.id, purpose=Purpose.THIRD_PARTY, channel=None, version=version)
    merge_id = await merge(session, winner, loser)
    await consents.withdraw(
        session,
        customer_id=winner.id,
        purpose=Purpose.THIRD_PARTY,
        channel=None,
        recipient_id=baker,
        occurred_at=None,
        method=Method.ORAL,
        actor=STAFF,
    )

    await service.unmerge(session, merge_id, actor=STAFF)

    rows = await session.execute(
        select(RecipientState.recipient_id, RecipientState.standing).where(RecipientState.customer_id == loser.id)
    )
    assert {tuple(row) for row in rows} == {(florist, "GRANTED"), (baker, "WITHDRAWN")}
