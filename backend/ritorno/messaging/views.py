"""Templates and messages put together for the screens: findings, rendered words, kept decisions in sentences."""

from collections.abc import Iterable, Sequence
from email import message_from_bytes, policy
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import words
from ritorno.consents.rules import Channel, Purpose, Reason, TemplateClass
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit.config import Settings
from ritorno.messaging import queries
from ritorno.messaging.checks import Draft, Reading, read_all
from ritorno.messaging.handoff import BY_HAND
from ritorno.messaging.letters import rewrite
from ritorno.messaging.models import Message, Sender, SenderKey, Template, TemplateText
from ritorno.messaging.rendering import fill_subject
from ritorno.messaging.rules import Ending
from ritorno.messaging.schemas import (
    DnsRecordRead,
    KeptDecisionRead,
    MessageEventRead,
    MessageRead,
    MessageRow,
    ReadinessRead,
    SenderRead,
    SigningKeyRead,
    TemplateProblemRead,
    TemplateRead,
    TemplateTextRead,
    VariableRead,
)
from ritorno.messaging.senders import readiness
from ritorno.messaging.signing import record_name, record_value
from ritorno.messaging.tracking.links import without_picture
from ritorno.messaging.variables import VARIABLES, business_values, empty_groups
from ritorno.stores import queries as stores

_TOUCHES = table("touches", column("id"), column("name"))
"""The name of a touch stands in a domain above; its name alone is read here, never its model."""


# ── templates and senders ─────────────────────────────────────────────────────────────────────────────────────────────


def template_read(template: Template, readings: Sequence[Reading]) -> TemplateRead:
    """Return a template with everything wrong with it."""
    return TemplateRead(
        id=template.id,
        code=template.code,
        name=template.name,
        channel=Channel(template.channel),
        template_class=TemplateClass(template.template_class),
        purpose=template.purpose,
        service_kind=template.service_kind,
        similarity_group=template.similarity_group,
        status=template.status,
        uses_purchases=template.uses_purchases,
        is_measured=template.is_measured,
        version=template.version,
        texts=[TemplateTextRead.model_validate(reading.draft) for reading in readings],
        problems=problems_read(readings),
        variables=sorted(set().union(*(reading.variables for reading in readings))),
        created_at=template.created_at,
        updated_at=template.updated_at,
    )


def problems_read(readings: Sequence[Reading]) -> list[TemplateProblemRead]:
    return [TemplateProblemRead.model_validate(finding) for reading in readings for finding in reading.findings]


def stored_template_read(template: Template, texts: Sequence[TemplateText], settings: Settings) -> TemplateRead:
    """Return a stored template; its findings are made again, so that a rule that became stricter shows at once."""
    drafts = [Draft(text.language, text.subject, text.body) for text in texts]
    readings = read_all(
        drafts,
        channel=Channel(template.channel),
        template_class=TemplateClass(template.template_class),
        purpose=Purpose(template.purpose),
        public_url=settings.public_url,
    )
    return template_read(template, readings)


def sender_read(sender: Sender, keys: Iterable[SenderKey] = ()) -> SenderRead:
    return SenderRead(
        id=sender.id,
        channel=Channel(sender.channel),
        stream=TemplateClass(sender.stream),
        name=sender.name,
        address=sender.address,
        reply_to=sender.reply_to,
        is_ready=sender.is_ready,
        unit_cost_minor=sender.unit_cost_minor,
        registered_on=sender.registered_on,
        max_parts=sender.max_parts,
        readiness=[ReadinessRead.model_validate(check.stored()) for check in readiness(sender)],
        checks=[ReadinessRead.model_validate(check) for check in sender.checks],
        checked_at=sender.checked_at,
        bulk_since=sender.bulk_since,
        signing_keys=[signing_key_read(key) for key in keys if key.sender_id == sender.id],
        version=sender.version,
    )


def signing_key_read(key: SenderKey) -> SigningKeyRead:
    state: Literal["waiting", "active", "retired"] = "waiting" if key.active_since is None else "active"
    return SigningKeyRead(
        id=key.id,
        domain=key.domain,
        selector=key.selector,
        state="retired" if key.retired_at is not None else state,
        is_given=key.is_given,
        made_at=key.made_at,
        made_by=key.made_by,
        active_since=key.active_since,
        retired_at=key.retired_at,
        record=DnsRecordRead(name=record_name(key), type="TXT", value=record_value(key)),
    )


def variables_read(language: str) -> list[VariableRead]:
    """Return the closed list of what a template may mention."""
    side = "en" if language == "en" else "it"
    return [
        VariableRead(
            name=variable.name,
            label=variable.label[side],
            example=variable.example[side],
            source=variable.source,
            uses_purchases=variable.uses_purchases,
        )
        for variable in VARIABLES
    ]


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_ENDINGS: dict[str, tuple[str, str]] = {
    Ending.SHARED_ADDRESS: ("Indirizzo in comune: ne parte una copia sola", "Shared address: one copy goes out"),
    Ending.UNFIT_ADDRESS: ("L'indirizzo non si può usare", "The address cannot be used"),
    Ending.TEMPLATE_BROKEN: ("Il testo non si è potuto comporre", "The text could not be put together"),
    Ending.GAVE_UP: ("Il server di posta ha rimandato troppe volte", "The mail server put it off too many times"),
    Ending.REFUSED_BY_SERVER: ("Il server di posta ha rifiutato il messaggio", "The mail server refused the message"),
    Ending.HARD_BOUNCE: ("L'indirizzo non esiste più", "The address no longer exists"),
    Ending.UNDELIVERED: ("La rete non ha consegnato l'SMS", "The network did not deliver the text"),
    Ending.STOPPED_AT_PROVIDER: (
        "Ha detto STOP al gestore degli SMS, che non gli consegna altro",
        "They told the text provider to stop, and it delivers nothing more",
    ),
    Ending.TOO_MANY_PARTS: ("Per questa persona il testo è troppo lungo", "For this person the text is too long"),
    Ending.SOFT_BOUNCE: ("La casella era piena o irraggiungibile", "The mailbox was full or out of reach"),
    Ending.RETURNED: ("La posta ha reso la lettera", "The post brought the letter back"),
    Ending.NOT_RECEIVED: ("Non è arrivato, dice il cliente", "It did not arrive, the customer says"),
}  # fmt: skip


def sentence_of(reason: str | None, history: Sequence[dict[str, Any]], language: str) -> str | None:
    """Return a reason in words."""
    if reason is None:
        return None
    if reason in _ENDINGS:
        return _ENDINGS[reason][language == "en"]
    field = str(history[-1].get("detail") or "") if history else ""
    return words.sentence_of(Reason(reason), language, field=field)


class _Shown(NamedTuple):
    """What the rows of one page share."""

    touches: dict[UUID, str]
    addresses: dict[UUID, str]
    templates: dict[UUID, str]
    texts: dict[tuple[UUID, int, str], TemplateText]
    business: dict[str, Any]


async def _shown(session: AsyncSession, messages: Sequence[Message]) -> _Shown:
    touch_ids = {message.touch_id for message in messages if message.touch_id}
    touches = await session.execute(select(_TOUCHES.c.id, _TOUCHES.c.name).where(_TOUCHES.c.id.in_(touch_ids)))
    point_ids = {message.contact_point_id for message in messages if message.contact_point_id}
    points = await session.execute(select(ContactPoint.id, ContactPoint.value).where(ContactPoint.id.in_(point_ids)))
    template_ids = {message.template_id for message in messages}
    templates = await session.execute(select(Template.id, Template.name).where(Template.id.in_(template_ids)))
    texts = await session.scalars(select(TemplateText).where(TemplateText.template_id.in_(template_ids)))
    return _Shown(
        {row[0]: row[1] for row in touches},
        {row[0]: row[1] for row in points},
        {row[0]: row[1] for row in templates},
        {(text.template_id, text.version, text.language): text for text in texts},
        business_values(await stores.get_business(session)),
    )


async def message_rows(
    session: AsyncSession, pairs: Sequence[tuple[Message, Customer]], *, language: str, may_see_address: bool
) -> list[MessageRow]:
    """Return the rows of a list, each with its person, touch, reason in words and subject."""
    shown = await _shown(session, [message for message, _ in pairs])
    return [_row(message, customer, shown, language, may_see_address=may_see_address) for message, customer in pairs]


def _row(message: Message, customer: Customer, shown: _Shown, language: str, *, may_see_address: bool) -> MessageRow:
    text = shown.texts.get((message.template_id, message.template_version, message.language))
    values = {**empty_groups(), **message.values, **shown.business}
    return MessageRow(
        id=message.id,
        customer_id=message.customer_id,
        customer_name=" ".join(part for part in (customer.given_name, customer.family_name) if part),
        channel=Channel(message.channel),
        purpose=message.purpose,
        touch_id=message.touch_id,
        touch_name=shown.touches.get(message.touch_id) if message.touch_id else None,
        template_name=shown.templates[message.template_id],
        status=message.status,
        reason=message.reason,
        reason_sentence=sentence_of(message.reason, message.history, language),
        arm=message.arm,
        to=shown.addresses.get(message.contact_point_id) if message.contact_point_id and may_see_address else None,
        subject=fill_subject(text.subject, values) if text and message.address_id else None,
        planned_at=message.planned_at,
        due_at=message.due_at,
        sent_at=message.sent_at,
    )


async def message_read(
    session: AsyncSession, message: Message, *, settings: Settings, language: str, may_see_address: bool
) -> MessageRead:
    """Return one message whole: what was captured to the letter, otherwise the same words made again."""
    customer = await session.get_one(Customer, message.customer_id)
    row = (await message_rows(session, [(message, customer)], language=language, may_see_address=may_see_address))[0]
    captured = await queries.find_captured(session, message.id)
    raw = captured.raw if captured else await rewrite(session, settings, message)
    content = _open(message.channel, raw)
    ways_out = next((value for name, value in content.headers if name == "List-Unsubscribe"), None)
    return MessageRead(
        **row.model_dump(exclude={"subject"}),
        subject=captured.subject if captured else row.subject,
        html=content.html,
        text=content.text,
        headers=[pair for pair in content.headers if may_see_address or pair[0] != "To"],
        decision=_kept(message.decision, language),
        handoff_decision=_kept(message.handoff_decision, language),
        history=[MessageEventRead.model_validate(event) for event in message.history],
        captured=captured is not None and message.channel not in BY_HAND,
        unsubscribe_url=ways_out.partition(",")[0].strip("<>") if ways_out else None,
    )


class _Content(NamedTuple):
    html: str | None
    text: str | None
    headers: list[tuple[str, str]]


def _open(channel: str, raw: bytes | None) -> _Content:
    if raw is None:
        return _Content(None, None, [])
    if channel != Channel.EMAIL:
        return _Content(None, raw.decode(), [])
    mail = message_from_bytes(raw, policy=policy.default)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    return _Content(
        without_picture(html.get_content()) if html else None,
        text.get_content().replace("\r\n", "\n") if text else None,
        [(name, str(value)) for name, value in mail.items()],
    )


def _kept(decision: dict[str, Any] | None, language: str) -> KeptDecisionRead | None:
    if decision is None:
        return None
    reason = decision.get("reason")
    sentence = words.sentence_of(Reason(reason), language) if reason else None
    return KeptDecisionRead(
        verdict=decision["verdict"],
        family=decision["family"],
        reason=reason,
        rule_id=decision["rule_id"],
        basis=decision["basis"],
        until=decision.get("until"),
        sentence=sentence,
    )
