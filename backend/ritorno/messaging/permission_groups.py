"""What the gate must know of people whose several cards became one: who said what, and whose each address was.

Few people of a batch are such, so this is asked apart and only about them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries as consents
from ritorno.consents.rules import (
    Card,
    Channel,
    Holder,
    Level,
    State,
    StateKey,
    fold_for,
    fold_recipients_together,
    fold_together,
)
from ritorno.kit.db import driver


class _Left(NamedTuple):
    """A contact point that stayed on a merged card, because the living one had the same address."""

    card_id: UUID
    id: UUID
    level: Level


@dataclass(slots=True)
class Group:
    """The cards of one person, the living one first."""

    cards: Sequence[Card]
    homes: dict[UUID, UUID] = field(default_factory=dict)
    """Contact point → the card that brought it; what is not here is the living card's own."""
    left: dict[tuple[str, str], list[_Left]] = field(default_factory=dict)

    @property
    def states(self) -> dict[StateKey, State]:
        """Return what holds for the person as a whole."""
        return fold_together(self.cards)

    @property
    def third_party(self) -> dict[UUID, State]:
        """Return where the permission to pass the data to each named third party stands."""
        return fold_recipients_together(self.cards)

    def has(self, point_id: UUID) -> bool:
        """Tell whether an address was one of this person's at the moment the group is of."""
        home = self.homes.get(point_id)
        return home is None or any(card.id == home for card in self.cards)

    def told_for(
        self, point_id: UUID, address: tuple[str, str], level: Level, channel: Channel
    ) -> tuple[dict[StateKey, State], Level]:
        """Return what holds for one address on a channel, and how sure the address is where its yes comes from."""
        members = {card.id for card in self.cards}
        holders = [Holder(self.homes.get(point_id, self.cards[0].id), point_id, level)]
        holders += [Holder(*each) for each in self.left.get(address, ()) if each.card_id in members]
        told = fold_for(self.cards, holders, point_id)
        levels = [sure for key, sure in told.levels.items() if key[1] == channel]
        return told.states, min(levels, key=list(Level).index, default=level)


_BROUGHT = """
    select (brought.key ->> 'id')::uuid, m.loser_id
    from merges m
    join merge_moves v on v.merge_id = m.id and v.table_name = 'contact_points'
    cross join lateral jsonb_array_elements(v.keys) as brought (key)
    where m.loser_id = any($1::uuid[]) and m.unmerged_at is null
    order by m.id desc
"""
_LEFT = "select id, customer_id, kind, match_key, level from contact_points where customer_id = any($1::uuid[])"


async def load_groups(
    session: AsyncSession, customer_ids: Collection[UUID], *, at: datetime | None
) -> dict[UUID, Group]:
    """Return the cards of these people, as they were at a moment where one is given."""
    if not customer_ids:
        return {}
    today = await consents.cards_of(session, customer_ids)
    then = await consents.cards_of(session, customer_ids, at=at) if at is not None else today
    merged = {card.id for cards in today.values() for card in cards if card.into is not None}
    connection = await driver(session)
    # An address that went through two merges was brought by the card of the first, which comes last here.
    homes = dict(map(tuple, await connection.fetch(_BROUGHT, list(merged))))
    groups = {customer_id: Group(then[customer_id], homes) for customer_id in customer_ids}
    owner = {card.id: customer_id for customer_id, cards in today.items() for card in cards}
    for point_id, card_id, kind, match_key, level in await connection.fetch(_LEFT, list(merged)):
        left = _Left(homes.get(point_id, card_id), point_id, Level(level))
        groups[owner[card_id]].left.setdefault((kind, match_key), []).append(left)
    return groups
