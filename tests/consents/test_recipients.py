"""Third parties: a yes names one of them, a no may close them all, and each stands for itself (C-19)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing, queries
from ritorno.consents import service as consents
from ritorno.consents.errors import ObjectionStands
from ritorno.consents.models import ConsentEvent, RecipientState
from ritorno.consents.rules import (
    Action,
    Ask,
    Card,
    Channel,
    Entry,
    Method,
    Party,
    Purpose,
    Reason,
    Standing,
    Verdict,
    fold,
    fold_recipients,
    fold_recipients_together,
)
from ritorno.customers.models import Customer
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.outbox import OutboxEvent
from ritorno.kit.problems import Invalid
from tests.consents.asking import answer, events_of
from tests.factories.consents import RECIPIENT, STAFF, make_consent, make_notice_version
from tests.factories.customers import make_customer

FLORIST, BAKER = RECIPIENT, UUID(int=12)
TO_FLORIST = Ask(Purpose.THIRD_PARTY, None, recipient=FLORIST)
TO_BAKER = Ask(Purpose.THIRD_PARTY, None, recipient=BAKER)
WHOLE = (Purpose.THIRD_PARTY, None)
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _peppers(settings: Settings) -> None:
    hashing.set_peppers(settings)


def said(action: Action, recipient: UUID | None, day: int = 0) -> Entry:
    at = START + timedelta(days=day)
    return Entry(
        uuid4(), Purpose.THIRD_PARTY, None, action, at, is_proven=True, method=Method.LETTER, party=Party.STAFF,
        recorded_at=at, recipient_id=recipient,
    )  # fmt: skip


def standings(*entries: Entry) -> dict[UUID, Standing]:
    return {recipient: state.standing for recipient, state in fold_recipients(entries).items()}


async def agree(session: AsyncSession, customer: Customer, recipient: UUID) -> ConsentEvent:
    version = await make_notice_version(session, purpose=Purpose.THIRD_PARTY, recipient_id=recipient)
    return await make_consent(session, customer.id, purpose=Purpose.THIRD_PARTY, channel=None, version=version)


# ── the fold ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_c_19_a_yes_to_one_is_no_yes_to_another_and_a_no_to_one_leaves_the_other() -> None:
    entries = [said(Action.GRANT, FLORIST), said(Action.GRANT, BAKER, 1), said(Action.WITHDRAW, BAKER, 2)]

    assert standings(*entries) == {FLORIST: Standing.GRANTED, BAKER: Standing.WITHDRAWN}
    assert fold(entries)[WHOLE].standing is Standing.GRANTED


def test_c_19_a_no_that_names_nobody_closes_them_all_and_a_yes_that_names_nobody_opens_none() -> None:
    closed = [said(Action.GRANT, FLORIST), said(Action.GRANT, BAKER), said(Action.OBJECT, None, 1)]

    assert set(standings(*closed).values()) == {Standing.OBJECTED}
    assert fold(closed)[WHOLE].standing is Standing.OBJECTED
    assert standings(said(Action.GRANT, None), said(Action.WITHDRAW, FLORIST)) == {FLORIST: Standing.WITHDRAWN}


def test_a_later_yes_to_one_opens_that_one_alone_after_a_no_to_all() -> None:
    entries = [said(Action.GRANT, BAKER), said(Action.WITHDRAW, None, 1), said(Action.GRANT, FLORIST, 2)]

    assert standings(*entries) == {FLORIST: Standing.GRANTED, BAKER: Standing.WITHDRAWN}
    assert standings(*reversed(entries)) == standings(*entries)


@given(
    st.lists(
        st.builds(said, st.sampled_from(list(Action)), st.sampled_from([FLORIST, BAKER, None]), st.integers(0, 5)),
        max_size=8,
    ),
    st.sampled_from([Action.DENY, Action.WITHDRAW, Action.OBJECT]),
)
def test_a_no_to_all_never_leaves_a_yes_to_anybody(entries: list[Entry], no: Action) -> None:
    after = [*entries, said(no, None, 6)]

    assert Standing.GRANTED not in standings(*after).values()
    assert fold(after)[WHOLE].standing is not Standing.GRANTED


def test_of_two_cards_of_one_person_the_stricter_word_about_each_third_party_holds() -> None:
    living = Card(uuid4(), [said(Action.GRANT, FLORIST), said(Action.GRANT, BAKER)])
    joined = Card(uuid4(), [said(Action.WITHDRAW, FLORIST)], into=living.id, merged_at=START + timedelta(days=9))

    together = fold_recipients_together([living, joined])

    assert {recipient: state.standing for recipient, state in together.items()} == {
        FLORIST: Standing.WITHDRAWN,
        BAKER: Standing.GRANTED,
    }


# ── the ledger ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_19_a_yes_takes_its_third_party_from_the_notice_and_one_without_proves_nothing(
    session: AsyncSession,
) -> None:
    customer = await make_customer(session, email="a@example.it")
    marketing = await make_notice_version(session)

    named = await agree(session, customer, FLORIST)
    other = await make_consent(
        session, customer.id, purpose=Purpose.THIRD_PARTY, channel=None, version=marketing, recipient_id=BAKER
    )

    assert (named.recipient_id, named.is_proven) == (FLORIST, True)
    assert other.is_proven is False
    assert (await answer(session, customer, TO_FLORIST)).verdict is Verdict.ALLOW
    assert (await answer(session, customer, TO_BAKER)).verdict is Verdict.DENY


async def test_withdrawing_from_one_tells_who_disclosed_and_leaves_the_other(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    await agree(session, customer, FLORIST)
    await agree(session, customer, BAKER)
    words = {"purpose": Purpose.THIRD_PARTY, "channel": None, "occurred_at": None, "method": Method.ORAL}

    first = await consents.withdraw(session, customer_id=customer.id, recipient_id=BAKER, actor=STAFF, **words)
    again = await consents.withdraw(session, customer_id=customer.id, recipient_id=BAKER, actor=STAFF, **words)

    assert ([each.recipient_id for each in first], again) == ([BAKER], [])
    assert (await answer(session, customer, TO_FLORIST)).verdict is Verdict.ALLOW
    assert (await answer(session, customer, TO_BAKER)).reason is Reason.WITHDRAWN
    told = await session.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == "consent.withdrawn"))
    assert list(told) == [{"customer_ids": [str(customer.id)]}]


async def test_c_15_an_unscoped_objection_closes_every_third_party(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    await agree(session, customer, FLORIST)
    await agree(session, customer, BAKER)

    await consents.object_(
        session, customer_id=customer.id, scope="all", received_on=date(2026, 11, 20), method=Method.ORAL, actor=STAFF
    )

    for ask in (TO_FLORIST, TO_BAKER):
        assert (await answer(session, customer, ask)).reason is Reason.OBJECTED
    rows = await session.execute(select(RecipientState.recipient_id, RecipientState.standing))
    assert {tuple(row) for row in rows} == {(FLORIST, "OBJECTED"), (BAKER, "OBJECTED")}
    states = await queries.states_of(session, [customer.id])
    assert states[customer.id, Purpose.THIRD_PARTY, None] is Standing.OBJECTED


async def test_an_entry_that_names_nobody_keeps_the_digest_it_always_had(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    plain = await make_consent(session, customer.id, channel=Channel.EMAIL)
    named = await agree(session, customer, FLORIST)

    events = await events_of(session, customer)

    assert [consents.chain_hash(event) for event in events] == [plain.hash, named.hash]
    session.expunge(named)
    named.recipient_id = BAKER
    assert consents.chain_hash(named) != named.hash


async def test_only_third_parties_are_named(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")

    with pytest.raises(Invalid):
        await make_consent(session, customer.id, recipient_id=FLORIST, at=clock.now() - timedelta(days=2))


async def test_c_15_an_objection_to_all_is_written_even_where_each_one_named_was_refused_by_itself(
    session: AsyncSession,
) -> None:
    """Whoever is named next is covered too."""
    customer = await make_customer(session, email="a@example.it")
    said = {"customer_id": customer.id, "received_on": date(2026, 3, 1), "method": Method.ORAL, "actor": STAFF}
    await consents.object_(session, scope="purpose", purpose=Purpose.THIRD_PARTY, recipient_id=FLORIST, **said)

    first = await consents.object_(session, scope="all", **said)
    again = await consents.object_(session, scope="all", **said)

    assert [(each.purpose, each.recipient_id) for each in first if each.purpose == "THIRD_PARTY"] == [
        ("THIRD_PARTY", None)
    ]
    assert again == []
    with pytest.raises(ObjectionStands):
        await agree(session, customer, BAKER)
