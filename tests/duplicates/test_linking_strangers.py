"""A shop where hardly anybody stands twice: there is next to nothing to learn, and nothing fails."""

from datetime import date

from ritorno.demo.identities import invent
from ritorno.duplicates.linking.model import find_pairs
from ritorno.duplicates.linking.normalising import Card

PEOPLE = 2_466
"""As many as the demo shop has."""


def test_a_shop_without_doubles_is_searched_to_the_end() -> None:
    people = invent([str(number) for number in range(PEOPLE)], {}, today=date(2026, 11, 24))
    cards = [
        Card(
            id=str(number),
            given_name=each.given_name,
            family_name=each.family_name,
            birth=each.birth_on.strftime("%Y%m%d") if each.birth_on else None,
            gender=each.gender,
            street=each.street,
            postal_code=each.postal_code,
            city=each.city,
            phones=(each.phone,) if each.phone else (),
            emails=(each.email,) if each.email else (),
        )
        for number, each in enumerate(people)
    ]

    assert len(find_pairs(cards)) < 5
