"""The consent form of one person on paper, over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Response

from ritorno.activity import service as activity
from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, WriteSession, file_answer, make_router, problem_responses
from ritorno.privacy import paper_forms

router = make_router(tag="privacy")

Reader = Annotated[Actor, Depends(require("consents:read"))]


@router.get(
    "/customers/{customer_id}/paper-form",
    response_class=Response,
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, CustomerErased)
    | file_answer("The form, a tagged PDF."),
)
async def print_paper_form(
    customer_id: UUID,
    session: WriteSession,
    settings: AppSettings,
    actor: Reader,
    language: Literal["it", "en"] | None = None,
) -> Response:
    """Print the form on which a person ticks and signs, with a code that leads to their own page.

    That it was printed is recorded, which is why this read may write.
    """
    printed = await paper_forms.print_paper_form(session, settings, customer_id, language=language)
    await activity.record_read(session, actor, "paper_form.downloaded", subject="customer", subject_id=customer_id)
    return Response(
        printed,
        media_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="modulo.pdf"', "Cache-Control": "no-store"},
    )
