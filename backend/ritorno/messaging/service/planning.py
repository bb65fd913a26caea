"""Planning: one row for every person whatever the outcome, one statement per table whatever the number (DESIGN §6)."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import (
    Ask,
    Channel,
    LegalBasis,
    Purpose,
    Reason,
    ServiceKind,
    TemplateClass,
    Verdict,
    decide,
)
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.dates import day_and_month
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.messaging import permissions, queries
from ritorno.messaging.errors import ContactRefused, TemplateChannelMismatch, TemplateNotReady
from ritorno.messaging.models import Message, Sender, Template, TemplateText
from ritorno.messaging.pacing.rules import rank, receiver_of
from ritorno.messaging.planning import ONE_PERSON, Candidate, Foreseen, Plan, Planned
from ritorno.messaging.queries import Addressee
from ritorno.messaging.rendering import MergeMissing, Rendered, Source, fill
from ritorno.messaging.rules import CODE_LIVES, Arm, Ending, MessageStatus, QueueState, TemplateStatus
from ritorno.messaging.short_links import like_a_short_link
from ritorno.messaging.sms import count_parts
from ritorno.messaging.unserved import Unserved, ask_for_hands
from ritorno.messaging.variables import (
    FILLED_AT_HANDOFF,
    OF_THE_MESSAGE,
    Values,
    business_values,
    examples,
    nested,
    only,
    present,
    why,
)
from ritorno.stores import queries as stores
from ritorno.stores.models import Business


async def plan_messages(session: AsyncSession, plan: Plan, candidates: Sequence[Candidate]) -> Planned:
    """Write one row per candidate with its outcome and queue those to send; repeating it plans nothing twice.

    The touch must be locked by the caller, so that a pause and a batch never pass each other.
    """
    template = await queries.get_template(session, plan.template_id)
    # A version named by the touch was ready when it was launched, whatever has been typed since (B-27).
    if plan.template_version is None and template.status != TemplateStatus.READY:
        raise TemplateNotReady()
    if template.channel != plan.channel:
        raise TemplateChannelMismatch()
    rows = await _outcomes(session, plan, template, candidates)
    written = await _insert(session, plan, template, rows)
    # Who was not written is planned already, or finds the address held by somebody else of this touch (D-11).
    late = [row.without_address() for row in rows if row.id not in written and row.address_id is not None]
    written |= await _insert(session, plan, template, late)
    kept = [row for row in [*rows, *late] if row.id in written]
    counted = Counter(row.status for row in kept)
    await _queue(session, plan, template, [row for row in kept if row.status in _WAITING])
    skipped = [row for row in kept if row.status is MessageStatus.SKIPPED]
    await ask_for_hands(session, [Unserved(row.customer_id, plan.purpose, row.reason) for row in skipped])
    if counted[MessageStatus.QUEUED]:
        await outbox.publish(session, "messages.queued", {"touch_id": plan.touch_id})
    return dict(counted)


async def foresee_messages(session: AsyncSession, plan: Plan, candidates: Sequence[Candidate]) -> list[Foreseen]:
    """Return what planning would decide about each candidate, and write nothing: what a rehearsal asks."""
    template = await queries.get_template(session, plan.template_id)
    rows = await _outcomes(session, plan, template, candidates)
    return [
        Foreseen(
            row.customer_id,
            row.status,
            row.reason,
            orjson.loads(row.history)[-1]["detail"],
            row.address_id,
            row.cost_minor,
            row.language,
            orjson.loads(row.values),
            row.parts,
        )
        for row in rows
    ]


_WAITING = frozenset({MessageStatus.QUEUED, MessageStatus.DEFERRED})
_MAY_LEAVE = frozenset({Verdict.ALLOW, Verdict.DEFER})


class _Row(NamedTuple):
    """What differs between the messages of one batch, in the order of the insert."""

    id: UUID
    customer_id: UUID
    contact_point_id: UUID | None
    address_id: UUID | None
    occasion: str
    language: str
    arm: Arm | None
    status: MessageStatus
    reason: str | None
    decision: str
    values: str
    history: str
    cost_minor: int
    due_at: datetime
    expires_at: datetime | None
    receiver: str
    priority: int
    parts: int

    def without_address(self) -> "_Row":
        history = orjson.loads(self.history)
        history[-1]["status"] = MessageStatus.SKIPPED
        return self._replace(
            id=uuid7(),
            address_id=None,
            status=MessageStatus.SKIPPED,
            reason=Ending.SHARED_ADDRESS,
            history=orjson.dumps(history).decode(),
            cost_minor=0,
        )


async def _outcomes(
    session: AsyncSession, plan: Plan, template: Template, candidates: Sequence[Candidate]
) -> list[_Row]:
    if not candidates:
        return []
    business = await stores.get_business(session)
    texts = await queries.texts_of_version(session, template.id, plan.template_version or template.version)
    if not texts:
        raise TemplateNotReady()
    sender = await queries.find_sender(session, plan.channel, template.template_class)
    people = await queries.addressees(
        session, [each.customer_id for each in candidates], [each.contact_point_id for each in candidates]
    )
    merge = _Merge(business, texts, plan.public_url)
    price = sender.unit_cost_minor if sender else 0
    now = clock.now()
    expires_at = plan.expires_at or (now + CODE_LIVES if template.service_kind == ServiceKind.CODE else None)
    ranks = await _ranks(session, sender, people.values(), now)
    # What does not differ between people is worked out once: a planner gives a row to thousands each second.
    frozen = {language: _frozen_names(text) for language, text in texts.items()}
    clocked = _Clocked(now, business.timezone)
    told = cache(partial(_history, now))
    fallback, is_mail = business.language, plan.channel is Channel.EMAIL
    rows = []
    for candidate in candidates:
        person = people[candidate.customer_id]
        language = _language_for(person.language, fallback, texts)
        values = nested({**_values_of(person, clocked, language), **candidate.values})
        missing = merge.missing(language, values)
        parts = 0
        if plan.channel is Channel.SMS and missing is None and candidate.decision.verdict in _MAY_LEAVE:
            parts = merge.parts(language, values, candidate.decision.basis)
        status, reason, detail = _outcome(candidate, person, missing, sender, parts)
        goes_out = status in _WAITING
        due_at = candidate.due_at or plan.due_at
        if status is MessageStatus.DEFERRED and candidate.decision.until is not None:
            due_at = max(due_at, candidate.decision.until)
        rows.append(
            _Row(
                id=uuid7(),
                customer_id=candidate.customer_id,
                contact_point_id=candidate.contact_point_id,
                address_id=person.address_id if goes_out else None,
                occasion=plan.occasion if candidate.occasion is None else candidate.occasion,
                language=language,
                arm=candidate.arm,
                status=status,
                reason=reason,
                decision=orjson.dumps(candidate.decision.snapshot()).decode(),
                values=orjson.dumps(only(values, frozen[language])).decode() if goes_out else "{}",
                history=told(status, detail or reason),
                cost_minor=price * (parts or 1) if goes_out else 0,
                due_at=due_at,
                expires_at=candidate.expires_at or expires_at,
                receiver=receiver_of(person.address) if person.address and is_mail else "",
                priority=plan.priority + ranks.get(candidate.customer_id, 0),
                parts=parts if goes_out else 0,
            )
        )
    return rows


async def _ranks(
    session: AsyncSession, sender: Sender | None, people: Collection[Addressee], now: datetime
) -> dict[UUID, int]:
    """Return how late in the line each person stands while the domain is made known: the engaged first (E-18)."""
    if sender is None or sender.warmup_started_on is None:
        return {}
    reached = await queries.last_reached(
        session, [each.customer_id for each in people], since=now - timedelta(days=365)
    )
    seen = {each.customer_id: [each.last_purchase_at, reached.get(each.customer_id)] for each in people}
    return {customer_id: rank(max(filter(None, moments), default=None), now) for customer_id, moments in seen.items()}


def _outcome(
    candidate: Candidate, person: Addressee, missing: str | None, sender: Sender | None, parts: int
) -> tuple[MessageStatus, str | None, str | None]:
    """Return the state, its reason and a detail; the gate speaks first, then the measure, then what the text needs."""
    verdict = candidate.decision.verdict
    if verdict in {Verdict.DENY, Verdict.REVIEW}:
        return MessageStatus.SKIPPED, candidate.decision.reason or Reason.NO_BASIS, None
    if candidate.skip is not None:
        return MessageStatus.SKIPPED, candidate.skip, None
    if candidate.arm is Arm.CONTROL:
        return MessageStatus.CONTROL, Reason.HOLDOUT, None
    if sender is None or not sender.is_ready:
        return MessageStatus.SKIPPED, Reason.SENDER_NOT_READY, None
    if candidate.contact_point_id is None or person.address_id is None:
        return MessageStatus.SKIPPED, Reason.BAD_CONTACT_POINT, None
    if missing is not None:
        return MessageStatus.SKIPPED, Reason.MERGE_MISSING, missing
    if parts > sender.max_parts:
        return MessageStatus.SKIPPED, Ending.TOO_MANY_PARTS, str(parts)
    if verdict is Verdict.DEFER:
        return MessageStatus.DEFERRED, candidate.decision.reason, None
    return MessageStatus.QUEUED, None, None


def _history(now: datetime, status: MessageStatus, detail: str | None) -> str:
    return orjson.dumps([{"status": status, "at": now, "detail": detail}]).decode()


def _language_for(language: str, fallback: str, texts: dict[str, TemplateText]) -> str:
    """Return the person's language, else the shop's, else the one there is (B-24)."""
    return next((each for each in (language, fallback) if each in texts), next(iter(texts)))


def _frozen_names(text: TemplateText) -> list[str]:
    return [name for name in text.variables if name.partition(".")[0] not in FILLED_AT_HANDOFF]


class _Clocked:
    """The present moment where the shop is."""

    def __init__(self, now: datetime, timezone: str) -> None:
        self.zone = ZoneInfo(timezone)
        self.today = now.astimezone(self.zone).date()


def _values_of(person: Addressee, clocked: _Clocked, language: str) -> dict[str, str | None]:
    known = {
        "customer.given_name": person.given_name,
        "customer.family_name": person.family_name,
        "customer.full_name": " ".join(part for part in (person.given_name, person.family_name) if part),
        "customer.city": person.city,
    }
    if person.last_purchase_at is not None:
        bought_on = person.last_purchase_at.astimezone(clocked.zone).date()
        known["last_purchase.on"] = day_and_month(bought_on, language)
        known["last_purchase.days_ago"] = str((clocked.today - bought_on).days)
    return known


class _Merge:
    """Tells whether a text can be filled in; who lacks the same values gets the same answer, tried once."""

    def __init__(self, business: Business, texts: dict[str, TemplateText], public_url: str) -> None:
        self._texts = texts
        self._public_url = public_url
        self._business = business_values(business)
        self._known: dict[tuple[str, frozenset[str]], str | None] = {}

    def missing(self, language: str, values: Values) -> str | None:
        """Return the first value that neither the card nor a default of the text can give (B-24)."""
        case = (language, present(values))
        if case not in self._known:
            try:
                self._fill(language, values, {})
            except MergeMissing as missing:
                self._known[case] = missing.field
            else:
                self._known[case] = None
        return self._known[case]

    def parts(self, language: str, values: Values, basis: LegalBasis) -> int:
        """Return how many parts the words of this one person have (M-04)."""
        own = {"why": why(basis, language), "unsubscribe_url": like_a_short_link(self._public_url)}
        return count_parts(self._fill(language, values, own).text.strip()).number

    def _fill(self, language: str, values: Values, own: Values) -> Rendered:
        text = self._texts[language]
        shown = {name: examples(language)[name] for name in OF_THE_MESSAGE}
        return fill(Source(text.subject, text.html, text.plain), {**values, **self._business, **shown, **own})


_INSERT = """
insert into messages (
    touch_id, channel, purpose, service_kind, template_class, template_id, template_version, similarity_group,
    uses_purchases, planned_at,
    id, customer_id, contact_point_id, address_id, occasion, language, arm, status, reason, decision, values, history,
    cost_minor, due_at, expires_at
)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, row.* from unnest(
    $11::uuid[], $12::uuid[], $13::uuid[], $14::uuid[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
    $20::jsonb[], $21::jsonb[], $22::jsonb[], $23::bigint[], $24::timestamptz[], $25::timestamptz[]
) row
on conflict do nothing returning id
"""


_STORED = _Row._fields.index("expires_at") + 1
"""What of a row belongs to the message; the rest is for its place in the queue."""


async def _insert(session: AsyncSession, plan: Plan, template: Template, rows: Sequence[_Row]) -> set[UUID]:
    """Insert the rows that are new, sorted so that two planners never wait for each other; return their ids."""
    if not rows:
        return set()
    connection = await driver(session)
    columns = list(zip(*sorted(rows, key=lambda row: row.customer_id), strict=True))[:_STORED]
    inserted = await connection.fetch(
        _INSERT,
        plan.touch_id,
        plan.channel,
        plan.purpose,
        template.service_kind,
        template.template_class,
        template.id,
        plan.template_version or template.version,
        template.similarity_group,
        plan.uses_purchases or template.uses_purchases,
        clock.now(),
        *(list(column) for column in columns),
    )
    return {row[0] for row in inserted}


_ENQUEUE = """
insert into message_queue (message_id, due_at, state, priority, channel, stream, touch_id, receiver)
select id, due_at, $3, priority, $4, $5, $6, receiver
from unnest($1::uuid[], $2::timestamptz[], $7::smallint[], $8::text[]) row(id, due_at, priority, receiver)
"""


async def _queue(session: AsyncSession, plan: Plan, template: Template, rows: Sequence[_Row]) -> None:
    if rows:
        connection = await driver(session)
        await connection.execute(
            _ENQUEUE,
            [row.id for row in rows],
            [row.due_at for row in rows],
            QueueState.QUEUED,
            plan.channel,
            template.template_class,
            plan.touch_id,
            [row.priority for row in rows],
            [row.receiver for row in rows],
        )


# ── one message to one person ─────────────────────────────────────────────────────────────────────────────────────────


async def write_to_customer(
    session: AsyncSession, *, customer_id: UUID, template_id: UUID, channel: Channel, actor: Actor
) -> Message:
    """Queue one message to one person through the gate; ContactRefused carries its reason when the answer is no."""
    template = await queries.get_template(session, template_id)
    if template.status != TemplateStatus.READY:
        raise TemplateNotReady()
    if template.channel != channel:
        raise TemplateChannelMismatch()
    now = clock.now()
    ask = ask_for(template, uses_purchases=template.uses_purchases)
    facts = (await permissions.load_facts(session, [customer_id], at=now))[customer_id]
    decision = decide(facts, ask, now)
    if decision.verdict in {Verdict.DENY, Verdict.REVIEW}:
        raise ContactRefused(
            reason=decision.reason, rule_id=decision.rule_id, family=decision.family, basis=decision.basis
        )
    contact = facts.contacts.get(channel)
    plan = Plan(None, template.id, channel, Purpose(template.purpose), now, priority=ONE_PERSON)
    candidate = Candidate(customer_id, decision, contact.id if contact else None)
    await plan_messages(session, plan, [candidate])
    message = await queries.newest_message(session, customer_id)
    await activity.record(
        session,
        actor,
        "message.written",
        subject="customer",
        subject_id=customer_id,
        details={"message_id": str(message.id)},
    )
    return message


def ask_for(template: Template, *, uses_purchases: bool) -> Ask:
    """Return the question this template puts to the gate."""
    return Ask(
        purpose=Purpose(template.purpose),
        channel=Channel(template.channel),
        template_class=TemplateClass(template.template_class),
        similarity_group=template.similarity_group,
        uses_purchases=uses_purchases,
        service_kind=ServiceKind(template.service_kind) if template.service_kind else None,
        has_promo=template.is_promotional and template.template_class == TemplateClass.SERVICE,
    )
