"""Taking an import back: everything it did, and nothing that anybody did since."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.customers import service as customers
from ritorno.customers.models import ContactPoint, Customer, CustomerInterest, DuplicatePair, Identifier
from ritorno.customers.preparing import email_contact
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.customers.schemas import CustomerWrite
from ritorno.duplicates import service as duplicates
from ritorno.imports import jobs, service
from ritorno.imports.errors import ImportNotReady
from ritorno.imports.loading import ahead
from ritorno.imports.rules import ImportKind
from ritorno.imports.service import running, undoing
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.outbox import OutboxEvent
from ritorno.quality.models import CardQuality
from ritorno.worker.reactions import REACTIONS
from tests.factories import imports as files
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template
from tests.factories.quality import counted_totals, running_totals
from tests.factories.transactions import make_transaction
from tests.imports.cards import bring_in, snapshot, values

ANNA = {"external_id": "1", "given_name": "Anna", "family_name": "Rossi", "email": "anna@example.it"}
KEPT = "select kept from import_rows where import_id = :id and kept is not null order by row_no"


async def known(work: Work, **more: Any) -> Customer:
    """Make the card that stands under the key 1."""
    async with work.session() as session:
        return await make_customer(session, external=("old-till", "1"), **more)


async def imported(work: Work, row: dict[str, str] = ANNA, **more: Any) -> tuple[UUID, UUID]:
    """Bring a person in; return the import and the card."""
    brought = await bring_in(work, [row], rehearses=False, **more)
    assert brought.subjects[0] is not None
    return brought.id, brought.subjects[0]


# ── changed cards ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_field_that_staff_changed_since_stays_and_is_listed_and_the_others_return(shop: Work) -> None:
    anna = await known(shop, given_name="Anna", family_name="Rossi", language="it")
    row = {"given_name": "Luisa", "family_name": "Verdi", "language": "en"}
    import_id, _ = await imported(shop, {"external_id": "1"} | row, policies=dict.fromkeys(row, "overwrite"))
    async with shop.session() as session:
        card = await session.get_one(Customer, anna.id)
        await customers.change(session, card, CustomerWrite(family_name="Neri"), actor=files.STAFF)

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"kept": 1}
    assert await values(shop, KEPT, id=import_id) == [["family_name"]]
    assert await values(shop, "select given_name, family_name, language, search_name from customers") == [
        ("Anna", "Neri", "it", "neri anna")
    ]


async def test_an_address_confirmed_since_stays_with_its_town_and_the_phone_beside_it_goes(shop: Work) -> None:
    await known(shop)
    row = {"external_id": "1", "phone": "333 1234567", "street": "Via Roma 1", "city": "Bologna"}
    import_id, _ = await imported(shop, row)
    async with shop.session() as session:
        await session.execute(
            update(ContactPoint).where(ContactPoint.kind == ContactKind.POSTAL).values(level=ContactLevel.CONFIRMED)
        )

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"kept": 1}
    assert await values(shop, KEPT, id=import_id) == [["contact_points"]]
    assert await values(shop, "select kind from contact_points") == ["POSTAL"]
    assert await values(shop, "select city from customers") == ["Bologna"]


async def test_the_old_address_comes_back_beside_one_that_staff_made_the_main_one_since(shop: Work) -> None:
    anna = await known(shop, email="old@example.it")
    import_id, _ = await imported(shop, ANNA | {"email": "new@example.it"}, policies={"email": "overwrite"})
    async with shop.session() as session:
        contact = email_contact("staff@example.it")
        await customers.add_contact_point(session, anna.id, contact, is_primary=True, actor=files.STAFF)

    await files.undo(shop, import_id)

    standing = "select value, is_primary from contact_points where valid_to is null order by 1"
    assert await values(shop, standing) == [("old@example.it", False), ("staff@example.it", True)]


async def test_an_old_address_that_was_written_again_since_is_not_there_twice(shop: Work) -> None:
    anna = await known(shop, email="old@example.it")
    import_id, _ = await imported(shop, ANNA | {"email": "new@example.it"}, policies={"email": "overwrite"})
    async with shop.session() as session:
        contact = email_contact("old@example.it")
        await customers.add_contact_point(session, anna.id, contact, is_primary=False, actor=files.STAFF)

    await files.undo(shop, import_id)

    assert await values(shop, "select value from contact_points where valid_to is null") == ["old@example.it"]


async def test_a_key_that_another_system_has_used_since_stays(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")
    import_id, _ = await imported(shop, {"card": "100", "external_id": "1"})
    async with shop.session() as session:
        await customers.put(session, "old-till", "1", CustomerWrite(given_name="Anna"), actor=files.STAFF)

    await files.undo(shop, import_id)

    assert await values(shop, KEPT, id=import_id) == [["identifiers"]]
    assert await values(shop, "select value from identifiers order by 1") == ["1", "100"]


async def test_interests_that_were_replaced_return_with_the_day_they_were_learnt(shop: Work) -> None:
    anna = await known(shop)
    async with shop.session() as session:
        learnt = datetime(2020, 1, 2, tzinfo=UTC)
        session.add(CustomerInterest(customer_id=anna.id, label="tè", source="staff", learnt_at=learnt))
    before = await snapshot(shop)
    import_id, _ = await imported(shop, {"external_id": "1", "interests": "caffè"}, policies={"interests": "overwrite"})

    await files.undo(shop, import_id)

    assert await snapshot(shop) == before


async def test_tags_that_staff_changed_since_stay(shop: Work) -> None:
    anna = await known(shop)
    import_id, _ = await imported(shop, {"external_id": "1", "tags": "vip"})
    async with shop.session() as session:
        await customers.add_tag(session, anna.id, "amica", actor=files.STAFF)

    await files.undo(shop, import_id)

    assert await values(shop, KEPT, id=import_id) == [["tags"]]
    assert await values(shop, "select tag from customer_tags order by 1") == ["amica", "vip"]


# ── cards the import made ─────────────────────────────────────────────────────────────────────────────────────────────


async def buy(session: AsyncSession, card: Customer, _work: Work) -> None:
    await make_transaction(session, card)


async def write_note(session: AsyncSession, card: Customer, _work: Work) -> None:
    await customers.add_note(session, card.id, "ha telefonato", actor=files.STAFF)


async def plan_message(session: AsyncSession, card: Customer, work: Work) -> None:
    await make_business(session)
    template = await make_template(session, work.settings, template_class=TemplateClass.SERVICE)
    await make_plan(session, template, [card.id])


async def agree(session: AsyncSession, card: Customer, _work: Work) -> None:
    await make_consent(session, card.id, channel=Channel.EMAIL)


async def change(session: AsyncSession, card: Customer, _work: Work) -> None:
    await customers.change(session, card, CustomerWrite(language="en"), actor=files.STAFF)


async def confirm(session: AsyncSession, card: Customer, _work: Work) -> None:
    await session.execute(
        update(ContactPoint).where(ContactPoint.customer_id == card.id).values(level=ContactLevel.CONFIRMED)
    )


async def merge_into(session: AsyncSession, card: Customer, _work: Work) -> None:
    other = await make_customer(session)
    await duplicates.merge(session, winner_id=other.id, loser_id=card.id, actor=files.STAFF)


Act = Callable[[AsyncSession, Customer, Work], Awaitable[None]]
LATER: list[tuple[Act, str]] = [
    (buy, "transactions"),
    (write_note, "card"),
    (plan_message, "messages"),
    (agree, "consents"),
    (change, "card"),
    (confirm, "card"),
    (merge_into, "merges"),
]


@pytest.mark.parametrize(("act", "reason"), LATER, ids=[act.__name__ for act, _ in LATER])
async def test_a_card_with_something_later_on_it_stays_and_is_listed(shop: Work, act: Act, reason: str) -> None:
    import_id, anna = await imported(shop)
    async with shop.session() as session:
        await act(session, await session.get_one(Customer, anna), shop)

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"kept": 1}
    [kept] = await values(shop, KEPT, id=import_id)
    assert reason in kept
    assert anna in await values(shop, "select id from customers")


TOGETHER: dict[str, list[dict[str, str]]] = {
    "a value added": [ANNA | {"birth_on": ""}, ANNA | {"birth_on": "03/05/1980"}],
    "an answer added": [ANNA | {"consent_email": ""}, ANNA | {"consent_email": "no"}],
    "a key added": [ANNA | {"card": ""}, ANNA | {"card": "100"}, ANNA | {"card": "200"}],
    "a note added": [ANNA | {"note": "a"}, ANNA | {"note": "b"}],
}


@pytest.mark.parametrize("chunk", [1, 2_000], ids=["chunks apart", "one chunk"])
@pytest.mark.parametrize("case", TOGETHER)
async def test_a_card_made_and_changed_by_one_import_vanishes(
    shop: Work, monkeypatch: pytest.MonkeyPatch, case: str, chunk: int
) -> None:
    monkeypatch.setattr(undoing, "CHUNK", chunk)
    before = await snapshot(shop)
    brought = await bring_in(shop, TOGETHER[case])
    assert brought.outcomes[0] == "created"

    undone = await files.undo(shop, brought.id)

    assert undone.undo["removed"] == 1
    assert await snapshot(shop) == before


async def test_what_programs_worked_out_of_a_card_does_not_keep_it(shop: Work) -> None:
    async with shop.session() as session:
        other = await make_customer(session)
    import_id, anna = await imported(shop)
    async with shop.session() as session:
        low, high = sorted([other.id, anna])
        session.add(
            DuplicatePair(low_id=low, high_id=high, probability=0.9, tier="review", evidence=[], found_at=clock.now(),
                          key="k")
        )  # fmt: skip

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"removed": 1}
    assert await values(shop, "select id from customers") == [other.id]


async def react(work: Work) -> None:
    """Run what follows from everything that happened, as a worker would."""
    async with work.sessions() as session:
        events = list(await session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)))
    for event in events:
        if not event.name.startswith("import."):
            for job in REACTIONS.get(event.name, ()):
                await job(work, event.payload)


async def test_nothing_is_left_of_the_cards_of_an_undone_import(shop: Work) -> None:
    rows = [ANNA, ANNA | {"external_id": "2", "email": "due@example.it", "tags": "vip", "home_store": "bo"}]
    brought = await bring_in(shop, [row | {"consent_sms": "si"} for row in rows])
    await react(shop)
    assert await values(shop, "select count(*) from card_quality") == [2]

    await files.undo(shop, brought.id)
    await react(shop)

    for table in (
        "customers", "contact_points", "identifiers", "customer_tags", "card_quality", "profiles", "category_profiles",
        "customer_scores", "consent_states",
    ):  # fmt: skip
        assert await values(shop, f"select count(*) from {table}") == [0], table
    async with shop.sessions() as session:
        assert await running_totals(session) == await counted_totals(session) == {}


async def test_cards_that_receipts_made_leave_the_counts_too(shop: Work) -> None:
    row = {"receipt": "1", "occurred_on": "03/01/2024", "card": "100", "email": "anna@example.it", "given_name": "Anna",
           "family_name": "Rossi", "sku": "bread", "total": "2,50"}  # fmt: skip
    import_id = await files.upload(shop, files.a_csv([row]), kind=ImportKind.TRANSACTIONS)
    await files.apply(shop, import_id)
    await react(shop)
    assert await values(shop, "select count(*) from card_quality") == [1]

    await files.undo(shop, import_id)
    await react(shop)

    for table in ("customers", "card_quality", "transactions", "profiles", "category_profiles", "customer_scores"):
        assert await values(shop, f"select count(*) from {table}") == [0], table


# ── once, twice, half ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_undoing_twice_is_undoing_once(shop: Work) -> None:
    anna = await known(shop, given_name="Anna", family_name=None)
    import_id, _ = await imported(shop)
    first = await files.undo(shop, import_id)
    async with shop.session() as session:
        await customers.change(
            session, await session.get_one(Customer, anna.id), CustomerWrite(family_name="Rossi"), actor=files.STAFF
        )
    after = await snapshot(shop)

    await jobs.undo(shop, {"import_id": str(import_id)})
    async with shop.session() as session:
        with pytest.raises(ImportNotReady):
            await service.undo(session, import_id, actor=files.STAFF)

    assert await snapshot(shop) == after
    assert (await files.read(shop, import_id)).undo == first.undo


async def test_an_import_that_stopped_half_way_is_taken_back_as_far_as_it_came(
    shop: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    await known(shop, given_name="Anna", family_name="Rossi")
    before = await snapshot(shop)
    rows = [ANNA | {"external_id": str(number), "email": f"{number}@example.it"} for number in (1, 2, 3)]
    import_id = await files.upload(shop, files.a_csv(rows))
    monkeypatch.setattr(ahead, "CHUNK", 1)
    monkeypatch.setattr(running, "SHIFT", -1)
    for _ in range(2):
        half = await _one_shift(shop, import_id)
    assert (half.state, half.cursor, half.counts) == ("applying", 3, {"updated": 1, "created": 1})

    await running.stop(shop, import_id, running.BROKEN)
    undone = await files.undo(shop, import_id)

    assert (undone.state, undone.undo) == ("undone", {"removed": 1, "restored": 1})
    assert await snapshot(shop) == before


async def test_an_import_that_stopped_goes_on_where_it_was(shop: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ANNA | {"external_id": str(number), "email": f"{number}@example.it"} for number in (1, 2, 3)]
    import_id = await files.upload(shop, files.a_csv(rows))
    with monkeypatch.context() as patched:
        patched.setattr(ahead, "CHUNK", 1)
        patched.setattr(running, "SHIFT", -1)
        await _one_shift(shop, import_id)
    await running.stop(shop, import_id, running.BROKEN)

    gone_on = await files.apply(shop, import_id)

    assert (gone_on.state, gone_on.failure, gone_on.counts) == ("applied", None, {"created": 3})


async def _one_shift(work: Work, import_id: UUID) -> Any:
    if (await files.read(work, import_id)).state == "draft":
        async with work.session() as session:
            await service.apply(session, import_id, actor=files.STAFF)
    await jobs.apply(work, {"import_id": str(import_id)})
    return await files.read(work, import_id)


async def test_a_yes_of_the_import_opens_nothing_any_more_and_one_said_before_still_does(shop: Work) -> None:
    async with shop.session() as session:
        version = await make_notice_version(session)
    anna = await known(shop, email="anna@example.it")
    async with shop.session() as session:
        await make_consent(session, anna.id, channel=Channel.EMAIL, at=clock.now() - timedelta(days=900))
    proof = {"consent_on": "01/02/2024", "consent_text": version.text_sha256, "consent_evidence": "f/1"}
    import_id, _ = await imported(shop, ANNA | {"consent_email": "si", "consent_sms": "si"} | proof)

    await files.undo(shop, import_id)

    standing = dict(await values(shop, "select channel, standing from consent_states"))
    assert standing == {"EMAIL": "GRANTED", "SMS": "UNPROVEN"}


async def test_the_keys_of_an_undone_import_are_free_again(shop: Work) -> None:
    import_id, first = await imported(shop)
    await files.undo(shop, import_id)

    _, second = await imported(shop)

    assert second != first
    async with shop.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Identifier)) == 1
        assert await session.scalar(select(func.count()).select_from(CardQuality)) == 0
