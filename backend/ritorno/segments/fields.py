"""THE table of what a segment may ask: each field with its kind, its operators, its words, and whether it is profiling
(C-18).
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a condition on the field looks like."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"
    PURCHASE = "purchase"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a segment may ask of a person."""

    key: str
    kind: Kind
    it: str
    en: str
    unit: str | None = None
    choices: tuple[tuple[str, str, str], ...] = ()
    needs_profiling: bool = True
    """Every condition but channel, language, store and consent needs PROFILING (C-18); a wish that uses the birth date
    alone does not (D-S8).
    """

    @property
    def operators(self) -> tuple[str, ...]:
        return OPERATORS[self.kind]

    def label(self, language: str) -> str:
        return self.en if language == "en" else self.it


OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.NUMBER: ("is", "at_least", "at_most", "more_than", "less_than", "between"),
    Kind.MONEY: ("at_least", "at_most", "more_than", "less_than", "between"),
    Kind.DATE: ("before", "after", "between", "in_last_days"),
    Kind.CHOICE: ("in", "not_in"),
    Kind.TEXT: ("in", "not_in"),
    Kind.PURCHASE: ("bought",),
    Kind.CONSENT: ("is",),
}

_MONTHS = (
    ("current", "questo mese", "this month"),
    ("1", "gennaio", "January"),
    ("2", "febbraio", "February"),
    ("3", "marzo", "March"),
    ("4", "aprile", "April"),
    ("5", "maggio", "May"),
    ("6", "giugno", "June"),
    ("7", "luglio", "July"),
    ("8", "agosto", "August"),
    ("9", "settembre", "September"),
    ("10", "ottobre", "October"),
    ("11", "novembre", "November"),
    ("12", "dicembre", "December"),
)
_STAGES = (
    ("none", "senza acquisti", "no purchase yet"),
    ("new", "appena arrivato", "new"),
    ("active", "attivo", "active"),
    ("due", "atteso", "due"),
    ("late", "in ritardo", "late"),
    ("at_risk", "a rischio", "at risk"),
    ("lost", "perso", "lost"),
)
_GENDERS = (("FEMALE", "donna", "woman"), ("MALE", "uomo", "man"), ("OTHER", "altro", "other"))
_CONTACTS = (
    ("EMAIL", "un’email", "an email"),
    ("PHONE", "un telefono", "a phone"),
    ("POSTAL", "un indirizzo", "an address"),
)
_CAPACITIES = (("LOW", "bassa", "low"), ("MEDIUM", "media", "medium"), ("HIGH", "alta", "high"))
_SOURCES = (
    ("ORDER", "un ordine", "an order"),
    ("QUESTIONNAIRE", "un questionario", "a questionnaire"),
    ("REGISTRATION", "una registrazione", "a registration"),
    ("CONTEST", "un concorso", "a contest"),
    ("REQUEST", "una richiesta", "a request"),
    ("LOYALTY", "la tessera", "the loyalty card"),
    ("WARRANTY", "una garanzia", "a warranty card"),
    ("STAFF", "il personale", "staff"),
    ("REVIEW", "una recensione", "a review"),
    ("WEB", "il sito", "the website"),
    ("BROADCAST", "un codice pubblicitario", "a broadcast code"),
    ("FILE", "un file", "a file"),
)
_LANGUAGES = (("it", "italiano", "Italian"), ("en", "inglese", "English"))

FIELDS: tuple[Field, ...] = (
    Field("bought", Kind.PURCHASE, "Ha comprato", "Bought"),
    Field("permission", Kind.CONSENT, "Può ricevere", "May receive", needs_profiling=False),
    Field("last_purchase_days", Kind.NUMBER, "Giorni dall’ultimo acquisto", "Days since the last purchase", "days"),
    Field("visits", Kind.NUMBER, "Visite", "Visits", "visits"),
    Field("revenue", Kind.MONEY, "Spesa totale", "Total spend", "money"),
    Field("revenue_12m", Kind.MONEY, "Spesa degli ultimi 12 mesi", "Spend of the last 12 months", "money"),
    Field("top_percent", Kind.NUMBER, "Tra i migliori per spesa", "Among the best by spend", "percent"),
    Field("stage", Kind.CHOICE, "Fase", "Stage", choices=_STAGES),
    Field("overdue_days", Kind.NUMBER, "Giorni di ritardo sul ritmo", "Days late on their rhythm", "days"),
    Field("age", Kind.NUMBER, "Età", "Age", "years"),
    Field("birth_month", Kind.CHOICE, "Mese del compleanno", "Birthday month", choices=_MONTHS, needs_profiling=False),
    Field(
        "birthday_in_days", Kind.NUMBER, "Giorni al compleanno", "Days to the birthday", "days", needs_profiling=False
    ),
    Field("gender", Kind.CHOICE, "Genere", "Gender", choices=_GENDERS),
    Field("language", Kind.CHOICE, "Lingua", "Language", choices=_LANGUAGES, needs_profiling=False),
    Field("city", Kind.TEXT, "Città", "Town"),
    Field("store", Kind.CHOICE, "Punto vendita", "Store", needs_profiling=False),
    Field("tag", Kind.TEXT, "Etichetta", "Tag"),
    Field("interest", Kind.TEXT, "Interesse", "Interest"),
    Field("source", Kind.CHOICE, "Provenienza", "Source", choices=_SOURCES),
    Field("spending_capacity", Kind.CHOICE, "Capacità di spesa", "Spending capacity", choices=_CAPACITIES),
    Field("first_contact", Kind.DATE, "Primo contatto", "First contact"),
    Field("contact", Kind.CHOICE, "Ha lasciato", "Left us", choices=_CONTACTS, needs_profiling=False),
)

BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}


def choice_label(key: str, value: str, language: str) -> str:
    """Return the words of a choice, or the value itself where the list is the shop's own."""
    for known, italian, english in BY_KEY[key].choices:
        if known == value:
            return english if language == "en" else italian
    return value
