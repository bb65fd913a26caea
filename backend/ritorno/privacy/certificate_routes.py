"""The consent certificate of one person over HTTP, and the proof that their ledger is as it was written."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response

from ritorno.activity import service as activity
from ritorno.activity.schemas import ProofFaultRead
from ritorno.consents import verifying
from ritorno.customers.errors import CustomerMerged, CustomerNotFound
from ritorno.customers.queries import get_customer
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, file_answer, make_router, problem_responses
from ritorno.kit.problems import Invalid
from ritorno.kit.schemas import Instant, InstantIn, Schema
from ritorno.privacy import certificates

router = make_router(tag="privacy")

Reader = Annotated[Actor, Depends(require("consents:read"))]
_REFUSALS = (NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged)


class ChainRead(Schema):
    """The chain of one card: a person whose cards were merged has several."""

    customer_id: UUID
    entries_count: int
    head_seq: int | None
    head_hash: str | None


class ConsentVerificationRead(Schema):
    """Whether what somebody consented to is as it was written."""

    is_ok: bool
    verified_at: Instant
    chains: list[ChainRead]
    faults: list[ProofFaultRead]


@router.get(
    "/customers/{customer_id}/consent-certificate",
    response_class=Response,
    responses=problem_responses(*_REFUSALS, Invalid) | file_answer("The certificate, a tagged PDF."),
)
async def print_consent_certificate(
    customer_id: UUID,
    session: WriteSession,
    settings: AppSettings,
    actor: Reader,
    at: Annotated[InstantIn | None, Query(description="The moment asked about; now where it is left out.")] = None,
    language: Annotated[Literal["it", "en"] | None, Query(description="The person's own where left out.")] = None,
) -> Response:
    """Print what a person had consented to at a moment: when, how, to which exact words, on which evidence (C-33).

    That it was read is recorded, which is why this read may write.
    """
    printed = await certificates.print_certificate(
        session, settings, customer_id, at=at or clock.now(), language=language, actor=actor
    )
    await activity.record_read(
        session, actor, "consent_certificate.downloaded", subject="customer", subject_id=customer_id
    )
    return Response(
        printed,
        media_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="consensi.pdf"', "Cache-Control": "no-store"},
    )


@router.get("/customers/{customer_id}/consent-verification", responses=problem_responses(*_REFUSALS))
async def verify_consents(
    customer_id: UUID, session: ReadSession, settings: AppSettings, actor: Reader
) -> ConsentVerificationRead:
    """Compute the chains of this person's ledger again, and name every entry that is not as it was written (C-08)."""
    await get_customer(session, customer_id)
    chains = await verifying.verify_person(session, settings, customer_id)
    faults = [ProofFaultRead(**verifying.as_row(fault)) for chain in chains for fault in chain.faults]
    return ConsentVerificationRead(
        is_ok=not faults,
        verified_at=clock.now(),
        chains=[
            ChainRead(
                customer_id=chain.customer_id,
                entries_count=len(chain.links),
                head_seq=chain.head.seq if chain.head else None,
                head_hash=chain.head.hash.hex() if chain.head else None,
            )
            for chain in chains
        ],
        faults=faults,
    )
