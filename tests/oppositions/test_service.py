"""What an answer of the register does: it covers, it ages, it revokes (D-T1…D-T7, B-48)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing
from ritorno.consents.rules import Ask, Channel, Decision, Method, Party, Purpose, Reason, Verdict
from ritorno.customers.models import Customer
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.problems import Invalid
from ritorno.oppositions import queries, service
from ritorno.oppositions.models import OppositionCheck
from ritorno.oppositions.rules import RegisterKind
from tests.consents.asking import answer as ask_gate
from tests.consents.asking import events_of
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.oppositions.answering import ANNA, BICE, OFFICER, answer, listings_of

TUESDAY = datetime(2026, 11, 24, 11, tzinfo=UTC)
CALL = Ask(Purpose.MKT_OWN, Channel.PHONE_OPERATOR)


@pytest.fixture(autouse=True)
def _tuesday(settings: Settings) -> Iterator[None]:
    hashing.set_peppers(settings)
    with clock.frozen(TUESDAY):
        yield


@pytest.fixture
async def anna(session: AsyncSession) -> Customer:
    """Somebody who agreed on 1 February to be called."""
    return await callable_person(session, "Anna", ANNA, datetime(2026, 2, 1, 10, tzinfo=UTC))


async def callable_person(session: AsyncSession, name: str, phone: str, since: datetime) -> Customer:
    customer = await make_customer(session, given_name=name, phone=phone)
    await make_consent(session, customer.id, channel=Channel.PHONE_OPERATOR, at=since)
    return customer


async def may_call(session: AsyncSession, customer: Customer, at: datetime = TUESDAY) -> Decision:
    return await ask_gate(session, customer, CALL, at)


# ── what the gate makes of it ─────────────────────────────────────────────────────────────────────────────────────────


async def test_d_t1_a_number_that_is_not_listed_may_be_called(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 20), anna=False)

    decision = await may_call(session, anna)

    assert (decision.verdict, decision.rule_id) == (Verdict.ALLOW, "D-T1")


async def test_b_48_an_answer_sixteen_days_old_covers_nobody(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 8), anna=False)

    assert (await may_call(session, anna)).reason is Reason.RPO_STALE


async def test_b_48_a_partial_answer_leaves_the_others_uncovered(session: AsyncSession, anna: Customer) -> None:
    bice = await callable_person(session, "Bice", BICE, datetime(2026, 2, 1, tzinfo=UTC))

    await answer(session, date(2026, 11, 20), anna=False)

    assert (await may_call(session, anna)).verdict is Verdict.ALLOW
    assert (await may_call(session, bice)).reason is Reason.RPO_STALE


async def test_d_t2_an_entry_revokes_the_consent_before_it(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 20), since=date(2026, 3, 10), anna=True)

    decision = await may_call(session, anna)

    assert (decision.verdict, decision.reason) == (Verdict.DENY, Reason.RPO_REVOKED)


async def test_d_t3_a_consent_after_the_entry_goes_to_a_person(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 20), since=date(2026, 3, 10), anna=True)
    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, at=datetime(2026, 5, 1, tzinfo=UTC))

    decision = await may_call(session, anna)

    assert (decision.verdict, decision.reason) == (Verdict.REVIEW, Reason.RPO_LATER_CONSENT)


async def test_d_t2_what_an_entry_revoked_stays_revoked_when_it_ends(session: AsyncSession, anna: Customer) -> None:
    """DPR 26/2022 art. 7(7): the yes before the entry does not come back with its end."""
    await answer(session, date(2026, 11, 1), since=date(2026, 3, 10), anna=True)

    upload = await answer(session, date(2026, 11, 20), anna=False)

    assert upload.revoked_count == 1
    entry = (await events_of(session, anna))[-1]
    assert (entry.method, entry.party) == (Method.RPO, Party.REGISTRY)
    assert entry.occurred_at == datetime(2026, 3, 9, 23, tzinfo=UTC)
    assert (await may_call(session, anna)).reason is Reason.WITHDRAWN


async def test_d_t2_a_late_answer_revokes_although_the_listing_has_ended(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 20), anna=False)

    upload = await answer(session, date(2026, 11, 1), since=date(2026, 3, 10), anna=True)

    assert upload.revoked_count == 1
    assert (await may_call(session, anna)).reason is Reason.WITHDRAWN


async def test_d_t2_a_yes_of_the_day_of_the_entry_stays_revoked_when_it_ends(session: AsyncSession) -> None:
    """A form signed that day counts from its first moment, and so does the entry: the stricter word wins (C-10)."""
    bice = await callable_person(session, "Bice", BICE, datetime(2026, 3, 9, 23, tzinfo=UTC))
    await answer(session, date(2026, 11, 1), since=date(2026, 3, 10), bice=True)
    assert (await may_call(session, bice)).reason is not None

    await answer(session, date(2026, 11, 20), bice=False)

    assert (await may_call(session, bice)).reason is Reason.WITHDRAWN


async def test_d_t1_a_consent_after_the_entry_outlives_its_end(session: AsyncSession, anna: Customer) -> None:
    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, at=datetime(2026, 5, 1, tzinfo=UTC))
    await answer(session, date(2026, 11, 1), since=date(2026, 3, 10), anna=True)

    upload = await answer(session, date(2026, 11, 20), anna=False)

    assert upload.revoked_count == 0
    assert (await may_call(session, anna)).verdict is Verdict.ALLOW


async def test_d_t2_an_entry_while_it_stands_writes_nothing_into_the_ledger(
    session: AsyncSession, anna: Customer
) -> None:
    """The gate weighs a standing entry itself, or a consent tied to a contract could never be told apart (D-T4)."""
    await answer(session, date(2026, 11, 20), since=date(2026, 3, 10), anna=True)

    assert len(await events_of(session, anna)) == 1


async def test_d_t7_as_of_a_past_day_the_answer_of_that_day_counts(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 10, 20), anna=False)
    await answer(session, date(2026, 11, 20), since=date(2026, 11, 10), anna=True)

    then = datetime(2026, 10, 28, 11, tzinfo=UTC)

    assert (await may_call(session, anna, then)).verdict is Verdict.ALLOW
    assert (await may_call(session, anna)).reason is Reason.RPO_REVOKED


# ── how long a number has been listed ─────────────────────────────────────────────────────────────────────────────────


async def test_d_t2_the_first_entry_is_carried_forward_while_it_lasts(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 10, 1), anna=True)
    await answer(session, date(2026, 10, 15), anna=True)
    await answer(session, date(2026, 11, 1), anna=False)
    await answer(session, date(2026, 11, 15), anna=True)

    assert await listings_of(session, anna) == [
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 10, 15), date(2026, 10, 1)),
        (date(2026, 11, 1), None),
        (date(2026, 11, 15), date(2026, 11, 15)),
    ]


async def test_d_t2_an_older_answer_that_comes_late_takes_its_place(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 15), anna=True)
    await answer(session, date(2026, 11, 1), anna=True)

    assert [listed for _, listed in await listings_of(session, anna)] == [date(2026, 11, 1)] * 2


async def test_a_number_of_two_people_covers_both(session: AsyncSession, anna: Customer) -> None:
    other = await callable_person(session, "Aldo", ANNA, datetime(2026, 2, 1, tzinfo=UTC))

    upload = await answer(session, date(2026, 11, 20), anna=True)

    assert upload.matched_count == 2
    assert len(await listings_of(session, anna)) == len(await listings_of(session, other)) == 1


async def test_two_answers_of_one_day_hold_together_and_the_stricter_wins(
    session: AsyncSession, anna: Customer
) -> None:
    await answer(session, date(2026, 11, 20), anna=True)
    await answer(session, date(2026, 11, 20), anna=False, bice=False)

    assert await listings_of(session, anna) == [(date(2026, 11, 20), date(2026, 11, 20))]


async def test_the_same_file_for_the_same_day_is_taken_once(session: AsyncSession, anna: Customer) -> None:
    first = await answer(session, date(2026, 11, 20), anna=False)
    again = await answer(session, date(2026, 11, 20), anna=False)
    later = await answer(session, date(2026, 11, 21), anna=False)

    assert first.id == again.id != later.id
    assert (await session.execute(select(func.count()).select_from(OppositionCheck))).scalar_one() == 2


async def test_an_answer_of_tomorrow_is_refused(session: AsyncSession, anna: Customer) -> None:
    with pytest.raises(Invalid):
        await answer(session, date(2026, 11, 25), anna=False)


async def test_the_postal_register_speaks_of_the_address_the_number_belongs_to(session: AsyncSession) -> None:
    customer = await make_customer(session, phone=ANNA, address={"street": "Via Roma 1", "city": "Torino"})

    upload = await answer(session, date(2026, 11, 20), kind=RegisterKind.POSTAL, anna=True)

    assert upload.matched_count == 1
    assert await listings_of(session, customer) == [(date(2026, 11, 20), date(2026, 11, 20))]


# ── who is covered, and whom to ask about ─────────────────────────────────────────────────────────────────────────────


async def test_the_summary_counts_those_who_may_be_called(session: AsyncSession, anna: Customer) -> None:
    since = datetime(2026, 2, 1, tzinfo=UTC)
    await callable_person(session, "Bice", BICE, since)
    await callable_person(session, "Carlo", "+393331234569", since)
    await make_customer(session, given_name="Dario", phone="+393331234570")
    await answer(session, date(2026, 11, 1), bice=True)
    await answer(session, date(2026, 11, 20), anna=False)

    phone = (await queries.coverage(session))[0]

    assert phone.with_consent_count == 3
    assert (phone.covered_count, phone.stale_count, phone.never_count, phone.listed_count) == (1, 1, 1, 1)
    assert (phone.valid_days, phone.age_days) == (15, 4)
    assert phone.last_answered_at is not None
    assert phone.expires_at == phone.last_answered_at + timedelta(days=15)


async def test_d_t7_only_numbers_with_consent_are_asked_about(session: AsyncSession, anna: Customer) -> None:
    await callable_person(session, "Bice", BICE, datetime(2026, 2, 1, tzinfo=UTC))
    await make_customer(session, given_name="Dario", phone="+393331234570")
    await answer(session, date(2026, 11, 20), anna=False)

    due = await service.extract(session, kind=RegisterKind.PHONE, numbers="due", actor=OFFICER)
    everyone = await service.extract(session, kind=RegisterKind.PHONE, numbers="all", actor=OFFICER)

    assert due.decode().split() == ["numero", BICE]
    assert everyone.decode().split() == ["numero", ANNA, BICE]


async def test_d_t7_an_answer_that_is_about_to_end_is_asked_for_again(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 11), anna=False)

    due = await service.extract(session, kind=RegisterKind.PHONE, numbers="due", actor=OFFICER)

    assert due.decode().split() == ["numero", ANNA]


# ── a person's rights ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_28_a_person_is_told_what_the_register_answered(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 20), since=date(2026, 3, 10), anna=True)

    [told] = await service.export(session, anna.id)

    assert (told["contact"], told["register"]) == (ANNA, "PHONE")
    assert told["listed_since"].startswith("2026-03-09T23:00")


async def test_c_24_an_erasure_forgets_it(session: AsyncSession, anna: Customer) -> None:
    await answer(session, date(2026, 11, 20), anna=True)

    await service.erase(session, anna.id)

    assert await listings_of(session, anna) == []
