"""The texts people are shown, the record that they were, and the assessments somebody signed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability.service import require_registered
from ritorno.activity import service as activity
from ritorno.consents import queries
from ritorno.consents.errors import BadTime, NoticeCodeTaken, NoticeVersionTaken
from ritorno.consents.models import AssessmentRecord, Notice, NoticeDelivery, NoticeVersion, SoftOptin
from ritorno.consents.queries import NoticeTexts
from ritorno.consents.rules import AssessmentKind, Method, Purpose
from ritorno.customers.queries import get_contact_point, get_customer
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The words of one version in one language."""

    language: str
    text: str
    offers_opt_out: bool
    effective_from: datetime | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """Whom a notice about third parties names, and what that one sells (C-05, C-19)."""

    recipient_id: UUID
    name: str
    merchandise: str

    @classmethod
    def of(cls, recipient_id: UUID | None, name: str | None, merchandise: str | None) -> "ThirdParty | None":
        """Return the third party, None when none is named; naming half of it is refused."""
        if recipient_id is not None and name is not None and merchandise is not None:
            return cls(recipient_id, name, merchandise)
        if recipient_id is None and name is None and merchandise is None:
            return None
        missing = {"recipient_id": recipient_id, "recipient_name": name, "merchandise": merchandise}
        raise Invalid(errors=[FieldError(each, "missing", _WHO) for each, given in missing.items() if given is None])


_WHO = "a text about third parties names the one and what it sells"


async def create_notice(
    session: AsyncSession,
    *,
    code: str,
    name: str,
    purpose: Purpose,
    text: NoticeText,
    third_party: ThirdParty | None = None,
    actor: Actor,
) -> NoticeTexts:
    """Publish a new notice with its first version, for a purpose the register knows (C-34); one about third parties
    names a single one (C-05).
    """
    if (purpose is Purpose.THIRD_PARTY) != (third_party is not None):
        raise Invalid(errors=[FieldError("recipient_id", "recipient", _WHO)])
    await require_registered(session, purpose=purpose)
    inserted = await session.execute(
        insert(Notice)
        .values(
            id=uuid7(),
            code=code,
            name=name,
            purpose=purpose,
            recipient_id=third_party.recipient_id if third_party else None,
            recipient_name=third_party.name if third_party else None,
            merchandise=third_party.merchandise if third_party else None,
        )
        .on_conflict_do_nothing()
        .returning(Notice)
    )
    notice = inserted.scalar_one_or_none()
    if notice is None:
        raise NoticeCodeTaken()
    await add_notice_version(session, notice.id, text, actor=actor)
    return await queries.get_notice(session, notice.id)


async def add_notice_version(
    session: AsyncSession, notice_id: UUID, text: NoticeText, *, actor: Actor
) -> NoticeVersion:
    """Add the next version, or a language to one that exists; a text never changes once it is there (C-20)."""
    known = await queries.get_notice(session, notice_id)
    newest = max((each.version for each in known.versions), default=0)
    version = text.version or newest + 1
    if any(each.version == version and each.language == text.language for each in known.versions):
        raise NoticeVersionTaken()
    row = NoticeVersion(
        notice_id=notice_id,
        version=version,
        language=text.language,
        text=text.text,
        text_sha256=hashlib.sha256(text.text.encode()).hexdigest(),
        offers_opt_out=text.offers_opt_out,
        effective_from=text.effective_from or clock.now(),
    )
    session.add(row)
    await session.flush()
    await activity.record(
        session,
        actor,
        "notice.published",
        subject="notice",
        subject_id=notice_id,
        details={"version": version, "language": text.language, "text_sha256": row.text_sha256},
    )
    await outbox.publish(session, "notice.published", {"notice_id": notice_id})
    return row


async def deliver_notice(
    session: AsyncSession,
    *,
    customer_id: UUID,
    notice_version_id: UUID,
    delivered_at: datetime,
    method: Method,
    actor: Actor,
) -> NoticeDelivery:
    """Note that a person was informed, and when; the first delivery of a text stays (C-20)."""
    await get_customer(session, customer_id)
    version = await queries.get_version(session, notice_version_id)
    if delivered_at > clock.now() or delivered_at < version.effective_from:
        raise BadTime(reason="BAD_TIME")
    await session.execute(
        insert(NoticeDelivery)
        .values(customer_id=customer_id, notice_version_id=version.id, delivered_at=delivered_at, method=method)
        .on_conflict_do_nothing()
    )
    await activity.record(
        session,
        actor,
        "notice.delivered",
        subject="customer",
        subject_id=customer_id,
        details={"notice_version_id": str(version.id)},
    )
    return await session.get_one(NoticeDelivery, (customer_id, version.id))


@dataclass(frozen=True, slots=True)
class AddressAtSale:
    """An address given while buying, with the text that offered to refuse (C-06)."""

    customer_id: UUID
    contact_point_id: UUID
    order_source: str
    order_external_id: str
    version: NoticeVersion
    opt_out_offered_at: datetime | None


async def record_soft_optin(
    session: AsyncSession,
    *,
    customer_id: UUID,
    contact_point_id: UUID,
    order_source: str,
    order_external_id: str,
    notice_version_id: UUID,
    opt_out_offered_at: datetime | None,
    actor: Actor,
) -> SoftOptin:
    """Record the collection of an address in the context of a sale; repeating an order changes nothing."""
    await get_customer(session, customer_id)
    await get_contact_point(session, contact_point_id, customer_id=customer_id)
    version = await queries.get_version(session, notice_version_id)
    if opt_out_offered_at is not None and opt_out_offered_at > clock.now():
        raise BadTime(reason="BAD_TIME")
    sale = AddressAtSale(
        customer_id, contact_point_id, order_source, order_external_id, version, opt_out_offered_at or clock.now()
    )
    await record_soft_optins(session, [sale])
    await activity.record(session, actor, "soft_optin.recorded", subject="customer", subject_id=customer_id)
    return await queries.get_soft_optin(session, customer_id, contact_point_id, order_source, order_external_id)


async def record_soft_optins(session: AsyncSession, sales: Sequence[AddressAtSale]) -> None:
    """Record many addresses given while buying; whoever saw a notice has received it."""
    if not sales:
        return
    now = clock.now()
    rows = [
        {
            "id": uuid7(),
            "customer_id": sale.customer_id,
            "contact_point_id": sale.contact_point_id,
            "order_source": sale.order_source,
            "order_external_id": sale.order_external_id,
            "notice_version_id": sale.version.id,
            "offers_opt_out": sale.version.offers_opt_out,
            "opt_out_offered_at": sale.opt_out_offered_at if sale.version.offers_opt_out else None,
            "recorded_at": now,
        }
        for sale in sales
    ]
    await session.execute(insert(SoftOptin).on_conflict_do_nothing(), rows)
    deliveries = {
        (sale.customer_id, sale.version.id): {
            "customer_id": sale.customer_id,
            "notice_version_id": sale.version.id,
            "delivered_at": sale.opt_out_offered_at or now,
            "method": Method.API,
        }
        for sale in sales
    }
    await session.execute(insert(NoticeDelivery).on_conflict_do_nothing(), list(deliveries.values()))


async def sign_assessment(
    session: AsyncSession,
    kind: AssessmentKind,
    *,
    signed_on: date,
    approver: str,
    document_sha256: str | None,
    months: int | None = None,
    actor: Actor,
) -> AssessmentRecord:
    """Keep a signed assessment; older ones stay, for the decisions that rested on them (D-P1).

    An assessment of retention says for how many months, and no other does (C-30).
    """
    if signed_on > clock.now().date():
        raise BadTime(reason="BAD_TIME")
    if (kind == AssessmentKind.RETENTION) != (months is not None):
        raise Invalid(errors=[FieldError("months", "months", "belongs to an assessment of retention, which needs it")])
    row = AssessmentRecord(
        kind=kind,
        signed_on=signed_on,
        approver=approver,
        document_sha256=document_sha256,
        months=months,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    session.add(row)
    await session.flush()
    await activity.record(
        session, actor, "assessment.signed", subject="assessment", subject_id=row.id, details={"kind": kind}
    )
    return row
