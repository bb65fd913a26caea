"""What a template may mention: the closed list behind `/v1/template-variables`, the checks and the previews."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ritorno.consents.rules import LegalBasis
from ritorno.stores.models import Business


@dataclass(frozen=True, slots=True)
class Variable:
    """One value a text may show, with what it looks like and where it comes from."""

    name: str
    label: dict[str, str]
    example: dict[str, str]
    source: str
    is_optional: bool
    uses_purchases: bool = False

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]


def _variable(
    name: str,
    it: str,
    en: str,
    example: str | tuple[str, str],
    source: str,
    *,
    optional: bool = True,
    purchases: bool = False,
) -> Variable:
    shown = (example, example) if isinstance(example, str) else example
    return Variable(name, {"it": it, "en": en}, {"it": shown[0], "en": shown[1]}, source, optional, purchases)


VARIABLES: tuple[Variable, ...] = (
    _variable("customer.given_name", "Nome", "Given name", "Anna", "customers"),
    _variable("customer.family_name", "Cognome", "Family name", "Conti", "customers"),
    _variable("customer.full_name", "Nome e cognome", "Full name", "Anna Conti", "customers"),
    _variable("customer.city", "Città", "Town", "Bologna", "customers"),
    _variable("business.name", "Nome del negozio", "Shop name", "Bottega Conti", "stores", optional=False),
    _variable("business.address", "Indirizzo del negozio", "Shop address", "Via Roma 1, 40121 Bologna", "stores"),
    _variable("business.email", "Email del negozio", "Shop email", "ciao@bottega.example", "stores"),
    _variable("business.phone", "Telefono del negozio", "Shop phone", "+39 051 000000", "stores"),
    _variable(
        "unsubscribe_url",
        "Collegamento per non ricevere più",
        "Link to stop receiving",
        "https://bottega.example/u/esempio",
        "messaging",
        optional=False,
    ),
    _variable(
        "why",
        "Perché riceve questo messaggio",
        "Why this message was received",
        (
            "Riceve questo messaggio perché ha acconsentito a ricevere le nostre comunicazioni.",
            "You receive this message because you agreed to hear from us.",
        ),
        "consents",
        optional=False,
    ),
    _variable(
        "preferences_url",
        "Collegamento alle sue preferenze",
        "Link to their preferences",
        "https://bottega.example/p/esempio",
        "messaging",
        optional=False,
    ),
    _variable(
        "confirm_url",
        "Collegamento per confermare l'indirizzo",
        "Link to confirm the address",
        "https://bottega.example/confirm/esempio",
        "messaging",
        optional=False,
    ),
    _variable(
        "request_url",
        "Collegamento alla richiesta sui suoi dati",
        "Link to the request about their data",
        "https://bottega.example/privacy-requests/esempio",
        "messaging",
        optional=False,
    ),
    _variable(
        "confirm_code",
        "Codice per confermare il numero",
        "Code to confirm the number",
        "123456",
        "messaging",
        optional=False,
    ),
    _variable(
        "recall.reason",
        "Motivo del richiamo",
        "Reason of the recall",
        (
            "Di solito torna ogni 9 giorni, l'ultima volta 14 giorni fa",
            "Usually comes every 9 days, last time 14 days ago",
        ),
        "recalls",
        purchases=True,
    ),
    _variable(
        "recall.category",
        "Categoria del richiamo",
        "Category of the recall",
        ("Caffè", "Coffee"),
        "recalls",
        purchases=True,
    ),
    _variable("birthday.on", "Giorno del compleanno", "Birthday", ("21 novembre", "21 November"), "recalls"),
    _variable(
        "last_purchase.on",
        "Data dell'ultimo acquisto",
        "Date of the last purchase",
        ("7 novembre", "7 November"),
        "transactions",
        purchases=True,
    ),
    _variable(
        "last_purchase.days_ago",
        "Giorni dall'ultimo acquisto",
        "Days since the last purchase",
        "14",
        "transactions",
        purchases=True,
    ),
    _variable(
        "last_purchase.product",
        "Ultimo prodotto acquistato",
        "Last product bought",
        ("Caffè in grani", "Coffee beans"),
        "transactions",
        purchases=True,
    ),
)

BY_NAME = {variable.name: variable for variable in VARIABLES}
GROUPS = frozenset(variable.group for variable in VARIABLES if "." in variable.name)
LINKS = frozenset({"unsubscribe_url", "preferences_url", "confirm_url", "request_url"})
"""Addresses we write ourselves: the only values that may stand where a link points to."""
OF_THE_MESSAGE = LINKS | {"confirm_code", "why"}
FILLED_AT_HANDOFF = OF_THE_MESSAGE | {"business"}
"""Not frozen with the plan: they depend on the message itself, or on the business of today."""

Values = dict[str, Any]
"""Nested merge values: `{"customer": {"given_name": "Anna"}}`."""


def empty_groups() -> Values:
    """Return every group without values, so that a missing field is told by its full name."""
    return {group: {} for group in GROUPS}


def nested(flat: dict[str, str | None]) -> Values:
    """Return dotted names as the nested value a template reads; empty values are left out, so that a default can stand
    in (B-24).
    """
    values = empty_groups()
    for name, value in flat.items():
        if value is None or not value.strip():
            continue
        group, _, field = name.partition(".")
        if field:
            values[group][field] = value
        else:
            values[name] = value
    return values


def present(values: Values) -> frozenset[str]:
    """Return the dotted names that have a value."""
    found: set[str] = set()
    for group, value in values.items():
        if isinstance(value, dict):
            found.update(f"{group}.{field}" for field, inner in value.items() if inner)
        elif value:
            found.add(group)
    return frozenset(found)


def only(values: Values, names: Iterable[str]) -> Values:
    """Return the named values alone: a message keeps what its text uses and nothing else (C-22)."""
    kept: Values = {}
    for name in names:
        group, _, field = name.partition(".")
        value = values.get(group)
        if field and isinstance(value, dict) and value.get(field):
            kept.setdefault(group, {})[field] = value[field]
    return kept


def examples(language: str, *, without_optional: bool = False) -> Values:
    """Return an invented person, or one of whom we know nothing, for checks and previews."""
    side = "en" if language == "en" else "it"
    shown = [variable for variable in VARIABLES if not (without_optional and variable.is_optional)]
    kept = {variable.name: variable.example[side] for variable in shown}
    if without_optional:
        # The business always knows itself: a template may rely on it.
        kept |= {variable.name: variable.example[side] for variable in VARIABLES if variable.group == "business"}
    return nested(dict(kept))


def business_values(business: Business) -> Values:
    """Return who writes, as a template reads it."""
    shown = {"name": business.name, "address": business.address, "email": business.email, "phone": business.phone}
    return {"business": {field: value for field, value in shown.items() if value}}


_WHY: dict[LegalBasis, tuple[str, str]] = {
    LegalBasis.CONSENT: (
        "Riceve questo messaggio perché ha acconsentito a ricevere le nostre comunicazioni.",
        "You receive this message because you agreed to hear from us.",
    ),
    LegalBasis.SOFT_OPTIN: (
        "Riceve questo messaggio perché è nostro cliente e non si è opposto a proposte simili ai suoi acquisti.",
        "You receive this message because you are our customer and did not object to offers like what you bought.",
    ),
    LegalBasis.LEGITIMATE_INTEREST: (
        "Riceve questo messaggio perché è nostro cliente.",
        "You receive this message because you are our customer.",
    ),
    LegalBasis.LEGAL_OBLIGATION: (
        "Riceve questo messaggio perché la legge ci chiede di avvisarla.",
        "You receive this message because the law asks us to tell you.",
    ),
}
_WHY_SERVICE = (
    "Riceve questo messaggio perché riguarda un servizio che ci ha chiesto.",
    "You receive this message because it concerns a service you asked us for.",
)


def preferences_words(language: str) -> str:
    """Return how the link to the person's own page is named."""
    return "My choices and my data" if language == "en" else "Le mie preferenze e i miei dati"


def why(basis: LegalBasis, language: str) -> str:
    """Return the sentence every marketing item carries: why this person gets it (D-06)."""
    return _WHY.get(basis, _WHY_SERVICE)[language == "en"]
