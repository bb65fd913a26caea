"""The certificate of an erasure (PDF): what went, what stayed and why, who was told. Nothing in it names the person."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.erasures import queries
from ritorno.erasures.models import ProcessorErasure
from ritorno.erasures.previewing import kept_read
from ritorno.erasures.words import CERTIFICATE, section_words
from ritorno.kit.paper import print_pdf
from ritorno.stores.queries import get_business


async def print_certificate(session: AsyncSession, erasure_id: UUID) -> bytes:
    """Return the certificate in the language of the business."""
    erasure = await queries.get_erasure(session, erasure_id)
    business = await get_business(session)
    language = business.language if business.language in CERTIFICATE else "it"
    words = CERTIFICATE[language]
    told = await session.scalars(
        select(ProcessorErasure).where(ProcessorErasure.erasure_id == erasure.id).order_by(ProcessorErasure.name)
    )
    return await print_pdf(
        "ritorno.erasures",
        "certificate.typ",
        {
            "lang": language,
            "words": words,
            "shop": {"name": business.name, "address": business.address},
            "reference": str(erasure.id),
            "request": str(erasure.request_id) if erasure.request_id else words["no_request"],
            "day": erasure.erased_at.astimezone(ZoneInfo(business.timezone)).strftime("%d.%m.%Y %H:%M"),
            "extent": words["partial"] if erasure.is_partial else words["whole"],
            "gone": [
                {"what": section_words(table, language), "count": count}
                for table, count in sorted(erasure.gone.items())
            ],
            "kept": [
                {"because": each.because[language], "until": each.until.strftime("%d.%m.%Y") if each.until else None}
                for each in kept_read(erasure.kept)
            ],
            "told": [
                {"name": each.name, "said": words["told_yes"] if each.told_at else words["told_no"]} for each in told
            ],
        },
    )
