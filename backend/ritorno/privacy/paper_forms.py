"""The consent form on paper: the same choices and texts as the person's own page, boxes empty, and a code to that page.

Signed and scanned it becomes evidence; version and hash beside each text say which words were signed.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries as consents
from ritorno.consents import tokens
from ritorno.customers.errors import CustomerErased
from ritorno.customers.queries import get_customer
from ritorno.kit.config import Settings
from ritorno.kit.paper import print_pdf, qr_svg
from ritorno.privacy.choosing import Block, choices_of
from ritorno.privacy.pages.copy import Copy, copy_of, title_of, version_words
from ritorno.stores.queries import get_business


async def print_paper_form(
    session: AsyncSession, settings: Settings, customer_id: UUID, *, language: str | None
) -> bytes:
    """Return the form of one person as a PDF, in their language where no other is asked for."""
    customer = await get_customer(session, customer_id)
    if customer.erased_at is not None:
        raise CustomerErased()
    business = await get_business(session)
    language = language or customer.language
    copy = copy_of(language)
    choices = await choices_of(session, customer, language, on_paper=True)
    codes = {version.id: each.notice.code for each in await consents.list_notices(session) for version in each.versions}
    shop = {"name": business.name, "address": business.address}
    values = {
        "title": copy.paper,
        "shop": shop,
        "language": language if language in {"it", "en"} else "en",
        "footer": business.name,
        "intro": copy.paper_intro,
        "person": " ".join(part for part in (customer.given_name, customer.family_name) if part),
        "qr": qr_svg(f"{settings.public_url}/p/{tokens.write_for_paper(settings, customer.id)}"),
        "qr_words": copy.paper_qr,
        "blocks": [
            _block(copy, block, codes, language, business.timezone) for block in choices.blocks if block.version
        ],
        "yes": copy.yes,
        "no": copy.no,
        "lines": [copy.paper_name, copy.paper_date, copy.paper_signature, copy.paper_staff],
        "rights": copy.paper_rights.format(contact=business.email or business.phone or business.address),
    }
    return await print_pdf("ritorno.privacy", "paper_form.typ", values)


def _block(copy: Copy, block: Block, codes: dict[UUID, str], language: str, zone: str) -> dict[str, object]:
    assert block.version is not None
    return {
        "title": title_of(copy, block.purpose, block.recipient_name),
        "text": block.version.text,
        "language": block.version.language,
        "version": version_words(copy, block.version, codes[block.version.id], language, zone),
        "cells": [copy.channels[cell.channel] if cell.channel is not None else copy.whole for cell in block.cells],
    }
