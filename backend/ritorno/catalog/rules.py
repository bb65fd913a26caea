"""What a product is, and which group it is similar to (RULES C-07)."""

from enum import StrEnum


class ProductKind(StrEnum):
    PRODUCT = "product"
    SERVICE = "service"


def similarity_group(own: str | None, of_category: str | None) -> str | None:
    """Return a product's similarity group: its own where one was set, else its category's."""
    return own or of_category
