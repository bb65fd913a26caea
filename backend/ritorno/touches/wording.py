"""What the results say in one sentence, in Italian and English."""

from datetime import date
from math import ceil, floor

from ritorno.kit.dates import day_and_month
from ritorno.messaging.views import sentence_of
from ritorno.touches.rules import Difference, Verdict


def verdict_sentence(
    verdict: Verdict,
    *,
    people: Difference | None,
    points: Difference | None,
    missing: int,
    closes_on: date | None,
    language: str,
) -> str:
    """Return the verdict; the words "it worked" appear only for an interval without zero, told by its own ends."""
    english = language.startswith("en")

    def say(italian: str, in_english: str) -> str:
        return in_english if english else italian

    match verdict:
        case Verdict.OFF:
            return say("Non misurato: senza gruppo di controllo.", "Not measured: no control group.")
        case Verdict.INVALID:
            return say(
                "Misura non valida: i gruppi non sono quelli assegnati.", "Not valid: the groups are not as assigned."
            )
        case Verdict.WORKED if people is not None:
            low, high = _ends(people.low, people.high)
            return say(
                f"Ha funzionato: da {low} a {high} persone in più sono tornate.",
                f"It worked: {low} to {high} more people came back.",
            )
        case Verdict.HARMED if people is not None:
            low, high = _ends(-people.high, -people.low)
            return say(
                f"Ha fatto danno: da {low} a {high} persone in meno.", f"It did harm: {low} to {high} fewer people."
            )
        case Verdict.NONE if points is not None:
            below, above = _decimal(points.low * 100, english), _decimal(points.high * 100, english)
            return say(
                f"Nessuna differenza visibile: l’effetto sta tra {below} e {above} punti.",
                f"No visible difference: the effect lies between {below} and {above} points.",
            )
    if closes_on is not None:
        day = day_and_month(closes_on, language)
        return say(
            f"Non si può ancora dire: la misura si chiude il {day}.", f"Too early to say: the measure closes on {day}."
        )
    if missing:
        return say(
            f"Non si può dire: servirebbero altre {missing} persone.",
            f"Impossible to say: {missing} more people needed.",
        )
    return say("Non si può dire: troppo poche persone.", "Impossible to say: too few people.")


def attribution_rule(language: str) -> str:
    """Return how orders are attributed."""
    if language.startswith("en"):
        return "orders after the last message sent, within the window"
    return "ordini dopo l’ultimo messaggio inviato, dentro la finestra"


def reason_sentence(reason: str, language: str, *, field: str = "") -> str:
    """Return why somebody does not get it now; `field` names the values a text lacks."""
    return sentence_of(reason, [{"detail": field}], "en" if language.startswith("en") else "it") or reason


def _ends(low: float, high: float) -> tuple[int, int]:
    """Return whole people inside the interval, so that the sentence never claims more than the drawing."""
    inside = ceil(low), floor(high)
    return inside if inside[0] <= inside[1] else (round(low), round(high))


def _decimal(value: float, english: bool) -> str:
    text = f"{value:+.1f}".replace("-", "−")
    return text if english else text.replace(".", ",")
