"""What holds for one person with several cards: the strictest of all; no yes reaches beyond its own addresses."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.consents.rules import (
    NEGATIVE,
    Action,
    Card,
    Channel,
    Entry,
    Holder,
    Level,
    Method,
    Party,
    Purpose,
    Standing,
    count_spent,
    fold,
    fold_for,
    fold_together,
)

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MERGED = BEGIN + timedelta(days=50)
KEY = (Purpose.MKT_OWN, Channel.EMAIL)
STRICTNESS = (
    Standing.GRANTED,
    Standing.LAPSED,
    Standing.UNPROVEN,
    Standing.PENDING,
    Standing.REFUSED,
    Standing.WITHDRAWN,
    Standing.OBJECTED,
)

A, B, C = (UUID(int=number) for number in (1, 2, 3))


def entry(
    action: Action, day: int, *, noted: int | None = None, proven: bool = True, party: Party = Party.SUBJECT
) -> Entry:
    said = BEGIN + timedelta(days=day)
    recorded = BEGIN + timedelta(days=noted if noted is not None else day)
    return Entry(uuid4(), Purpose.MKT_OWN, Channel.EMAIL, action, said, proven, Method.POS_PAPER, party, None, recorded)


def merged(winner: list[Entry], loser: list[Entry]) -> list[Card]:
    return [Card(A, winner), Card(B, loser, into=A, merged_at=MERGED)]


def standing(cards: list[Card]) -> Standing | None:
    state = fold_together(cards).get(KEY)
    return state.standing if state else None


def alone(entries: list[Entry]) -> Standing | None:
    state = fold(entries).get(KEY)
    return state.standing if state else None


def test_the_strictest_of_both_cards_holds() -> None:
    yes, no, never = [entry(Action.GRANT, 9)], [entry(Action.WITHDRAW, 1)], list[Entry]()

    assert standing(merged(yes, no)) is standing(merged(no, yes)) is Standing.WITHDRAWN
    assert standing(merged(yes, never)) is standing(merged(never, yes)) is Standing.GRANTED
    assert standing(merged(never, never)) is None


def test_what_is_said_after_the_merge_speaks_for_all_cards() -> None:
    no, later_yes = entry(Action.OBJECT, 1), entry(Action.GRANT, 60)

    assert standing(merged([later_yes], [no])) is Standing.GRANTED
    assert standing(merged([entry(Action.GRANT, 2), entry(Action.WITHDRAW, 61)], [entry(Action.GRANT, 3)])) is (
        Standing.WITHDRAWN
    )
    assert standing(merged([entry(Action.GRANT, 60, proven=False)], [entry(Action.GRANT, 3)])) is Standing.GRANTED


def test_an_old_yes_that_arrives_after_the_merge_resurrects_nothing() -> None:
    """C-10."""
    late = entry(Action.GRANT, 5, noted=60)

    assert standing(merged([late], [entry(Action.WITHDRAW, 10)])) is Standing.WITHDRAWN
    assert standing(merged([late], [entry(Action.WITHDRAW, 3)])) is Standing.GRANTED


def test_what_was_said_on_the_way_reaches_the_first_card_through_the_second() -> None:
    said_when_two = entry(Action.GRANT, 40)
    cards = [
        Card(C, []),
        Card(B, [said_when_two], into=C, merged_at=MERGED),
        Card(A, [entry(Action.WITHDRAW, 10)], into=B, merged_at=BEGIN + timedelta(days=30)),
    ]

    assert standing(cards) is Standing.GRANTED
    assert standing([cards[0], cards[1], cards[2]._replace(merged_at=MERGED)]) is Standing.WITHDRAWN


def test_a_yes_holds_for_the_addresses_of_its_card_alone() -> None:
    """C-23."""
    mine, theirs = uuid4(), uuid4()
    cards = merged([entry(Action.GRANT, 9)._replace(contact_point_id=mine)], [])

    own = fold_for(cards, [Holder(A, mine, Level.DELIVERED_OK)], mine)
    brought = fold_for(cards, [Holder(B, theirs, Level.CONFIRMED)], theirs)
    common = fold_for(cards, [Holder(B, theirs, Level.CONFIRMED), Holder(A, mine, Level.UNVERIFIED)], theirs)

    assert own.states[KEY].standing is Standing.GRANTED
    assert KEY not in brought.states
    assert common.states[KEY].contact_point_id == theirs
    assert common.levels[KEY] is Level.UNVERIFIED, "as sure as the address was on the card the yes comes from"


def test_a_yes_for_every_channel_holds_for_the_person() -> None:
    profiling = entry(Action.GRANT, 9)._replace(purpose=Purpose.PROFILING, channel=None)
    theirs = uuid4()

    told = fold_for(merged([profiling], []), [Holder(B, theirs, Level.CONFIRMED)], theirs)

    assert told.states[Purpose.PROFILING, None].standing is Standing.GRANTED


thorough = settings(max_examples=150, deadline=None)
_entries = st.lists(
    st.builds(entry, st.sampled_from(Action), st.integers(0, 49), proven=st.booleans(), party=st.sampled_from(Party)),
    max_size=6,
)
_later = st.lists(
    st.builds(
        entry,
        st.sampled_from(Action),
        st.integers(0, 90),
        noted=st.integers(51, 90),
        proven=st.booleans(),
        party=st.sampled_from(Party),
    ),
    max_size=5,
)


@thorough
@given(_entries, _entries)
def test_a_merge_only_restricts(winner: list[Entry], loser: list[Entry]) -> None:
    spoken = [said for said in (alone(winner), alone(loser)) if said is not None]

    assert standing(merged(winner, loser)) is max(spoken, key=STRICTNESS.index, default=None)
    assert standing(merged(winner, loser)) is standing(merged(loser, winner))


@thorough
@given(_entries, _later)
def test_where_one_card_alone_spoke_the_ordinary_fold_goes_on(loser: list[Entry], later: list[Entry]) -> None:
    assert standing(merged(later, loser)) is alone([*loser, *later])


@thorough
@given(_entries, _entries, _later)
def test_no_card_is_overruled_by_what_another_one_heard(
    winner: list[Entry], loser: list[Entry], later: list[Entry]
) -> None:
    found = standing(merged([*winner, *later], loser))

    for own in (winner, loser):
        if own and (heard := alone([*own, *later])) is not None:
            assert found is not None
            assert STRICTNESS.index(found) >= STRICTNESS.index(heard)


@thorough
@given(_entries, _entries, _later, st.sampled_from([Action.DENY, Action.WITHDRAW, Action.OBJECT]))
def test_a_no_on_top_always_stands(winner: list[Entry], loser: list[Entry], later: list[Entry], action: Action) -> None:
    cards = merged([*winner, *later, entry(action, 95, noted=95)], loser)

    assert standing(cards) in NEGATIVE


@thorough
@given(_entries, _entries, _later, st.booleans())
def test_no_address_is_opened_by_a_yes_of_another_card(
    winner: list[Entry], loser: list[Entry], later: list[Entry], is_brought: bool
) -> None:
    cards, point = merged([*winner, *later], loser), uuid4()
    holder = Holder(B if is_brought else A, point, Level.CONFIRMED)

    told = fold_for(cards, [holder], point).states.get(KEY)

    if told is not None and told.standing is Standing.GRANTED:
        own = loser if is_brought else winner
        assert alone([*own, *later]) is Standing.GRANTED
        assert standing(cards) is Standing.GRANTED


# ── dropping what is spent ────────────────────────────────────────────────────────────────────────────────────────────


def without(cards: list[Card], spent: dict[UUID, int]) -> list[Card]:
    return [card._replace(entries=card.entries[spent[card.id] :]) for card in cards]


@settings(max_examples=300, deadline=None)
@given(_entries, _entries, _later)
def test_c_31_what_is_dropped_never_opens_anything_then_or_later(
    winner: list[Entry], loser: list[Entry], later: list[Entry]
) -> None:
    cards = merged(winner, loser)
    left = without(cards, count_spent(cards, before=BEGIN + timedelta(days=999)))

    assert fold_together(left) == fold_together(cards)
    for whole, rest in zip(cards, left, strict=True):
        assert fold(rest.entries) == fold(whole.entries)
        assert bool(rest.entries) == bool(whole.entries)
    grown = [[each[0]._replace(entries=each[0].entries + later), *each[1:]] for each in (cards, left)]
    if standing(grown[1]) is Standing.GRANTED:
        assert standing(grown[0]) is Standing.GRANTED


def test_c_31_a_lapse_keeps_the_yes_it_ended_and_a_no_that_came_before_both_goes() -> None:
    story = [entry(Action.DENY, 1), entry(Action.GRANT, 2), entry(Action.EXPIRE, 3), entry(Action.EXPIRE, 4)]

    assert count_spent([Card(A, story)], before=MERGED) == {A: 1}


def test_c_31_a_no_recorded_before_an_older_one_stays() -> None:
    story = [entry(Action.DENY, 2, noted=2), entry(Action.DENY, 1, noted=3)]

    assert count_spent([Card(A, story)], before=MERGED) == {A: 0}


def test_c_31_what_is_younger_than_its_time_stays_with_all_that_follows() -> None:
    story = [entry(Action.GRANT, 1), entry(Action.GRANT, 2), entry(Action.WITHDRAW, 3)]

    assert count_spent([Card(A, story)], before=BEGIN + timedelta(days=2)) == {A: 1}
