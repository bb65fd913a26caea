"""What holds for one person whose several cards became one: the strictest of what each of them heard.

A card heard what was said on it, and, from the moment it joined another, what was said on that one. The strictest of
all these stories holds, so a merge can only restrict. What is said afterwards is heard by all of them, and so follows
the ordinary fold.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ritorno.consents.rules.ledger import STRICTNESS, Entry, State, StateKey, fold, fold_recipients
from ritorno.consents.rules.terms import Level, Purpose, Standing


class Card(NamedTuple):
    """One card of a person, with its own ledger, and when it joined which other; the living one joined none."""

    id: UUID
    entries: list[Entry]
    into: UUID | None = None
    merged_at: datetime | None = None


def histories(cards: Sequence[Card]) -> dict[UUID, list[Entry]]:
    """Return what each card heard: its own entries, and those recorded on the card it joined from then on."""
    by_id = {card.id: card for card in cards}
    found: dict[UUID, list[Entry]] = {}
    for card in cards:
        heard, node = list(card.entries), card
        while node.into in by_id:
            since, node = node.merged_at, by_id[node.into]
            heard += [entry for entry in node.entries if _is_after(entry, since)]
        found[card.id] = heard
    return found


def _is_after(entry: Entry, moment: datetime | None) -> bool:
    """Tell whether an entry was recorded after a moment; one without is being recorded now."""
    return entry.recorded_at is None or moment is None or entry.recorded_at > moment


def fold_together(cards: Sequence[Card]) -> dict[StateKey, State]:
    """Return the state of every (purpose, channel) any of the cards speaks of: the strictest (C-10, DESIGN §2).

    A card that never heard of a purpose restricts nothing, and neither does one that heard only part of what another
    did.
    """
    if len(cards) == 1:
        return fold(cards[0].entries)
    return {key: _strictest(stories) for key, stories in _stories(cards).items()}


def fold_recipients_together(cards: Sequence[Card]) -> dict[UUID, State]:
    """Return where the consent to each named third party stands for one person with several cards: the strictest."""
    if len(cards) == 1:
        return fold_recipients(cards[0].entries)
    heard = {
        card_id: [entry for entry in entries if entry.purpose is Purpose.THIRD_PARTY]
        for card_id, entries in histories(cards).items()
    }
    found: dict[UUID, dict[UUID, State]] = {}
    for card_id in _whole({card_id: entries for card_id, entries in heard.items() if entries}):
        for recipient_id, state in fold_recipients(heard[card_id]).items():
            found.setdefault(recipient_id, {})[card_id] = state
    return {recipient_id: _strictest(states) for recipient_id, states in found.items()}


def count_spent(cards: Sequence[Card], *, before: datetime) -> dict[UUID, int]:
    """Return how many entries from the beginning of each chain may go: recorded before a moment, and without them the
    same holds by the same entries, for the person and for each card should it be separated (C-31).

    The entries are in the order of their chains. The last one always stays, because the next is chained to it. What
    happened after an entry that stays, stays too: a yes recorded late, between the two, must still meet its no.
    """
    kept, spent = list(cards), dict.fromkeys((card.id for card in cards), 0)
    held = _held(cards)
    for place, card in enumerate(cards):
        for count, entry in enumerate(card.entries[:-1], start=1):
            shorter = [*kept[:place], card._replace(entries=card.entries[count:]), *kept[place + 1 :]]
            is_over = entry.recorded_at is not None and entry.recorded_at < before
            is_oldest = all(entry.occurred_at <= said.occurred_at for said in card.entries[count:])
            if not is_over or not is_oldest or _held(shorter) != held:
                break
            kept, spent[card.id] = shorter, count
    return spent


def _held(cards: Sequence[Card]) -> tuple[object, ...]:
    alone = [(fold(card.entries), fold_recipients(card.entries)) for card in cards]
    return fold_together(cards), fold_recipients_together(cards), alone


def _stories(cards: Sequence[Card]) -> dict[StateKey, dict[UUID, State]]:
    """Return for each key where it stands by what each card heard; stories contained in another are left out."""
    heard: dict[StateKey, dict[UUID, list[Entry]]] = {}
    for card_id, entries in histories(cards).items():
        for entry in entries:
            heard.setdefault((entry.purpose, entry.channel), {}).setdefault(card_id, []).append(entry)
    found: dict[StateKey, dict[UUID, State]] = {}
    for key, by_card in heard.items():
        for card_id in _whole(by_card):
            state = fold(by_card[card_id]).get(key)
            if state is not None:
                found.setdefault(key, {})[card_id] = state
    return found


def _whole(by_card: Mapping[UUID, list[Entry]]) -> list[UUID]:
    sets = {card_id: frozenset(entries) for card_id, entries in by_card.items()}
    return [one for one, said in sets.items() if not any(said < other for other in sets.values())]


def _strictest(states: Mapping[UUID, State]) -> State:
    """Return the strictest; of two yeses the older, of two noes the newer."""

    def rank(state: State) -> tuple[int, float]:
        moment = state.since.timestamp()
        return STRICTNESS[state.standing], -moment if state.standing is Standing.GRANTED else moment

    return max(states.values(), key=rank)


class Holder(NamedTuple):
    """A card that had an address, as which contact point, and how sure it was there that it reaches the person."""

    card_id: UUID
    contact_point_id: UUID
    level: Level


class Told(NamedTuple):
    """What was said for one address, and how sure the address is where the yes comes from."""

    states: dict[StateKey, State]
    levels: dict[StateKey, Level]


def fold_for(cards: Sequence[Card], holders: Sequence[Holder], contact_point_id: UUID) -> Told:
    """Return what holds for an address that only some of the cards had (C-23).

    A no of any card holds for all. A yes holds for the addresses of the card it was said on, and nowhere else; so no
    address may be used after a merge that could not be used before it.
    """
    whole = fold_together(cards)
    told = Told({}, {})
    alone = {holder.card_id: fold(entries) for holder, entries in _heard(cards, holders)}
    ours = {holder.contact_point_id for holder in holders}
    for key, state in whole.items():
        if state.standing is not Standing.GRANTED or key[1] is None:
            told.states[key] = state
            continue
        theirs = [(holder, alone[holder.card_id][key]) for holder in holders if key in alone[holder.card_id]]
        yeses = [each for each in theirs if each[1].standing is Standing.GRANTED]
        if yeses:
            holder, yes = max(
                yeses, key=lambda each: (_SURENESS[each[0].level], each[0].contact_point_id == contact_point_id)
            )
            is_for_this = yes.contact_point_id in ours
            told.states[key] = yes._replace(contact_point_id=contact_point_id) if is_for_this else yes
            told.levels[key] = holder.level
        elif theirs:
            told.states[key] = _strictest({holder.card_id: state for holder, state in theirs})
    return told


def _heard(cards: Sequence[Card], holders: Iterable[Holder]) -> list[tuple[Holder, list[Entry]]]:
    all_heard = histories(cards)
    return [(holder, all_heard[holder.card_id]) for holder in holders]


_SURENESS = {Level.UNVERIFIED: 0, Level.DELIVERED_OK: 1, Level.CONFIRMED: 2}
