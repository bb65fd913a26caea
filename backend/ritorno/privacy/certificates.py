"""The consent certificate: what a person had consented to at a moment, and the proof of it (7(1), C-33)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries, verifying
from ritorno.consents.models import ConsentEvent, Notice, NoticeVersion
from ritorno.consents.rules import State, fold_recipients_together, fold_together
from ritorno.consents.verifying import Chain
from ritorno.customers.models import ContactPoint, Customer, Identifier
from ritorno.customers.queries import get_customer
from ritorno.customers.rules import IdentifierKind
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.paper import print_pdf
from ritorno.oppositions import queries as oppositions
from ritorno.privacy.certificate_words import Speech
from ritorno.stores.queries import get_business


class Shown(NamedTuple):
    """A text somebody was shown, and the notice it belongs to."""

    version: NoticeVersion
    notice: Notice


class Choice(NamedTuple):
    """One thing a person can choose: a purpose on a channel, to a recipient where one is named."""

    purpose: str
    channel: str | None
    recipient_id: UUID | None = None


async def print_certificate(
    session: AsyncSession, settings: Settings, customer_id: UUID, *, at: datetime, language: str | None, actor: Actor
) -> bytes:
    """Return the certificate of a person as of a moment, a tagged PDF."""
    values = await read(session, settings, customer_id, at=at, language=language, actor=actor)
    return await print_pdf("ritorno.privacy", "certificate.typ", values)


async def read(
    session: AsyncSession, settings: Settings, customer_id: UUID, *, at: datetime, language: str | None, actor: Actor
) -> Mapping[str, Any]:
    """Return everything the certificate says, as its template reads it."""
    customer = await get_customer(session, customer_id)
    business = await get_business(session)
    chains = await verifying.verify_person(session, settings, customer_id)
    said = await _events_of(session, [chain.customer_id for chain in chains])
    cards = (await queries.cards_of(session, [customer_id], at=at))[customer_id]
    states: dict[Choice, State] = {
        Choice(purpose, channel): state for (purpose, channel), state in fold_together(cards).items()
    }
    for recipient_id, state in fold_recipients_together(cards).items():
        states[Choice("THIRD_PARTY", None, recipient_id)] = state
    writing = _Writing(
        Speech(language or customer.language, business.timezone),
        await _texts_of(session, said),
        await _addresses_of(session, said),
        await _cards_of(session, chains),
    )
    return {
        "words": writing.speech.words,
        "language": writing.speech.language,
        "shop": {"name": business.name, "address": business.address},
        "footer": writing.speech("printed", when=writing.speech.moment(clock.now()), who=actor.name),
        "about": writing.speech("about_words", zone=business.timezone),
        "name": _name_of(customer),
        "card": writing.cards.get(customer_id, ""),
        "moment": writing.speech.moment(at),
        "proof": writing.proof(chains),
        "choices": writing.choices(states, [event for event in said if event.occurred_at <= at]),
        "later": [writing.entry(event) for event in said if event.occurred_at > at],
        "register": await _register(session, customer_id, at, writing.speech),
        "texts": writing.texts(),
    }


def _name_of(customer: Customer) -> str:
    return " ".join(filter(None, (customer.given_name, customer.family_name))) or str(customer.id)


async def _events_of(session: AsyncSession, customer_ids: Sequence[UUID]) -> Sequence[ConsentEvent]:
    found = await session.scalars(
        select(ConsentEvent)
        .where(queries.among(ConsentEvent.customer_id, customer_ids))
        .order_by(ConsentEvent.occurred_at, ConsentEvent.recorded_at, ConsentEvent.seq)
    )
    return found.all()


async def _texts_of(session: AsyncSession, said: Sequence[ConsentEvent]) -> dict[UUID, Shown]:
    ids = {event.notice_version_id for event in said if event.notice_version_id is not None}
    rows = await session.execute(
        select(NoticeVersion, Notice)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .where(queries.among(NoticeVersion.id, ids))
    )
    return {version.id: Shown(version, notice) for version, notice in rows}


async def _addresses_of(session: AsyncSession, said: Sequence[ConsentEvent]) -> dict[UUID, str]:
    ids = {event.contact_point_id for event in said if event.contact_point_id is not None}
    rows = await session.execute(select(ContactPoint.id, ContactPoint.value).where(queries.among(ContactPoint.id, ids)))
    return {point_id: value for point_id, value in rows}  # noqa: C416 – rows are not pairs to the type checker


async def _cards_of(session: AsyncSession, chains: Sequence[Chain]) -> dict[UUID, str]:
    """Return the number printed on each card, the newest of several."""
    rows = await session.execute(
        select(Identifier.customer_id, Identifier.value)
        .where(
            queries.among(Identifier.customer_id, [chain.customer_id for chain in chains]),
            Identifier.kind == IdentifierKind.CARD,
        )
        .order_by(Identifier.valid_from)
    )
    return {customer_id: value for customer_id, value in rows}  # noqa: C416


async def _register(session: AsyncSession, customer_id: UUID, at: datetime, speech: Speech) -> list[dict[str, str]]:
    """Return what the opposition register had answered by then about this person's contacts."""
    return [
        {
            "contact": check.contact,
            "asked": speech.day(check.checked_at),
            "outcome": speech("listed", when=speech.day(check.first_listed_at))
            if check.first_listed_at
            else speech("not_listed"),
        }
        for check in await oppositions.checks_of(session, customer_id)
        if check.checked_at <= at
    ]


class _Writing:
    """Turns what was read into what is printed; texts are numbered as they come up and printed once."""

    def __init__(
        self, speech: Speech, texts: Mapping[UUID, Shown], addresses: Mapping[UUID, str], cards: Mapping[UUID, str]
    ) -> None:
        self.speech = speech
        self.cards = cards
        self._texts = texts
        self._addresses = addresses
        self._numbers: dict[UUID, int] = {}
        self._has_several = False

    def proof(self, chains: Sequence[Chain]) -> dict[str, Any]:
        """Return what the verification of the chains came to."""
        speech, when = self.speech, self.speech.moment(clock.now())
        written = [chain for chain in chains if chain.head is not None]
        self._has_several = len(written) > 1
        faults = [fault for chain in chains for fault in chain.faults]
        count = sum(len(chain.links) for chain in chains)
        if faults:
            state, sentence = "broken", speech("broken_words", when=when)
        elif count == 0:
            state, sentence = "none", speech("none_words")
        else:
            state, sentence = "sound", speech("sound_words" if count > 1 else "one_sound_words", n=count, when=when)
        return {
            "state": state,
            "title": speech(state),
            "sentence": sentence,
            "heads": [
                {"label": self._numbered("head", chain.customer_id, chain.head.seq), "hash": chain.head.hash.hex()}
                for chain in written
                if chain.head is not None
            ],
            "faults": [speech.fault(fault.fault, fault.seq) for fault in faults],
        }

    def choices(self, states: Mapping[Choice, State], said: Sequence[ConsentEvent]) -> list[dict[str, Any]]:
        """Return each choice with where it stands and everything that was said about it, oldest first."""
        speech, found = self.speech, []
        for choice, state in sorted(states.items(), key=lambda item: tuple(map(str, item[0]))):
            about = [event for event in said if _concerns(event, choice)]
            if choice.recipient_id is None and choice.purpose == "THIRD_PARTY" and not about:
                continue
            found.append(
                {
                    "purpose": speech.purpose(choice.purpose),
                    "channel": self._recipient(choice) or speech.channel(choice.channel),
                    "standing": speech.standing(state.standing),
                    "code": state.standing.value,
                    "since": speech.day(state.since),
                    "entries": [self.entry(event) for event in about],
                }
            )
        return found

    def _recipient(self, choice: Choice) -> str:
        """Return who is named by the text of a consent to a third party."""
        if choice.recipient_id is None:
            return ""
        notices = (shown.notice for shown in self._texts.values())
        named = next((notice for notice in notices if notice.recipient_id == choice.recipient_id), None)
        return ", ".join(filter(None, (named.recipient_name, named.merchandise))) if named else ""

    def entry(self, event: ConsentEvent) -> dict[str, Any]:
        """Return one entry with all that proves it."""
        speech = self.speech
        rows = [
            (speech("said"), speech.moment(event.occurred_at)),
            (speech("how"), speech.method(event.method)),
            (speech("by"), speech.party(event.party)),
            (speech("address"), self._addresses.get(event.contact_point_id) if event.contact_point_id else None),
            (speech("text"), self._text(event)),
            (speech("origin"), event.source),
        ]
        return {
            "what": speech.action(event.action),
            "about": f"{speech.purpose(event.purpose)} · {speech.channel(event.channel)}",
            "number": self._numbered("entry", event.customer_id, event.seq),
            "rows": [row for row in rows if row[1]],
            "evidence": [_evidence(each) for each in event.evidence],
            "is_proven": event.is_proven,
            "recorded": speech("recorded", when=speech.moment(event.recorded_at), who=event.actor_name),
            "hash": event.hash.hex(),
        }

    def _numbered(self, word: str, customer_id: UUID, seq: int) -> str:
        if self._has_several:
            return self.speech(f"{word}_of", seq=seq, card=self.cards.get(customer_id, str(customer_id)))
        return self.speech(word, seq=seq)

    def _text(self, event: ConsentEvent) -> str | None:
        shown = self._texts.get(event.notice_version_id) if event.notice_version_id else None
        if shown is None:
            return event.text_sha256
        number = self._numbers.setdefault(shown.version.id, len(self._numbers) + 1)
        return f"{self.speech('text_no', n=number)}, {shown.notice.name}"

    def texts(self) -> list[dict[str, str]]:
        """Return the texts that came up, in the order of their numbers."""
        return [
            {
                "number": self.speech("text_no", n=number),
                "name": shown.notice.name,
                "version": self.speech(
                    "version",
                    version=shown.version.version,
                    language=shown.version.language,
                    when=self.speech.day(shown.version.effective_from),
                ),
                "language": shown.version.language,
                "hash": shown.version.text_sha256,
                "text": shown.version.text,
            }
            for version_id, number in self._numbers.items()
            for shown in (self._texts[version_id],)
        ]


def _concerns(event: ConsentEvent, choice: Choice) -> bool:
    if choice.recipient_id is not None:
        return event.purpose == choice.purpose and event.recipient_id in (None, choice.recipient_id)
    return event.purpose == choice.purpose and event.channel == choice.channel and event.recipient_id is None


def _evidence(each: Mapping[str, Any]) -> dict[str, str]:
    said = (each.get("type"), each.get("uri"), each.get("note"))
    return {"what": " · ".join(str(part) for part in said if part), "hash": each.get("sha256") or ""}
