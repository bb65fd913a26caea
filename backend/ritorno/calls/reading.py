"""One call as its operator sees it: the person, the script, the stamp of the register, the clock, the best moment."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.calls import queries, words
from ritorno.calls.asking import Answer, ask, is_open, may_use_purchases, openings_of, register_days
from ritorno.calls.models import OpenCall
from ritorno.calls.queries import Heard, Hold
from ritorno.calls.rules import AHEAD, MOST_ATTEMPTS, best_time
from ritorno.calls.schemas import (
    BestTimeRead,
    CallClock,
    CallOpening,
    CallPerson,
    CallRead,
    CallRefusal,
    CallScript,
    RegisterStamp,
)
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging.letters import claimed_again, open_desk
from ritorno.messaging.mime import Letter
from ritorno.messaging.models import Message, Template
from ritorno.messaging.rules import WAITING
from ritorno.scores import queries as scores
from ritorno.stores.queries import get_business
from ritorno.transactions.models import Profile

_TOUCHES = table("touches", column("id"), column("name"))


class Seen(NamedTuple):
    """An open call with everything it is read from."""

    opened: OpenCall
    message: Message
    answer: Answer
    heard: Heard


async def look_at(session: AsyncSession, opened: OpenCall, message: Message) -> Seen:
    """Ask the gate again about an open call, and gather what earlier calls told (C-14)."""
    [answer] = await ask(session, [claimed_again(message)], at=clock.now())
    return Seen(opened, message, answer, await queries.heard_of(session, message))


async def read_call(session: AsyncSession, settings: Settings, seen: Seen, *, operator: Actor) -> CallRead:
    """Return the call; where it may not be made any more neither number nor script are in it."""
    now = clock.now()
    message, answer = seen.message, seen.answer
    letter = await _write(session, settings, answer)
    held = await queries.hold_of(session, message.id, seen.opened.operator_id)
    refusal = _refusal(message, answer, held, has_letter=letter is not None)
    template = await session.get_one(Template, message.template_id)
    touch_name = await session.scalar(select(_TOUCHES.c.name).where(_TOUCHES.c.id == message.touch_id))
    return CallRead(
        id=message.id,
        touch_id=message.touch_id,
        touch_name=touch_name,
        template_name=template.name,
        may_call=refusal is None,
        refusal=refusal,
        checked_at=now,
        started_at=seen.opened.started_at,
        lease_until=held.lease_until,
        person=await _person(session, answer, now),
        number=letter.to if letter is not None and refusal is None else None,
        script=await _script(session, answer, letter, operator) if letter is not None and refusal is None else None,
        register_stamp=_stamp(answer),
        clock=_clock(answer, now),
        best=await _best(session, seen, now),
        attempt_count=len(seen.heard.missed),
        most_attempts=MOST_ATTEMPTS,
        earlier=seen.heard.earlier,
    )


async def _write(session: AsyncSession, settings: Settings, answer: Answer) -> Letter | None:
    desk = await open_desk(session, settings, [answer.asked], for_staff=True)
    written = desk.write(answer.asked, at=clock.now())
    return written if isinstance(written, Letter) else None


PAUSED, GIVEN_BACK = "PAUSED", "GIVEN_BACK"


def _refusal(message: Message, answer: Answer, held: Hold, *, has_letter: bool) -> CallRefusal | None:
    """Return why the call may not be made: what the gate says now, else what stopped the message or the lease."""
    decision = answer.decision
    reason = answer.refusal
    if reason is not None:
        return CallRefusal(reason=reason, rule_id=decision.rule_id, family=decision.family, until=decision.until)
    if message.status not in WAITING or not has_letter:
        stopped = message.reason or message.status.upper()
        return CallRefusal(reason=stopped, rule_id=None, family=None, until=None)
    if held.is_paused or held.lease_until is None:
        return CallRefusal(reason=PAUSED if held.is_paused else GIVEN_BACK, rule_id=None, family=None, until=None)
    return None


async def _person(session: AsyncSession, answer: Answer, now: datetime) -> CallPerson:
    customer = await session.get_one(Customer, answer.message.customer_id)
    profile = await session.get(Profile, customer.id)
    score = await scores.find_score(session, customer.id)
    uses_purchases = may_use_purchases(answer, now)
    return CallPerson(
        customer_id=customer.id,
        given_name=customer.given_name,
        family_name=customer.family_name,
        language=answer.message.language,
        last_visit_on=profile.last_day if profile is not None else None,
        last_purchase=await queries.last_purchase_of(session, customer.id) if uses_purchases else None,
        due_on=score.due_on if score is not None and uses_purchases else None,
    )


async def _script(session: AsyncSession, answer: Answer, letter: Letter, operator: Actor) -> CallScript:
    language = "en" if answer.message.language == "en" else "it"
    business = await get_business(session)
    zone = ZoneInfo(business.timezone)
    point = await session.get_one(ContactPoint, answer.message.contact_point_id)
    agreed = next((each.at for each in answer.decision.evidence if each.kind == "consent" and each.at), None)
    source = words.source(
        language,
        kind=point.source,
        since=point.valid_from.astimezone(zone).date(),
        agreed_on=agreed.astimezone(zone).date() if agreed is not None else None,
    )
    return CallScript(
        language=language,
        opening=words.opening(language, operator=operator.name, business=business.name, source=source),
        body=letter.raw.decode(),
        after_objection=words.after_objection(language, business=business.name, is_to_all=False),
        after_objection_to_all=words.after_objection(language, business=business.name, is_to_all=True),
        about_source=words.about_source(language, source),
    )


def _stamp(answer: Answer) -> RegisterStamp | None:
    days, check = register_days(answer), answer.contact.register if answer.contact is not None else None
    if days is None or check is None:
        return None
    return RegisterStamp(
        checked_at=check.checked_at,
        valid_until=check.checked_at + timedelta(days=days),
        listed_since=check.first_listed_at,
    )


def _clock(answer: Answer, now: datetime) -> CallClock:
    return CallClock(
        zone=answer.zone,
        is_open=is_open(answer, now),
        openings=[CallOpening(opens_at=each.opens_at, closes_at=each.closes_at) for each in openings_of(answer, now)],
    )


async def _best(session: AsyncSession, seen: Seen, now: datetime) -> BestTimeRead | None:
    visits = await queries.visits_of(session, seen.message.customer_id) if may_use_purchases(seen.answer, now) else []
    best = best_time(
        openings_of(seen.answer, now),
        seen.answer.zone,
        answered=seen.heard.answered,
        visits=visits,
        missed=seen.heard.missed,
    )
    if best is None or best.at > now + AHEAD:
        return None
    return BestTimeRead(at=best.at, reason=best.reason, weekday=best.slot.weekday, band=best.slot.band)
