"""The words and the markup of `/confirm/{token}`: one question, one button, and what the yes is to."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ritorno.consents.layout import Shop, note, page, spoken

AGAIN = "again"


class Copy(NamedTuple):
    """The words of one language."""

    question: str
    explained: str
    asked: str
    button: str
    ignore: str
    done: str
    done_detail: str
    choices: str
    expired: str
    expired_detail: str
    again: str
    sent: str
    sent_detail: str
    later: str
    later_detail: str


_COPY = {
    "it": Copy(
        question="Conferma il suo indirizzo email?",
        explained="Lo ha ricevuto {name}. Confermando ci dice che è davvero suo.",
        asked="E dice sì a questo:",
        button="Sì, confermo",
        ignore="Se non è stato lei, chiuda la pagina: senza conferma non succede nulla.",
        done="Grazie, è confermato.",
        done_detail="Non deve fare altro. Può cambiare idea quando vuole, gratis e con un clic.",
        choices="Le mie preferenze e i miei dati",
        expired="Questo collegamento è scaduto",
        expired_detail="Vale tre giorni. Se vuole ancora confermare, le mandiamo un collegamento nuovo.",
        again="Mandatemi un collegamento nuovo",
        sent="Le abbiamo scritto.",
        sent_detail="Il collegamento nuovo arriva al suo indirizzo tra poco.",
        later="Per oggi le abbiamo già scritto",
        later_detail="Guardi anche nella posta indesiderata, o riprovi domani.",
    ),
    "en": Copy(
        question="Is this your email address?",
        explained="It was given to {name}. Confirming tells us that it really is yours.",
        asked="And you say yes to this:",
        button="Yes, it is mine",
        ignore="If it wasn't you, just close this page: without your press nothing happens.",
        done="Thank you, that's confirmed.",
        done_detail="There is nothing else to do. Change your mind at any time, free of charge and in one click.",
        choices="My choices and my data",
        expired="This link has expired",
        expired_detail="It works for three days. If you still want to confirm, we will send you a new one.",
        again="Send me a new link",
        sent="We have written to you.",
        sent_detail="The new link will reach your address shortly.",
        later="We have already written to you today",
        later_detail="Please look in your spam folder too, or try again tomorrow.",
    ),
}


class Text(NamedTuple):
    """The notice a waiting yes was said to."""

    name: str
    words: str


def ask(shop: Shop, *, language: str, texts: Sequence[Text]) -> str:
    """Return the page the mail opens; what the yes is to stands there to the letter."""
    copy = _copy(language)
    quoted = "".join(f"<li><strong>{escape(text.name)}</strong><br>{escape(text.words)}</li>" for text in texts)
    asked = f"{note(copy.asked)}<ul>{quoted}</ul>" if quoted else ""
    button = f'<button type="submit" name="confirm" value="1">{escape(copy.button)}</button>'
    body = f'{note(copy.explained.format(name=shop.name))}{asked}<form method="post">{button}</form>'
    return page(shop, language, copy.question, body + note(copy.ignore, kind="why"))


def done(shop: Shop, *, language: str, choices_url: str) -> str:
    """Return the page after the press, the first and every other."""
    copy = _copy(language)
    link = f'<p><a href="{escape(choices_url)}">{escape(copy.choices)}</a></p>'
    return page(shop, language, copy.done, f'<div role="status">{note(copy.done_detail)}</div>{link}', is_done=True)


def expired(shop: Shop, *, language: str) -> str:
    """Return the page of a link older than three days."""
    copy = _copy(language)
    button = f'<button type="submit" name="{AGAIN}" value="1">{escape(copy.again)}</button>'
    return page(shop, language, copy.expired, f'{note(copy.expired_detail)}<form method="post">{button}</form>')


def sent(shop: Shop, *, language: str, too_often: bool) -> str:
    """Return the page after a new link was asked for."""
    copy = _copy(language)
    heading, detail = (copy.later, copy.later_detail) if too_often else (copy.sent, copy.sent_detail)
    return page(shop, language, heading, f'<div role="status">{note(detail)}</div>')


def _copy(language: str) -> Copy:
    return _COPY[spoken(language)]
