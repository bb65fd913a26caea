"""Templates and senders: saved with everything that is wrong about them, sendable only when nothing is (B-25)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability.service import require_registered
from ritorno.activity import service as activity
from ritorno.consents.rules import Channel, Purpose, TemplateClass, purpose_of
from ritorno.customers.models import Customer
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import FieldError, Invalid
from ritorno.messaging import defaults, queries
from ritorno.messaging.checks import Draft, Reading, is_ready, read_all
from ritorno.messaging.models import Sender, Template, TemplateText
from ritorno.messaging.rendering import MergeMissing, Rendered, fill
from ritorno.messaging.rules import TemplateStatus
from ritorno.messaging.schemas import PreviewRequest, SenderPatch, TemplateCreate, TemplatePatch
from ritorno.messaging.senders import readiness
from ritorno.messaging.service.readiness import refresh_readiness
from ritorno.messaging.short_links import like_a_short_link
from ritorno.messaging.signing import is_for
from ritorno.messaging.tracking.links import urls_of
from ritorno.messaging.tracking.models import MessageLink
from ritorno.messaging.variables import Values, business_values, examples, nested
from ritorno.stores import queries as stores


async def create_template(
    session: AsyncSession, body: TemplateCreate, *, settings: Settings, actor: Actor, code: str | None = None
) -> tuple[Template, list[Reading]]:
    """Keep a new template; it is a draft until nothing forbids sending it."""
    template = Template(
        id=uuid7(),
        code=code,
        name=body.name,
        channel=body.channel,
        template_class=body.template_class,
        purpose=purpose_of(body.purpose, body.service_kind),
        similarity_group=body.similarity_group,
        service_kind=body.service_kind,
        is_measured=body.is_measured,
    )
    _refuse_measuring(template, asked=body.is_measured)
    session.add(template)
    await session.flush()
    readings = await _write_texts(session, template, [text.as_draft() for text in body.texts], settings)
    await activity.record(session, actor, "template.created", subject="template", subject_id=template.id)
    return template, readings


async def edit_template(
    session: AsyncSession, template: Template, body: TemplatePatch, *, settings: Settings, actor: Actor
) -> tuple[Template, list[Reading]]:
    """Begin the next version; messages already planned keep theirs (B-27)."""
    changes = body.model_dump(exclude_unset=True, exclude={"texts"})
    for field in ("name", "template_class", "purpose", "is_measured"):
        if field in changes and changes[field] is None:
            raise Invalid(errors=[FieldError(field, "required", "This cannot be empty.")])
    for field, value in changes.items():
        setattr(template, field, value)
    _refuse_measuring(template, asked=bool(body.is_measured))
    if body.texts is not None:
        drafts = [text.as_draft() for text in body.texts]
    else:
        present = (await queries.texts_of(session, [template]))[template.id]
        drafts = [Draft(text.language, text.subject, text.body) for text in present]
    template.version += 1
    readings = await _write_texts(session, template, drafts, settings)
    await activity.record(
        session,
        actor,
        "template.edited",
        subject="template",
        subject_id=template.id,
        details={"version": template.version},
    )
    return template, readings


async def reclassify(
    session: AsyncSession, template: Template, *, settings: Settings, actor: Actor
) -> tuple[Template, list[Reading]]:
    """Make a text that promotes something marketing, by a person's word and in the audit log; it then owes what every
    marketing text owes, so it may stay a draft (D-05, D-06).
    """
    before = template.template_class
    body = TemplatePatch(template_class=TemplateClass.MARKETING, purpose=Purpose.MKT_OWN, service_kind=None)
    template, readings = await edit_template(session, template, body, settings=settings, actor=actor)
    await activity.record(
        session,
        actor,
        "template.reclassified",
        subject="template",
        subject_id=template.id,
        details={"version": template.version, "from": before, "is_promotional": template.is_promotional},
    )
    return template, readings


def _refuse_measuring(template: Template, *, asked: bool) -> None:
    """Only marketing mail is measured; one that becomes something else stops being so (E-20)."""
    if template.channel == Channel.EMAIL and template.template_class == TemplateClass.MARKETING:
        return
    if asked:
        raise Invalid(errors=[FieldError("is_measured", "not_marketing_mail", "Only marketing mail can be measured.")])
    template.is_measured = False


async def _write_texts(
    session: AsyncSession, template: Template, drafts: Sequence[Draft], settings: Settings
) -> list[Reading]:
    readings = read_all(
        drafts,
        channel=Channel(template.channel),
        template_class=TemplateClass(template.template_class),
        purpose=Purpose(template.purpose),
        public_url=settings.public_url,
    )
    template.status = TemplateStatus.READY if is_ready(readings) else TemplateStatus.DRAFT
    template.uses_purchases = any(reading.uses_purchases for reading in readings)
    template.is_promotional = any(reading.is_promotional for reading in readings)
    template.updated_at = clock.now()
    for reading in readings:
        session.add(
            TemplateText(
                template_id=template.id,
                version=template.version,
                language=reading.draft.language,
                subject=reading.draft.subject,
                body=reading.draft.body,
                html=reading.source.html if reading.source else None,
                plain=reading.source.plain if reading.source else "",
                variables=sorted(reading.variables),
            )
        )
    await session.flush()
    if template.channel == Channel.EMAIL and template.template_class == TemplateClass.MARKETING:
        session.add_all(_links_of(template, readings))
        await session.flush()
    return readings


def _links_of(template: Template, readings: Sequence[Reading]) -> list[MessageLink]:
    return [
        MessageLink(
            template_id=template.id,
            version=template.version,
            language=reading.draft.language,
            link_index=index,
            url=url,
        )
        for reading in readings
        if reading.source is not None
        for index, url in enumerate(urls_of(reading.source))
    ]


# ── previews ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def preview(
    session: AsyncSession, body: PreviewRequest, *, settings: Settings
) -> tuple[Rendered | None, list[Reading], list[str]]:
    """Return what one person would read, what is wrong with the text and which values are missing; keep nothing."""
    readings = read_all(
        [text.as_draft() for text in body.texts],
        channel=body.channel,
        template_class=body.template_class,
        purpose=body.purpose,
        public_url=settings.public_url,
    )
    reading = next((each for each in readings if each.draft.language == body.language), readings[0])
    if reading.source is None:
        return None, readings, []
    values = await _preview_values(session, body.language, body.customer_id)
    if body.channel is Channel.SMS:
        values["unsubscribe_url"] = like_a_short_link(settings.public_url)
    missing: list[str] = []
    while True:
        try:
            return fill(reading.source, values), readings, missing
        except MergeMissing as lack:
            if lack.field in missing:
                return None, readings, missing
            missing.append(lack.field)
            values = _with_gap_shown(values, lack.field)


def _with_gap_shown(values: Values, name: str) -> Values:
    """Stand a visible mark in for a missing value, so that the rest of the text can still be read."""
    group, _, field = name.partition(".")
    if not field:
        return {**values, group: f"[{name}]"}
    return {**values, group: {**values.get(group, {}), field: f"[{name}]"}}


async def _preview_values(session: AsyncSession, language: str, customer_id: UUID | None) -> Values:
    business = business_values(await stores.get_business(session))
    if customer_id is None:
        return {**examples(language), **business}
    customer = (await session.scalars(select(Customer).where(Customer.id == customer_id))).one_or_none()
    if customer is None:
        raise Invalid(errors=[FieldError("customer_id", "unknown", "There is no such customer.")])
    shown = examples(language)
    person = nested({
        "customer.given_name": customer.given_name,
        "customer.family_name": customer.family_name,
        "customer.full_name": " ".join(part for part in (customer.given_name, customer.family_name) if part),
        "customer.city": customer.city,
    })  # fmt: skip
    return {**shown, "customer": person["customer"], **business}


# ── senders ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def change_sender(
    session: AsyncSession, sender: Sender, body: SenderPatch, *, settings: Settings, actor: Actor
) -> Sender:
    """Change who messages of one stream come from; messages already handed over keep what they said."""
    changes = body.model_dump(exclude_unset=True)
    if changes.get("address", sender.address) != sender.address:
        # What was confirmed was the old name or number (M-07).
        changes = {"registered_on": None, **changes}
    if not is_for(sender.address.rpartition("@")[2], changes.get("address", sender.address)):
        # Another domain: what was found of the old one says nothing about it.
        sender.checks, sender.checked_at, sender.bulk_since = [], None, None
    for field, value in changes.items():
        setattr(sender, field, value)
    sender.is_ready = all(check.ok for check in readiness(sender))
    if sender.is_ready:
        await require_registered(session, channel=sender.channel)
    sender.version += 1
    await refresh_readiness(session, settings)
    await activity.record(session, actor, "sender.changed", subject="sender", subject_id=sender.id)
    await outbox.publish(session, "sender.changed", {"sender_id": sender.id})
    return sender


async def seed_senders(session: AsyncSession, *, domain: str) -> None:
    """Give a new shop one sender for each channel and stream; those that exist are left alone (E-09)."""
    business = await stores.get_business(session)
    for channel in (Channel.EMAIL, Channel.SMS, Channel.POST, Channel.PHONE_OPERATOR):
        for stream in TemplateClass:
            sender = Sender(
                id=uuid7(),
                channel=channel,
                stream=stream,
                name=business.name,
                address=defaults.sender_address(channel, stream, domain=domain, business=business),
                reply_to=business.email or None,
                unit_cost_minor=defaults.UNIT_COST_MINOR[channel],
                version=1,
            )
            given = [column.key for column in Sender.__table__.columns if column.key in vars(sender)]
            values = {key: getattr(sender, key) for key in given}
            values["is_ready"] = all(check.ok for check in readiness(sender))
            await session.execute(insert(Sender).values(values).on_conflict_do_nothing())


async def seed_templates(session: AsyncSession, *, settings: Settings) -> None:
    """Give a new shop the templates of the product; one that was seeded once is never touched again."""
    known = set((await session.scalars(select(Template.code).where(Template.code.is_not(None)))).all())
    for default in defaults.templates():
        if default.code in known:
            continue
        await create_template(
            session,
            TemplateCreate(
                name=default.name,
                channel=default.channel,
                template_class=default.template_class,
                purpose=Purpose(default.purpose),
                similarity_group=None,
                service_kind=default.service_kind,
                texts=list(default.texts),
            ),
            settings=settings,
            actor=Actor.system("setup"),
            code=default.code,
        )
