"""The two registers, and what a row of an answer may say."""

from enum import StrEnum


class RegisterKind(StrEnum):
    """Numbers that may not be called, and addresses of the phone directory that may not be written to (DPR 26/2022)."""

    PHONE = "PHONE"
    POSTAL = "POSTAL"


class RowFault(StrEnum):
    """Why a row of the operator's file was left out."""

    NO_NUMBER = "NO_NUMBER"
    BAD_PHONE = "BAD_PHONE"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    BAD_DATE = "BAD_DATE"


_LISTED = {
    "iscritto", "iscritta", "si", "sì", "s", "presente", "ko", "opposto", "opposizione", "1", "true", "vero",
    "listed", "yes", "y", "opposed", "registered", "present",
}  # fmt: skip
_NOT_LISTED = {
    "non iscritto", "non iscritta", "no", "n", "assente", "non presente", "ok", "libero", "contattabile", "0", "false",
    "falso", "not listed", "unlisted", "not registered", "not opposed", "not present", "absent", "free", "clear",
}  # fmt: skip


def read_status(text: str) -> bool | None:
    """Tell whether a row's outcome means listed; None when it cannot be told, which is never taken for a no."""
    word = " ".join(text.casefold().replace("_", " ").replace("-", " ").split()).rstrip(".")
    if word in _LISTED:
        return True
    return False if word in _NOT_LISTED else None


_HEADERS = {
    "number": {
        "numero", "numero telefonico", "numero di telefono", "telefono", "numerazione", "utenza", "cellulare", "msisdn",
        "number", "phone", "phone number", "telephone", "telephone number",
    },
    "status": {
        "stato", "esito", "risultato", "iscritto", "iscrizione", "status", "outcome", "result", "listed", "opposed",
    },
    "since": {
        "data iscrizione", "iscritto dal", "iscritta dal", "dal", "data", "data di iscrizione", "listed since",
        "since", "listed on", "registered since", "registration date", "date",
    },
}  # fmt: skip


def column_of(header: str) -> str | None:
    """Return which of `number`, `status` and `since` a header names, in Italian or English."""
    name = " ".join(header.casefold().replace("_", " ").replace("-", " ").strip("\ufeff\"' .:").split())
    return next((column for column, names in _HEADERS.items() if name in names), None)
