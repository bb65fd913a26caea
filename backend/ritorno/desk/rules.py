"""What the screens may ask for."""

from enum import StrEnum


class CustomerSort(StrEnum):
    """Orders that an index serves; those by purchases list only people who bought."""

    NAME = "name"
    CREATED = "-created_at"
    REVENUE = "-revenue"
    LAST_PURCHASE = "-last_purchase"


class TimelineKind(StrEnum):
    ALL = "all"
    PURCHASES = "purchases"
    MESSAGES = "messages"
    NOTES = "notes"
    CONSENTS = "consents"
