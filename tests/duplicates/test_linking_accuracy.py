"""How often the search is right, on people whose truth is known: FEBRL without its social security number, and
invented Italian families. One threshold and one model for all.
"""

from collections import Counter

import pytest

from ritorno.customers.rules import PairTier
from ritorno.duplicates.linking.model import Pair, find_pairs
from ritorno.duplicates.linking.normalising import Card
from tests.duplicates.febrl import FEBRL, load
from tests.duplicates.italian_families import Families, make_families


@pytest.mark.parametrize("name", FEBRL)
def test_febrl_pairs_are_found_and_the_automatic_ones_are_right(name: str) -> None:
    """Issue 3: pairs F1 at least 0.97, precision of the automatic tier at least 0.99."""
    cards, truth = load(name)

    found = find_pairs(cards)

    pairs = {(pair.low, pair.high) for pair in found}
    right = len(pairs & truth)
    automatic = {(pair.low, pair.high) for pair in found if pair.tier is PairTier.AUTOMATIC}
    assert 2 * right / (len(pairs) + len(truth)) >= 0.97
    assert len(automatic & truth) / len(automatic) >= 0.99
    assert len(automatic) > len(truth) / 5


@pytest.fixture(scope="module")
def families() -> Families:
    return make_families(2_000)


@pytest.fixture(scope="module")
def found(families: Families) -> list[Pair]:
    return find_pairs(families.cards)


def test_nobody_of_a_family_is_merged_with_another_without_a_person(families: Families, found: list[Pair]) -> None:
    """Fathers and sons of one name, twins, spouses: they share roof, phone and email."""
    automatic = {(pair.low, pair.high) for pair in found if pair.tier is PairTier.AUTOMATIC}

    assert automatic - families.truth.keys() == set()
    assert len(automatic) > len(families.truth) / 4


def test_nearly_every_second_card_reaches_a_person(families: Families, found: list[Pair]) -> None:
    pairs = {(pair.low, pair.high) for pair in found}
    right = len(pairs & families.truth.keys())

    assert right / len(families.truth) >= 0.97
    assert right / len(pairs) >= 0.7


def test_every_way_of_writing_somebody_twice_is_seen_through(families: Families, found: list[Pair]) -> None:
    pairs = {(pair.low, pair.high) for pair in found}
    written = Counter(done for done in families.truth.values() if "+" not in done)
    seen = Counter(done for pair, done in families.truth.items() if pair in pairs and "+" not in done)

    assert {done: seen[done] / count for done, count in written.items() if seen[done] / count < 0.9} == {}


def test_one_household_alone_makes_nobody_the_same_person() -> None:
    """Five of one roof agree on surname, address, phone and email; only what a person has alone tells them apart."""
    home = {"family_name": "Russo", "street": "Via Roma, 1", "postal_code": "00185", "city": "Roma"}
    shared = {"phones": ("+393331234567",), "emails": ("casa.russo@example.it",)}
    names = ("Giuseppe", "Anna", "Carla", "Dario", "Elena")
    roof = [
        Card(f"roof-{name}", name, birth=f"19{60 + place}0412", **home, **shared) for place, name in enumerate(names)
    ]
    others = make_families(300, seed=3).cards

    found = find_pairs([*roof, *others])

    assert [pair for pair in found if pair.low.startswith("roof") and pair.high.startswith("roof")] == []


def test_the_evidence_says_how_each_comparison_turned_out_and_holds_no_value(found: list[Pair]) -> None:
    pair = found[0]

    assert {each.level.value for each in pair.evidence} <= {"same", "similar", "different", "unknown"}
    assert len({each.field for each in pair.evidence}) == len(pair.evidence) == 9
    assert [each.weight for each in pair.evidence] == sorted((each.weight for each in pair.evidence), reverse=True)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_shop_of_a_handful_of_cards_is_searched_too(count: int) -> None:
    cards = [Card(str(number), "Anna", "Rossi", "19600412", phones=("+393331234567",)) for number in range(count)]

    found = find_pairs(cards)

    assert len(found) == count * (count - 1) // 2


def test_a_number_that_is_on_too_many_cards_recognises_nobody() -> None:
    filler = [card._replace(phones=("+390612345678",)) for card in make_families(60, seed=5).cards]

    found = find_pairs(filler)

    phone = {each.level for pair in found for each in pair.evidence if each.field == "phone"}
    assert phone <= {"unknown"}
