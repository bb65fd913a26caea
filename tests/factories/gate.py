"""People as the gate knows them: plain facts, no database."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import (
    Ask,
    Channel,
    Contact,
    Decision,
    Facts,
    Level,
    Method,
    Party,
    Purpose,
    Readiness,
    Reason,
    RegisterCheck,
    SoftOptin,
    Standing,
    State,
    TemplateClass,
    Verdict,
)

ROME = ZoneInfo("Europe/Rome")
AT = datetime(2026, 11, 17, 10, 0, tzinfo=ROME)  # a Tuesday morning
PACK = rule_pack("IT", AT.date())
EMAIL_ID = uuid4()

EMAIL = Contact(EMAIL_ID, Level.DELIVERED_OK, "till")
PHONE = Contact(uuid4(), Level.DELIVERED_OK, "till")
LETTER = Contact(uuid4(), Level.UNVERIFIED, "till")
CONTACTS = {Channel.EMAIL: EMAIL, Channel.SMS: PHONE, Channel.PHONE_OPERATOR: PHONE, Channel.POST: LETTER}
READY = dict.fromkeys(Channel, Readiness(True))
SOFT = SoftOptin(uuid4(), EMAIL_ID, True, AT - timedelta(weeks=3))


def state(
    standing: Standing,
    *,
    since: datetime = AT - timedelta(days=100),
    method: Method = Method.POS_PAPER,
    party: Party = Party.STAFF,
) -> State:
    return State(standing, since, uuid4(), method, party)


def somebody(**known: object) -> Facts:
    """A customer who bought shampoo three weeks ago, was informed, and was never asked for anything."""
    defaults: dict[str, object] = {
        "customer_id": uuid4(),
        "pack": PACK,
        "contacts": CONTACTS,
        "readiness": READY,
        "is_informed": True,
        "last_purchase_at": AT - timedelta(weeks=3),
        "purchases": {"hair": AT - timedelta(weeks=3)},
    }
    return Facts(**(defaults | known))  # type: ignore[arg-type]


def consenting(channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.MKT_OWN, **known: object) -> Facts:
    return somebody(states={(purpose, channel): state(Standing.GRANTED)}, **known)


def ask(channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.MKT_OWN, **more: object) -> Ask:
    return Ask(purpose, channel, similarity_group="hair", **more)  # type: ignore[arg-type]


def checked(
    check: RegisterCheck | None, channel: Channel = Channel.PHONE_OPERATOR, **more: object
) -> dict[str, object]:
    """Return contacts of which one was looked up in the opposition register."""
    contact = CONTACTS.get(channel, PHONE)._replace(register=check, **more)  # type: ignore[arg-type]
    return {"contacts": {**CONTACTS, channel: contact}}


SERVICE = Ask(Purpose.SERVICE, Channel.EMAIL, TemplateClass.SERVICE)
RECALL = Ask(Purpose.LEGAL_SAFETY, Channel.EMAIL)


def said(decision: Decision) -> tuple[Verdict, Reason | None, str]:
    return decision.verdict, decision.reason, decision.rule_id
