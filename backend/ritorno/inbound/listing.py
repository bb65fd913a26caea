"""What came in, newest first: mails and texts are listed alike."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.inbound.models import InboundMail
from ritorno.inbound.schemas import InboundMailFilter
from ritorno.inbound.text_models import InboundText
from ritorno.inbound.text_schemas import InboundTextFilter
from ritorno.kit.pages import Page, paginate

Model = type[InboundMail] | type[InboundText]


def with_person(model: Model) -> Select[Any, Any]:
    """Select each with its person, where it has one."""
    return select(model, Customer).outerjoin(Customer, Customer.id == model.customer_id)


async def newest(session: AsyncSession, model: Model, asked: InboundMailFilter | InboundTextFilter) -> Page[Any]:
    """Return a page of those asked for, newest first, each with its person."""
    statement = with_person(model)
    if asked.is_open is not None:
        statement = statement.where(model.handled_at.is_(None) if asked.is_open else model.handled_at.is_not(None))
    if asked.kind is not None:
        statement = statement.where(model.kind == asked.kind)
    if asked.customer_id is not None:
        statement = statement.where(model.customer_id == asked.customer_id)
    return await paginate(
        session,
        statement,
        key=[model.received_at, model.id],
        query=asked.page,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
