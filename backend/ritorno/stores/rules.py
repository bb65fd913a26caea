"""The closed lists of the business itself."""

from enum import StrEnum


class Sector(StrEnum):
    """Trades whose commercial contacts the law narrows further (G14)."""

    ENERGY = "energy"
