"""What must stay true of cards in the database, however they are written."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.customers import lookups, queries, service
from ritorno.customers.errors import CustomerErased, EvidenceMissing, IdentifierTaken
from ritorno.customers.models import ContactPoint, Customer, CustomerNote, Identifier
from ritorno.customers.preparing import email_contact
from ritorno.customers.rules import ContactKind, ContactLevel, Reference, ReferenceKind
from ritorno.customers.schemas import CustomerWrite, Lookup
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.db import unit_of_work
from ritorno.kit.outbox import OutboxEvent
from tests.conftest import Sessions
from tests.factories.customers import make_customer

STAFF = Actor.system("tests")
ANNA: dict[str, Any] = {
    "given_name": "Anna",
    "family_name": "Rossi",
    "birth_on": "1980-05-01",
    "email": "Anna@Example.it",
    "phone": "333 1234567",
    "cards": ["2000 1"],
    "tags": ["vip"],
    "interests": ["vino", "pane"],
    "address": {"street": "Via Po 1", "postal_code": "40121", "city": "Bologna"},
}


async def put(session: AsyncSession, external_id: str = "1", source: str = "pos", **fields: Any) -> UUID:
    written = await service.put(session, source, external_id, CustomerWrite(**fields), actor=STAFF)
    return written.id


async def points_of(session: AsyncSession, customer_id: UUID, kind: ContactKind) -> list[ContactPoint]:
    found = await session.scalars(
        select(ContactPoint)
        .where(ContactPoint.customer_id == customer_id, ContactPoint.kind == kind)
        .order_by(ContactPoint.id)
        .execution_options(populate_existing=True)
    )
    return list(found)


# ── written by natural key ────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_body_twice_changes_nothing(session: AsyncSession) -> None:
    body = CustomerWrite.model_validate(ANNA)
    first = await service.put(session, "pos", "1", body, actor=STAFF)
    before = await queries.get_card(session, first.id)

    again = await service.put(session, "pos", "1", body, actor=STAFF)

    session.expire_all()
    assert (first.status, again.status, again.id) == ("created", "unchanged", first.id)
    assert await queries.get_card(session, first.id) == before
    assert await session.scalar(select(func.count()).select_from(AuditEntry)) == 1


async def test_a_repeated_body_does_not_undo_what_staff_changed_since(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    customer = await queries.get_customer(session, customer_id, lock=True)
    await service.change(session, customer, CustomerWrite(family_name="Bianchi"), actor=STAFF)

    await put(session, **ANNA)

    card = await queries.get_card(session, customer_id)
    assert (card.family_name, card.version) == ("Bianchi", 2)


async def test_what_a_body_leaves_out_stays_and_null_clears(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)

    await put(session, family_name=None, tags=["gold"])

    card = await queries.get_card(session, customer_id)
    assert (card.given_name, card.family_name, card.tags) == ("Anna", None, ["gold"])
    assert (card.interests, card.city, card.version) == (["pane", "vino"], "Bologna", 2)


async def test_a_card_number_recognises_the_person_another_source_already_sent(session: AsyncSession) -> None:
    till = await put(session, **ANNA)

    shop = await put(session, external_id="web-9", source="web", cards=["20001"], language="en")

    identifiers = await session.scalars(select(Identifier.source).where(Identifier.customer_id == till))
    assert shop == till
    assert sorted(identifiers) == ["card", "pos", "web"]


async def test_a_card_number_of_somebody_else_is_refused(session: AsyncSession) -> None:
    await put(session, **ANNA)
    await put(session, external_id="2", given_name="Bea")

    with pytest.raises(IdentifierTaken):
        await put(session, external_id="2", cards=["20001"])


async def test_b_15_a_family_may_share_one_address(session: AsyncSession) -> None:
    anna = await put(session, **ANNA)

    bruno = await put(session, external_id="2", given_name="Bruno", email="anna@example.it")

    shared = Reference(ReferenceKind.EMAIL, "", "anna@example.it")
    found = await queries.resolve_references(session, [shared])
    assert anna != bruno
    assert set(found[shared]) == {anna, bruno}


async def test_b_42_a_body_without_any_name_still_has_its_key(session: AsyncSession) -> None:
    customer_id = await put(session, external_id="guest-1", email="")

    card = await queries.get_card(session, customer_id)
    assert (card.full_name, card.contact_points) == ("", [])
    assert [each.value for each in card.identifiers] == ["guest-1"]


async def test_an_erased_card_cannot_be_written(session: AsyncSession) -> None:
    await make_customer(session, external=("pos", "9"), erased_at=clock.now())

    with pytest.raises(CustomerErased):
        await put(session, external_id="9", given_name="Back")


# ── contact points ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_23_a_changed_email_is_a_new_unverified_contact_point(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    old = (await points_of(session, customer_id, ContactKind.EMAIL))[0]
    await service.set_level(session, old.id, ContactLevel.CONFIRMED, {"method": "otp"}, actor=STAFF)
    await session.flush()

    await put(session, email="anna.new@example.it")

    old, new = await points_of(session, customer_id, ContactKind.EMAIL)
    assert (old.level, old.valid_to is not None) == (ContactLevel.CONFIRMED, True)
    assert (new.value, new.level, new.is_primary) == ("anna.new@example.it", ContactLevel.UNVERIFIED, True)


async def test_b_11_the_same_email_in_another_case_is_no_change(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)

    await put(session, email="ANNA@EXAMPLE.IT")

    assert [each.value for each in await points_of(session, customer_id, ContactKind.EMAIL)] == ["Anna@example.it"]


async def test_an_address_added_by_staff_leaves_the_main_one_unless_told(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)

    await service.add_contact_point(
        session, customer_id, email_contact("second@example.it"), is_primary=False, actor=STAFF
    )

    main = {each.value: each.is_primary for each in await points_of(session, customer_id, ContactKind.EMAIL)}
    assert main == {"Anna@example.it": True, "second@example.it": False}


async def test_when_the_main_address_ends_the_next_one_takes_its_place(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    main = (await points_of(session, customer_id, ContactKind.EMAIL))[0]
    await service.add_contact_point(
        session, customer_id, email_contact("second@example.it"), is_primary=False, actor=STAFF
    )

    await service.end_contact_point(session, customer_id, main.id, actor=STAFF)
    await session.flush()

    ended, second = await points_of(session, customer_id, ContactKind.EMAIL)
    assert (ended.valid_to is not None, second.is_primary) == (True, True)


async def test_c_13_a_level_is_raised_only_with_evidence(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    point = (await points_of(session, customer_id, ContactKind.EMAIL))[0]

    with pytest.raises(EvidenceMissing):
        await service.set_level(session, point.id, ContactLevel.CONFIRMED, None, actor=STAFF)


async def test_c_13_a_delivery_raises_an_unverified_address_and_lowers_nothing(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    email = (await points_of(session, customer_id, ContactKind.EMAIL))[0]
    phone = (await points_of(session, customer_id, ContactKind.PHONE))[0]
    await service.set_level(session, phone.id, ContactLevel.CONFIRMED, {"method": "otp"}, actor=STAFF)
    await session.flush()

    await service.mark_delivered(session, [email.id, phone.id], at=clock.now())

    assert (await points_of(session, customer_id, ContactKind.EMAIL))[0].level == ContactLevel.DELIVERED_OK
    assert (await points_of(session, customer_id, ContactKind.PHONE))[0].level == ContactLevel.CONFIRMED


# ── batches ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_malformed_row_among_5000_is_reported_alone(session: AsyncSession) -> None:
    rows: list[Any] = [
        {"source": "pos", "external_id": str(number), "given_name": f"N{number}", "email": f"n{number}@example.it"}
        for number in range(5_000)
    ]
    rows[1_234] |= {"email": "a@b", "phone": "abc"}

    outcome = await service.put_many(session, rows, actor=STAFF)

    refused = [row for row in outcome.items if row.problem]
    assert outcome.counts == {"created": 4_999, "rejected": 1}
    assert [row.index for row in outcome.items] == list(range(5_000))
    assert [row.index for row in refused] == [1_234]
    assert refused[0].problem is not None
    assert [error["path"] for error in refused[0].problem["errors"]] == ["email", "phone"]


async def test_a_batch_sent_twice_changes_nothing(session: AsyncSession) -> None:
    rows = [{"source": "pos", "external_id": str(number), **ANNA, "cards": [f"C{number}"]} for number in range(50)]
    await service.put_many(session, rows, actor=STAFF)

    again = await service.put_many(session, rows, actor=STAFF)

    assert again.counts == {"unchanged": 50}
    assert await session.scalar(select(func.count()).select_from(Customer)) == 50


@pytest.mark.parametrize(
    "row", [7, "x", None, [], {"source": "pos"}, {"source": "pos", "external_id": "1", "consents": []}]
)
async def test_a_row_of_any_shape_is_answered(session: AsyncSession, row: object) -> None:
    outcome = await service.put_many(session, [row, {"source": "pos", "external_id": "ok"}], actor=STAFF)

    assert [each.status for each in outcome.items] == ["rejected", "created"]


async def test_rows_of_one_person_in_one_batch_are_written_in_order(session: AsyncSession) -> None:
    rows = [
        {"source": "pos", "external_id": "1", "given_name": "Ana", "cards": ["7"]},
        {"source": "pos", "external_id": "1", "given_name": "Anna"},
        {"source": "web", "external_id": "w", "cards": ["7"], "family_name": "Rossi"},
    ]

    outcome = await service.put_many(session, rows, actor=STAFF)

    assert [row.status for row in outcome.items] == ["created", "updated", "updated"]
    assert len({row.id for row in outcome.items}) == 1
    assert outcome.items[0].id is not None
    assert (await queries.get_card(session, outcome.items[0].id)).full_name == "Anna Rossi"


async def test_two_parallel_writers_of_one_new_key_make_one_card(clean_sessions: Sessions) -> None:
    async def write(name: str) -> str:
        async with unit_of_work(clean_sessions) as session:
            return (await service.put(session, "pos", "1", CustomerWrite(given_name=name), actor=STAFF)).status

    statuses = await asyncio.gather(*(write(f"N{number}") for number in range(6)))

    async with clean_sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Customer)) == 1
    assert sorted(statuses)[0] == "created"
    assert statuses.count("created") == 1


async def test_every_write_says_who_did_it_and_wakes_what_follows(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    await put(session, given_name="Annamaria")

    acts = (await session.execute(select(AuditEntry.action, AuditEntry.actor_name).order_by(AuditEntry.id))).all()
    events = (await session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))).all()
    assert acts == [("customer.created", "tests"), ("customer.changed", "tests")]
    assert [event.name for event in events] == ["customer.created", "customer.identified", "customer.changed"]
    assert all(event.payload == {"customer_ids": [str(customer_id)]} for event in events)


async def test_no_audit_entry_and_no_event_tells_a_name_or_an_address(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    await service.add_note(session, customer_id, "Anna preferisce la sera", actor=STAFF)

    told = await session.scalars(
        text("select details::text from audit_entries union all select payload::text from outbox_events")
    )
    assert not [line for line in told if "nna" in line or "333" in line or "Po" in line]


# ── notes, states, search ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_restriction_can_be_lifted_and_a_second_one_changes_nothing(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    first = (await service.restrict(session, customer_id, actor=STAFF)).restricted_at
    again = (await service.restrict(session, customer_id, actor=STAFF)).restricted_at

    lifted = await service.lift_restriction(session, customer_id, actor=STAFF)

    assert first == again
    assert (lifted.restricted_at, lifted.version) == (None, 3)


async def test_b_53_a_death_is_marked_at_once_and_told(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)

    await service.decease(session, customer_id, actor=STAFF)
    await service.decease(session, customer_id, actor=STAFF)

    names = list(await session.scalars(select(OutboxEvent.name)))
    assert names.count("customer.deceased") == 1


async def test_a_note_is_removed_for_good(session: AsyncSession) -> None:
    customer_id = await put(session, **ANNA)
    note = await service.add_note(session, customer_id, "Ama il pane", actor=STAFF)

    await service.remove_note(session, customer_id, note.id, actor=STAFF)

    assert await session.scalar(select(func.count()).select_from(CustomerNote)) == 0


@pytest.mark.parametrize(
    "typed",
    ["ros", "Rossi ann", "anna", "ANNA ROS", "1234567", "4567", "333 123", "+39333", "2000", "20001", "anna@ex"],
)
async def test_somebody_is_found_by_what_one_types(session: AsyncSession, typed: str) -> None:
    anna = await put(session, **ANNA)
    await put(session, external_id="2", given_name="Zita", family_name="Verdi", phone="347 7654321", cards=["999"])

    found = await lookups.look_up(session, Lookup(q=typed), country="IT")

    assert [each.id for each in found] == [anna]


@pytest.mark.parametrize("typed", ["%", "_", "''; drop table", "\\", "zzz", "999999999999"])
async def test_a_search_that_matches_nobody_finds_nobody(session: AsyncSession, typed: str) -> None:
    await put(session, **ANNA)

    assert await lookups.look_up(session, Lookup(q=typed), country="IT") == []


async def test_a_search_shows_enough_to_tell_two_people_apart_and_no_more(session: AsyncSession) -> None:
    await put(session, **ANNA)

    found = await lookups.look_up(session, Lookup(card="2000 1"), country="IT")

    assert [each.model_dump(exclude={"id"}) for each in found] == [
        {"full_name": "Anna Rossi", "city": "Bologna", "card_end": "0001", "phone_end": "4567"}
    ]
