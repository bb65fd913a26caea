"""The card over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response, status

from ritorno.activity import service as activity
from ritorno.customers import lookups, queries, service
from ritorno.customers.errors import (
    ContactPointNotFound,
    CustomerErased,
    CustomerMerged,
    CustomerNotFound,
    EvidenceMissing,
    IdentifierTaken,
    NoteNotFound,
)
from ritorno.customers.models import Customer
from ritorno.customers.preparing import contact_of
from ritorno.customers.rules import note_warnings
from ritorno.customers.schemas import (
    BatchOutcome,
    ContactPointRead,
    ContactPointWrite,
    CustomerBatch,
    CustomerRead,
    CustomerWrite,
    CustomerWritten,
    Found,
    Interests,
    Key,
    Label,
    LevelWrite,
    Lookup,
    NoteRead,
    NoteWrite,
    NoteWritten,
)
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    IfMatch,
    Paging,
    ReadSession,
    WriteSession,
    created,
    idempotency_optional,
    make_router,
    problem_responses,
    require_version,
    set_version,
)
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid, StaleVersion, VersionRequired
from ritorno.stores.queries import get_business

router = make_router(tag="customers")

Reader = Annotated[Actor, Depends(require("customers:read"))]
Writer = Annotated[Actor, Depends(require("customers:write"))]
PathKey = Annotated[Key, Path()]
PathLabel = Annotated[Label, Path()]


@router.post(
    "/customers",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NotSignedIn, Forbidden, IdentifierTaken, Invalid),
)
async def create_customer(
    body: CustomerWrite, session: WriteSession, actor: Writer, response: Response
) -> CustomerRead:
    """Make a card for somebody staff have in front of them."""
    card = await service.create(session, body, actor=actor)
    response.headers["Location"] = f"/v1/customers/{card.id}"
    set_version(response, card.version)
    return card


@router.post("/customers/batch", responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def put_customers(body: CustomerBatch, session: WriteSession, actor: Writer) -> BatchOutcome:
    """Write up to 5,000 cards by natural key; the answer has one row per item, in order. Bodies carry no consents."""
    return await service.put_many(session, body.items, actor=actor)


@router.post("/customers/lookups", responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def look_customers_up(body: Lookup, session: ReadSession, actor: Reader) -> Page[Found]:
    """Find people by card, email, phone, or by what somebody types."""
    business = await get_business(session)
    found = await lookups.look_up(session, body, country=business.country)
    return Page(items=found, total=len(found))


@router.get(
    "/customers/{customer_id}", responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged)
)
async def get_customer(customer_id: UUID, session: WriteSession, actor: Reader, response: Response) -> CustomerRead:
    """Read a card with its addresses and identifiers; the ETag is its version. That it was read is recorded (S-16)."""
    card = await queries.get_card(session, customer_id)
    await activity.record_read(session, actor, "customer.read", subject="customer", subject_id=customer_id)
    set_version(response, card.version)
    return card


@router.patch(
    "/customers/{customer_id}",
    responses=problem_responses(
        NotSignedIn,
        Forbidden,
        CustomerNotFound,
        CustomerMerged,
        CustomerErased,
        IdentifierTaken,
        Invalid,
        StaleVersion,
        VersionRequired,
    ),
)
async def change_customer(
    customer_id: UUID,
    body: CustomerWrite,
    session: WriteSession,
    actor: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> CustomerRead:
    """Change a card: absent means unchanged, null clears."""
    customer = await _locked(session, customer_id, if_match)
    card = await service.change(session, customer, body, actor=actor)
    set_version(response, card.version)
    return card


async def _locked(session: WriteSession, customer_id: UUID, if_match: str | None) -> Customer:
    customer = await queries.get_customer(session, customer_id, lock=True)
    require_version(if_match, customer.version)
    return customer


# ── notes, tags, interests ────────────────────────────────────────────────────────────────────────────────────────────


@router.get(
    "/customers/{customer_id}/notes",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged),
)
async def list_notes(customer_id: UUID, session: ReadSession, actor: Reader, paging: Paging) -> Page[NoteRead]:
    """List the private notes on a card, newest first."""
    return Page[NoteRead].model_validate(await queries.list_notes(session, customer_id, paging))


@router.post(
    "/customers/{customer_id}/notes",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, Invalid),
)
async def create_note(customer_id: UUID, body: NoteWrite, session: WriteSession, actor: Writer) -> NoteWritten:
    """Write a private note; the answer warns when it seems to hold health, a fiscal code or an IBAN (C-22)."""
    note = await service.add_note(session, customer_id, body.body, actor=actor)
    read = NoteRead.model_validate(note)
    return NoteWritten(**read.model_dump(), warnings=note_warnings(body.body))


@router.delete(
    "/customers/{customer_id}/notes/{note_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(NotSignedIn, Forbidden, NoteNotFound),
)
async def delete_note(customer_id: UUID, note_id: UUID, session: WriteSession, actor: Writer) -> None:
    """Remove a note."""
    await service.remove_note(session, customer_id, note_id, actor=actor)


@router.put(
    "/customers/{customer_id}/tags/{tag}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, CustomerErased),
)
async def put_tag(customer_id: UUID, tag: PathLabel, session: WriteSession, actor: Writer) -> None:
    """Put a tag on a card; it may be there already."""
    await service.add_tag(session, customer_id, tag, actor=actor)


@router.delete(
    "/customers/{customer_id}/tags/{tag}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, CustomerErased),
)
async def delete_tag(customer_id: UUID, tag: PathLabel, session: WriteSession, actor: Writer) -> None:
    """Take a tag off a card; it may be gone already."""
    await service.remove_tag(session, customer_id, tag, actor=actor)


@router.put(
    "/customers/{customer_id:uuid}/interests",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, CustomerErased, Invalid),
)
async def put_interests(customer_id: UUID, body: Interests, session: WriteSession, actor: Writer) -> CustomerRead:
    """Replace what the person said they are interested in."""
    return await service.set_interests(session, customer_id, body.labels, actor=actor)


# ── contact points ────────────────────────────────────────────────────────────────────────────────────────────────────


@router.post(
    "/customers/{customer_id}/contact-points",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, CustomerErased, Invalid),
)
async def create_contact_point(
    customer_id: UUID, body: ContactPointWrite, session: WriteSession, actor: Writer
) -> ContactPointRead:
    """Add an address; it begins unverified (C-23)."""
    customer = await queries.get_customer(session, customer_id)
    contact = contact_of(body, customer.country)
    point = await service.add_contact_point(session, customer_id, contact, is_primary=body.is_primary, actor=actor)
    return queries.read_contact_point(point)


@router.delete(
    "/customers/{customer_id}/contact-points/{contact_point_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(
        NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, ContactPointNotFound, CustomerErased
    ),
)
async def delete_contact_point(customer_id: UUID, contact_point_id: UUID, session: WriteSession, actor: Writer) -> None:
    """End an address: it is kept as history and never used again."""
    await service.end_contact_point(session, customer_id, contact_point_id, actor=actor)


@router.put(
    "/contact-points/{contact_point_id}/level",
    responses=problem_responses(NotSignedIn, Forbidden, ContactPointNotFound, CustomerErased, EvidenceMissing, Invalid),
)
async def put_contact_level(
    contact_point_id: UUID, body: LevelWrite, session: WriteSession, actor: Writer
) -> ContactPointRead:
    """State, with evidence, how sure it is that an address reaches the person (C-13)."""
    point = await service.set_level(session, contact_point_id, body.level, body.evidence, actor=actor)
    return queries.read_contact_point(point)


# ── by natural key ────────────────────────────────────────────────────────────────────────────────────────────────────
# Last, because any two words match it; ids above match only UUIDs, so that no source and key of a till are shadowed.


@router.put(
    "/customers/{source}/{external_id}",
    responses=created(CustomerWritten)
    | problem_responses(NotSignedIn, Forbidden, CustomerErased, IdentifierTaken, Invalid),
)
async def put_customer(
    source: PathKey,
    external_id: PathKey,
    body: CustomerWrite,
    session: WriteSession,
    actor: Writer,
    response: Response,
) -> CustomerWritten:
    """Write a card under the key its source knows it by; send it as often as you like."""
    written = await service.put(session, source, external_id, body, actor=actor)
    if written.status == "created":
        response.status_code = status.HTTP_201_CREATED
        response.headers["Location"] = f"/v1/customers/{written.id}"
    return written
