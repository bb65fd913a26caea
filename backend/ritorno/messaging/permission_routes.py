"""The gate over HTTP: the matrix of one person, now or at a past moment, and one question about many people."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from ritorno.consents.rules import ANY_GROUP, FOR_ALL_CHANNELS, Ask, ServiceKind, TemplateClass, decide, explain
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
from ritorno.messaging.permission_matrix import explanation_of, matrix_of
from ritorno.messaging.permission_schemas import (
    ContactDecision,
    ContactDecisions,
    DecisionsAsk,
    ExplanationAsk,
    GateExplanation,
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
    facts = (await permissions.load_facts(session, [customer_id], at=moment, as_of=at is not None))[customer_id]
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
    facts = await permissions.load_facts(session, body.customer_ids, at=moment, as_of=body.at is not None)
    language, zone = language_of(request, actor), (await get_business(session)).timezone
    items = []
    for customer_id in body.customer_ids:
        cell = PermissionCell.of(decide(facts[customer_id], ask, moment), ask, language=language, zone=zone)
        items.append(ContactDecision(customer_id=customer_id, decision=cell.verdict, **dict(cell)))
    return ContactDecisions(at=moment, items=items)


@router.post(
    "/contact-decisions/explanations",
    responses=problem_responses(CustomerNotFound, CustomerMerged, TemplateNotFound, Invalid, NotSignedIn, Forbidden),
)
async def explain_contact(
    session: ReadSession, request: Request, actor: Reader, body: ExplanationAsk
) -> GateExplanation:
    """Ask the gate any question about one person at any moment, and be told what every gate found."""
    await get_customer(session, body.customer_id)
    template = await queries.get_template(session, body.template_id) if body.template_id else None
    ask = replace(
        _ask(body, template), is_own_product=body.is_own_product, is_urgent=body.is_urgent, to_heirs=body.to_heirs
    )
    moment = body.at or clock.now()
    facts = (await permissions.load_facts(session, [body.customer_id], at=moment, as_of=body.at is not None))[
        body.customer_id
    ]
    return explanation_of(
        explain(facts, ask, moment),
        facts,
        ask,
        at=moment,
        language=language_of(request, actor),
        zone=(await get_business(session)).timezone,
    )


def _ask(body: DecisionsAsk | ExplanationAsk, template: Template | None) -> Ask:
    """Return the question; without a template it is about the person in general."""
    if body.channel is None and body.purpose not in FOR_ALL_CHANNELS:
        raise Invalid(errors=[FieldError("channel", "missing", f"{body.purpose} is asked for a channel")])
    asked = Ask(
        body.purpose,
        body.channel,
        similarity_group=body.similarity_group or ANY_GROUP,
        uses_purchases=body.uses_purchases,
        service_kind=body.service_kind,
        recipient=body.recipient_id,
    )
    if template is None:
        return asked
    return replace(
        asked,
        template_class=TemplateClass(template.template_class),
        similarity_group=body.similarity_group or template.similarity_group,
        uses_purchases=asked.uses_purchases or template.uses_purchases,
        has_promo=template.is_promotional and template.template_class == TemplateClass.SERVICE,
        service_kind=body.service_kind or (ServiceKind(template.service_kind) if template.service_kind else None),
    )
