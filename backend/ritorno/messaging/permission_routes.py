"""The gate over HTTP: the matrix of one person, now or at a past moment, and one question about many people."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from ritorno.consents.rules import ANY_GROUP, FOR_ALL_CHANNELS, Ask, TemplateClass, decide
from ritorno.customers.errors import CustomerMerged, CustomerNotFound
from ritorno.customers.queries import get_customer
from ritorno.identity.auth import language_of, require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.http import ReadSession, make_router, problem_responses
from ritorno.kit.problems import FieldError, Invalid
from ritorno.kit.schemas import InstantIn
from ritorno.messaging import permissions, queries
from ritorno.messaging.errors import TemplateNotFound
from ritorno.messaging.models import Template
from ritorno.messaging.permission_matrix import matrix_of
from ritorno.messaging.permission_schemas import (
    ContactDecision,
    ContactDecisions,
    DecisionsAsk,
    PermissionCell,
    PermissionMatrix,
)
from ritorno.stores.queries import get_business

router = make_router(tag="consents")

Reader = Annotated[Actor, Depends(require("consents:read"))]


@router.get(
    "/customers/{customer_id}/permissions",
    responses=problem_responses(CustomerNotFound, CustomerMerged, Invalid, NotSignedIn, Forbidden),
)
async def get_permissions(
    session: ReadSession, request: Request, actor: Reader, customer_id: UUID, at: InstantIn | None = None
) -> PermissionMatrix:
    """Read what the gate answers for every purpose and channel, today or at a past moment."""
    await get_customer(session, customer_id)
    moment = at or clock.now()
    facts = (await permissions.load_facts(session, [customer_id], at=moment))[customer_id]
    business = await get_business(session)
    return matrix_of(facts, at=moment, language=language_of(request, actor), zone=business.timezone)


@router.post("/contact-decisions", responses=problem_responses(TemplateNotFound, Invalid, NotSignedIn, Forbidden))
async def decide_contacts(
    session: ReadSession, request: Request, actor: Reader, body: DecisionsAsk
) -> ContactDecisions:
    """Ask the gate about up to 1,000 people; nothing is sent and nothing is kept."""
    template = await queries.get_template(session, body.template_id) if body.template_id else None
    ask = _ask(body, template)
    moment = body.at or clock.now()
    facts = await permissions.load_facts(session, body.customer_ids, at=moment)
    language, zone = language_of(request, actor), (await get_business(session)).timezone
    items = []
    for customer_id in body.customer_ids:
        cell = PermissionCell.of(decide(facts[customer_id], ask, moment), ask, language=language, zone=zone)
        items.append(ContactDecision(customer_id=customer_id, decision=cell.verdict, **dict(cell)))
    return ContactDecisions(at=moment, items=items)


def _ask(body: DecisionsAsk, template: Template | None) -> Ask:
    """Return the question; without a template it is about the person in general."""
    if body.channel is None and body.purpose not in FOR_ALL_CHANNELS:
        raise Invalid(errors=[FieldError("channel", "missing", f"{body.purpose} is asked for a channel")])
    if template is None:
        group = body.similarity_group or ANY_GROUP
        return Ask(body.purpose, body.channel, similarity_group=group, uses_purchases=body.uses_purchases)
    return Ask(
        body.purpose,
        body.channel,
        template_class=TemplateClass(template.template_class),
        similarity_group=body.similarity_group or template.similarity_group,
        uses_purchases=body.uses_purchases or template.uses_purchases,
        has_promo=template.is_promotional and template.template_class == TemplateClass.SERVICE,
    )
