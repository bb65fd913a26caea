"""Consents over HTTP: the ledger of a person, withdrawals, objections, batches, notices and assessments."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.accountability.errors import ProcessingNotRegistered
from ritorno.consents import queries, service
from ritorno.consents.errors import (
    AssessmentNotFound,
    BadTime,
    MinorConsent,
    NoticeCodeTaken,
    NoticeNotFound,
    NoticeVersionTaken,
    ObjectionStands,
    PersonalDataInEvidence,
)
from ritorno.consents.models import AssessmentRecord, NoticeDelivery, NoticeVersion, Reply, SoftOptin
from ritorno.consents.queries import NoticeTexts
from ritorno.consents.rules import AssessmentKind
from ritorno.consents.schemas import (
    AssessmentPut,
    AssessmentRead,
    ConsentBatch,
    ConsentBatchOutcome,
    ConsentCreate,
    ConsentRead,
    ConsentsRecorded,
    NoticeCreate,
    NoticeDeliveryCreate,
    NoticeDeliveryRead,
    NoticeRead,
    NoticeVersionCreate,
    NoticeVersionRead,
    ObjectionCreate,
    ReplyCreate,
    ReplyRead,
    ReplyRecorded,
    SoftOptinCreate,
    SoftOptinRead,
    WithdrawalCreate,
)
from ritorno.consents.showing import show
from ritorno.customers.errors import ContactPointNotFound, CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    Paging,
    ReadSession,
    WriteSession,
    idempotency_optional,
    make_router,
    problem_response,
    problem_responses,
)
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid, Problem
from ritorno.kit.schemas import InstantIn

router = make_router(tag="consents")

Reader = Annotated[Actor, Depends(require("consents:read"))]
Writer = Annotated[Actor, Depends(require("consents:write"))]
Publisher = Annotated[Actor, Depends(require("consents:publish"))]


@router.get(
    "/customers/{customer_id}/consents",
    responses=problem_responses(CustomerNotFound, CustomerMerged, NotSignedIn, Forbidden),
)
async def list_consents(
    session: ReadSession,
    actor: Reader,
    customer_id: UUID,
    paging: Paging,
    at: Annotated[InstantIn | None, Query(description="Only what had been said by then.")] = None,
) -> Page[ConsentRead]:
    """Read a person's ledger, newest first, each entry with the words it answered and its evidence."""
    page = await queries.list_consents(session, customer_id, paging, at=at)
    shown = await show(session, page.items)
    return Page[ConsentRead].model_validate(page.model_copy(update={"items": shown}))


@router.post(
    "/customers/{customer_id}/consents",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(
        CustomerNotFound,
        CustomerMerged,
        CustomerErased,
        BadTime,
        MinorConsent,
        ObjectionStands,
        PersonalDataInEvidence,
        Invalid,
        NotSignedIn,
    ),
    response_model=ConsentRead,
)
async def record_consent(
    session: WriteSession, request: Request, actor: Writer, customer_id: UUID, body: ConsentCreate
) -> ConsentRead | Response:
    """Record a yes or a no. A yes without its exact text and proof is kept, and counts as no (C-11)."""
    incoming = service.Incoming(
        customer_id=customer_id,
        purpose=body.purpose,
        channel=body.channel,
        recipient_id=body.recipient_id,
        action=body.action,
        occurred_at=body.occurred_at,
        method=body.method,
        notice_version_id=body.notice_version_id,
        evidence=[each.model_dump() for each in body.evidence],
        given_by=body.given_by,
        source=body.source,
        locale=body.locale,
    )
    outcome = await service.record_consent(session, incoming, actor=actor)
    if isinstance(outcome, Problem):
        return problem_response(outcome, request.state.request_id)
    [shown] = await show(session, [outcome])
    return shown


@router.post(
    "/customers/{customer_id}/withdrawals",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(
        CustomerNotFound, CustomerMerged, CustomerErased, BadTime, PersonalDataInEvidence, Invalid, NotSignedIn
    ),
)
async def withdraw_consent(
    session: WriteSession, actor: Writer, customer_id: UUID, body: WithdrawalCreate
) -> ConsentsRecorded:
    """Take a consent back; it counts at once (C-14)."""
    events = await service.withdraw(
        session,
        customer_id=customer_id,
        purpose=body.purpose,
        channel=body.channel,
        recipient_id=body.recipient_id,
        occurred_at=body.occurred_at,
        method=body.method,
        evidence=[each.model_dump() for each in body.evidence],
        actor=actor,
    )
    return ConsentsRecorded(items=await show(session, events))


@router.post(
    "/customers/{customer_id}/objections",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(
        CustomerNotFound, CustomerMerged, CustomerErased, BadTime, PersonalDataInEvidence, Invalid, NotSignedIn
    ),
)
async def record_objection(
    session: WriteSession, actor: Writer, customer_id: UUID, body: ObjectionCreate
) -> ConsentsRecorded:
    """Record that somebody no longer wants to be written to, or to be kept at all (C-15, C-16)."""
    events = await service.object_(
        session,
        customer_id=customer_id,
        scope=body.scope,
        channel=body.channel,
        purpose=body.purpose,
        recipient_id=body.recipient_id,
        received_on=body.received_on,
        method=body.method,
        evidence=[each.model_dump() for each in body.evidence],
        actor=actor,
    )
    return ConsentsRecorded(items=await show(session, events))


@router.post(
    "/customers/{customer_id}/replies",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(CustomerNotFound, CustomerMerged, CustomerErased, BadTime, Invalid, NotSignedIn),
)
async def record_reply(session: WriteSession, actor: Writer, customer_id: UUID, body: ReplyCreate) -> ReplyRecorded:
    """Note what a person answered; a clear stop counts at once, a doubtful one waits for a person to read (B-36)."""
    return await service.record_reply(session, customer_id, body, actor=actor)


@router.get(
    "/customers/{customer_id}/replies", responses=problem_responses(CustomerNotFound, CustomerMerged, NotSignedIn)
)
async def list_replies(session: ReadSession, actor: Reader, customer_id: UUID, paging: Paging) -> Page[ReplyRead]:
    """Read what a person answered to messages, newest first."""
    page: Page[Reply] = await queries.list_replies(session, customer_id, paging)
    return Page[ReplyRead].model_validate(page)


@router.post("/consents/batch", responses=problem_responses(Invalid, NotSignedIn, Forbidden))
async def record_consents(session: WriteSession, actor: Writer, body: ConsentBatch) -> ConsentBatchOutcome:
    """Record up to 5,000 entries by natural key; the answer has one row per item, in order."""
    return await service.record_batch(session, body.items, actor=actor)


@router.post(
    "/customers/{customer_id}/notice-deliveries",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(CustomerNotFound, CustomerMerged, NoticeNotFound, BadTime, Invalid, NotSignedIn),
)
async def record_notice_delivery(
    session: WriteSession, actor: Writer, customer_id: UUID, body: NoticeDeliveryCreate
) -> NoticeDeliveryRead:
    """Note that a person was given a notice (C-20)."""
    delivery: NoticeDelivery = await service.deliver_notice(
        session,
        customer_id=customer_id,
        notice_version_id=body.notice_version_id,
        delivered_at=body.delivered_at,
        method=body.method,
        actor=actor,
    )
    return NoticeDeliveryRead.model_validate(delivery)


@router.post(
    "/customers/{customer_id}/soft-optins",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(
        CustomerNotFound, CustomerMerged, ContactPointNotFound, NoticeNotFound, BadTime, Invalid, NotSignedIn
    ),
)
async def record_soft_optin(
    session: WriteSession, actor: Writer, customer_id: UUID, body: SoftOptinCreate
) -> SoftOptinRead:
    """Note that an address was given while buying, with the offer to refuse (C-06)."""
    row: SoftOptin = await service.record_soft_optin(
        session,
        customer_id=customer_id,
        contact_point_id=body.contact_point_id,
        order_source=body.order_source,
        order_external_id=body.order_external_id,
        notice_version_id=body.notice_version_id,
        opt_out_offered_at=body.opt_out_offered_at,
        actor=actor,
    )
    return SoftOptinRead.model_validate(row)


@router.get("/notices", responses=problem_responses(NotSignedIn, Forbidden))
async def list_notices(session: ReadSession, actor: Reader) -> Page[NoticeRead]:
    """Read every notice with its texts, the newest version first."""
    notices = [_notice(each) for each in await queries.list_notices(session)]
    return Page[NoticeRead](items=notices, total=len(notices))


@router.post(
    "/notices",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(ProcessingNotRegistered, NoticeCodeTaken, Invalid, NotSignedIn, Forbidden),
)
async def create_notice(session: WriteSession, actor: Publisher, body: NoticeCreate, response: Response) -> NoticeRead:
    """Publish a notice with its first text."""
    made = await service.create_notice(
        session,
        code=body.code,
        name=body.name,
        purpose=body.purpose,
        text=_text(body),
        third_party=service.ThirdParty.of(body.recipient_id, body.recipient_name, body.merchandise),
        actor=actor,
    )
    response.headers["Location"] = f"/v1/notices/{made.notice.id}"
    return _notice(made)


@router.get("/notices/{notice_id}", responses=problem_responses(NoticeNotFound, NotSignedIn, Forbidden))
async def get_notice(session: ReadSession, actor: Reader, notice_id: UUID) -> NoticeRead:
    """Read one notice with its texts."""
    return _notice(await queries.get_notice(session, notice_id))


@router.post(
    "/notices/{notice_id}/versions",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NoticeNotFound, NoticeVersionTaken, Invalid, NotSignedIn, Forbidden),
)
async def add_notice_version(
    session: WriteSession, actor: Publisher, notice_id: UUID, body: NoticeVersionCreate
) -> NoticeVersionRead:
    """Publish the next version, or one more language of a version."""
    version: NoticeVersion = await service.add_notice_version(session, notice_id, _text(body), actor=actor)
    return NoticeVersionRead.model_validate(version)


@router.get("/assessments/{kind}", responses=problem_responses(AssessmentNotFound, NotSignedIn, Forbidden))
async def get_assessment(session: ReadSession, actor: Reader, kind: AssessmentKind) -> AssessmentRead:
    """Read the assessment in force."""
    return AssessmentRead.model_validate(await queries.get_assessment(session, kind))


@router.put("/assessments/{kind}", responses=problem_responses(BadTime, Invalid, NotSignedIn, Forbidden))
async def sign_assessment(
    session: WriteSession, actor: Publisher, kind: AssessmentKind, body: AssessmentPut
) -> AssessmentRead:
    """Keep a newly signed assessment; older ones stay for the decisions that rested on them."""
    row: AssessmentRecord = await service.sign_assessment(
        session,
        kind,
        signed_on=body.signed_on,
        approver=body.approver,
        document_sha256=body.document_sha256,
        months=body.months,
        actor=actor,
    )
    return AssessmentRead.model_validate(row)


def _text(body: NoticeVersionCreate) -> service.NoticeText:
    return service.NoticeText(
        language=body.language,
        text=body.text,
        offers_opt_out=body.offers_opt_out,
        effective_from=body.effective_from,
        version=body.version,
    )


def _notice(found: NoticeTexts) -> NoticeRead:
    versions = [NoticeVersionRead.model_validate(each) for each in found.versions]
    return NoticeRead(
        id=found.notice.id,
        code=found.notice.code,
        purpose=found.notice.purpose,
        name=found.notice.name,
        recipient_id=found.notice.recipient_id,
        recipient_name=found.notice.recipient_name,
        merchandise=found.notice.merchandise,
        current_version=versions[0] if versions else None,
        versions=versions,
    )
