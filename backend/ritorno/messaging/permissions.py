"""May we write to these people? Loads the facts the gate needs, one query for a whole batch, and asks it.

The lowest place that sees consents, purchases and messages. No judgement is made here: every condition that decides is
in `consents.rules`; this file only says what was known at a moment, today's or a past one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing
from ritorno.consents.rulepack import HOME, country_of_number, pack_for
from ritorno.consents.rules import (
    Action,
    Ask,
    Assessment,
    AssessmentKind,
    Channel,
    Contact,
    Decision,
    Entry,
    Fact,
    Facts,
    Level,
    Method,
    Party,
    Purpose,
    Readiness,
    RegisterCheck,
    RulePack,
    Sent,
    SoftOptin,
    Standing,
    State,
    StateKey,
    Suppression,
    SuppressionReason,
    SuppressionScope,
    decide,
    fold,
    fold_recipients,
)
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.messaging.permission_facts import CROWD, SUPPRESSED_THEN, SUPPRESSED_TODAY, THEN, TODAY
from ritorno.messaging.permission_groups import Group, load_groups

PAST = timedelta(minutes=1)
"""Who decides about now took the time a little earlier: only what lies further back is answered from the ledger."""


class Question(NamedTuple):
    """One person and what is asked about them."""

    customer_id: UUID
    ask: Ask


async def decide_many(session: AsyncSession, questions: Sequence[Question], at: datetime) -> list[Decision]:
    """Answer questions about any number of people, in their order, from one load of facts."""
    facts = await load_facts(session, {question.customer_id for question in questions}, at=at)
    return [decide(facts[question.customer_id], question.ask, at) for question in questions]


async def load_facts(
    session: AsyncSession,
    customer_ids: Collection[UUID],
    *,
    at: datetime,
    as_of: bool = False,
) -> dict[UUID, Facts]:
    """Return what is known of each person at a moment; everybody asked for is in the answer, unknown ids included.

    `as_of` asks for the moment as it was, however
    short ago. What could not be loaded is named in `Facts.unavailable`, and the gate refuses (D-04).
    """
    ids = list(customer_ids)
    if not ids:
        return {}
    is_past = at < clock.now() - (timedelta() if as_of else PAST)
    connection = await driver(session)
    rows = await connection.fetch(THEN if is_past else TODAY, ids, at)
    merged = [row["id"] for row in rows if row["has_merged"]]
    groups = await load_groups(session, merged, at=at if is_past else None)
    people = {row["id"]: _Person(row, at, is_past=is_past, group=groups.get(row["id"])) for row in rows}
    shop = _shop_of(rows)
    suppressed: _Suppressed = {}
    unavailable: frozenset[Fact] = frozenset()
    if rows[0]["may_be_suppressed"]:
        suppressed = await _load_suppressions(connection, people.values(), at=at if is_past else None)
        unavailable = frozenset() if hashing.has_peppers() else frozenset({Fact.SUPPRESSIONS})
    alone = {person.id: person.facts(shop, suppressed, unavailable) for person in people.values()}
    addresses = {(kind, match_key): members for row in rows for kind, match_key, members in row["shared"] or ()}
    if not addresses:
        return alone
    return {customer_id: _among(people[customer_id], alone, people, addresses, at) for customer_id in ids}


_Address = tuple[str, str]
_Suppressed = dict[bytes, list[Suppression]]

_CHANNELS_OF = {
    "EMAIL": (Channel.EMAIL,),
    "PHONE": (Channel.SMS, Channel.WHATSAPP, Channel.PHONE_OPERATOR, Channel.PHONE_AUTO),
    "POSTAL": (Channel.POST,),
}
_MOBILE_ONLY = frozenset({Channel.SMS, Channel.WHATSAPP})


class _Point(NamedTuple):
    """A current contact point, in the order of the statement."""

    id: UUID
    kind: str
    match_key: str
    is_mobile: bool | None
    level: str
    source: str
    invalid_at: datetime | None
    hard_bounced_at: datetime | None
    complained_at: datetime | None
    level_at: str | None
    country: str | None
    """Of a postal address, where it says so."""
    check_id: UUID | None
    checked_at: datetime | None
    first_listed_at: datetime | None

    @property
    def address(self) -> _Address:
        return (self.kind, self.match_key)


class _Shop(NamedTuple):
    """What is the same for everybody."""

    readiness: Mapping[Channel, Readiness]
    assessments: Mapping[AssessmentKind, Assessment]


def _shop_of(rows: Sequence[asyncpg.Record]) -> _Shop:
    """Return it from the one row that tells it; the last of a kind counts."""
    return _Shop(
        {_CHANNEL[name]: Readiness(*answer) for row in rows for name, *answer in row["readiness"] or ()},
        {
            AssessmentKind(kind): Assessment(found, signed_on)
            for row in rows
            for kind, found, signed_on in row["assessments"] or ()
        },
    )


class _Person:
    """One row of the statement, turned into facts; the best address of each kind comes first in it."""

    def __init__(self, row: asyncpg.Record, at: datetime, *, is_past: bool, group: Group | None) -> None:
        self.id: UUID = row["id"]
        self._row = row
        self._at = at
        self._is_past = is_past
        self._group = group
        points = (_Point._make(each) for each in row["contacts"] or ())
        self.points = [point for point in points if group is None or group.has(point.id)]
        self._pack = self._pack_of(row["country"])

    def _pack_of(self, country: str | None) -> RulePack:
        home = self._row["business_country"] or HOME
        return pack_for(country or home, home, self._at.date())

    def facts(self, shop: "_Shop", suppressed: _Suppressed, unavailable: frozenset[Fact]) -> Facts:
        row = self._row
        states = self._states()
        contacts = self._erased_contacts() if self._was_erased_since else self._contacts(suppressed)
        return Facts(
            customer_id=self.id,
            pack=self._pack,
            sector=row["sector"],
            business_zone=row["business_zone"],
            exists=row["is_known"],
            is_merged=row["is_merged"],
            erased_at=self._known(row["erased_at"]),
            deceased_at=self._known(row["deceased_at"]),
            restricted_at=self._known(row["restricted_at"]),
            born_on=row["birth_on"],
            is_minor_flagged=bool(row["is_minor_flagged"]),
            zone=row["timezone"],
            contacts=contacts,
            states=states,
            third_party=self._third_party(),
            readiness=shop.readiness,
            is_informed=bool(row["is_informed"]),
            last_purchase_at=row["last_purchase_at"],
            purchases=dict(row["bought"] or ()),
            soft_optin=self._soft_optin(contacts.get(Channel.EMAIL), states),
            assessments=shop.assessments,
            sent=tuple(
                Sent(_CHANNEL[channel], sent_at, is_requested) for channel, sent_at, is_requested in row["sent"] or ()
            ),
            unavailable=unavailable,
        )

    @property
    def _was_erased_since(self) -> bool:
        return self._is_past and self._row["erased_at"] is not None and self._row["erased_at"] > self._at

    def _erased_contacts(self) -> dict[Channel, Contact]:
        """Return what the ledger still knows of addresses that an erasure took: for which of them each choice was made.

        Nothing can be sent to them; they stand for the past only, when they were somebody's.
        """
        said: Iterable[Entry] = (
            _entries(self._row["states"])
            if self._group is None
            else (entry for card in self._group.cards for entry in card.entries)
        )
        return {
            entry.channel: Contact(entry.contact_point_id, Level.CONFIRMED, None)
            for entry in sorted(said, key=lambda entry: entry.occurred_at)
            if entry.channel is not None and entry.contact_point_id is not None
        }

    def _states(self) -> dict[StateKey, State]:
        if self._group is not None:
            return self._group.states
        return _folded(self._row["states"]) if self._is_past else _standing(self._row["states"])

    def _third_party(self) -> dict[UUID, State]:
        if self._group is not None:
            return self._group.third_party
        if self._is_past:
            return fold_recipients(_entries(self._row["states"]))
        return {
            recipient_id: State(_STANDING[standing], since, event_id, _METHOD[method], _PARTY[party])
            for recipient_id, standing, since, event_id, method, party in self._row["recipients"] or ()
        }

    def _soft_optin(self, contact: Contact | None, states: Mapping[StateKey, State]) -> SoftOptin | None:
        """Return the record of C-06. What one card left unproven is not made good by an address of another."""
        said = states.get((Purpose.MKT_OWN, Channel.EMAIL))
        if self._group is not None and said is not None and said.standing is not Standing.GRANTED:
            return None
        return _soft_optin(self._row["soft_optins"], contact)

    def _contacts(self, suppressed: _Suppressed) -> dict[Channel, Contact]:
        best: dict[Channel, Contact] = {}
        for point in self.points:
            plain: Contact | None = None
            for channel in _CHANNELS_OF[point.kind]:
                if channel in best or (channel in _MOBILE_ONLY and not point.is_mobile):
                    continue
                if suppressed or self._group is not None:
                    best[channel] = self.contact(point, channel, suppressed)
                else:
                    plain = plain or self.contact(point, channel, suppressed)
                    best[channel] = plain
        return best

    def point_at(self, address: _Address) -> _Point | None:
        return next((point for point in self.points if point.address == address), None)

    def contact(self, point: _Point, channel: Channel, suppressed: _Suppressed) -> Contact:
        """Return a contact point as the gate sees it on one channel."""
        level, states = self._level(point), None
        pack = self._pack_at(point)
        if self._group is not None:
            states, level = self._group.told_for(point.id, point.address, level, channel)
        return Contact(
            id=point.id,
            level=level,
            source=point.source,
            invalid_at=self._known(point.invalid_at),
            hard_bounced_at=self._known(point.hard_bounced_at),
            complained_at=self._known(point.complained_at),
            suppressions=_matches(channel, point.match_key, suppressed) if suppressed else (),
            states=states,
            register=(
                RegisterCheck(point.check_id, point.checked_at, point.first_listed_at)
                if point.check_id is not None and point.checked_at is not None
                else None
            ),
            pack=None if pack is self._pack else pack,
        )

    def _pack_at(self, point: _Point) -> RulePack:
        """Return the rules of the country the contact itself lies in, the person's own where it does not say (D-03)."""
        if point.kind == "PHONE":
            return self._pack_of(country_of_number(point.match_key[:4]))
        return self._pack_of(point.country) if point.country else self._pack

    def _level(self, point: _Point) -> Level:
        """Return how sure the contact was at the moment asked about: what was proven later was not known then."""
        if self._is_past and point.level_at is not None and datetime.fromisoformat(point.level_at) > self._at:
            return Level.UNVERIFIED
        return _LEVEL[point.level]

    def _known(self, moment: datetime | None) -> datetime | None:
        """Return a past mark only if it was there at the moment asked about."""
        return None if moment is None or (self._is_past and moment > self._at) else moment


def _among(
    person: _Person,
    alone: Mapping[UUID, Facts],
    people: Mapping[UUID, _Person],
    addresses: Mapping[_Address, list[UUID]],
    at: datetime,
) -> Facts:
    """Return a person's facts with, at each shared address, everybody else who uses it (D-11): their facts with this
    address as their only one, whichever they prefer.
    """
    own = alone[person.id]
    points = {point.id: point for point in person.points}
    contacts = dict(own.contacts)
    for channel, contact in own.contacts.items():
        members = addresses.get(points[contact.id].address) if contact.id in points else None
        if members is None:
            continue
        if len(members) > CROWD:
            contacts[channel] = contact._replace(invalid_at=at)
            continue
        others = (people[member] for member in members if member != person.id)
        shared = tuple(
            replace(alone[other.id], contacts={channel: other.contact(point, channel, {})})
            for other in others
            if (point := other.point_at(points[contact.id].address)) is not None
        )
        contacts[channel] = contact._replace(shared_with=shared)
    return replace(own, contacts=contacts)


def _soft_optin(rows: list[tuple[UUID, UUID, bool, datetime]] | None, contact: Contact | None) -> SoftOptin | None:
    """Return the record for the address we would write to, else the first there is (C-06, C-23)."""
    if not rows:
        return None
    found = [SoftOptin._make(row) for row in rows]
    here = (each for each in found if contact is not None and each.contact_point_id == contact.id)
    return next(here, found[0])


_CHANNEL = {channel.value: channel for channel in Channel}
_PURPOSE = {purpose.value: purpose for purpose in Purpose}
_STANDING = {standing.value: standing for standing in Standing}
_METHOD = {method.value: method for method in Method}
_PARTY = {party.value: party for party in Party}
_LEVEL = {level.value: level for level in Level}


def _standing(
    rows: Iterable[tuple[str, str, str, datetime, UUID, str, str, UUID | None]] | None,
) -> dict[StateKey, State]:
    return {
        (_PURPOSE[purpose], _CHANNEL.get(channel)): State(
            _STANDING[standing], since, event_id, _METHOD[method], _PARTY[party], point_id
        )
        for purpose, channel, standing, since, event_id, method, party, point_id in rows or ()
    }


_Row = tuple[str, str | None, str, datetime, UUID, str, str, UUID | None, bool, UUID | None]


def _folded(rows: Iterable[_Row] | None) -> dict[StateKey, State]:
    return fold(_entries(rows))


def _entries(rows: Iterable[_Row] | None) -> list[Entry]:
    return [
        Entry(
            event_id, _PURPOSE[purpose], _CHANNEL[channel] if channel else None, Action(action), occurred_at, is_proven,
            _METHOD[method], _PARTY[party], point_id, recipient_id=recipient_id,
        )
        for purpose, channel, action, occurred_at, event_id, method, party, point_id, is_proven, recipient_id
        in rows or ()
    ]  # fmt: skip


def _matches(channel: Channel, match_key: str, suppressed: _Suppressed) -> tuple[Suppression, ...]:
    return tuple(found for digest in hashing.every_hash(channel, match_key) for found in suppressed.get(digest, ()))


async def _load_suppressions(
    connection: "asyncpg.Connection[asyncpg.Record]", people: Iterable[_Person], *, at: datetime | None
) -> _Suppressed:
    """Return the standing suppressions of these people's addresses.

    Only the application has the key of the hashes (C-25), so this question cannot be part of the statement above;
    it is asked only where something is suppressed at all.
    """
    digests = [
        digest
        for person in people
        for point in person.points
        for channel in _CHANNELS_OF[point.kind]
        for digest in hashing.every_hash(channel, point.match_key)
    ]
    found: _Suppressed = {}
    rows = await (
        connection.fetch(SUPPRESSED_TODAY, digests) if at is None else connection.fetch(SUPPRESSED_THEN, digests, at)
    )
    for digest, suppression_id, reason, scope, since in rows:
        suppression = Suppression(suppression_id, SuppressionReason(reason), SuppressionScope(scope), since)
        found.setdefault(digest, []).append(suppression)
    return found
