"""A tree reads back as one sentence, in Italian and in English."""

from typing import Any
from uuid import UUID

import pytest

from ritorno.segments.schemas import read_tree
from ritorno.segments.wording import Words, sentence

COLOUR = "0199a000-0000-7000-8000-000000000001"
NAMES = {UUID(COLOUR): "Colore"}


@pytest.mark.parametrize(
    ("tree", "italian", "english"),
    [
        ({"all": []}, "Tutte le persone.", "Everybody."),
        (
            {
                "all": [
                    {"field": "bought", "category_id": COLOUR, "at_least": 2, "days": 90, "spent_at_least": "50"},
                    {"field": "permission", "channel": "EMAIL", "purpose": "MKT_OWN"},
                    {"not": {"field": "city", "op": "in", "value": ["Bologna", "Modena"]}},
                ]
            },
            (
                "Chi ha comprato «Colore» almeno 2 volte negli ultimi 90 giorni spendendo almeno 50,00 €, "
                "può ricevere offerte per email e non vive a Bologna o Modena."
            ),
            (
                "People who have bought “Colore” at least 2 times in the last 90 days, spending at least €50.00, "
                "may receive offers by email and do not live in Bologna or Modena."
            ),
        ),
        (
            {"all": [{"field": "overdue_days", "op": "at_least", "value": 1}, {"field": "stage", "value": ["lost"]}]},
            "Chi è in ritardo sul suo ritmo di almeno 1 giorno ed è perso.",
            "People who are late on their rhythm by at least 1 day and are lost.",
        ),
        (
            {
                "any": [
                    {"field": "visits", "op": "is", "value": 1},
                    {"field": "top_percent", "op": "at_most", "value": 10},
                ]
            },
            "Chi ha fatto 1 visita oppure è nel 10 % che spende di più.",
            "People who have made 1 visit or are in the 10% who spend most.",
        ),
        (
            {"not": {"any": [{"field": "age", "op": "less_than", "value": 30}, {"field": "tag", "value": ["vip"]}]}},
            "Chi non è tra chi (ha al massimo 29 anni oppure ha l’etichetta vip).",
            "People who are not among those who (are at most 29 years old or have the tag vip).",
        ),
        (
            {"field": "first_contact", "op": "before", "value": "2026-01-31"},
            "Chi ha avuto il primo contatto prima del 31 gennaio 2026.",
            "People who were first met before 31 January 2026.",
        ),
    ],
)
def test_a_tree_reads_back_as_one_sentence(tree: dict[str, Any], italian: str, english: str) -> None:
    read = read_tree(tree)

    assert sentence(read, Words("it", "EUR", NAMES)) == italian
    assert sentence(read, Words("en", "EUR", NAMES)) == english
