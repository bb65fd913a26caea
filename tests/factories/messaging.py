"""Templates, senders and planned messages, straight through the service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, Decision, Family, LegalBasis, Purpose, TemplateClass, Verdict
from ritorno.customers.models import ContactPoint
from ritorno.customers.rules import ContactKind
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging import defaults, service
from ritorno.messaging.models import Template
from ritorno.messaging.planning import Candidate, Plan, Planned
from ritorno.messaging.schemas import TemplateCreate, TemplateTextWrite
from ritorno.stores import queries as stores

MJML = """<mjml lang="it"><mj-body><mj-section><mj-column>
<mj-text>Gentile {{ customer.given_name | default: 'cliente' }}, la aspettiamo.</mj-text>
<mj-text>{{ business.name }}, {{ business.address }}. {{ why }} {{ business.email | default: business.phone }}</mj-text>
<mj-text><a href="{{ unsubscribe_url }}">Non desidero più riceverli</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""

SERVICE_MJML = """<mjml lang="it"><mj-body><mj-section><mj-column>
<mj-text>Gentile {{ customer.given_name | default: 'cliente' }}, il suo ordine è pronto. {{ business.name }}</mj-text>
</mj-column></mj-section></mj-body></mjml>"""

KINDS = {
    Channel.EMAIL: ContactKind.EMAIL,
    Channel.SMS: ContactKind.PHONE,
    Channel.PHONE_OPERATOR: ContactKind.PHONE,
    Channel.POST: ContactKind.POSTAL,
}


async def make_business(session: AsyncSession) -> None:
    """Give the business the identity that every marketing item carries."""
    business = await stores.get_business(session)
    business.name, business.address = "Bottega Caffè", "Via Roma 1, 40121 Bologna"
    business.email, business.phone = "ciao@bottega.example", "+39 051 000000"
    await session.flush()
    await service.seed_senders(session, domain="bottega.example")


async def seed_answers(session: AsyncSession, settings: Settings) -> None:
    """Give the shop what it answers to STOP and HELP; its mails would take longer to compile than a test runs."""
    for default in defaults.templates():
        if default.code in {"sms-stopped", "sms-help"}:
            body = TemplateCreate(
                name=default.name,
                channel=Channel.SMS,
                template_class=default.template_class,
                purpose=default.purpose,
                service_kind=default.service_kind,
                texts=list(default.texts),
            )
            await service.create_template(
                session, body, settings=settings, actor=Actor.system("tests"), code=default.code
            )


async def make_template(
    session: AsyncSession,
    settings: Settings,
    *,
    template_class: TemplateClass = TemplateClass.MARKETING,
    channel: Channel = Channel.EMAIL,
    subject: str = "Perché non passa a trovarci",
    body: str | None = None,
    **columns: Any,
) -> Template:
    """Make a template in Italian that is ready to be sent."""
    is_marketing = template_class is TemplateClass.MARKETING
    default = MJML if is_marketing else SERVICE_MJML
    template, _ = await service.create_template(
        session,
        TemplateCreate(
            name="Promemoria",
            channel=channel,
            template_class=template_class,
            purpose=Purpose.MKT_OWN if is_marketing else Purpose.SERVICE,
            similarity_group=columns.pop("similarity_group", None),
            is_measured=columns.pop("is_measured", False),
            texts=[TemplateTextWrite(language="it", subject=subject, body=default if body is None else body)],
        ),
        settings=settings,
        actor=Actor.system("tests"),
    )
    return template


def allow(basis: LegalBasis = LegalBasis.CONSENT) -> Decision:
    """Return the gate's yes, for plans whose gate is not the subject of the test."""
    return Decision(Verdict.ALLOW, Family.ALLOWED, None, "D-E1", basis)


async def make_plan(
    session: AsyncSession,
    template: Template,
    customer_ids: Sequence[UUID],
    *,
    touch_id: UUID | None = None,
    due_at: datetime | None = None,
    **each: Any,
) -> Planned:
    """Plan a message from this template to each customer, at their current address."""
    channel = Channel(template.channel)
    statement = select(ContactPoint.customer_id, ContactPoint.id).where(
        ContactPoint.customer_id.in_(customer_ids), ContactPoint.kind == KINDS[channel]
    )
    points = {row[0]: row[1] for row in await session.execute(statement)}
    plan = Plan(touch_id, template.id, channel, Purpose(template.purpose), due_at or clock.now())
    each = {"decision": allow(), **each}
    people = [Candidate(customer_id, contact_point_id=points.get(customer_id), **each) for customer_id in customer_ids]
    return await service.plan_messages(session, plan, people)
