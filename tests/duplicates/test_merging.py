"""Merging two cards and separating them again: nothing is lost, nothing is doubled, nothing is forgotten."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers import lookups, queries
from ritorno.customers import service as customers
from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.customers.models import ContactPoint, Customer, Merge
from ritorno.customers.rules import ContactKind, ContactLevel, Gender, MergeReason, Reference, ReferenceKind
from ritorno.customers.schemas import CustomerWrite, Lookup
from ritorno.desk import queries as desk
from ritorno.desk.schemas import CustomerFilter
from ritorno.duplicates import service
from ritorno.duplicates.errors import MergeNotLast, MergeUndone
from ritorno.duplicates.queries import merges_of
from ritorno.duplicates.rehoming import DOMAINS
from ritorno.duplicates.rules import CardField, Side
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.pages import PageQuery
from ritorno.scores import service as scores
from ritorno.segments import queries as segments
from ritorno.segments.schemas import read_tree
from ritorno.transactions import service as transactions
from ritorno.transactions.models import Profile, Transaction
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.duplicates import STAFF, everything, make_double, rows_of
from tests.factories.transactions import TILL, a_body, a_line, make_transaction


async def merge(session: AsyncSession, winner_id: UUID, loser_id: UUID, **more: object) -> Merge:
    return await service.merge(session, winner_id=winner_id, loser_id=loser_id, actor=STAFF, **more)  # type: ignore[arg-type]


async def points_of(session: AsyncSession, customer_id: UUID) -> dict[str, ContactPoint]:
    found = await session.scalars(
        select(ContactPoint).where(ContactPoint.customer_id == customer_id, ContactPoint.valid_to.is_(None)),
        execution_options={"populate_existing": True},
    )
    return {point.value: point for point in found}


# ── there and back ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_separating_two_cards_leaves_no_trace_of_their_merge(session: AsyncSession, settings: Settings) -> None:
    double = await make_double(session, settings)
    before = await everything(session)

    done = await merge(session, double.winner_id, double.loser_id, choices={CardField.EMAIL: Side.LOSER})
    merged = await everything(session)
    undone = await service.unmerge(session, done.id, actor=STAFF)
    after = await everything(session)

    assert merged != before
    assert undone.kept == []
    assert {name for name in before if before[name] != after[name]} == set()


async def test_every_row_but_the_ledgers_goes_over_once_and_what_both_have_stays(
    session: AsyncSession, settings: Settings
) -> None:
    double = await make_double(session, settings)
    had, held = await rows_of(session, double.loser_id), await rows_of(session, double.winner_id)

    done = await merge(session, double.winner_id, double.loser_id)

    left, has = await rows_of(session, double.loser_id), await rows_of(session, double.winner_id)
    moved = {table for domain in DOMAINS for table in domain.tables} & had.keys()
    # Links of the lake have tests of their own; packs end when cards part, and holds would keep receipts from erasures.
    elsewhere = {"holds", "inbound_mails", "inbound_texts", "lake_pseudonyms", "letter_pieces", "privacy_packs"}
    assert {table for table in moved if not had[table]} <= elsewhere
    both_have = {
        "contact_points": 1,
        "customer_interests": 1,
        "customer_tags": 1,
        "messages": 1,
        "recall_occasions": 1,
    }
    assert {table: left[table] for table in moved if left[table]} == both_have
    assert all(has[table] == held[table] + had[table] - both_have.get(table, 0) for table in moved)
    assert not any(left[table] for table in ("profiles", "category_profiles", "consent_states"))
    assert left["consent_events"] == had["consent_events"]
    [told] = await merges_of(session, double.winner_id)
    assert (told.moved["transactions"], told.moved["tasks"]) == (had["transactions"], 1)
    assert told.is_reversible
    assert done.merged_at == told.merged_at


async def test_the_purchases_of_both_add_up(session: AsyncSession) -> None:
    one, other = await make_customer(session, email="a@example.it"), await make_customer(session, email="b@example.it")
    monday = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for at, customer, total in ((monday, one, "10.00"), (monday + timedelta(hours=4), other, "4.00")):
        await make_transaction(session, customer, a_line("bread", total), at=at)
    await make_transaction(session, other, a_line("milk", "1.00"), at=monday + timedelta(days=3))
    await make_transaction(session, one, a_line("bread", "2.00"), at=monday + timedelta(days=7))

    done = await merge(session, one.id, other.id)

    profile = await session.get_one(Profile, one.id, populate_existing=True)
    assert (profile.purchases, profile.revenue_minor, profile.visit_days) == (4, 1700, 3)
    assert await session.get(Profile, other.id, populate_existing=True) is None
    recomputed = await session.execute(
        text("select count(distinct business_day), sum(total_minor) from transactions where customer_id = :id"),
        {"id": one.id},
    )
    assert recomputed.one() == (3, 1700)
    strays = "select count(*) from transaction_lines l join transactions t on t.id = l.transaction_id"
    assert await session.scalar(text(f"{strays} where l.customer_id <> t.customer_id")) == 0
    await service.unmerge(session, done.id, actor=STAFF)
    alone = [await session.get_one(Profile, each.id, populate_existing=True) for each in (one, other)]
    assert [(each.visit_days, each.revenue_minor) for each in alone] == [(2, 1200), (2, 500)]
    assert await session.scalar(text(f"{strays} where l.customer_id <> t.customer_id")) == 0


async def test_rows_of_the_time_in_between_stay_where_they_were_made(session: AsyncSession) -> None:
    one, other = await make_customer(session, email="a@example.it"), await make_customer(session, email="b@example.it")
    done = await merge(session, one.id, other.id)
    bought = await make_transaction(session, one, a_line("bread"))
    await make_contact_point(session, one.id, kind=ContactKind.PHONE, value="+393330000001")

    await service.unmerge(session, done.id, actor=STAFF)

    assert (await session.get_one(Transaction, bought.id, populate_existing=True)).customer_id == one.id
    assert set(await points_of(session, one.id)) == {"a@example.it", "+393330000001"}
    assert set(await points_of(session, other.id)) == {"b@example.it"}


async def test_scores_of_a_card_without_purchases_are_dropped(session: AsyncSession) -> None:
    one, other = await make_customer(session), await make_customer(session)
    for customer in (one, other):
        for day in range(3):
            at = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=10 * day)
            await make_transaction(session, customer, a_line("bread"), at=at)
    on = datetime(2026, 3, 1, tzinfo=UTC).date()
    await scores.refresh(session, on)
    await merge(session, one.id, other.id)

    await scores.rescore(session, [one.id, other.id], on)

    assert {
        table: count for table, count in (await rows_of(session, other.id)).items() if table.endswith("scores")
    } == {
        "customer_scores": 0,
        "category_scores": 0,
    }


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_field_is_the_winners_unless_chosen_or_missing(session: AsyncSession) -> None:
    winner = await make_customer(session, given_name="Marta", family_name="Bellini", gender=None)
    loser = await make_customer(session, given_name="M.", family_name="Bellini Rossi", gender="FEMALE")

    done = await merge(session, winner.id, loser.id, choices={CardField.FAMILY_NAME: Side.LOSER})

    assert (winner.given_name, winner.family_name, winner.gender) == ("Marta", "Bellini Rossi", "FEMALE")
    assert winner.search_name == "bellini rossi marta"
    assert loser.family_name == "Bellini Rossi"
    [told] = await merges_of(session, winner.id)
    assert {(each.field, each.source) for each in told.fields} == {("family_name", "loser"), ("gender", "loser")}
    await service.unmerge(session, done.id, actor=STAFF)
    assert (winner.family_name, winner.gender, winner.search_name) == ("Bellini", None, "bellini marta")


async def test_a_value_changed_after_the_merge_is_kept_and_listed(session: AsyncSession) -> None:
    winner = await make_customer(session, given_name="Marta", gender=None)
    loser = await make_customer(session, given_name="M.", gender="FEMALE")
    done = await merge(session, winner.id, loser.id, choices={CardField.GIVEN_NAME: Side.LOSER})
    await customers.change(session, winner, CustomerWrite(given_name="Martina"), actor=STAFF)

    undone = await service.unmerge(session, done.id, actor=STAFF)

    assert [(each["column"], each["value"]) for each in undone.kept or ()] == [("given_name", "Martina")]
    assert (winner.given_name, winner.gender) == ("Martina", None)


async def test_one_address_of_a_kind_is_the_main_one(session: AsyncSession) -> None:
    winner = await make_customer(session, email="w@example.it", phone="+393330000001")
    loser = await make_customer(session, email="l@example.it", phone="+393330000002")

    done = await merge(session, winner.id, loser.id, choices={CardField.PHONE: Side.LOSER})

    main = {value: point.is_primary for value, point in (await points_of(session, winner.id)).items()}
    assert main == {"w@example.it": True, "l@example.it": False, "+393330000001": False, "+393330000002": True}
    await service.unmerge(session, done.id, actor=STAFF)
    for customer_id in (winner.id, loser.id):
        assert all(point.is_primary for point in (await points_of(session, customer_id)).values())


async def test_an_address_both_cards_have_is_there_once_and_remembers_that_it_bounced(session: AsyncSession) -> None:
    winner = await make_customer(session, email="same@example.it", level=ContactLevel.UNVERIFIED)
    loser = await make_customer(session, email="same@example.it")
    theirs = (await points_of(session, loser.id))["same@example.it"]
    theirs.hard_bounced_at = theirs.invalid_at = clock.now()
    await session.flush()

    done = await merge(session, winner.id, loser.id)

    assert await points_of(session, loser.id) == {}
    mine = (await points_of(session, winner.id))["same@example.it"]
    assert (mine.hard_bounced_at, mine.level) == (theirs.hard_bounced_at, ContactLevel.UNVERIFIED)
    await service.unmerge(session, done.id, actor=STAFF)
    assert (await points_of(session, winner.id))["same@example.it"].hard_bounced_at is None
    assert (await points_of(session, loser.id))["same@example.it"].hard_bounced_at is not None


async def test_what_protects_the_person_on_either_card_protects_the_merged_one(session: AsyncSession) -> None:
    long_ago, lately = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    born = datetime(2012, 5, 1, tzinfo=UTC).date()
    winner = await make_customer(session, restricted_at=lately, birth_on=datetime(1990, 1, 1, tzinfo=UTC).date())
    loser = await make_customer(session, restricted_at=long_ago, deceased_at=lately, birth_on=born)

    done = await merge(session, winner.id, loser.id)

    assert (winner.restricted_at, winner.deceased_at, winner.is_minor_flagged) == (long_ago, lately, True)
    assert winner.birth_on is not None
    assert winner.birth_on.year == 1990
    await service.unmerge(session, done.id, actor=STAFF)
    assert (winner.restricted_at, winner.deceased_at, winner.is_minor_flagged) == (lately, None, False)


# ── which cards, in which order ───────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_two_again_are_the_merge_that_stands(session: AsyncSession) -> None:
    one, other = await make_customer(session), await make_customer(session)

    done = await merge(session, one.id, other.id)

    assert (await merge(session, one.id, other.id, choices={CardField.GENDER: Side.LOSER})).id == done.id
    with pytest.raises(CustomerMerged) as refused:
        await merge(session, other.id, one.id)
    assert refused.value.extra == {"merged_into": str(one.id)}


async def test_an_erased_card_and_an_unknown_one_are_refused(session: AsyncSession) -> None:
    one, gone = await make_customer(session), await make_customer(session, erased_at=clock.now())

    for winner_id, loser_id in ((one.id, gone.id), (gone.id, one.id)):
        with pytest.raises(CustomerErased):
            await merge(session, winner_id, loser_id)
    with pytest.raises(CustomerNotFound):
        await merge(session, one.id, uuid4())


async def test_merges_of_one_card_are_undone_last_first(session: AsyncSession) -> None:
    a, b, c = [await make_customer(session, given_name=name, email=f"{name}@example.it") for name in "abc"]
    bought = await make_transaction(session, a, a_line("bread"))
    before = await everything(session)
    first = await merge(session, b.id, a.id)
    second = await merge(session, c.id, b.id)

    with pytest.raises(MergeNotLast) as refused:
        await service.unmerge(session, first.id, actor=STAFF)

    assert refused.value.extra == {"last_merge_id": str(second.id)}
    assert (await session.get_one(Transaction, bought.id, populate_existing=True)).customer_id == c.id
    assert [each.is_reversible for each in await merges_of(session, c.id)] == [True, False]
    assert await queries.living_of(session, [a.id, b.id, c.id]) == dict.fromkeys((a.id, b.id, c.id), c.id)
    for done in (second, first):
        await service.unmerge(session, done.id, actor=STAFF)
    assert await everything(session) == before
    assert (await service.unmerge(session, first.id, actor=STAFF)).unmerged_at == first.unmerged_at


async def test_two_cards_that_a_person_separated_are_merged_again_by_a_person_alone(session: AsyncSession) -> None:
    one, other = await make_customer(session), await make_customer(session)
    await service.unmerge(session, (await merge(session, one.id, other.id)).id, actor=STAFF)

    with pytest.raises(MergeUndone):
        await merge(session, one.id, other.id, reason=MergeReason.AUTOMATIC)

    await merge(session, other.id, one.id)

    assert one.merged_into_id == other.id
    assert [each.winner_id for each in await merges_of(session, one.id)] == [other.id, one.id]


# ── nobody meets the merged card ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reference", ["id", "card", "email", "source"])
async def test_a_till_that_names_the_merged_card_reaches_the_living_one(session: AsyncSession, reference: str) -> None:
    one = await make_customer(session, email="one@example.it")
    other = await make_customer(session, email="other@example.it", card="200", external=("shop", "m-1"))
    await merge(session, one.id, other.id)
    named = {
        "id": {"customer_id": str(other.id)},
        "card": {"card": "200"},
        "email": {"email": "other@example.it"},
        "source": {"source": "shop", "external_id": "m-1"},
    }[reference]

    written = await transactions.put(session, "till", "r-1", a_body(customer=named), actor=TILL)

    assert (written.status, written.customer_id) == ("created", one.id)


async def test_an_address_both_cards_had_names_one_person(session: AsyncSession) -> None:
    one = await make_customer(session, email="same@example.it")
    other = await make_customer(session, email="same@example.it")
    reference = Reference(ReferenceKind.EMAIL, "", "same@example.it")
    assert len((await queries.resolve_references(session, [reference]))[reference]) == 2

    await merge(session, one.id, other.id)

    assert (await queries.resolve_references(session, [reference]))[reference] == (one.id,)


async def test_an_integration_that_states_the_merged_card_writes_on_the_living_one(session: AsyncSession) -> None:
    one = await make_customer(session, given_name="Marta")
    other = await make_customer(session, external=("shop", "m-1"))
    await merge(session, one.id, other.id)

    written = await customers.put(session, "shop", "m-1", CustomerWrite(gender=Gender.FEMALE), actor=STAFF)

    assert (written.status, written.id) == ("updated", one.id)


async def test_the_merged_card_is_in_no_search_no_list_and_no_segment(session: AsyncSession) -> None:
    one = await make_customer(session, given_name="Marta", family_name="Bellini")
    other = await make_customer(session, given_name="Marta", family_name="Bellini", card="200")
    await merge(session, one.id, other.id)

    found = await lookups.look_up(session, Lookup(q="bellini"), country="IT")
    by_card = await lookups.look_up(session, Lookup(q="200"), country="IT")
    page = await desk.list_customer_rows(session, PageQuery(), CustomerFilter(), language="it")
    tree = read_tree({"all": []})
    moment = await segments.moment_of(session, tree, clock.now())
    members = [each async for batch in segments.iter_members(session, tree, moment) for each in batch.members]
    today = await desk.get_today(session)

    assert [each.id for each in found] == [each.id for each in by_card] == [one.id]
    assert [row.id for row in page.items] == members == [one.id]
    assert today.customers == 1


async def test_whoever_opens_the_merged_card_is_told_where_to_go(session: AsyncSession) -> None:
    a, b, c = [await make_customer(session) for _ in range(3)]
    await merge(session, b.id, a.id)
    await merge(session, c.id, b.id)

    with pytest.raises(CustomerMerged) as refused:
        await queries.get_card(session, a.id)

    assert refused.value.extra == {"merged_into": str(c.id)}
    assert (await session.get_one(Customer, a.id)).merged_into_id == b.id
