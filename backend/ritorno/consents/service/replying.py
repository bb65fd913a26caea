"""What people answer to messages: a clear stop is an objection at once, a doubtful one is read by a person (B-36)."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.models import Reply
from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import Channel, Method, ReplyKind, classify, next_working_day
from ritorno.consents.schemas import ReplyCreate, ReplyRead, ReplyRecorded
from ritorno.consents.service.agreeing import agree_by_reply
from ritorno.consents.service.refusing import REPLY_TASK, refuse_by_reply
from ritorno.consents.showing import show
from ritorno.customers.queries import get_customer
from ritorno.kit.actor import Actor
from ritorno.stores.queries import get_business


async def record_reply(
    session: AsyncSession,
    customer_id: UUID,
    body: ReplyCreate,
    *,
    heard_from: UUID | None = None,
    kind: ReplyKind | None = None,
    actor: Actor,
) -> ReplyRecorded:
    """Note a reply and do what it asks: STOP objects on its channel; what a person must read is due within one working
    day, and may be closed by the objection itself.

    Where a machine of ours heard it from one of their addresses (`heard_from`), the machine answers a call for help and
    START is the person's own word: nobody has to read either. The caller may know better what is meant (`kind`).
    """
    await get_customer(session, customer_id)
    kind = kind or classify(body.text)
    reply = Reply(
        customer_id=customer_id,
        channel=body.channel,
        text=body.text,
        kind=kind,
        received_at=body.received_at,
        recorded_by=actor.name,
    )
    session.add(reply)
    await session.flush()
    await activity.record(
        session,
        actor,
        "reply.recorded",
        subject="customer",
        subject_id=customer_id,
        details={"reply_id": str(reply.id), "channel": body.channel, "kind": kind},
    )
    events, read_by = [], None
    if kind is ReplyKind.STOP:
        events = await refuse_by_reply(
            session,
            customer_id=customer_id,
            channel=body.channel,
            reply_id=reply.id,
            received_at=body.received_at,
            method=Method.EMAIL_LINK if body.channel is Channel.EMAIL else Method.SMS_KEYWORD,
        )
    elif kind is ReplyKind.START and heard_from is not None:
        await agree_by_reply(session, reply, heard_from)
    elif kind is not ReplyKind.NOTHING and not (kind is ReplyKind.HELP and heard_from is not None):
        read_by = await _ask_a_person(session, reply)
    return ReplyRecorded(
        **ReplyRead.model_validate(reply).model_dump(), items=await show(session, events), read_by=read_by
    )


async def _ask_a_person(session: AsyncSession, reply: Reply) -> date:
    business = await get_business(session)
    day = reply.received_at.astimezone(ZoneInfo(business.timezone)).date()
    pack = rule_pack(business.country, day)
    read_by = next_working_day(day, pack.holidays)
    await activity.open_task(
        session,
        kind=REPLY_TASK,
        key=f"reply:{reply.id}",
        subject="customer",
        subject_id=reply.customer_id,
        details={"reply_id": str(reply.id), "channel": reply.channel, "due_on": read_by.isoformat()},
    )
    return read_by
