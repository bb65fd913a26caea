"""What an operator says besides the script: who calls, for whom, whence the number, and how to refuse."""

from datetime import date

from ritorno.kit.dates import long_date


def opening(language: str, *, operator: str, business: str, source: str) -> list[str]:
    """Return what has to be said first: who calls and for whom, where the number comes from, the right to object."""
    if language == "en":
        return [
            f"Good day, this is {operator}, calling for {business}.",
            source,
            "If you would rather not be called, just tell me: I note it at once and we will not call again.",
        ]
    return [
        f"Buongiorno, sono {operator} e chiamo per {business}.",
        source,
        "Se preferisce non ricevere telefonate me lo dica: lo segno subito e non la chiamiamo più.",
    ]


def source(language: str, *, kind: str, since: date, agreed_on: date | None) -> str:
    """Return where the number comes from, and since when the person agrees to be called."""
    english = language == "en"
    it, en = _SOURCES.get(kind, _ELSEWHERE)
    said = (en if english else it).format(on=long_date(since, language), kind=kind)
    if agreed_on is None:
        return said
    agreed = "On {on} you told us that we may call you." if english else "Il {on} ci ha detto che possiamo telefonarle."
    return f"{said} {agreed.format(on=long_date(agreed_on, language))}"


_SOURCES = {
    "staff": ("Il suo numero ce l'ha dato in negozio, il {on}.", "You gave us your number in the shop, on {on}."),
    "directory": (
        "Il suo numero è negli elenchi telefonici pubblici, dove l'abbiamo trovato il {on}.",
        "Your number is in the public telephone directory, where we found it on {on}.",
    ),
}
_ELSEWHERE = (
    "Il suo numero è nella sua scheda cliente: ci è arrivato da «{kind}».",
    "Your number is on your customer card: it came to us from “{kind}”.",
)


def after_objection(language: str, *, business: str, is_to_all: bool) -> str:
    """Return what is read aloud once an objection is written down."""
    if language == "en":
        what = "calls, messages or letters with offers" if is_to_all else "calls"
        return (
            f"I have noted it: you will get no more {what} from {business}. Thank you, and sorry to have disturbed you."
        )
    what = "telefonate, messaggi o lettere con offerte" if is_to_all else "telefonate"
    return f"L'ho segnato: non riceverà più {what} da {business}. La ringrazio, e scusi il disturbo."


def about_source(language: str, source: str) -> str:
    """Return the answer to whoever asks where the number comes from."""
    if language == "en":
        return f"{source} We will send you everything we keep about you, within a month."
    return f"{source} Le mandiamo per iscritto tutto quello che conserviamo su di lei, entro un mese."
