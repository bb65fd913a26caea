"""Third parties that may be given data: registered, named in a text, active."""

from itertools import count
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import ConsentEvent, NoticeVersion
from ritorno.consents.rules import Purpose
from ritorno.disclosures import service
from ritorno.disclosures.models import Recipient
from ritorno.disclosures.schemas import RecipientCreate
from ritorno.kit.ids import uuid7
from tests.factories.accountability import OFFICER, make_activity
from tests.factories.consents import make_consent, make_notice_version

_numbers = count(1)


async def make_draft(session: AsyncSession, *, name: str | None = None) -> Recipient:
    """Enter a third party that nobody registered or named yet."""
    body = RecipientCreate(
        name=name or f"Assicura {next(_numbers)} S.p.A.",
        category="insurer",
        merchandise_category="home insurance",
        country="IT",
        privacy_contact="privacy@assicura.example",
        stated_use="To propose a home insurance, once",
    )
    return await service.add_recipient(session, body, actor=OFFICER)


async def make_recipient(session: AsyncSession) -> tuple[Recipient, NoticeVersion]:
    """Return an active third party and the text that names it."""
    draft = await make_draft(session)
    await make_activity(session, purpose="THIRD_PARTY", recipient_ids=[draft.id])
    version = await make_notice_version(session, purpose=Purpose.THIRD_PARTY, recipient_id=draft.id)
    return await service.activate(session, draft, actor=OFFICER), version


async def agree(session: AsyncSession, customer_id: UUID, recipient: Recipient, version: NoticeVersion) -> ConsentEvent:
    """Record a signed yes to this recipient."""
    return await make_consent(
        session, customer_id, purpose=Purpose.THIRD_PARTY, channel=None, version=version, recipient_id=recipient.id
    )


async def give(session: AsyncSession, recipient: Recipient, *customer_ids: UUID) -> UUID:
    """Hand these people over, as a file would."""
    run_id = uuid7()
    await service.note_people(session, run_id, dict.fromkeys(customer_ids))
    await service.hand_over(
        session,
        run_id=run_id,
        export_id=uuid7(),
        recipient_id=recipient.id,
        fields=["id", "email"],
        people_count=len(customer_ids),
        made_by="Giulia",
    )
    return run_id
