"""The filters a shop asks for most, to start from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """One filter to start from."""

    key: str
    it: str
    en: str
    tree: dict[str, Any]


def _all(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(parts)}


PRESETS: tuple[Preset, ...] = (
    Preset(
        "late",
        "In ritardo",
        "Late",
        _all(
            {"field": "overdue_days", "op": "at_least", "value": 1},
            {"field": "stage", "op": "in", "value": ["due", "late", "at_risk"]},
        ),
    ),
    Preset(
        "first_visit_only",
        "Prima visita e basta",
        "Came once, never again",
        _all(
            {"field": "visits", "op": "is", "value": 1},
            {"field": "last_purchase_days", "op": "more_than", "value": 30},
        ),
    ),
    Preset("best", "Migliori clienti", "Best customers", _all({"field": "top_percent", "op": "at_most", "value": 10})),
    Preset(
        "birthday",
        "Compleanno questo mese",
        "Birthday this month",
        _all({"field": "birth_month", "op": "in", "value": ["current"]}),
    ),
    Preset(
        "stopped",
        "Comprava e non compra più",
        "Used to buy, no longer does",
        _all(
            {"field": "visits", "op": "at_least", "value": 3},
            {"field": "stage", "op": "in", "value": ["at_risk", "lost"]},
        ),
    ),
    Preset(
        "new",
        "Arrivati da poco",
        "New this month",
        _all(
            {"field": "stage", "op": "in", "value": ["new"]},
            {"field": "last_purchase_days", "op": "at_most", "value": 30},
        ),
    ),
    Preset("often", "Vengono spesso", "Come often", _all({"field": "bought", "at_least": 4, "days": 60})),
    Preset(
        "best_lost",
        "Migliori che si allontanano",
        "Best ones drifting away",
        _all(
            {"field": "top_percent", "op": "at_most", "value": 20},
            {"field": "last_purchase_days", "op": "more_than", "value": 60},
        ),
    ),
    Preset(
        "never_asked",
        "Mai chiesto il consenso",
        "Never asked for consent",
        _all({"field": "permission", "channel": "EMAIL", "purpose": "MKT_OWN", "is": "not_asked"}),
    ),
    Preset(
        "mailable",
        "Si può scrivere per email",
        "May be emailed",
        _all({"field": "permission", "channel": "EMAIL", "purpose": "MKT_OWN"}),
    ),
    Preset(
        "no_contact",
        "Senza email né telefono",
        "No email, no phone",
        _all({"field": "contact", "op": "not_in", "value": ["EMAIL", "PHONE"]}),
    ),
    Preset(
        "address_to_fix",
        "Email da correggere",
        "Email to fix",
        _all({"field": "permission", "channel": "EMAIL", "purpose": "MKT_OWN", "is": "to_fix"}),
    ),
)
