"""Erasure, restriction and death over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.erasures import certificate, previewing, queries, service
from ritorno.erasures.errors import (
    CardNotRestricted,
    CardRestricted,
    DeathNotReported,
    ErasureNotFound,
    FutureDay,
    HoldNotFound,
    PersonNotTold,
    ProcessorErasureNotFound,
)
from ritorno.erasures.schemas import (
    DeathReportCreate,
    DeathReportRead,
    ErasureCreate,
    ErasurePreviewRead,
    ErasureRead,
    HoldCreate,
    HoldRead,
    HoldsRead,
    ProcessorErasureFilter,
    ProcessorErasureRead,
    RestrictionCreate,
    RestrictionLift,
    RestrictionRead,
    RestrictionsRead,
)
from ritorno.identity.auth import refuse_without_step_up, require
from ritorno.identity.errors import Forbidden, NotSignedIn, StepUpRequired
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    Paging,
    ReadSession,
    WriteSession,
    file_answer,
    idempotency_required,
    make_router,
    problem_responses,
)
from ritorno.kit.idempotency import InFlight, KeyMissing, KeyReused
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor

router = make_router(tag="privacy")

Reader = Annotated[Actor, Depends(require("privacy:read"))]
Writer = Annotated[Actor, Depends(require("privacy:write"))]
Eraser = Annotated[Actor, Depends(require("privacy:erase"))]
Counter = Annotated[Actor, Depends(require("customers:write"))]
"""Freezing a card and marking a death protect the person: whoever stands at the counter may."""

_CARD = (CustomerNotFound, CustomerMerged, CustomerErased)


# ── erasure ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.post(
    "/customers/{customer_id:uuid}/erasure-previews",
    responses=problem_responses(NotSignedIn, Forbidden, *_CARD),
)
async def preview_erasure(customer_id: UUID, session: ReadSession, actor: Writer) -> ErasurePreviewRead:
    """Read what an erasure would remove, what would stay and why, and who would have to be told."""
    return await previewing.preview(session, customer_id)


@router.post(
    "/customers/{customer_id:uuid}/erasures",
    status_code=201,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(NotSignedIn, Forbidden, StepUpRequired, *_CARD, KeyMissing, KeyReused, InFlight),
)
async def erase_customer(
    customer_id: UUID, session: WriteSession, request: Request, response: Response, body: ErasureCreate, actor: Eraser
) -> ErasureRead:
    """Forget a person, on all their cards and in every domain; there is no way back."""
    refuse_without_step_up(request, actor)
    done = await service.erase_customer(
        session, customer_id=customer_id, request_id=body.request_id, because=body.because, actor=actor
    )
    response.headers["Location"] = f"/v1/erasures/{done.id}"
    [proof] = await previewing.erasures_read(session, [done])
    return proof


@router.get("/erasures", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_erasures(session: ReadSession, paging: Paging, actor: Reader) -> Page[ErasureRead]:
    """List the people who were forgotten, newest first; without names, for there are none."""
    page: Page[Any] = await queries.list_erasures(session, paging)
    page.items = await previewing.erasures_read(session, page.items)
    return page


@router.get("/erasures/{erasure_id}", responses=problem_responses(NotSignedIn, Forbidden, ErasureNotFound))
async def get_erasure(session: ReadSession, erasure_id: UUID, actor: Reader) -> ErasureRead:
    """Read the proof of one erasure."""
    [proof] = await previewing.erasures_read(session, [await queries.get_erasure(session, erasure_id)])
    return proof


@router.get(
    "/erasures/{erasure_id}/certificate",
    response_class=Response,
    responses=problem_responses(NotSignedIn, Forbidden, ErasureNotFound)
    | file_answer("The certificate, a tagged PDF."),
)
async def download_erasure_certificate(session: ReadSession, erasure_id: UUID, actor: Reader) -> Response:
    """Fetch the certificate of an erasure (PDF): what went, what stayed and why; nothing about the person."""
    printed = await certificate.print_certificate(session, erasure_id)
    return Response(
        printed,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="erasure-{erasure_id}.pdf"'},
    )


# ── who must still be told ────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/processor-erasures", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_processor_erasures(
    session: ReadSession, actor: Reader, chosen: Annotated[ProcessorErasureFilter, Query()]
) -> Page[ProcessorErasureRead]:
    """List the processors that have to be told of an erasure, or were, newest first."""
    page: Page[Any] = await queries.list_processor_erasures(session, chosen.page, is_told=chosen.is_told)
    return page


@router.put(
    "/processor-erasures/{processor_erasure_id}/notification",
    responses=problem_responses(NotSignedIn, Forbidden, ProcessorErasureNotFound),
)
async def mark_processor_told(session: WriteSession, processor_erasure_id: UUID, actor: Writer) -> ProcessorErasureRead:
    """Note that a processor was told; a second time changes nothing."""
    row = await service.mark_told(session, processor_erasure_id, actor=actor)
    return ProcessorErasureRead.model_validate(row)


# ── holds ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get(
    "/customers/{customer_id:uuid}/holds", responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound)
)
async def list_holds(customer_id: UUID, session: ReadSession, actor: Reader) -> HoldsRead:
    """Read why documents of a person are locked, or were."""
    return HoldsRead(items=[HoldRead.model_validate(each) for each in await queries.holds_of(session, customer_id)])


@router.post(
    "/customers/{customer_id:uuid}/holds",
    status_code=201,
    responses=problem_responses(NotSignedIn, Forbidden, FutureDay, *_CARD),
)
async def add_hold(customer_id: UUID, session: WriteSession, body: HoldCreate, actor: Writer) -> HoldRead:
    """Lock the documents of a person: an invoice is due, a dispute or a warranty is open (B-51)."""
    return HoldRead.model_validate(await service.add_hold(session, customer_id, body, actor=actor))


@router.delete("/holds/{hold_id}", responses=problem_responses(NotSignedIn, Forbidden, HoldNotFound))
async def lift_hold(hold_id: UUID, session: WriteSession, actor: Writer) -> HoldRead:
    """Lift a hold; what an erasure left behind because of it goes now."""
    return HoldRead.model_validate(await service.lift_hold(session, hold_id, actor=actor))


# ── restriction ───────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get(
    "/customers/{customer_id:uuid}/restrictions", responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound)
)
async def list_restrictions(customer_id: UUID, session: ReadSession, actor: Counter) -> RestrictionsRead:
    """Read when and why a card was frozen, newest first."""
    found = await queries.restrictions_of(session, customer_id)
    return RestrictionsRead(items=[RestrictionRead.model_validate(each) for each in found])


@router.put(
    "/customers/{customer_id:uuid}/restriction",
    responses=problem_responses(NotSignedIn, Forbidden, FutureDay, CardRestricted, *_CARD),
)
async def restrict_customer(
    customer_id: UUID, session: WriteSession, body: RestrictionCreate, actor: Counter
) -> RestrictionRead:
    """Stop every use of a card but keeping it (C-26)."""
    return RestrictionRead.model_validate(await service.restrict(session, customer_id, body, actor=actor))


@router.post(
    "/customers/{customer_id:uuid}/restriction-liftings",
    responses=problem_responses(NotSignedIn, Forbidden, PersonNotTold, CardNotRestricted, *_CARD),
)
async def lift_restriction(
    customer_id: UUID, session: WriteSession, body: RestrictionLift, actor: Writer
) -> RestrictionRead:
    """Let a restricted card be used again, once its person was told; what was agreed and refused stands as before."""
    return RestrictionRead.model_validate(await service.lift_restriction(session, customer_id, body, actor=actor))


# ── death ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.put(
    "/customers/{customer_id:uuid}/decease",
    responses=problem_responses(NotSignedIn, Forbidden, FutureDay, *_CARD),
)
async def report_death(
    customer_id: UUID, session: WriteSession, body: DeathReportCreate, actor: Counter
) -> DeathReportRead:
    """Mark a person as deceased, at once and for every channel; nobody writes to the family (B-53)."""
    return DeathReportRead.model_validate(await service.report_death(session, customer_id, body, actor=actor))


@router.delete(
    "/customers/{customer_id:uuid}/decease",
    responses=problem_responses(NotSignedIn, Forbidden, StepUpRequired, DeathNotReported, *_CARD),
)
async def reverse_death(customer_id: UUID, session: WriteSession, request: Request, actor: Eraser) -> DeathReportRead:
    """Take back a report of death that was wrong; only the privacy officer may."""
    refuse_without_step_up(request, actor)
    return DeathReportRead.model_validate(await service.reverse_death(session, customer_id, actor=actor))
