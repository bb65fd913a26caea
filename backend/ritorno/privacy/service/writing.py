"""What we write to the person about a request: a link, as a service message to the stored address (D-S9)."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.privacy.errors import NoStoredContact
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.queries import StoredContact


class Occasion(StrEnum):
    """Why we write."""

    IDENTITY = "privacy-identity"
    PACK = "privacy-pack"
    ANSWER = "privacy-answer"


async def write_link(
    session: AsyncSession,
    request: PrivacyRequest,
    contact: StoredContact,
    occasion: Occasion,
    *,
    settings: Settings,
    actor: Actor,
) -> None:
    """Queue the mail with the link."""
    raise NoStoredContact()
