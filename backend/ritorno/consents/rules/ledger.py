"""The fold of the ledger into today's state (C-10), the proof a yes needs (C-11) and what may be recorded (B-08, B-19).

Three things must stay true: the order of arrival does not matter, only `occurred_at` does; on a tie the most
restrictive entry wins; and a no is undone by nothing but a later, proven yes.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from ritorno.consents.rules.terms import (
    FOR_ALL_CHANNELS,
    NEGATIVE,
    Action,
    Channel,
    Method,
    Party,
    Purpose,
    Reason,
    Standing,
)

StateKey = tuple[Purpose, Channel | None]


class Entry(NamedTuple):
    """One ledger row, as the fold needs it."""

    id: UUID
    purpose: Purpose
    channel: Channel | None
    action: Action
    occurred_at: datetime
    is_proven: bool
    method: Method
    party: Party
    contact_point_id: UUID | None = None
    recorded_at: datetime | None = None
    """When it entered the ledger; None while it is being recorded."""
    recipient_id: UUID | None = None
    """The third party it names; a no without one says no to all of them (C-19)."""


class State(NamedTuple):
    """Where one purpose on one channel stands, and the entry that put it there."""

    standing: Standing
    since: datetime
    event_id: UUID
    method: Method
    party: Party
    contact_point_id: UUID | None = None
    """The address it was said for, where one was known (C-23)."""


_SEVERITY = {
    Action.GRANT: 0,
    Action.GRANT_PENDING: 1,
    Action.EXPIRE: 2,
    Action.INVALIDATE: 3,
    Action.DENY: 4,
    Action.WITHDRAW: 5,
    Action.OBJECT: 6,
}

_SAYS_NO = {Action.DENY: Standing.REFUSED, Action.WITHDRAW: Standing.WITHDRAWN, Action.OBJECT: Standing.OBJECTED}
_MAY_LIFT_AN_OBJECTION = frozenset({Party.SUBJECT, Party.PARENT, Party.STAFF})


_THIRD_PARTY: StateKey = (Purpose.THIRD_PARTY, None)


def fold(entries: Iterable[Entry]) -> dict[StateKey, State]:
    """Return the state of every (purpose, channel) the entries speak of (C-10).

    Where third parties are named, the purpose as a whole stands as open as it does for any of them: it is closed once
    nobody may be given anything. `fold_recipients` tells them apart.
    """
    states: dict[StateKey, State] = {}
    ordered = sorted(entries, key=_order)
    names_somebody = False
    for entry in ordered:
        if entry.recipient_id is not None:
            names_somebody = True
            continue
        key = (entry.purpose, entry.channel)
        following = follow(states.get(key), entry)
        if following is not None:
            states[key] = following
    if names_somebody:
        of_all = states.get(_THIRD_PARTY)
        every = [*fold_recipients(ordered).values(), *([of_all] if of_all is not None else [])]
        if every:
            states[_THIRD_PARTY] = min(every, key=_closedness)
    return states


def fold_recipients(entries: Iterable[Entry]) -> dict[UUID, State]:
    """Return where the consent to each named third party stands (C-19).

    A no that names nobody covers them all; a yes covers the one it names and no other. Whoever is not in the answer was
    never agreed to.
    """
    ordered = sorted((entry for entry in entries if entry.purpose is Purpose.THIRD_PARTY), key=_order)
    states: dict[UUID, State] = {}
    for recipient_id in dict.fromkeys(entry.recipient_id for entry in ordered if entry.recipient_id is not None):
        state: State | None = None
        for entry in ordered:
            covers = entry.recipient_id == recipient_id or (entry.recipient_id is None and entry.action in _SAYS_NO)
            state = (follow(state, entry) or state) if covers else state
        if state is not None:
            states[recipient_id] = state
    return states


def _closedness(state: State) -> tuple[int, float]:
    """Order states from the most open to the most closed; of two alike the newer first."""
    return STRICTNESS[state.standing], -state.since.timestamp()


STRICTNESS = {
    Standing.GRANTED: 0,
    Standing.LAPSED: 1,
    Standing.UNPROVEN: 2,
    Standing.PENDING: 3,
    Standing.REFUSED: 4,
    Standing.WITHDRAWN: 5,
    Standing.OBJECTED: 6,
}
"""How far each standing is from a yes."""


def follow(state: State | None, entry: Entry) -> State | None:
    """Return the state after one more entry, which is not older than what made the state."""
    if entry.action in _SAYS_NO:
        said = _SAYS_NO[entry.action]
        if state is not None and state.standing in NEGATIVE and STRICTNESS[state.standing] >= STRICTNESS[said]:
            return state
        return _state(said, entry)
    standing = state.standing if state else None
    if entry.action is Action.GRANT and entry.is_proven:
        if standing is Standing.OBJECTED and entry.party not in _MAY_LIFT_AN_OBJECTION:
            return state
        return _state(Standing.GRANTED, entry)
    if standing in NEGATIVE:
        return state
    if entry.action is Action.EXPIRE:
        return _state(Standing.LAPSED, entry) if state else None
    if entry.action is Action.INVALIDATE:
        return _state(Standing.UNPROVEN, entry) if state else None
    if standing is Standing.GRANTED:
        return state
    return _state(Standing.PENDING if entry.action is Action.GRANT_PENDING else Standing.UNPROVEN, entry)


def _order(entry: Entry) -> tuple[datetime, int]:
    return (entry.occurred_at, _SEVERITY[entry.action])


def _state(standing: Standing, entry: Entry) -> State:
    return State(standing, entry.occurred_at, entry.id, entry.method, entry.party, entry.contact_point_id)


class Proof(NamedTuple):
    """What came along with a yes: whether its text is known and asks for the same, how much evidence carries a hash (of
    a file we hold, where staff recorded it) or a reference, and whether a parent spoke.
    """

    knows_text: bool
    hashed: int
    referenced: int
    is_of_parent: bool = False


_NEEDS_HASH = frozenset({Method.POS_PAPER, Method.POS_TABLET, Method.LETTER})
ON_PAPER = _NEEDS_HASH | {Method.PEC}
"""Ways that leave something to keep; an objection that came so needs its scan, or the word `oral` (C-16)."""
_NEEDS_REFERENCE = frozenset(
    {Method.PHONE_REC, Method.API, Method.IMPORT, Method.PEC, Method.SMS_KEYWORD, Method.EMAIL_LINK}
)
"""A press and a text name the message they answer."""


def is_proven(action: Action, method: Method, proof: Proof) -> bool:
    """Tell whether an entry proves itself; only a yes has to (C-11, C-13, B-06, B-09)."""
    if action is not Action.GRANT:
        return True
    if not proof.knows_text:
        return False
    if proof.is_of_parent and proof.hashed + proof.referenced == 0:
        return False
    if method in _NEEDS_HASH:
        return proof.hashed > 0
    return method in _NEEDS_REFERENCE and proof.hashed + proof.referenced > 0


def party_of(method: Method, given_by: str) -> Party:
    """Return who spoke: a parent, the person alone, a file, the register, or staff who wrote it down."""
    if given_by == "parent":
        return Party.PARENT
    return _PARTIES.get(method, Party.STAFF)


_PARTIES = {
    Method.WEB: Party.SUBJECT,
    Method.EMAIL_LINK: Party.SUBJECT,
    Method.LIST_UNSUB_POST: Party.SUBJECT,
    Method.SMS_KEYWORD: Party.SUBJECT,
    Method.API: Party.SYSTEM,
    Method.IMPORT: Party.IMPORT,
    Method.RPO: Party.REGISTRY,
}

_PERSONAL = re.compile(
    r"[^\s@/]+@[^\s@/]+\.[a-z]{2,}"
    r"|\b[a-z]{6}\d{2}[a-ehlmprst]\d{2}[a-z]\d{3}[a-z]\b"
    r"|\b[a-z]{2}\d{2}[a-z]?(?:\s?\d){10,}\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\+?\d(?:[ .-]?\d){8,}")


def holds_personal_data(reference: str, note: str) -> bool:
    """Tell whether evidence spells out an address, a tax code, an IBAN or a number: it may not (C-22)."""
    return bool(_PERSONAL.search(reference) or _PERSONAL.search(note) or _NUMBER.search(note))


def action_to_record(action: Action, method: Method) -> Action:
    """Return the action to write: a yes given on the web waits for its double opt-in (C-12)."""
    return Action.GRANT_PENDING if action is Action.GRANT and method is Method.WEB else action


def takes_channel(purpose: Purpose) -> bool:
    """Tell whether a consent for this purpose names a channel or holds for all (DESIGN §5)."""
    return purpose not in FOR_ALL_CHANNELS


FUTURE_TOLERANCE = timedelta(minutes=5)


def is_bad_time(occurred_at: datetime, *, now: datetime, born_on: date | None, notice_from: datetime | None) -> bool:
    """Tell whether a consent claims an impossible moment: future, before birth, before its text existed (B-08)."""
    if occurred_at > now + FUTURE_TOLERANCE:
        return True
    if born_on is not None and occurred_at.date() < born_on:
        return True
    return notice_from is not None and occurred_at < notice_from


_ADULTS_ONLY = frozenset({Purpose.PROFILING, Purpose.THIRD_PARTY})
_NEEDS_AGE = frozenset(
    {
        Purpose.MKT_OWN,
        Purpose.PROFILING,
        Purpose.THIRD_PARTY,
        Purpose.MARKET_RESEARCH,
        Purpose.TRACK_OPEN,
        Purpose.TRACK_CLICK,
    }
)
ONLINE = frozenset({Method.WEB, Method.EMAIL_LINK, Method.SMS_KEYWORD})
"""Ways in which nobody but the person speaks: a page, a link, a text or its code (C-17)."""


class Ages(NamedTuple):
    """The two ages of the rule pack: below the first a parent speaks, from the second the person is an adult."""

    parent_below: int
    adult_from: int


def age_on(born_on: date, on: date) -> int:
    """Return the completed years; who is born on 29 February ages on 1 March of common years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def refuse_minor(purpose: Purpose, method: Method, party: Party, *, age: int | None, ages: Ages) -> Reason | None:
    """Return MINOR when a yes at this age may not be stored (C-17, B-19).

    Below 14 only a parent says yes; from 14 to 17 only the person alone, online, never to profiling.
    """
    if age is None or age >= ages.adult_from or purpose not in _NEEDS_AGE:
        return None
    if age < ages.parent_below:
        return None if party is Party.PARENT else Reason.MINOR
    if purpose in _ADULTS_ONLY or method not in ONLINE:
        return Reason.MINOR
    return None
