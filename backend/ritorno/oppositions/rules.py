"""The two registers."""

from enum import StrEnum


class RegisterKind(StrEnum):
    """Numbers that may not be called, and addresses of the phone directory that may not be written to (DPR 26/2022)."""

    PHONE = "PHONE"
    POSTAL = "POSTAL"
