"""The consent certificate: what a person had consented to at a moment, and the proof of it (7(1), C-33)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.queries import get_customer
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.paper import print_pdf
from ritorno.stores.queries import get_business


async def read(
    session: AsyncSession,
    settings: Settings,
    customer_id: UUID,
    *,
    at: datetime,
    language: str | None,
    actor: Actor,
) -> Mapping[str, Any]:
    """Return everything the certificate says, as the template reads it."""
    customer = await get_customer(session, customer_id)
    business = await get_business(session)
    return {
        "language": language or customer.language,
        "shop": {"name": business.name, "address": business.address},
        "name": " ".join(filter(None, (customer.given_name, customer.family_name))),
    }


async def print_certificate(certificate: Mapping[str, Any]) -> bytes:
    """Return the certificate as a tagged PDF."""
    return await print_pdf("ritorno.privacy", "certificate.typ", certificate)
