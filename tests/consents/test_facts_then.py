"""As of a past moment (C-26, D-03): the gate answers with what was known then, whatever happened since."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing
from ritorno.consents import service as consents
from ritorno.consents.rules import (
    Action,
    Ask,
    Channel,
    Decision,
    LegalBasis,
    Purpose,
    Reason,
    SuppressionReason,
    Verdict,
)
from ritorno.customers.models import ContactPoint, Customer, Merge
from ritorno.customers.rules import ContactKind
from ritorno.duplicates import service as duplicates
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.messaging.models import SenderReadiness
from ritorno.oppositions.models import OppositionCheck, OppositionUpload
from tests.consents.asking import MARKETING, SERVICE, answer
from tests.factories.consents import STAFF, make_consent, make_soft_optin
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.transactions import make_transaction

CALL = Ask(Purpose.MKT_OWN, Channel.PHONE_OPERATOR)


def day(month: int, number: int = 1) -> datetime:
    return datetime(2026, month, number, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _peppers(settings: Settings) -> None:
    hashing.set_peppers(settings)


@pytest.fixture
async def anna(session: AsyncSession) -> Customer:
    """Somebody known since January, who said yes to mail in March."""
    customer = await make_customer(session, email="anna@example.it", phone="+393331234567")
    await session.execute(update(ContactPoint).where(ContactPoint.customer_id == customer.id).values(valid_from=day(1)))
    await make_consent(session, customer.id, at=day(3))
    return customer


async def at(session: AsyncSession, customer: Customer, moment: datetime, ask: Ask = MARKETING) -> Decision:
    return await answer(session, customer, ask, moment)


async def reason(session: AsyncSession, customer: Customer, moment: datetime, ask: Ask = MARKETING) -> Reason | None:
    return (await at(session, customer, moment, ask)).reason


async def mark(session: AsyncSession, model: Any, row_id: UUID, **values: object) -> None:
    await session.execute(update(model).where(model.id == row_id).values(**values))


async def test_what_was_said_later_was_not_said_then(session: AsyncSession, anna: Customer) -> None:
    await make_consent(session, anna.id, action=Action.WITHDRAW, at=day(6))

    assert await reason(session, anna, day(2)) is Reason.NO_SALE
    assert (await at(session, anna, day(4))).verdict is Verdict.ALLOW
    assert await reason(session, anna, day(7)) is Reason.WITHDRAWN


async def test_c_26_a_restriction_held_from_its_day_to_its_lifting(session: AsyncSession, anna: Customer) -> None:
    await session.execute(
        text(
            """insert into restrictions (id, customer_id, ground, asked_by, asked_on, restricted_at, restricted_by,
                   told_on, exit, lifted_at, lifted_by)
               values (:id, :customer, 'ACCURACY', 'PERSON', '2026-05-01', :since, 'Paola',
                   '2026-06-20', 'GROUND_ENDED', :until, 'Paola')"""
        ),
        {"id": uuid7(), "customer": anna.id, "since": day(5), "until": day(7)},
    )

    assert (await at(session, anna, day(4))).verdict is Verdict.ALLOW
    assert await reason(session, anna, day(6)) is Reason.RESTRICTED
    assert await reason(session, anna, day(6), SERVICE) is Reason.RESTRICTED
    assert (await at(session, anna, day(8))).verdict is Verdict.ALLOW

    await mark(session, Customer, anna.id, restricted_at=day(9))
    assert (await at(session, anna, day(8))).verdict is Verdict.ALLOW
    assert await reason(session, anna, day(10)) is Reason.RESTRICTED


async def test_a_death_and_an_erasure_of_today_were_not_known_then(session: AsyncSession, anna: Customer) -> None:
    await mark(session, Customer, anna.id, deceased_at=day(6))
    assert (await at(session, anna, day(5))).verdict is Verdict.ALLOW
    assert await reason(session, anna, day(7)) is Reason.DECEASED

    await mark(session, Customer, anna.id, deceased_at=None, erased_at=day(8))
    await session.execute(text("delete from contact_points where customer_id = :id"), {"id": anna.id})
    decision = await at(session, anna, day(7))
    assert (decision.verdict, decision.basis) == (Verdict.ALLOW, LegalBasis.CONSENT)
    assert await reason(session, anna, day(2)) is Reason.BAD_CONTACT_POINT
    assert await reason(session, anna, day(9)) is Reason.ERASED


async def test_g_8_a_suppression_counts_from_its_day_until_it_was_lifted(session: AsyncSession, anna: Customer) -> None:
    await consents.suppress(
        session, channel=Channel.EMAIL, match_key="anna@example.it", reason=SuppressionReason.MANUAL, actor=STAFF
    )
    await session.execute(text("update suppressions set since = :since"), {"since": day(5)})
    assert (await at(session, anna, day(4))).verdict is Verdict.ALLOW
    assert await reason(session, anna, day(6)) is Reason.SUPPRESSED

    await session.execute(text("update suppressions set lifted_at = :at"), {"at": day(7)})
    assert await reason(session, anna, day(6)) is Reason.SUPPRESSED
    assert (await at(session, anna, day(8))).verdict is Verdict.ALLOW


async def test_g_1_readiness_is_told_as_it_was_known(session: AsyncSession, anna: Customer) -> None:
    for since, is_ready in ((day(5), False), (day(7), True)):
        session.add(SenderReadiness(channel=Channel.EMAIL, since=since, is_ready=is_ready, checks=[], checked_at=since))
    await session.flush()

    assert (await at(session, anna, day(4))).verdict is Verdict.ALLOW
    assert await reason(session, anna, day(6)) is Reason.SENDER_NOT_READY
    assert (await at(session, anna, day(8))).verdict is Verdict.ALLOW


async def _look_up(
    session: AsyncSession, customer: Customer, checked_at: datetime, first_listed_at: datetime | None
) -> None:
    upload = OppositionUpload(
        kind="PHONE",
        answered_at=checked_at,
        file_name="answer.csv",
        sha256=uuid4().hex * 2,
        rows_count=1,
        numbers_count=1,
        listed_count=0,
        matched_count=1,
        refused_count=0,
        refused=[],
        revoked_count=0,
        uploaded_at=checked_at,
        uploaded_by_name="Paola",
    )
    session.add(upload)
    await session.flush()
    point = await session.scalar(
        select(ContactPoint.id).where(ContactPoint.customer_id == customer.id, ContactPoint.kind == ContactKind.PHONE)
    )
    session.add(
        OppositionCheck(
            contact_point_id=point,
            kind="PHONE",
            checked_at=checked_at,
            first_listed_at=first_listed_at,
            upload_id=upload.id,
        )
    )
    await session.flush()


async def test_d_t7_the_register_is_read_as_it_had_answered_by_then(session: AsyncSession, anna: Customer) -> None:
    """The newest answer not later than the moment counts: clear in May, listed since June, asked again in July."""
    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, at=day(3))
    await _look_up(session, anna, day(5), None)
    await _look_up(session, anna, day(7), day(6))

    assert await reason(session, anna, day(4), CALL) is Reason.RPO_STALE
    assert (await at(session, anna, day(5, 14), CALL)).rule_id == "D-T1"
    assert await reason(session, anna, day(5, 18), CALL) is Reason.RPO_STALE
    decision = await at(session, anna, day(7, 2), CALL)
    assert (decision.reason, decision.rule_id, decision.since) == (Reason.RPO_REVOKED, "D-T2", day(6))


async def test_c_13_what_proved_an_address_later_did_not_prove_it_then(session: AsyncSession, anna: Customer) -> None:
    await session.execute(
        update(ContactPoint)
        .where(ContactPoint.customer_id == anna.id)
        .values(level_evidence={"method": "delivery", "at": day(5).isoformat()})
    )

    assert (await at(session, anna, day(4))).rule_id == "C-13"
    assert (await at(session, anna, day(6))).verdict is Verdict.ALLOW


async def test_c_06_an_address_given_at_a_later_sale_carried_nothing_before(session: AsyncSession) -> None:
    luca = await make_customer(session, email="luca@example.it")
    await session.execute(update(ContactPoint).where(ContactPoint.customer_id == luca.id).values(valid_from=day(1)))
    point = await session.scalar(select(ContactPoint.id).where(ContactPoint.customer_id == luca.id))
    assert point is not None
    await make_transaction(session, luca, at=day(2))
    await make_soft_optin(session, luca.id, point)  # a month ago

    assert await reason(session, luca, day(3)) is Reason.NO_BASIS
    assert await reason(session, luca, day(11)) is Reason.NOT_SIMILAR


async def test_a_merge_undone_since_still_bound_while_it_stood(session: AsyncSession, anna: Customer) -> None:
    """What the other card had said bound the person for as long as the cards were one."""
    other = await make_customer(session, email="other@example.it")
    await make_consent(session, other.id, action=Action.WITHDRAW, at=day(4))
    done = await duplicates.merge(session, winner_id=anna.id, loser_id=other.id, choices={}, actor=STAFF)
    await duplicates.unmerge(session, done.id, actor=STAFF)
    await mark(session, Merge, done.id, merged_at=day(5), unmerged_at=day(7))

    assert (await at(session, anna, day(4, 20))).verdict is Verdict.ALLOW
    assert await reason(session, anna, day(6)) is Reason.WITHDRAWN
    assert await reason(session, other, day(6)) is Reason.MERGED
    assert (await at(session, anna, day(8))).verdict is Verdict.ALLOW


async def test_d_03_a_foreign_number_brings_the_rules_of_its_country(session: AsyncSession) -> None:
    """The card is Italian, the number French: a consent to calls lasts a year there, and no register is asked."""
    customer = await make_customer(session, email="c@example.it")
    await make_contact_point(session, customer.id, kind=ContactKind.PHONE, value="+33612345678")
    await session.execute(update(ContactPoint).where(ContactPoint.customer_id == customer.id).values(valid_from=day(1)))
    await make_consent(session, customer.id, channel=Channel.PHONE_OPERATOR, at=datetime(2025, 6, 1, tzinfo=UTC))

    assert (await at(session, customer, day(10, 6), CALL)).rule_id == "D-T10"
    await make_consent(session, customer.id, channel=Channel.PHONE_OPERATOR, at=day(9))
    at_three = datetime(2026, 10, 6, 13, tzinfo=UTC)
    assert (await at(session, customer, at_three, CALL)).rule_id == "D-T1"
