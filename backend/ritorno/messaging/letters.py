"""From a claimed message to a letter: the gate asked again, the address read, the words filled in (D-01, B-28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import tokens
from ritorno.consents.rules import (
    Ask,
    Channel,
    Decision,
    Family,
    LegalBasis,
    Purpose,
    Reason,
    ServiceKind,
    TemplateClass,
    Verdict,
    decide,
)
from ritorno.consents.tokens import Use
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.messaging import mime, permissions
from ritorno.messaging.codes import code_of
from ritorno.messaging.envelopes import envelope_sender, mailto_unsubscribe
from ritorno.messaging.handoff import Claimed
from ritorno.messaging.mime import Letter, Origin, UnfitAddress
from ritorno.messaging.models import Message, Sender, TemplateText
from ritorno.messaging.rendering import MergeMissing, Rendered, Source, TemplateBroken, add_link, fill
from ritorno.messaging.rules import Ending, header_line
from ritorno.messaging.short_links import short_unsubscribe
from ritorno.messaging.signing import Signer, active_keys
from ritorno.messaging.sms import count_parts
from ritorno.messaging.tracking.links import with_picture, with_places
from ritorno.messaging.tracking.measuring import TextKey, click_addresses, load_links, picture_address
from ritorno.messaging.tracking.rules import NOTHING, Measures, measures_of
from ritorno.messaging.variables import Values, business_values, empty_groups, examples, preferences_words, why
from ritorno.stores import queries as stores


class Asked(NamedTuple):
    """A claimed message with the gate's answers of this moment."""

    message: Claimed
    decision: Decision
    contact_point_id: UUID | None
    allows: Measures = NOTHING
    """What the person lets us measure of a mail (E-20, E-22)."""


def ask_of(message: Claimed) -> Ask:
    """Return the question a planned message puts to the gate; its text was linted when it became ready (D-05)."""
    return Ask(
        purpose=Purpose(message.purpose),
        channel=Channel(message.channel),
        template_class=TemplateClass(message.template_class),
        similarity_group=message.similarity_group,
        uses_purchases=message.uses_purchases,
        service_kind=ServiceKind(message.service_kind) if message.service_kind else None,
    )


async def ask_again(session: AsyncSession, messages: Sequence[Claimed], *, at: datetime) -> list[Asked]:
    """Ask the gate about every message, one query for all; whoever could not be loaded is refused (D-04)."""
    customer_ids = list({message.customer_id for message in messages})
    facts = await permissions.load_facts(session, customer_ids, at=at)
    asked = []
    for message in messages:
        known = facts[message.customer_id]
        contact = known.contacts.get(Channel(message.channel))
        allows = measures_of(known, at) if message.channel == Channel.EMAIL else NOTHING
        asked.append(Asked(message, decide(known, ask_of(message), at), contact.id if contact else None, allows))
    return asked


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message the gate allows cannot be made."""

    reason: str
    detail: str | None = None


class Desk:
    """What a batch shares: who writes, in which words, to which addresses; and the making of one letter from it."""

    def __init__(
        self,
        settings: Settings,
        *,
        senders: dict[tuple[str, str], Sender],
        texts: dict[TextKey, Source],
        addresses: dict[UUID, str],
        links: dict[TextKey, tuple[str, ...]],
        business: Values,
        signer: Signer,
        for_staff: bool,
    ) -> None:
        self.signer = signer
        self._for_staff = for_staff
        self._settings = settings
        self._senders = senders
        self._origins = {
            key: Origin(TemplateClass(sender.stream), sender.name, sender.address, sender.reply_to)
            for key, sender in senders.items()
            if sender.is_ready
        }
        self._texts = texts
        self._addresses = addresses
        self._links = links
        self._business = business

    def write(self, asked: Asked, *, at: datetime) -> Letter | Refusal:
        """Return the letter, or why there is none."""
        message = asked.message
        origin = self._origins.get((message.channel, message.template_class))
        if origin is None:
            return Refusal(Reason.SENDER_NOT_READY)
        # The address this message was planned for is the one the gate has just looked at, or nothing is sent.
        address = self._addresses.get(message.contact_point_id) if message.contact_point_id else None
        if address is None or message.contact_point_id is None or asked.contact_point_id != message.contact_point_id:
            return Refusal(Reason.BAD_CONTACT_POINT)
        source = self._texts[text_key(message)]
        own = self._own(message, message.contact_point_id, source)
        values = {
            **empty_groups(),
            **message.values,
            **self._business,
            **own,
            "why": why(asked.decision.basis, message.language),
        }
        measures = self.measures(asked)
        if measures.clicks:
            links = self._links[text_key(message)]
            source = with_places(source, links)
            values["measured"] = click_addresses(self._settings, message.id, len(links))
        try:
            rendered = fill(source, values)
            if measures.opens:
                rendered = with_picture(rendered, picture_address(self._settings, message.id))
            if "preferences_url" in own and not source.mentions("preferences_url"):
                rendered = add_link(rendered, preferences_words(message.language), own["preferences_url"])
            if message.channel == Channel.SMS:
                return _text(message, self._senders[message.channel, message.template_class], address, rendered)
            if message.channel != Channel.EMAIL:
                return mime.plain(
                    message.channel, message_id=message.id, sender=origin.address, to=address, rendered=rendered
                )
            return mime.mail(
                origin,
                message_id=message.id,
                envelope=envelope_sender(self._settings, message.id, origin.address),
                to=address,
                rendered=rendered,
                unsubscribe=self._ways_out(message, own) if origin.stream is TemplateClass.MARKETING else (),
                at=at,
                resends=message.resends,
            )
        except MergeMissing as missing:
            return Refusal(Reason.MERGE_MISSING, missing.field)
        except TemplateBroken as broken:
            return Refusal(Ending.TEMPLATE_BROKEN, broken.code)
        except UnfitAddress:
            return Refusal(Ending.UNFIT_ADDRESS)

    def measures(self, asked: Asked) -> Measures:
        """Return what is measured of this message: what its template wants and its reader allows (E-20)."""
        links = self._links.get(text_key(asked.message))
        return NOTHING if links is None else asked.allows._replace(clicks=asked.allows.clicks and bool(links))

    def measured(self, asked: Sequence[Asked]) -> dict[UUID, Measures]:
        """Return the messages of which anything is measured."""
        found = {each.message.id: self.measures(each) for each in asked} if self._links else {}
        return {message_id: measures for message_id, measures in found.items() if measures != NOTHING}

    def _ways_out(self, message: Claimed, own: dict[str, str]) -> list[str]:
        """Return where a mail program may say for its reader that this is enough (E-01)."""
        address = mailto_unsubscribe(self._settings, message.id)
        return [own["unsubscribe_url"], *([f"mailto:{address}?subject=unsubscribe"] if address else [])]

    def _own(self, message: Claimed, contact_point_id: UUID, source: Source) -> dict[str, str]:
        """Return the links and the code of this very message, as far as it needs them.

        Every mail leads to the person's own page, but for the one that asks whether it reached the right person.
        Staff see examples: whoever holds these links may speak as the person.
        """
        root, ids = self._settings.public_url, (message.id, contact_point_id, message.customer_id)
        own = {"unsubscribe_url": f"{root}/u/" + tokens.unsubscribe_token(self._settings, *ids)}
        if message.channel == Channel.SMS:
            own["unsubscribe_url"] = short_unsubscribe(self._settings, contact_point_id)
        asks = source.mentions("confirm_url") or source.mentions("confirm_code")
        if asks:
            own["confirm_url"] = f"{root}/confirm/" + tokens.write(self._settings, Use.CONFIRM, *ids)
            own["confirm_code"] = code_of(self._settings, message.id)
        if source.mentions("request_url"):
            own["request_url"] = f"{root}/privacy-requests/" + tokens.write(self._settings, Use.REQUEST, *ids)
        if source.mentions("preferences_url") or (message.channel == Channel.EMAIL and not asks):
            own["preferences_url"] = f"{root}/p/" + tokens.write(self._settings, Use.CHOICES, *ids)
        if self._for_staff:
            shown = examples(message.language)
            own |= {name: str(shown[name]) for name in own if name != "unsubscribe_url"}
        return own


def _text(message: Claimed, sender: Sender, address: str, rendered: Rendered) -> Letter | Refusal:
    """Return a text with what its parts cost, or refuse one that is longer than the shop pays for (M-04)."""
    words = rendered.text.strip()
    parts = count_parts(words).number
    if parts > sender.max_parts:
        return Refusal(Ending.TOO_MANY_PARTS, str(parts))
    return Letter(
        message.id,
        message.channel,
        header_line(sender.address),
        header_line(address),
        rendered.subject,
        words.encode(),
        cost_minor=parts * sender.unit_cost_minor,
    )


async def open_desk(
    session: AsyncSession, settings: Settings, asked: Sequence[Asked], *, for_staff: bool = False
) -> Desk:
    """Load what the letters of one batch share."""
    allowed = [each.message for each in asked]
    measurable = [each.message for each in asked if each.allows != NOTHING]
    senders = (await session.scalars(select(Sender))).all()
    return Desk(
        settings,
        senders={(sender.channel, sender.stream): sender for sender in senders},
        texts=await _texts(session, {text_key(each) for each in allowed}),
        addresses=await _addresses(session, [each.contact_point_id for each in allowed if each.contact_point_id]),
        links=await load_links(session, {text_key(each) for each in measurable}),
        business=business_values(await stores.get_business(session)),
        signer=Signer(settings, {} if for_staff else await active_keys(session)),
        for_staff=for_staff,
    )


def text_key(message: Claimed) -> TextKey:
    return message.template_id, message.template_version, message.language


async def _texts(session: AsyncSession, keys: set[TextKey]) -> dict[TextKey, Source]:
    statement = select(TemplateText).where(
        tuple_(TemplateText.template_id, TemplateText.version, TemplateText.language).in_(keys)
    )
    rows = (await session.scalars(statement)).all() if keys else []
    return {(row.template_id, row.version, row.language): Source(row.subject, row.html, row.plain) for row in rows}


async def _addresses(session: AsyncSession, contact_point_ids: Sequence[UUID]) -> dict[UUID, str]:
    connection = await driver(session)
    rows = await connection.fetch("select id, value from contact_points where id = any($1::uuid[])", contact_point_ids)
    return {row["id"]: row["value"] for row in rows}


def claimed_again(message: Message) -> Claimed:
    """Return a stored message as if it had just been claimed: to be asked about, or made, once more."""
    return Claimed(
        message.id,
        message.customer_id,
        message.contact_point_id,
        message.channel,
        message.purpose,
        message.service_kind,
        message.template_class,
        message.similarity_group,
        message.uses_purchases,
        message.template_id,
        message.template_version,
        message.language,
        message.values,
        message.due_at,
        0,
        resends=message.resends,
    )


async def rewrite(session: AsyncSession, settings: Settings, message: Message) -> bytes | None:
    """Make the words of a stored message again, for the eyes of staff; None when its values are gone or it had none."""
    if message.address_id is None:
        return None
    kept = message.handoff_decision or message.decision
    if kept is None:
        return None
    decision = Decision(
        Verdict(kept["verdict"]), Family(kept["family"]), None, kept["rule_id"], LegalBasis(kept["basis"])
    )
    asked = Asked(claimed_again(message), decision, message.contact_point_id)
    desk = await open_desk(session, settings, [asked], for_staff=True)
    letter = desk.write(asked, at=message.sent_at or message.due_at)
    return letter.raw if isinstance(letter, Letter) else None
