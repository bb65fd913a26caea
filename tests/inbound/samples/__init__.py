"""Mail in the shapes that real servers and people give it; `TOKEN` and its like stand for addresses of ours."""

from pathlib import Path
from uuid import UUID

from ritorno.consents import tokens
from ritorno.kit.config import Settings
from ritorno.messaging.envelopes import envelope_sender, mailto_unsubscribe

SHOP = "bounces@bottega.example"
NOBODY = UUID("01920000-0000-7000-8000-000000000000")
NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.eml"))


def sample(name: str, **marks: str) -> bytes:
    """Return a sample with its marks replaced; those not given stay, and are nobody's."""
    text = (Path(__file__).parent / f"{name}.eml").read_text()
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text.replace("\n", "\r\n").encode()


def about(
    name: str,
    settings: Settings,
    message_id: UUID,
    *,
    contact_point_id: UUID = NOBODY,
    customer_id: UUID = NOBODY,
    **changes: str,
) -> bytes:
    """Return a sample that carries the tokens of one message, however it can."""
    link = tokens.unsubscribe_token(settings, message_id, contact_point_id, customer_id)
    envelope = envelope_sender(settings, message_id, "")
    return sample(
        name,
        **changes,
        RETURNPATH=envelope,
        TOKEN=envelope,
        UNSUBSCRIBE=mailto_unsubscribe(settings, message_id) or "",
        MAILTO=mailto_unsubscribe(settings, message_id) or "",
        LINK=f"{settings.public_url}/u/{link}",
    )
