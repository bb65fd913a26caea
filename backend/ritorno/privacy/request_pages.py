"""A person's page of one request as HTML: what was asked, a button to confirm, to take the pack, to read the answer."""

from html import escape
from typing import NamedTuple

from ritorno.consents.layout import Shop, note, page, spoken
from ritorno.privacy.words import KINDS


class _Copy(NamedTuple):
    """The words of one language."""

    ask: str
    ask_button: str
    ask_note: str
    confirmed: str
    waiting: str
    pack: str
    pack_button: str
    pack_note: str
    answer: str
    letter_button: str
    gone: str
    asked: str


_COPY = {
    "it": _Copy(
        ask="È stato lei a chiederlo?",
        ask_button="Sì, l'ho chiesto io",
        ask_note="Se non è stato lei, chiuda questa pagina: senza la sua conferma non diamo dati a nessuno.",
        confirmed="Grazie, è confermato.",
        waiting="Le risponderemo entro il {due}.",
        pack="I suoi dati sono pronti",
        pack_button="Scaricare il pacchetto",
        pack_note="È un file ZIP: dentro, aprire index.html. Resta qui fino al {until}.",
        answer="La nostra risposta",
        letter_button="Leggere la lettera (PDF)",
        gone="La richiesta è chiusa.",
        asked="Il {received} abbiamo ricevuto questa richiesta: {kind}.",
    ),
    "en": _Copy(
        ask="Was it you who asked?",
        ask_button="Yes, I asked for it",
        ask_note="If it was not you, close this page: without your confirmation we give data to nobody.",
        confirmed="Thank you, it is confirmed.",
        waiting="We will answer by {due}.",
        pack="Your data are ready",
        pack_button="Download the pack",
        pack_note="It is a ZIP file: open index.html inside. It stays here until {until}.",
        answer="Our answer",
        letter_button="Read the letter (PDF)",
        gone="The request is closed.",
        asked="On {received} we received this request: {kind}.",
    ),
}


class Told(NamedTuple):
    """What a page says of a request, in days already put into words."""

    kind: str
    received: str
    due: str


def ask(shop: Shop, told: Told, *, language: str) -> str:
    """Return the question whether it was this person who asked."""
    copy = _COPY[spoken(language)]
    body = _asked(copy, told, language) + _button("confirm", copy.ask_button) + note(copy.ask_note)
    return page(shop, language, copy.ask, body)


def waiting(shop: Shop, told: Told, *, language: str) -> str:
    """Return the page of a request that is being worked on."""
    copy = _COPY[spoken(language)]
    body = f'<div role="status">{note(copy.waiting.format(due=told.due))}</div>{_asked(copy, told, language)}'
    return page(shop, language, copy.confirmed, body, is_done=True)


def ready(shop: Shop, told: Told, *, language: str, until: str | None, has_letter: bool) -> str:
    """Return the page with what there is to take: the pack until its day is over, the letter once it is written."""
    copy = _COPY[spoken(language)]
    body = _asked(copy, told, language)
    if until is not None:
        body += _button("pack", copy.pack_button) + note(copy.pack_note.format(until=until))
    if has_letter:
        body += _button("letter", copy.letter_button)
    return page(shop, language, copy.pack if until is not None else copy.answer, body)


def closed(shop: Shop, told: Told, *, language: str) -> str:
    """Return the page of a request that was taken back."""
    copy = _COPY[spoken(language)]
    return page(shop, language, copy.gone, _asked(copy, told, language))


def _asked(copy: _Copy, told: Told, language: str) -> str:
    return note(copy.asked.format(received=told.received, kind=KINDS[spoken(language)][told.kind]))


def _button(name: str, words: str) -> str:
    return f'<form method="post"><button type="submit" name="{name}" value="1">{escape(words)}</button></form>'
