"""Templates, senders and messages over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.activity import service as activity
from ritorno.consents.rules import Channel
from ritorno.customers import queries as customers
from ritorno.customers.errors import CustomerMerged, CustomerNotFound
from ritorno.identity.auth import language_of, require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.identity.rules import Role
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    AppSettings,
    IfMatch,
    Paging,
    ReadSession,
    WriteSession,
    idempotency_optional,
    make_router,
    problem_responses,
    require_version,
    set_version,
)
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid, StaleVersion, VersionRequired
from ritorno.messaging import queries, service, views
from ritorno.messaging.errors import (
    ContactRefused,
    MessageNotFound,
    MessageNotInDoubt,
    SenderNotFound,
    TemplateChannelMismatch,
    TemplateNotFound,
    TemplateNotReady,
)
from ritorno.messaging.schemas import (
    CustomerMessageCreate,
    MessageCounts,
    MessageFilter,
    MessageRead,
    MessageRow,
    PreviewRead,
    PreviewRequest,
    ResolutionPut,
    SenderPatch,
    SenderRead,
    SenderReadinessRead,
    TemplateCreate,
    TemplatePatch,
    TemplateRead,
    VariableRead,
)
from ritorno.messaging.text_parts import parts_read
from ritorno.stores import queries as stores

router = make_router(tag="messages")

Reader = Annotated[Actor, Depends(require("messages:read"))]
Writer = Annotated[Actor, Depends(require("messages:write"))]
_GUARD = (NotSignedIn, Forbidden)


# ── templates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/templates", response_model=Page[TemplateRead], responses=problem_responses(*_GUARD, BadCursor))
async def list_templates(
    session: ReadSession, settings: AppSettings, paging: Paging, actor: Reader, channel: Channel | None = None
) -> Page[TemplateRead]:
    """List templates by name, each with what is wrong with it."""
    page = await queries.list_templates(session, paging, channel=channel)
    texts = await queries.texts_of(session, page.items)
    items = [views.stored_template_read(template, texts[template.id], settings) for template in page.items]
    return Page[TemplateRead](**{**page.model_dump(exclude={"items"}), "items": items})


@router.post("/templates", status_code=201, response_model=TemplateRead, responses=problem_responses(*_GUARD, Invalid))
async def create_template(
    session: WriteSession, settings: AppSettings, body: TemplateCreate, actor: Writer, response: Response
) -> TemplateRead:
    """Keep a new template; it stays a draft while anything forbids sending it (B-25)."""
    template, readings = await service.create_template(session, body, settings=settings, actor=actor)
    set_version(response, template.version)
    response.headers["Location"] = f"/v1/templates/{template.id}"
    return views.template_read(template, readings)


@router.get(
    "/templates/{template_id}", response_model=TemplateRead, responses=problem_responses(*_GUARD, TemplateNotFound)
)
async def get_template(
    session: ReadSession, settings: AppSettings, template_id: UUID, actor: Reader, response: Response
) -> TemplateRead:
    """Show one template with its texts and findings."""
    template = await queries.get_template(session, template_id)
    texts = await queries.texts_of(session, [template])
    set_version(response, template.version)
    return views.stored_template_read(template, texts[template.id], settings)


@router.patch(
    "/templates/{template_id}",
    response_model=TemplateRead,
    responses=problem_responses(*_GUARD, TemplateNotFound, VersionRequired, StaleVersion, Invalid),
)
async def change_template(
    session: WriteSession,
    settings: AppSettings,
    template_id: UUID,
    body: TemplatePatch,
    actor: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> TemplateRead:
    """Begin the next version of a template; messages already planned keep theirs (B-27)."""
    template = await queries.get_template(session, template_id, for_update=True)
    require_version(if_match, template.version)
    template, readings = await service.edit_template(session, template, body, settings=settings, actor=actor)
    set_version(response, template.version)
    return views.template_read(template, readings)


@router.post(
    "/templates/{template_id}/reclassifications",
    response_model=TemplateRead,
    responses=problem_responses(*_GUARD, TemplateNotFound, VersionRequired, StaleVersion, Invalid),
)
async def reclassify_template(
    session: WriteSession,
    settings: AppSettings,
    template_id: UUID,
    actor: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> TemplateRead:
    """Say that a text which calls itself service promotes something: from now on it is marketing (D-05)."""
    template = await queries.get_template(session, template_id, for_update=True)
    require_version(if_match, template.version)
    template, readings = await service.reclassify(session, template, settings=settings, actor=actor)
    set_version(response, template.version)
    return views.template_read(template, readings)


@router.post("/templates/previews", response_model=PreviewRead, responses=problem_responses(*_GUARD, Invalid))
async def preview_template(
    session: ReadSession, settings: AppSettings, body: PreviewRequest, actor: Reader
) -> PreviewRead:
    """Show what one person would read, and everything wrong with the text; nothing is kept."""
    rendered, readings, missing = await service.preview(session, body, settings=settings)
    return PreviewRead(
        subject=rendered.subject if rendered else None,
        html=rendered.html if rendered else None,
        text=rendered.text if rendered else None,
        problems=views.problems_read(readings),
        missing=missing,
        parts=(
            await parts_read(session, rendered, body.template_class)
            if rendered and body.channel is Channel.SMS
            else None
        ),
    )


@router.get("/template-variables", response_model=list[VariableRead], responses=problem_responses(*_GUARD))
async def list_template_variables(request: Request, actor: Reader) -> list[VariableRead]:
    """List everything a template may mention."""
    return views.variables_read(language_of(request, actor))


# ── senders ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/senders", response_model=Page[SenderRead], responses=problem_responses(*_GUARD))
async def list_senders(session: ReadSession, actor: Reader) -> Page[SenderRead]:
    """List who messages come from, by channel and stream."""
    senders = await queries.list_senders(session)
    keys = await queries.signing_keys(session, [sender.id for sender in senders])
    items = [views.sender_read(sender, keys) for sender in senders]
    return Page[SenderRead](items=items, total=len(items))


@router.get("/sender-readiness", response_model=Page[SenderReadinessRead], responses=problem_responses(*_GUARD))
async def list_sender_readiness(session: ReadSession, actor: Reader) -> Page[SenderReadinessRead]:
    """List which channels may be used at all, and what is missing where one may not (G1)."""
    rows = await queries.list_readiness(session)
    return Page[SenderReadinessRead](items=[SenderReadinessRead.model_validate(row) for row in rows], total=len(rows))


@router.get("/senders/{sender_id}", response_model=SenderRead, responses=problem_responses(*_GUARD, SenderNotFound))
async def get_sender(session: ReadSession, sender_id: UUID, actor: Reader) -> SenderRead:
    """Show one sender and whether it is fit to write."""
    sender = await queries.get_sender(session, sender_id)
    return views.sender_read(sender, await queries.signing_keys(session, [sender.id]))


@router.patch(
    "/senders/{sender_id}",
    response_model=SenderRead,
    responses=problem_responses(*_GUARD, SenderNotFound, Invalid),
)
async def change_sender(
    session: WriteSession, settings: AppSettings, sender_id: UUID, body: SenderPatch, actor: Writer
) -> SenderRead:
    """Change who messages of one stream come from."""
    sender = await queries.get_sender(session, sender_id, for_update=True)
    sender = await service.change_sender(session, sender, body, settings=settings, actor=actor)
    return views.sender_read(sender, await queries.signing_keys(session, [sender.id]))


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/messages", response_model=Page[MessageRow], responses=problem_responses(*_GUARD, BadCursor, Invalid))
async def list_messages(
    session: WriteSession,
    request: Request,
    asked: Annotated[MessageFilter, Query()],
    actor: Reader,
) -> Page[MessageRow]:
    """List messages newest first: one row for every planned person, whatever the outcome."""
    zone = (await stores.get_business(session)).timezone
    page = await queries.list_messages(session, asked, asked.page, zone=zone)
    await activity.record_view(session, actor, "messages.listed", asked.page, shown=len(page.items))
    items = await views.message_rows(
        session, page.items, language=language_of(request, actor), may_see_address=_may_see_address(actor)
    )
    return Page[MessageRow](**{**page.model_dump(exclude={"items"}), "items": items})


@router.get("/messages/counts", response_model=MessageCounts, responses=problem_responses(*_GUARD))
async def count_messages(
    session: ReadSession, actor: Reader, touch_id: UUID | None = None, day: date | None = None
) -> MessageCounts:
    """Count messages by state, of a touch, of a day or of all."""
    zone = (await stores.get_business(session)).timezone
    return MessageCounts(by_status=await queries.count_by_status(session, touch_id=touch_id, day=day, zone=zone))


@router.get("/messages/{message_id}", response_model=MessageRead, responses=problem_responses(*_GUARD, MessageNotFound))
async def get_message(
    session: ReadSession, settings: AppSettings, request: Request, message_id: UUID, actor: Reader
) -> MessageRead:
    """Show one message as the customer reads it, with its headers, the gate's answers and its history."""
    message = await queries.get_message(session, message_id)
    return await views.message_read(
        session,
        message,
        settings=settings,
        language=language_of(request, actor),
        may_see_address=_may_see_address(actor),
    )


@router.put(
    "/messages/{message_id}/resolution",
    response_model=MessageRead,
    responses=problem_responses(*_GUARD, MessageNotFound, MessageNotInDoubt, Invalid),
)
async def resolve_message(
    session: WriteSession,
    settings: AppSettings,
    request: Request,
    message_id: UUID,
    body: ResolutionPut,
    actor: Writer,
) -> MessageRead:
    """Say whether a message in doubt arrived; it is never sent again by itself (E-15)."""
    message = await queries.get_message(session, message_id, for_update=True)
    await service.resolve(session, message, was_received=body.outcome == "received", actor=actor)
    await session.flush()
    return await views.message_read(
        session,
        message,
        settings=settings,
        language=language_of(request, actor),
        may_see_address=_may_see_address(actor),
    )


@router.post(
    "/customers/{customer_id}/messages",
    status_code=202,
    response_model=MessageRead,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(
        *_GUARD,
        CustomerNotFound,
        CustomerMerged,
        TemplateNotFound,
        TemplateNotReady,
        TemplateChannelMismatch,
        ContactRefused,
        Invalid,
    ),
)
async def write_to_customer(
    session: WriteSession,
    settings: AppSettings,
    request: Request,
    customer_id: UUID,
    body: CustomerMessageCreate,
    actor: Writer,
    response: Response,
) -> MessageRead:
    """Queue one message to one person; the gate may refuse, and says why."""
    await customers.get_customer(session, customer_id)
    message = await service.write_to_customer(
        session, customer_id=customer_id, template_id=body.template_id, channel=body.channel, actor=actor
    )
    response.headers["Location"] = f"/v1/messages/{message.id}"
    return await views.message_read(
        session,
        message,
        settings=settings,
        language=language_of(request, actor),
        may_see_address=_may_see_address(actor),
    )


def _may_see_address(actor: Actor) -> bool:
    return actor.role != Role.CASHIER
