"""The one line that says why somebody is due, in Italian and English."""

from ritorno.scores.rules import Reason, ReasonKind


def reason_sentence(reason: Reason, language: str) -> str:
    """Return the reason in the reader's language: Italian when asked for, English otherwise. It begins with a small
    letter.
    """
    return _italian(reason) if language.startswith("it") else _english(reason)


def _italian(reason: Reason) -> str:
    what = f"compra {_in_a_sentence(reason.category)}" if reason.category else "torna"
    every = "ogni giorno" if reason.every_days == 1 else f"circa ogni {reason.every_days} giorni"
    ago = {0: "oggi", 1: "ieri"}.get(reason.days_ago, f"{reason.days_ago} giorni fa")
    match reason.kind:
        case ReasonKind.RHYTHM:
            return f"{what} {every}, l'ultima volta {ago}"
        case ReasonKind.FIRST_PURCHASE:
            of = f"di {_in_a_sentence(reason.category)} " if reason.category else ""
            typical = "tipico della categoria" if reason.category else "tipico del negozio"
            return f"primo acquisto {of}{ago}; {typical}: {every}"
        case ReasonKind.PROBABLY_LOST:
            return f"di solito {what} {every}, l'ultima volta {ago}: probabilmente non torna più"


def _english(reason: Reason) -> str:
    what = f"buys {_in_a_sentence(reason.category)}" if reason.category else "comes back"
    every = "every day" if reason.every_days == 1 else f"about every {reason.every_days} days"
    ago = {0: "today", 1: "yesterday"}.get(reason.days_ago, f"{reason.days_ago} days ago")
    match reason.kind:
        case ReasonKind.RHYTHM:
            return f"{what} {every}, last time {ago}"
        case ReasonKind.FIRST_PURCHASE:
            of = f"of {_in_a_sentence(reason.category)} " if reason.category else ""
            typical = "typical of the category" if reason.category else "typical of the shop"
            return f"first purchase {of}{ago}; {typical}: {every}"
        case ReasonKind.PROBABLY_LOST:
            return f"usually {what} {every}, last time {ago}: probably lost"


def _in_a_sentence(name: str | None) -> str:
    """Return a category's name as it stands inside a sentence: «CAFFÈ» and «Caffè» become «caffè», «DVD box» stays."""
    if not name:
        return ""
    if name.isupper():
        return name.lower()
    return name if name[:2].isupper() else name[0].lower() + name[1:]
