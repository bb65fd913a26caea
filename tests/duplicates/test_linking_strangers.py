"""A shop where nobody stands twice: there is nothing to learn, and nothing fails (all that is shared is chance)."""

import random

from ritorno.duplicates.linking.model import find_pairs
from ritorno.duplicates.linking.normalising import Card

FAMILY = [
    "Rossi",
    "Bianchi",
    "Ferrari",
    "Russo",
    "Colombo",
    "Ricci",
    "Marino",
    "Greco",
    "Conti",
    "Gallo",
    "Costa",
    "Serra",
]
GIVEN = ["Anna", "Luca", "Maria", "Marco", "Giulia", "Paolo", "Sara", "Andrea", "Elena", "Matteo"]


def test_strangers_are_nobody_twice() -> None:
    chance = random.Random(7)
    strangers = [
        Card(
            id=str(number),
            given_name=chance.choice(GIVEN),
            family_name=f"{chance.choice(FAMILY)}{chr(97 + number % 26)}",
            birth=f"{chance.randrange(1940, 2006)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}",
            street=f"Via Roma {number}",
            postal_code=f"{chance.randrange(10000, 99000)}",
            city="Bologna",
            phones=(f"+39347{number:07d}",),
            emails=(f"persona{number}@posta.example",),
        )
        for number in range(1_500)
    ]

    assert find_pairs(strangers) == []
