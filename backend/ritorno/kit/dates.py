"""Days as people write them in Italian and in English."""

from datetime import date

_MONTHS = {
    "it": ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
           "novembre", "dicembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip


def day_and_month(day: date, language: str) -> str:
    """Return `9 ottobre`, or `9 October` for a reader of English."""
    return f"{day.day} {_MONTHS['en' if language.startswith('en') else 'it'][day.month - 1]}"


def long_date(day: date, language: str) -> str:
    """Return `9 ottobre 2026`, or `9 October 2026` for a reader of English."""
    return f"{day_and_month(day, language)} {day.year}"
