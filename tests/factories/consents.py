"""What people said, through the domain's own door: chained, projected and proven like any other."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.models import AssessmentRecord, ConsentEvent, EvidenceFile, NoticeVersion
from ritorno.consents.rules import Action, AssessmentKind, Channel, EvidenceKind, Method, Purpose
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.problems import Problem
from tests.factories.accountability import ensure_purpose

_numbers = count(1)
STAFF = Actor("user", UUID(int=7), "Giulia", frozenset({"consents:write"}), "marketer")
SCAN = {"type": "scan", "uri": "scan:1", "sha256": "ab" * 32}
RECIPIENT = UUID(int=11)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def make_notice_version(
    session: AsyncSession,
    *,
    purpose: Purpose = Purpose.MKT_OWN,
    offers_opt_out: bool = True,
    language: str = "it",
    effective_from: datetime = LONG_AGO,
    recipient_id: UUID = RECIPIENT,
) -> NoticeVersion:
    """Make a notice with one text in force, and hold the scan that `SCAN` names."""
    await keep_scan(session)
    await ensure_purpose(session, purpose)
    number = next(_numbers)
    text = consents.NoticeText(language, f"Informativa {number}", offers_opt_out, effective_from)
    made = await consents.create_notice(
        session,
        code=f"notice-{number}",
        name=f"Notice {number}",
        purpose=purpose,
        text=text,
        third_party=consents.ThirdParty(recipient_id, "Fiori & Co.", "fiori")
        if purpose is Purpose.THIRD_PARTY
        else None,
        actor=STAFF,
    )
    return made.versions[0]


async def keep_scan(session: AsyncSession) -> None:
    """Have the file that `SCAN` names, as far as the ledger cares."""
    await session.execute(
        insert(EvidenceFile)
        .values(
            sha256=SCAN["sha256"],
            media_type="application/pdf",
            size_bytes=1,
            kind=EvidenceKind.SCAN,
            uploaded_by="tests",
        )
        .on_conflict_do_nothing()
    )


async def make_consent(
    session: AsyncSession,
    customer_id: UUID,
    *,
    purpose: Purpose = Purpose.MKT_OWN,
    channel: Channel | None = Channel.EMAIL,
    action: Action = Action.GRANT,
    at: datetime | None = None,
    method: Method = Method.POS_PAPER,
    version: NoticeVersion | None = None,
    actor: Actor = STAFF,
    **more: Any,
) -> ConsentEvent:
    """Record an entry with its text and proof, by default a signed yes to marketing by email a month ago."""
    known = version or await make_notice_version(session, purpose=purpose)
    incoming = consents.Incoming(
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        action=action,
        occurred_at=at or clock.now() - timedelta(days=30),
        method=method,
        notice_version_id=known.id,
        evidence=more.pop("evidence", [SCAN]),
        **more,
    )
    outcome = await consents.record_consent(session, incoming, actor=actor)
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


async def make_soft_optin(
    session: AsyncSession, customer_id: UUID, contact_point_id: UUID, *, offers_opt_out: bool = True
) -> None:
    """Record that the address was given while buying, a month ago (C-06)."""
    version = await make_notice_version(session, offers_opt_out=offers_opt_out)
    sale = consents.AddressAtSale(
        customer_id, contact_point_id, "till", f"order-{next(_numbers)}", version, clock.now() - timedelta(days=30)
    )
    await consents.record_soft_optins(session, [sale])


async def sign_assessment(session: AsyncSession, *, signed_on: date = date(2026, 1, 1)) -> AssessmentRecord:
    """Sign the assessment that letters to customers rest on (D-P1)."""
    return await consents.sign_assessment(
        session,
        AssessmentKind.LIA_POST,
        signed_on=signed_on,
        approver="Privacy officer",
        document_sha256=None,
        actor=STAFF,
    )
