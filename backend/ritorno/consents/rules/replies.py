"""What a reply to one of our messages asks for (B-36, B-37): keywords and fixed phrases, nothing guessed.

A clear stop is obeyed at once. What merely sounds like one is read by a person within a working day.
"""

import re
import unicodedata
from datetime import date, timedelta

from ritorno.consents.rules.hours import Holidays, is_holiday
from ritorno.consents.rules.terms import Term


class ReplyKind(Term):
    """How a reply was understood."""

    STOP = "STOP"
    HUMAN = "HUMAN"
    START = "START"
    HELP = "HELP"
    NOTHING = "NOTHING"


_STOP = frozenset({
    "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "ferma", "basta", "cancella", "cancellami",
    "disiscrivi", "disiscrivimi", "annulla", "rimuovi", "arret", "baja", "abmelden",
})  # fmt: skip
_START = frozenset({"start", "unstop", "yes", "iscrivi"})
_HELP = frozenset({"help", "info", "aiuto"})
_SERVICE = frozenset({
    "appuntamento", "appuntamenti", "appointment", "ordine", "ordini", "order", "orders", "prenotazione",
    "prenotazioni", "booking", "reservation", "consegna", "delivery", "spedizione", "shipping", "reso", "return",
    "riparazione", "repair", "fattura", "invoice", "pacco", "parcel",
})  # fmt: skip
_PHRASES = (
    re.compile(
        r"(vi )?(prego )?(di )?non (mi )?(scriv|contatt|chiam|mand|invi|cerc)(ete|ate|iate|ere|are|er|ar)(mi)?"
        r"( mai)?( piu)?( (messaggi|mail|email|sms|pubblicita|offerte|nulla|niente))?"
    ),
    re.compile(
        r"non voglio (piu )?(ricevere )?(piu )?(nulla|niente|messaggi|mail|email|sms|pubblicita|offerte)( da voi)?"
    ),
    re.compile(r"(toglie|cancella|rimuove|leva|disiscrive)temi( dalla (vostra )?lista| dalle (vostre )?liste)?"),
    re.compile(
        r"(do not|dont|don t|stop) (contact|writ|text|mail|email|call|messag)(e|ing)?( to)? me"
        r"( again| anymore| any more)?"
    ),
    re.compile(r"(remove|take) me (from|off) (your|the) list"),
    re.compile(r"no more (messages|texts|mails|emails|offers)"),
)
_COURTESIES = frozenset({
    "per", "favore", "cortesia", "grazie", "cortesemente", "please", "thanks", "thank", "you", "ciao",
    "salve", "buongiorno", "buonasera", "hello", "hi",
})  # fmt: skip
_SOUNDS_LIKE_STOP = re.compile(
    r"\b(stop|basta|smett\w*|cancell\w*|disiscriv\w*|rimuov\w*|togli\w*|unsubscribe|remove|gdpr|privacy|garante)\b"
    r"|\bnon\b.*\b(scriv\w*|contatt\w*|chiam\w*|mand\w*|invi\w*|ricever\w*|voglio)\b"
    r"|\b(not|dont|don t|no more)\b.*\b(contact|write|text|mail|email|call|messages?)\b"
)
_WRONG_PERSON = re.compile(
    r"\bsbagliat[oae] (il )?(numero|persona)\b|\b(numero|persona) sbagliat[oa]\b|\berrore di persona\b"
    r"|\bnon sono (io )?(il signor|la signora|il sig|la sig|quella persona|la persona)\b"
    r"|\b(wrong|not my) (number|person|name)\b|\bwho is this for\b"
)
_BARE_CANCELLATION = frozenset({"annulla", "cancella", "cancel"})
MAX_KEYWORD_WORDS = 3


def classify(text: str) -> ReplyKind:
    """Return what a reply asks for: a keyword alone or as the first of at most three words, or a whole fixed phrase."""
    words = plain(text).split()
    if not words:
        return ReplyKind.NOTHING
    if not _SERVICE.isdisjoint(words):
        return ReplyKind.HUMAN if _sounds_like_stop(words) else ReplyKind.NOTHING
    if len(words) <= MAX_KEYWORD_WORDS:
        for keywords, kind in ((_STOP, ReplyKind.STOP), (_START, ReplyKind.START), (_HELP, ReplyKind.HELP)):
            if words[0] in keywords:
                return kind
    said = " ".join(word for word in words if word not in _COURTESIES)
    if any(phrase.fullmatch(said) for phrase in _PHRASES):
        return ReplyKind.STOP
    return ReplyKind.HUMAN if _sounds_like_stop(words) or sounds_like_wrong_person(text) else ReplyKind.NOTHING


def sounds_like_wrong_person(text: str) -> bool:
    """Tell whether somebody says that they are not who we think (M-12): a person decides, as consents hang on it."""
    return bool(_WRONG_PERSON.search(plain(text)))


def is_bare_cancellation(text: str) -> bool:
    """Tell whether the one word may have meant an appointment as well (M-05)."""
    return plain(text) in _BARE_CANCELLATION


def _sounds_like_stop(words: list[str]) -> bool:
    return not _STOP.isdisjoint(words) or bool(_SOUNDS_LIKE_STOP.search(" ".join(words)))


def plain(text: str) -> str:
    """Return the text in small letters, without accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


_SATURDAY = 5


def next_working_day(day: date, holidays: Holidays) -> date:
    """Return the first working day after a day: no Saturday, no Sunday, no holiday."""
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY or is_holiday(following, holidays):
        following += timedelta(days=1)
    return following
