"""Consent forms over HTTP: one box for one purpose, never ticked beforehand (C-05, B-10), and what people ticked."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from ritorno.consents import form_queries as queries
from ritorno.consents import service
from ritorno.consents.errors import (
    ConsentFormCodeTaken,
    ConsentFormHasNoDraft,
    ConsentFormNotFound,
    ConsentFormNotPublished,
    ConsentFormRefused,
    EvidenceNotFound,
)
from ritorno.consents.schemas import (
    ConsentFormCreate,
    ConsentFormPatch,
    ConsentFormRead,
    FilledFormCreate,
    FilledFormRead,
)
from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.http import ReadSession, WriteSession, idempotency_optional, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid

router = make_router(tag="consents")

Reader = Annotated[Actor, Depends(require("consents:read"))]
Writer = Annotated[Actor, Depends(require("consents:write"))]
Publisher = Annotated[Actor, Depends(require("consents:publish"))]


@router.get("/consent-forms", responses=problem_responses(NotSignedIn, Forbidden))
async def list_consent_forms(session: ReadSession, actor: Reader) -> Page[ConsentFormRead]:
    """Read every form with its versions, by code."""
    forms = await queries.list_forms(session, at=clock.now())
    return Page[ConsentFormRead](items=forms, total=len(forms))


@router.post(
    "/consent-forms",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(ConsentFormCodeTaken, Invalid, NotSignedIn, Forbidden),
)
async def create_consent_form(
    session: WriteSession, actor: Publisher, body: ConsentFormCreate, response: Response
) -> ConsentFormRead:
    """Begin a form as a draft; its faults are told with it."""
    form_id = await service.create_form(session, body, actor=actor)
    response.headers["Location"] = f"/v1/consent-forms/{form_id}"
    return await queries.get_form(session, form_id, at=clock.now())


@router.get("/consent-forms/{form_id}", responses=problem_responses(ConsentFormNotFound, NotSignedIn, Forbidden))
async def get_consent_form(session: ReadSession, actor: Reader, form_id: UUID) -> ConsentFormRead:
    """Read one form with its versions."""
    return await queries.get_form(session, form_id, at=clock.now())


@router.patch(
    "/consent-forms/{form_id}", responses=problem_responses(ConsentFormNotFound, Invalid, NotSignedIn, Forbidden)
)
async def change_consent_form(
    session: WriteSession, actor: Publisher, form_id: UUID, body: ConsentFormPatch
) -> ConsentFormRead:
    """Change the draft; without one, the next version begins from the one in use."""
    await service.change_form(session, form_id, body, actor=actor)
    return await queries.get_form(session, form_id, at=clock.now())


@router.post(
    "/consent-forms/{form_id}/publications",
    status_code=201,
    responses=problem_responses(ConsentFormNotFound, ConsentFormHasNoDraft, ConsentFormRefused, NotSignedIn, Forbidden),
)
async def publish_consent_form(session: WriteSession, actor: Publisher, form_id: UUID) -> ConsentFormRead:
    """Put the draft into use; a form that bundles, ticks beforehand or makes consent a condition is refused (B-10)."""
    await service.publish_form(session, form_id, actor=actor)
    return await queries.get_form(session, form_id, at=clock.now())


@router.post(
    "/customers/{customer_id}/filled-forms",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(
        CustomerNotFound,
        CustomerMerged,
        CustomerErased,
        ConsentFormNotFound,
        ConsentFormNotPublished,
        EvidenceNotFound,
        Invalid,
        NotSignedIn,
        Forbidden,
    ),
)
async def record_filled_form(
    session: WriteSession, actor: Writer, customer_id: UUID, body: FilledFormCreate
) -> FilledFormRead:
    """Record a signed form at once: a yes or a no for each purpose and channel of a box, nothing for a blank one."""
    return await service.record_filled_form(session, customer_id, body, actor=actor)
