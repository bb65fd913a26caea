"""The privacy desk's sentences, Italian first."""

from datetime import date

from ritorno.kit.dates import long_date
from ritorno.privacy.rules import Clock, DueRule, RequestKind

KINDS: dict[str, dict[str, str]] = {
    "it": {
        RequestKind.ACCESS: "accesso ai suoi dati",
        RequestKind.PORTABILITY: "portabilità dei suoi dati",
        RequestKind.RECTIFICATION: "rettifica dei suoi dati",
        RequestKind.ERASURE: "cancellazione dei suoi dati",
        RequestKind.RESTRICTION: "limitazione del trattamento",
        RequestKind.OBJECTION: "opposizione al trattamento",
    },
    "en": {
        RequestKind.ACCESS: "access to your data",
        RequestKind.PORTABILITY: "a portable copy of your data",
        RequestKind.RECTIFICATION: "correction of your data",
        RequestKind.ERASURE: "erasure of your data",
        RequestKind.RESTRICTION: "restriction of processing",
        RequestKind.OBJECTION: "objection to processing",
    },
}

_TERM = {
    "it": {
        DueRule.SAME_DAY_NEXT_MONTH: "Ricevuta il {received}: un mese di calendario finisce prima di 30 giorni",
        DueRule.THIRTY_DAYS: "Ricevuta il {received}: 30 giorni finiscono prima di un mese di calendario",
    },
    "en": {
        DueRule.SAME_DAY_NEXT_MONTH: "Received on {received}: a calendar month ends before 30 days",
        DueRule.THIRTY_DAYS: "Received on {received}: 30 days end before a calendar month",
    },
}
_MORE = {
    "it": {
        "paused": "ferma per {days} giorni, finché non è certo chi chiede",
        "day": "ferma per un giorno, finché non è certo chi chiede",
        "extended": "prorogata di due mesi",
        "due": "la risposta è dovuta entro il {due}",
    },
    "en": {
        "paused": "stopped for {days} days, until it is certain who asks",
        "day": "stopped for one day, until it is certain who asks",
        "extended": "extended by two months",
        "due": "the answer is due by {due}",
    },
}


def side(language: str) -> str:
    """Return the language we have words in."""
    return "it" if language.startswith("it") else "en"


def explain_clock(clock: Clock, *, received_on: date, paused_days: int, is_extended: bool, language: str) -> str:
    """Return why the answer is due on that day, in one sentence (C-27)."""
    words = side(language)
    parts = [_TERM[words][clock.rule].format(received=long_date(received_on, words))]
    if paused_days:
        parts.append(_MORE[words]["day" if paused_days == 1 else "paused"].format(days=paused_days))
    if is_extended:
        parts.append(_MORE[words]["extended"])
    parts.append(_MORE[words]["due"].format(due=long_date(clock.due_on, words)))
    return "; ".join(parts) + "."
