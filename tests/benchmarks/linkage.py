"""How often probable duplicates are right, on FEBRL without the social security number (issue 3): a measure of being
right, not of speed, with the goals as its limits.
"""

import time
from collections.abc import Iterator

from ritorno.customers.rules import PairTier
from ritorno.duplicates.linking.model import find_pairs
from ritorno.duplicates.linking.tiers import REVIEW_FROM
from tests.duplicates.febrl import FEBRL, load
from tests.duplicates.italian_families import make_families

F1_GOAL, PRECISION_GOAL = 0.97, 0.99


def run(scale: float) -> list[dict[str, object]]:
    """Search FEBRL 1, 2 and 3, and as many invented Italian families as the scale asks for: 100,000 cards at 1."""
    return [result for name in FEBRL for result in _febrl(name)] + [_families(scale)]


def _febrl(name: str) -> Iterator[dict[str, object]]:
    cards, truth = load(name)
    found = find_pairs(cards)
    pairs = {(pair.low, pair.high) for pair in found}
    automatic = {(pair.low, pair.high) for pair in found if pair.tier is PairTier.AUTOMATIC}
    right = len(pairs & truth)
    f1 = 2 * right / (len(pairs) + len(truth))
    yield {
        "name": f"linkage, {name}",
        "figure": round(f1, 4),
        "unit": "pairs F1",
        "limit": F1_GOAL,
        "ratio": round(f1 / F1_GOAL, 3),
        "detail": {
            "precision": round(right / len(pairs), 4),
            "recall": round(right / len(truth), 4),
            "threshold": REVIEW_FROM,
            "cards": len(cards),
        },
    }
    precision = len(automatic & truth) / len(automatic)
    yield {
        "name": f"linkage, {name}, automatic",
        "figure": round(precision, 4),
        "unit": "precision",
        "limit": PRECISION_GOAL,
        "ratio": round(precision / PRECISION_GOAL, 3),
        "detail": {"pairs": len(automatic), "share_of_truth": round(len(automatic & truth) / len(truth), 3)},
    }


def _families(scale: float) -> dict[str, object]:
    families = make_families(max(2_000, round(35_000 * scale)))
    began, worked = time.perf_counter(), time.process_time()
    found = find_pairs(families.cards)
    seconds, core_seconds = time.perf_counter() - began, time.process_time() - worked
    pairs = {(pair.low, pair.high) for pair in found}
    automatic = {(pair.low, pair.high) for pair in found if pair.tier is PairTier.AUTOMATIC}
    right = len(pairs & families.truth.keys())
    return {
        "name": "linkage, families, automatic",
        "figure": len(automatic - families.truth.keys()),
        "unit": "pairs merged wrongly",
        "limit": 0,
        "ratio": None,
        "detail": {
            "cards": len(families.cards),
            "automatic_pairs": len(automatic),
            "review_precision": round(right / len(pairs), 3),
            "review_recall": round(right / len(families.truth), 3),
            "seconds": round(seconds, 1),
            "core_seconds": round(core_seconds, 1),
        },
    }
