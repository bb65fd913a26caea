"""A letter on paper, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from ritorno.activity import service as activity
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, WriteSession, file_answer, make_router, problem_responses
from ritorno.messaging import letter_printing
from ritorno.messaging.errors import LetterNotHandedOver, MessageNotFound

router = make_router(tag="messages")

Reader = Annotated[Actor, Depends(require("messages:read"))]


@router.get(
    "/messages/{message_id}/letter",
    response_class=Response,
    responses=problem_responses(NotSignedIn, Forbidden, MessageNotFound, LetterNotHandedOver)
    | file_answer("The letter, a tagged PDF."),
)
async def print_message_letter(
    message_id: UUID, session: WriteSession, settings: AppSettings, actor: Reader
) -> Response:
    """Print a letter that passed the gate, with the code that leads to the person's own page.

    That it was printed is recorded, which is why this read may write.
    """
    printed = await letter_printing.print_letter(session, settings, message_id)
    await activity.record_read(session, actor, "letter.downloaded", subject="message", subject_id=message_id)
    return Response(
        printed,
        media_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="lettera.pdf"', "Cache-Control": "no-store"},
    )
