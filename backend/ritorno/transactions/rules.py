"""What a purchase or a return is, and when it counts as a visit (MODELS §1.2): plain functions of plain values."""

from enum import StrEnum


class TransactionKind(StrEnum):
    SALE = "SALE"
    RETURN = "RETURN"
