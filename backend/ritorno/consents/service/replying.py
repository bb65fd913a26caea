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
    session: AsyncSession, customer_id: UUID, body: ReplyCreate, *, is_answered_by_us: bool = False, actor: Actor
) -> ReplyRecorded:
    """Note a reply and do what it asks: STOP objects on its channel; what a person must read is due within one working
    day, and may be closed by the objection itself.

    Where a machine of ours heard it (`is_answered_by_us`), the machine answers a call for help and START is the
    person's own word: nobody has to read either.
    """
    await get_customer(session, customer_id)
    kind = classify(body.text)
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
    elif kind is ReplyKind.START and is_answered_by_us:
        await agree_by_reply(session, reply)
    elif kind is not ReplyKind.NOTHING and not (kind is ReplyKind.HELP and is_answered_by_us):
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
